from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase

from tests import database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One database for each test process, made and migrated as in production: by the owner, for the program's role."""
    if not database.SUPERUSER_URL:
        pytest.exit("DATABASE_SUPERUSER_URL is not set. Run bin/test, which starts a server for the tests.", 3)
    with django_db_blocker.unblock():
        name = database.make_database()
        yield
        database.drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_as_a_superuser() -> None:
    def teardown(self: TransactionTestCase) -> None:
        database.empty_tables()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are rendered without a collected manifest."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
