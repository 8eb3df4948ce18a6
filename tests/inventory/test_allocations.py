"""Slices of the one pool: labels on places, never a second stock."""

from __future__ import annotations

import pytest

from inventory.acts import Admissions, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Movement, Show
from inventory.queries.verify import verify
from inventory.services import refusals
from inventory.services.allocations import allocate_places
from inventory.services.holds import AllocationUnknown, place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import release_lock
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses


def counter_slice(show: Show, counter: Channel) -> Allocation:
    allocation = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=allocation, channel=counter)
    return allocation


def labels(show: Show) -> dict[str, int]:
    names = list(show.places.values_list("allocation__name", flat=True))
    return {name: names.count(name) for name in sorted(set(names))}


def test_a_slice_relabels_open_places_in_one_movement(counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = counter_slice(show, counter)

    moved = allocate_places(allocation_id=slice_.pk, wanted=Admissions(show.tiers.get().pk, 4), by=MANAGER)

    assert (len(moved), labels(show), statuses(show)) == (4, {"Counter slice": 4, "Pool": 6}, {"open": 10})
    assert Movement.objects.get(verb="allocate_places").quantity == 4
    assert verify(show).is_sound


def test_a_seat_that_is_locked_now_is_sold_by_the_new_rule_when_it_returns(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 1))
    wanted = Seats([seat(show, "A-1").pk])
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=MANAGER)

    allocate_places(allocation_id=counter_slice(show, counter).pk, wanted=wanted, by=MANAGER)
    release_lock(claim_id=lock.claim_id, by=MANAGER)

    with pytest.raises(refusals.PlacesNotOnSaleHere):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=MANAGER)
    assert lock_places(show_id=show.pk, channel_id=counter.pk, wanted=wanted, by=MANAGER)
    assert verify(show).is_sound


def test_allocating_twice_moves_once(counter: Channel) -> None:
    show = make_show(rows("A", 3))
    slice_ = counter_slice(show, counter)
    wanted = Seats([seat(show, "A-1").pk])

    assert len(allocate_places(allocation_id=slice_.pk, wanted=wanted, by=MANAGER)) == 1
    assert allocate_places(allocation_id=slice_.pk, wanted=wanted, by=MANAGER) == []
    assert Movement.objects.filter(verb="allocate_places").count() == 1


def test_a_slice_goes_back_to_the_pool(counter: Channel) -> None:
    show = make_show(standing(5))
    tier = show.tiers.get().pk
    allocate_places(allocation_id=counter_slice(show, counter).pk, wanted=Admissions(tier, 3), by=MANAGER)

    allocate_places(allocation_id=show.allocations.get(is_pool=True).pk, wanted=Admissions(tier, 2), by=MANAGER)

    assert labels(show) == {"Counter slice": 1, "Pool": 4}


def test_what_has_run_out_can_be_allocated(web: Channel, counter: Channel) -> None:
    show = make_show(standing(2))
    tier = show.tiers.get().pk
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 2), by=MANAGER, now=NOON)

    moved = allocate_places(
        allocation_id=counter_slice(show, counter).pk, wanted=Admissions(tier, 2), by=MANAGER, now=NOON + seconds(480)
    )

    assert len(moved) == 2


def test_more_than_is_open_is_refused_whole(counter: Channel) -> None:
    show = make_show(standing(3))
    slice_ = counter_slice(show, counter)
    tier = show.tiers.get().pk
    place_hold(show_id=show.pk, wanted=Admissions(tier, 1), purpose="press", party="Daily", by=MANAGER)

    with pytest.raises(refusals.NotEnoughPlaces) as refused:
        allocate_places(allocation_id=slice_.pk, wanted=Admissions(tier, 3), by=MANAGER)
    assert (refused.value.facts, labels(show)) == ({"asked": 3, "open": 2}, {"Pool": 3})


def test_an_allocation_that_does_not_exist_takes_nothing(transactional_db: None) -> None:
    with pytest.raises(AllocationUnknown):
        allocate_places(allocation_id=404, wanted=Seats([1]), by=MANAGER)


def test_another_shows_places_do_not_go_under_this_shows_label(counter: Channel) -> None:
    show, other = make_show(rows("A", 2)), make_show(rows("A", 2), slug="othello")
    slice_ = counter_slice(show, counter)

    with pytest.raises(refusals.PlacesUnknown):
        allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(other, "A-1").pk]), by=MANAGER)
    with pytest.raises(refusals.TierUnknown):
        allocate_places(allocation_id=slice_.pk, wanted=Admissions(other.tiers.get().pk, 1), by=MANAGER)
    with pytest.raises(refusals.QuantityInvalid):
        allocate_places(allocation_id=slice_.pk, wanted=Seats([]), by=MANAGER)
