"""Shows for the benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Say = Callable[[str], None]


def standing_show(
    places: int, *, capped: bool = False, slug: str = "bench", progress: Say = lambda _: None
) -> dict[str, Any]:
    """A general-admission show of so many places; the ids a client needs: show, slug, channel, tier, pool."""
    from inventory.manifest.house import House, SectionSpec, Spot, TierSpec

    spots = [Spot("floor", "general", "", str(n), 0, 0, n) for n in range(1, places + 1)]
    house = House([SectionSpec("floor", "Floor", is_ga=True)], [TierSpec("general", "General")], spots)
    return _show(house, slug, capped, progress)


def seated_show(
    rows: int, each: int, *, capped: bool = True, slug: str = "seated", progress: Say = lambda _: None
) -> dict[str, Any]:
    """A house of numbered seats in rows of one run, ranked by row and by how far off the middle; the ids as above."""
    from inventory.manifest.house import House, SectionSpec, Spot, TierSpec

    seats = sorted(
        (row + abs(seat - (each + 1) / 2) / 4, row, seat) for row in range(1, rows + 1) for seat in range(1, each + 1)
    )
    spots = [
        Spot("stalls", "gold", f"R{row}", str(seat), row, seat, rank, float(seat), float(row))
        for rank, (_, row, seat) in enumerate(seats, start=1)
    ]
    house = House([SectionSpec("stalls", "Stalls")], [TierSpec("gold", "Gold")], spots)
    return _show(house, slug, capped, progress)


def _show(house: Any, slug: str, capped: bool, progress: Say) -> dict[str, Any]:
    from datetime import timedelta

    from django.utils import timezone

    from inventory.acts import By
    from inventory.models import Channel, Show, Venue
    from inventory.services.manifests import load_manifest

    channel = Channel.objects.get(code="web")
    Channel.objects.filter(pk=channel.pk).update(is_capped=capped)
    venue, _ = Venue.objects.get_or_create(
        slug="ground", defaults={"name": "Ground", "city": "Pune", "state_code": "27"}
    )
    show = Show.objects.create(
        venue=venue,
        title=slug,
        slug=slug,
        state=Show.State.ON_SALE,
        starts_at=timezone.now() + timedelta(days=30),
        cap_per_session=10**6,
    )
    progress(f"loading {len(house.spots):,} places")
    load_manifest(show_id=show.pk, house=house, by=By(actor="system:bench"))
    return {
        "show": show.pk,
        "slug": slug,
        "channel": channel.pk,
        "tier": show.tiers.get().pk,
        "pool": show.allocations.get(is_pool=True).pk,
    }


def priced(given: dict[str, Any], paise: int = 118_000) -> None:
    """The show is sold for money: every ticket ₹1,180, 18 % GST inside, by a seller of the venue's state."""
    from inventory.acts import By
    from ticketing.models import EventCategory, Seller, Terms
    from ticketing.services.pricing import set_price

    seller, _ = Seller.objects.get_or_create(
        code="BEN",
        defaults={"legal_name": "Bench", "gst_status": "regular", "gstin": "27AAPFU0939F1ZV", "state_code": "27"},
    )
    category = EventCategory.objects.get(code="performing-arts")
    Terms.objects.create(show_id=given["show"], seller=seller, category=category)
    set_price(tier_id=given["tier"], paise=paise, by=By(actor="system:bench"))


def give_better_half_away(given: dict[str, Any]) -> None:
    """The better half of the house goes to a partner, so that the asking channel must reach past it."""
    from inventory.acts import Admissions, By
    from inventory.models import Allocation, AllocationChannel, Channel, Place
    from inventory.services.allocations import allocate_places

    partner, _ = Channel.objects.get_or_create(code="partner", defaults={"name": "Partner", "kind": "partner"})
    allocation = Allocation.objects.create(show_id=given["show"], name="Partner's half")
    AllocationChannel.objects.create(allocation=allocation, channel=partner)
    half = Place.objects.filter(show_id=given["show"]).count() // 2
    allocate_places(allocation_id=allocation.pk, wanted=Admissions(given["tier"], half), by=By(actor="system:bench"))


def locks_that_ran_out(given: dict[str, Any], count: int, say: Say) -> None:
    """So many locks of one place each, made in the past through the ordinary service's statement."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    say(f"making {count:,} locks that have run out")
    past = timezone.now() - timedelta(hours=1)
    with connection.cursor() as cursor:
        # Small batches: within one transaction each pick would step over all that the ones before it took.
        for done in range(0, count, 250):
            cursor.execute(
                """SELECT count(*) FROM generate_series(1, %(most)s) AS n, LATERAL inventory_lock_places(
                       %(show)s, %(channel)s, ARRAY[%(tier)s]::bigint[], NULL, 1, 0, false, NULL, n < 0, false, false,
                       '', '', '', 60, '', 'system:bench', '', '', %(past)s) AS made WHERE made.verdict = 'granted'""",
                given | {"most": min(250, count - done), "past": past},
            )
            (made,) = cursor.fetchone()
            assert made == min(250, count - done)
