from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import TransactionTestCase

import config.celery  # noqa: F401  as in a web process: tasks know their broker
from inventory.api import finding
from inventory.models import Channel
from tests import database

pytest_plugins = ["tests.people", "tests.ticketing.sandboxed"]

TESTS = Path(__file__).parent
LEDGER = [TESTS / name for name in ("inventory", "races", "ticketing/test_referee.py", "ticketing/test_verify.py")]
# Pages, answers and files ask the same statements that the ledger's own tests ask; and what is said of choosing and of
# reads by example is said there of every case, by a reference and by a machine.
NOT_LEDGER = [TESTS / "inventory" / name for name in ("admin", "api", "manifest", "choosing", "stock")]
BY_MACHINE = [
    TESTS / "inventory" / name for name in ("choosing/test_against_the_reference.py", "stock/test_machine.py")
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the ledger run on every PostgreSQL there is."""
    for item in items:
        places = {item.path, *item.path.parents}
        is_ledger = places.intersection(LEDGER) and not places.intersection(NOT_LEDGER)
        if is_ledger or item.path in BY_MACHINE:
            item.add_marker(pytest.mark.ledger)


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


@pytest.fixture(scope="session", autouse=True)
def _a_cache_of_its_own() -> None:
    """All test processes share one server: what one of them keeps there no other takes away."""
    caches.settings["default"]["KEY_PREFIX"] = f"tests-{os.getpid()}"


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are rendered without a collected manifest."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    finding.forget()


@pytest.fixture(autouse=True)
def _nobody_is_throttled(settings: Any) -> None:
    settings.THROTTLES = {}


@pytest.fixture
def web(transactional_db: None) -> Channel:
    return Channel.objects.get(code="web")


@pytest.fixture
def counter(transactional_db: None) -> Channel:
    return Channel.objects.get(code="counter")
