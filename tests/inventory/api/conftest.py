from __future__ import annotations

import pytest

from inventory.models import Channel
from inventory.services.keys import make_key
from tests.api.described import _answers_are_as_described
from tests.inventory.api.shop import Shop

__all__ = ["_answers_are_as_described"]


@pytest.fixture
def visitor(transactional_db: None) -> Shop:
    """A browser that has never been here."""
    return Shop()


@pytest.fixture
def partner(transactional_db: None) -> Shop:
    """A program with a key of a partner's channel."""
    channel = Channel.objects.create(code="agency", name="Agency", kind="partner", is_capped=False)
    return Shop(bearer=make_key(channel_id=channel.pk, name="Agency's shop")[1])


@pytest.fixture
def cashier(transactional_db: None) -> Shop:
    """A browser with a login that may sell at the counter."""
    return Shop.logged_in("asha", "use_counter")
