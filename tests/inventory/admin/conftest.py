from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.people import log_in


@pytest.fixture
def auditor(transactional_db: None, client: Client) -> Client:
    """A browser in which somebody is logged in who may view everything of the inventory, and no more."""
    user = User.objects.create_user("auditor", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="inventory", codename__startswith="view_")
    )
    log_in(client, user)
    return client


@pytest.fixture
def bystander(transactional_db: None, client: Client) -> Client:
    """A browser in which somebody of the staff is logged in who may do nothing here."""
    log_in(client, User.objects.create_user("bystander", is_staff=True))
    return client
