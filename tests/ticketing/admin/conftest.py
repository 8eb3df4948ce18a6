from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture
def manager(transactional_db: None, client: Client) -> Client:
    """A browser in which a superuser is logged in."""
    client.force_login(User.objects.create_superuser("manager"))
    return client


@pytest.fixture
def may(transactional_db: None, client: Client) -> Callable[..., Client]:
    """A browser in which somebody of the staff is logged in who may do exactly these things."""

    def log_in(*permissions: str) -> Client:
        user = User.objects.create_user("clerk", is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def auditor(transactional_db: None, client: Client) -> Client:
    """A browser in which somebody is logged in who may view everything, and no more."""
    user = User.objects.create_user("auditor", is_staff=True)
    apps = ("inventory", "ticketing")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=apps, codename__startswith="view_"))
    client.force_login(user)
    return client
