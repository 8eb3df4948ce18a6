from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from inventory.tasks import SWEPT_AT
from tests.people import log_in


@pytest.fixture
def nothing_is_known_of_the_sweep() -> None:
    cache.delete(SWEPT_AT)


@pytest.fixture
def tonight() -> datetime:
    """An hour of today that is still to come, or the last one that was: what begins then is on today."""
    now = timezone.localtime()
    return min(now + timedelta(hours=1), now.replace(hour=23, minute=59))


@pytest.fixture
def member(transactional_db: None, client: Client) -> Callable[[str], Client]:
    """The browser of somebody of a role."""

    def log_in_as(role: str) -> Client:
        user = User.objects.create_user(f"one of {role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        log_in(client, user)
        return client

    return log_in_as
