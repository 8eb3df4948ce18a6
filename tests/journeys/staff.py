"""Browsers of the box office's people, each under the login of a role; and pictures of what they saw."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from tests.people import log_in

MANAGER, ASSISTANT, COUNTER = "Box-office manager", "Box-office assistant", "Counter staff"
SUPERVISOR, GATE, FINANCE, AUDITOR = "Gate supervisor", "Gate staff", "Finance", "Auditor"
# Whoever collects what a test run leaves behind says where: a continuous integration's own directory, or var/.
PICTURES = Path(os.environ.get("ARTIFACTS_DIR", "var/test/artifacts")) / "journeys"

Staff = Callable[..., Page]


@pytest.fixture
def staff(visit: Callable[..., Page], shop: str) -> Staff:
    """Opens a page of the admin in a browser in which somebody of this role is logged in, by both steps."""

    def open_page(role: str, path: str = "/admin/", **how: Any) -> Page:
        user, is_new = User.objects.get_or_create(username=role.lower().replace(" ", "-"), defaults={"is_staff": True})
        if is_new:
            user.groups.add(Group.objects.get(name=role))
        client = Client()
        log_in(client, user)
        cookie = _cookie(shop, client.cookies[settings.SESSION_COOKIE_NAME].value)
        return visit(path, storage_state={"cookies": [cookie], "origins": []}, timezone_id="Asia/Kolkata", **how)

    return open_page


def _cookie(site: str, session: str) -> dict[str, Any]:
    host = site.split("//")[1].split(":")[0]
    facts = {"domain": host, "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"name": settings.SESSION_COOKIE_NAME, "value": session} | facts


def picture(page: Page, name: str, **how: Any) -> None:
    """Keep a picture of the page as it stands, for people to look at after the run."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, animations="disabled", **how)
