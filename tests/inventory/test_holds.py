"""Holds leave the pool the moment they are made, and come back place by place."""

from __future__ import annotations

import pytest

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, Channel, Claim, Hold, Movement, Place, Show
from inventory.queries.verify import verify
from inventory.services import refusals
from inventory.services.holds import (
    AllocationUnknown,
    HoldEndInvalid,
    HoldIncomplete,
    HoldOfCancelledShow,
    PlacesNotHeld,
    extend_hold,
    place_hold,
    release_hold,
)
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses

BUYER = By(actor="session:buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 5))


def hold(show: Show, *labels: str, **more: object) -> Hold:
    wanted = Seats([seat(show, label).pk for label in labels])
    return place_hold(
        show_id=show.pk, wanted=wanted, purpose="sponsor", party="Chai Co", by=MANAGER, now=NOON, **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_held_seats_leave_the_pool_and_name_their_party(show: Show, web: Channel) -> None:
    held = hold(show, "A-1", "A-2", contact="desk@chai.example", breakable_by="Head of sales")

    assert statuses(show) == {"held": 2, "open": 3}
    assert (held.purpose, held.party, held.contact, held.breakable_by) == (
        "sponsor", "Chai Co", "desk@chai.example", "Head of sales",
    )  # fmt: skip
    with pytest.raises(refusals.PlacesTaken):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)
    assert verify(show).is_sound


def test_admissions_are_held_by_number_from_the_open_pool_first(counter: Channel, transactional_db: None) -> None:
    from inventory.services.allocations import allocate_places

    show = make_show(standing(5))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    best = show.places.get(number="1")
    allocate_places(allocation_id=slice_.pk, wanted=Seats([best.pk]), by=MANAGER)

    place_hold(show_id=show.pk, wanted=Admissions(show.tiers.get().pk, 2), purpose="press", party="Daily", by=MANAGER)

    assert sorted(Place.objects.filter(status="held").values_list("number", flat=True)) == ["2", "3"]


def test_a_hold_refuses_sold_and_locked_seats_and_says_which(show: Show, web: Channel) -> None:
    sold = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER, now=NOON)
    commit_lock(claim_id=sold.claim_id, by=BUYER, now=NOON)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER, now=NOON)
    claims, movements = Claim.objects.count(), Movement.objects.count()

    with pytest.raises(refusals.PlacesTaken) as refused:
        hold(show, "A-1", "A-2", "A-3")

    first, second = seat(show, "A-1").pk, seat(show, "A-2").pk
    assert refused.value.facts == {
        "place_ids": [first, second],
        "statuses": {str(first): "sold", str(second): "locked"},
    }
    assert (Claim.objects.count(), Movement.objects.count(), Hold.objects.count()) == (claims, movements, 0)


def test_a_hold_takes_seats_whose_lock_has_run_out(show: Show, web: Channel) -> None:
    lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER, now=NOON - seconds(480)
    )

    hold(show, "A-1", "A-2")

    assert statuses(show) == {"held": 2, "open": 3}


@pytest.mark.parametrize(("purpose", "party"), [("bribe", "Chai Co"), ("sponsor", "  ")])
def test_a_hold_names_a_known_purpose_and_its_party(show: Show, purpose: str, party: str) -> None:
    with pytest.raises(HoldIncomplete):
        place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-1").pk]), purpose=purpose, party=party, by=MANAGER)
    assert statuses(show) == {"open": 5}


def test_a_hold_of_too_many_admissions_is_refused_whole(transactional_db: None) -> None:
    show = make_show(standing(3))

    with pytest.raises(refusals.NotEnoughPlaces) as refused:
        place_hold(
            show_id=show.pk, wanted=Admissions(show.tiers.get().pk, 4), purpose="press", party="Daily", by=MANAGER
        )
    assert (refused.value.facts, statuses(show)) == ({"asked": 4, "open": 3}, {"open": 3})


