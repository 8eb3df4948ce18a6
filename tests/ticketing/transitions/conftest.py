from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.transitions.scene import Scene


@pytest.fixture
def scene(sandbox: Sandbox, transactional_db: None) -> Scene:
    return Scene(sandbox, make_priced_show())


@pytest.fixture(autouse=True)
def _books_are_true_at_the_end(transactional_db: None) -> Iterator[None]:
    """One ticket a place; money is tickets, refunds and work-list; the ledger adds up. After every test in here."""
    yield
    assert_books_are_true()
