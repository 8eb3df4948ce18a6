from __future__ import annotations

import pytest

from tests.ticketing.storefront.browser import PHONE, Browser


@pytest.fixture
def buyer(transactional_db: None) -> Browser:
    """A visitor at a desk who has never been here."""
    return Browser()


@pytest.fixture
def phone(transactional_db: None) -> Browser:
    """A visitor with a telephone."""
    return Browser(agent=PHONE)
