"""Browsers in which somebody of the staff is logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice


def log_in(client: Client, user: User) -> None:
    """Log this person in by both steps."""
    client.force_login(user)
    phone = TOTPDevice.objects.filter(user=user).first() or TOTPDevice.objects.create(user=user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = phone.persistent_id
    session.save()


@pytest.fixture
def manager(transactional_db: None, client: Client) -> Client:
    """A superuser's browser."""
    log_in(client, User.objects.create_superuser("manager"))
    return client


@pytest.fixture
def may(transactional_db: None, client: Client) -> Callable[..., Client]:
    """The browser of somebody who may do exactly these things."""

    def log_in_as(*permissions: str) -> Client:
        user = User.objects.create_user("clerk", is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        log_in(client, user)
        return client

    return log_in_as