def test_another_shows_seats_cannot_be_held_here(show: Show) -> None:
    other = make_show(rows("A", 1), slug="othello")

    with pytest.raises(refusals.PlacesUnknown):
        place_hold(show_id=show.pk, wanted=Seats([seat(other, "A-1").pk]), purpose="press", party="Daily", by=MANAGER)


def test_a_released_hold_opens_all_its_places_and_ends(show: Show) -> None:
    held = hold(show, "A-1", "A-2")

    assert len(release_hold(claim_id=held.pk, by=MANAGER, now=NOON)) == 2

    assert statuses(show) == {"open": 5}
    assert Claim.objects.get(pk=held.pk).ended_at == NOON
    with pytest.raises(refusals.ClaimEnded):
        release_hold(claim_id=held.pk, by=MANAGER)
    assert verify(show).is_sound


def test_a_part_of_a_hold_comes_back_and_the_rest_stays(show: Show) -> None:
    held = hold(show, "A-1", "A-2", "A-3")

    release_hold(claim_id=held.pk, place_ids=[seat(show, "A-2").pk], by=MANAGER)

    assert statuses(show) == {"held": 2, "open": 3}
    assert Claim.objects.get(pk=held.pk).ended_at is None


def test_a_hold_gives_back_only_what_it_holds(show: Show) -> None:
    held, other = hold(show, "A-1"), hold(show, "A-2")

    with pytest.raises(PlacesNotHeld) as refused:
        release_hold(claim_id=held.pk, place_ids=[seat(show, "A-1").pk, seat(show, "A-2").pk], by=MANAGER)

    assert refused.value.facts == {"place_ids": [seat(show, "A-2").pk]}
    assert statuses(show) == {"held": 2, "open": 3}
    assert other.claim.ended_at is None


def test_a_hold_is_released_into_an_allocation(show: Show) -> None:
    slice_ = Allocation.objects.create(show=show, name="Walk-ins")
    held = hold(show, "A-1")

    release_hold(claim_id=held.pk, to_allocation_id=slice_.pk, by=MANAGER)

    assert (seat(show, "A-1").status, seat(show, "A-1").allocation_id) == ("open", slice_.pk)
    assert verify(show).is_sound


def test_another_shows_allocation_takes_nothing(show: Show) -> None:
    foreign = make_show(rows("A", 1), slug="othello").allocations.get()
    held = hold(show, "A-1")

    with pytest.raises(AllocationUnknown):
        release_hold(claim_id=held.pk, to_allocation_id=foreign.pk, by=MANAGER)
    assert statuses(show) == {"held": 1, "open": 4}


def test_a_hold_gets_another_end(show: Show) -> None:
    held = hold(show, "A-1", until=NOON + seconds(60))

    assert extend_hold(claim_id=held.pk, until=NOON + seconds(600), by=MANAGER, now=NOON).expires_at == NOON + seconds(
        600
    )
    assert Movement.objects.filter(verb="extend_hold", claim_id=held.pk).count() == 1


def test_a_hold_does_not_end_in_the_past(show: Show) -> None:
    held = hold(show, "A-1")

    with pytest.raises(HoldEndInvalid):
        extend_hold(claim_id=held.pk, until=NOON - seconds(1), by=MANAGER, now=NOON)
    with pytest.raises(HoldEndInvalid):
        hold(show, "A-2", until=NOON)


def test_the_hold_of_a_cancelled_show_gets_no_other_end_and_is_released(show: Show) -> None:
    held = hold(show, "A-1")
    Show.objects.filter(pk=show.pk).update(state="cancelled")

    with pytest.raises(HoldOfCancelledShow):
        extend_hold(claim_id=held.pk, until=NOON + seconds(60), by=MANAGER, now=NOON)
    assert not Movement.objects.filter(verb="extend_hold").exists()
    release_hold(claim_id=held.pk, by=MANAGER, now=NOON)
    assert statuses(show) == {"open": 5}


def test_a_lock_is_not_a_hold(show: Show, web: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)

    with pytest.raises(refusals.ClaimUnknown):
        release_hold(claim_id=lock.claim_id, by=MANAGER)
