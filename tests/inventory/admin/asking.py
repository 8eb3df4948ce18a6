"""Asking the page that says why something cannot be sold, and a house to ask about."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from inventory.acts import By, Holder, Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Channel, Show
from inventory.services.locking import lock_places
from tests.houses import seat
from tests.inventory.admin import pages

BUYER = By(actor="session:buyer")


def why(show: Show) -> str:
    return reverse("admin:inventory_show_why", args=[show.pk])


def ask(client: Client, show: Show, **asked: Any) -> str:
    response = client.get(why(show), asked)
    assert response.status_code == 200
    return pages.words(response)


def lock(show: Show, channel: Channel, *labels: str) -> int:
    wanted = Seats([seat(show, label).pk for label in labels])
    holder = Holder(session="buyers-own-session", contact="gauri@example.com")
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, holder=holder).claim_id


def two_sections() -> House:
    """Rows A and B in the stalls (gold) and the balcony (silver), and standing room."""
    spots = [
        Spot(section, tier, row, str(number), run, number, run * 10 + number + (0 if section == "stalls" else 100))
        for section, tier in (("stalls", "gold"), ("balcony", "silver"))
        for run, row in enumerate("AB", start=1)
        for number in range(1, 5)
    ]
    spots += [Spot("floor", "general", "", str(number), 0, 0, 300 + number) for number in range(1, 6)]
    sections = [SectionSpec("stalls", "Stalls"), SectionSpec("balcony", "Balcony"), SectionSpec("floor", "Floor", True)]
    return House(sections, [TierSpec(tier, tier.title()) for tier in ("gold", "silver", "general")], spots)
