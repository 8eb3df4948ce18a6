"""Little houses for tests: standing room, and rows of numbered seats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from inventory.acts import By
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Place, Show, Venue
from inventory.services.manifests import load_manifest

MANAGER = By(actor="user:1")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def standing(count: int, *, section: str = "floor", tier: str = "general") -> House:
    """A general-admission house of so many places."""
    spots = [Spot(section, tier, "", str(n), 0, 0, n) for n in range(1, count + 1)]
    return House([SectionSpec(section, section.title(), is_ga=True)], [TierSpec(tier, tier.title())], spots)


def rows(letters: str, each: int, *, section: str = "stalls", tier: str = "gold") -> House:
    """A seated house: one row for every letter, each with so many seats in one run."""
    spots = [
        Spot(section, tier, letter, str(seat), run, seat, (run - 1) * each + seat)
        for run, letter in enumerate(letters, start=1)
        for seat in range(1, each + 1)
    ]
    return House([SectionSpec(section, section.title())], [TierSpec(tier, tier.title())], spots)


def two_tiers(gold: int, silver: int, *, section: str = "stalls") -> House:
    """A seated house of two rows: A is gold, B is silver."""
    front = [Spot(section, "gold", "A", str(n), 1, n, n) for n in range(1, gold + 1)]
    back = [Spot(section, "silver", "B", str(n), 2, n, gold + n) for n in range(1, silver + 1)]
    tiers = [TierSpec("gold", "Gold"), TierSpec("silver", "Silver")]
    return House([SectionSpec(section, section.title())], tiers, front + back)


def make_show(house: House | None = None, *, slug: str = "hamlet", **fields: Any) -> Show:
    """A show on sale, with its house loaded."""
    venue, _ = Venue.objects.get_or_create(
        slug="playhouse", defaults={"name": "Playhouse", "city": "Pune", "state_code": "27"}
    )
    defaults: dict[str, Any] = {"state": Show.State.ON_SALE, "starts_at": NOON + timedelta(days=30)}
    show = Show.objects.create(venue=venue, title=slug.title(), slug=slug, **(defaults | fields))
    if house is not None:
        load_manifest(show_id=show.pk, house=house, by=MANAGER)
        show.refresh_from_db()
    return show


def seat(show: Show, label: str) -> Place:
    """The place called `A-3`, as it is now."""
    row, number = label.split("-")
    return Place.objects.get(show=show, row=row, number=number)


def statuses(show: Show) -> dict[str, int]:
    """How many places there are in each status; statuses without one are left out."""
    counts: dict[str, int] = {}
    for status in Place.objects.filter(show=show).values_list("status", flat=True):
        counts[status] = counts.get(status, 0) + 1
    return counts
