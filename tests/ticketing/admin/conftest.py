from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.people import log_in


@pytest.fixture
def auditor(transactional_db: None, client: Client) -> Client:
    """A browser in which somebody is logged in who may view everything, and no more."""
    user = User.objects.create_user("auditor", is_staff=True)
    apps = ("inventory", "ticketing")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=apps, codename__startswith="view_"))
    log_in(client, user)
    return client
