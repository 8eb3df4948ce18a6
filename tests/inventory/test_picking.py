"""Places by number: the best, the worst, or spread over the rows; of the pool alone, and never what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.acts import Seats
from inventory.models import Allocation, Channel, Place, Show
from inventory.queries.picking import pick
from inventory.services.allocations import allocate_places
from inventory.services.locking import lock_places
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing

pytestmark = pytest.mark.django_db(transaction=True)


def picked(show: Show, quantity: int, order: str = "best", **how: Any) -> list[str]:
    ids = pick(show.pk, quantity, order, **how)
    return [str(place) for place in Place.objects.filter(pk__in=ids).order_by("rank")]


def test_the_best_are_taken_and_the_worst() -> None:
    show = make_show(rows("ABC", 3))

    assert picked(show, 4) == ["A-1", "A-2", "A-3", "B-1"]
    assert picked(show, 2, "worst") == ["C-2", "C-3"]


def test_a_spread_takes_of_all_rows_alike_and_in_each_the_best() -> None:
    show = make_show(rows("ABCD", 3))

    assert picked(show, 4, "spread") == ["A-1", "B-1", "C-1", "D-1"]
    assert picked(show, 2, "spread") == ["A-1", "C-1"]
    assert picked(show, 8, "spread") == ["A-1", "A-2", "B-1", "B-2", "C-1", "C-2", "D-1", "D-2"]
    assert len(picked(show, 99, "spread")) == 12


def test_standing_places_are_spread_as_they_come() -> None:
    show = make_show(standing(5))

    assert len(pick(show.pk, 3, "spread")) == 3


def test_only_the_pool_is_taken_from_unless_an_allocation_is_named() -> None:
    show = make_show(rows("A", 4))
    slice_ = Allocation.objects.create(show=show, name="Counter", closes_at=NOON)
    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)

    assert picked(show, 9, at=NOON - seconds(1)) == ["A-2", "A-3", "A-4"]
    assert picked(show, 9, at=NOON) == ["A-1", "A-2", "A-3", "A-4"]
    assert picked(show, 9, allocation_id=slice_.pk) == ["A-1"]


def test_a_tier_and_a_section_narrow_the_choice() -> None:
    show = make_show(rows("A", 2))

    assert picked(show, 9, tier_id=show.tiers.get().pk, section_id=show.sections.get().pk) == ["A-1", "A-2"]
    assert picked(show, 9, tier_id=0) == []
    assert picked(show, 9, section_id=0) == []


def test_wheelchair_places_are_kept_and_what_has_run_out_is_open(web: Channel) -> None:
    show = make_show(rows("A", 3))
    Place.objects.filter(pk=seat(show, "A-1").pk).update(is_accessible=True)
    ids = [seat(show, "A-2").pk]
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids), by=MANAGER, now=NOON)

    assert picked(show, 9, at=NOON) == ["A-3"]
    assert picked(show, 9, at=lock.expires_at) == ["A-2", "A-3"]
