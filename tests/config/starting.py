"""The start page as a browser has it, and what happens meanwhile."""

from __future__ import annotations

from django.test import Client

from inventory.acts import Admissions, By
from inventory.models import Channel, Show
from inventory.services.locking import lock_places
from tests.inventory.admin import pages

START, FRAGMENT = "/admin/", "/admin/start/"
BUYER = By(actor="session:buyer")
WHY = By(actor="user:1", reason_code="sync_lag", note="The till is behind.")


def lock(show: Show, channel: Channel, quantity: int = 1) -> int:
    wanted = Admissions(show.tiers.get().pk, quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER).claim_id


def read(browser: Client) -> str:
    return pages.words(browser.get(FRAGMENT))
