"""What money needs of the ledger: a lock sold whole, payments that lapse and are watched, places taken again."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Claim, FreezeRule, Movement, Place, Show
from inventory.queries.stock.exposure import exposure
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import (
    LockCommitted,
    LockNotPaying,
    begin_payment,
    commit_lock,
    end_payment,
    lapse_payment,
    release_lock,
    retake_places,
    stop_watching,
)
from inventory.services.refusals import (
    ChannelNotSelling,
    ClaimUnknown,
    Frozen,
    NotEnoughPlaces,
    PlacesNotOnSaleHere,
    PlacesTaken,
    ShowNotOnSale,
)
from inventory.services.sales import return_sold
from inventory.services.sweep import sweep
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, statuses
from tests.inventory.plain_sql import movement, rule_of, run

BUYER = By(actor="session:buyer", reason_code="machine")
LATER = NOON + seconds(600)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6), watch_payment_for_s=3600)


def lock(show: Show, *numbers: int, at: Any = NOON, channel: str = "web") -> Lock:
    wanted = Seats([seat(show, f"A-{number}").pk for number in numbers])
    web = Channel.objects.get(code=channel)
    return lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, now=at)


def paying(show: Show, *numbers: int) -> Lock:
    made = lock(show, *numbers)
    begin_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    return made


def lapsed(show: Show, *numbers: int) -> Lock:
    made = paying(show, *numbers)
    assert lapse_payment(claim_id=made.claim_id, by=BUYER, now=LATER) == made.place_ids
    return made


def exposed(show: Show, at: Any) -> int:
    told = exposure(show.pk, at)
    assert told
    return told.places


def watched(made: Lock) -> Any:
    return Claim.objects.values_list("watched_until", flat=True).get(pk=made.claim_id)


# A sale is of the whole lock --------


def test_a_lock_that_plain_sql_has_cut_apart_is_not_sold(show: Show) -> None:
    """Its buyer pays for all of its places, and would be short of one."""
    made = lock(show, 1, 2)
    with transaction.atomic():
        act = movement(show, "release_lock", Claim.objects.get(pk=made.claim_id))
        Place.objects.filter(pk=made.place_ids[0]).update(status="open", claim=None, movement=act)

    assert rule_of(lambda: commit_lock(claim_id=made.claim_id, by=BUYER, now=NOON)) == "sale_is_of_the_whole_lock"
    assert statuses(show) == {"locked": 1, "open": 5}
    assert Claim.objects.get(pk=made.claim_id).ended_at is None


def test_a_lock_that_is_whole_is_sold_whole(show: Show) -> None:
    made = lock(show, 1, 2)
    sale = commit_lock(claim_id=made.claim_id, by=BUYER, reference="order:7", now=NOON)

    assert (sale.origin_id, sale.reference, statuses(show)) == (made.claim_id, "order:7", {"open": 4, "sold": 2})
    assert Movement.objects.get(claim=sale).quantity == 2
    assert verify(show).is_sound


# Lapsing --------


def test_a_payment_that_lapses_opens_its_places_and_is_watched(show: Show) -> None:
    made = lapsed(show, 1, 2)

    assert (statuses(show), watched(made)) == ({"open": 6}, LATER + seconds(3600))
    assert Movement.objects.filter(claim_id=made.claim_id).latest("pk").verb == "release_lock"
    assert verify(show).is_sound


def test_the_exposure_of_a_lapsed_payment_ends_with_its_watch(show: Show) -> None:
    lapsed(show, 1, 2)
    moments = (LATER - seconds(0.000001), LATER, LATER + seconds(3599), LATER + seconds(3600))

    assert [exposed(show, at) for at in moments] == [0, 2, 2, 0]


def test_whoever_stops_watching_ends_it_at_once_and_twice_is_once(show: Show) -> None:
    made = lapsed(show, 1, 2)
    for at in (LATER + seconds(10), LATER + seconds(20)):
        stop_watching(claim_id=made.claim_id, now=at)

    assert watched(made) == LATER + seconds(10)
    assert [exposed(show, LATER + seconds(s)) for s in (9, 10)] == [2, 0]


def test_a_paying_lock_that_runs_out_is_watched_from_its_cap_swept_or_not(show: Show) -> None:
    made = paying(show, 1, 2)
    cap = NOON + seconds(1800)
    assert [exposed(show, at) for at in (cap - seconds(1), cap, cap + seconds(3599), cap + seconds(3600))] == [
        0,
        2,
        2,
        0,
    ]
    sweep(now=cap + seconds(50))

    assert watched(made) == cap + seconds(3600)
    assert [exposed(show, cap + seconds(s)) for s in (50, 3599, 3600)] == [2, 2, 0]


def test_a_lock_that_only_browsed_is_nobodys_claim(show: Show) -> None:
    made = lock(show, 1, 2)
    sweep(now=NOON + seconds(480))

    assert (watched(made), exposed(show, NOON + seconds(480))) == (None, 0)


def test_only_a_payment_lapses(show: Show) -> None:
    made = lock(show, 1)
    with pytest.raises(LockNotPaying):
        lapse_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    begin_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    end_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    with pytest.raises(LockNotPaying):
        lapse_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    with pytest.raises(ClaimUnknown):
        lapse_payment(claim_id=0, by=BUYER, now=NOON)


def test_what_has_ended_lapses_no_more(show: Show) -> None:
    gone, sold = lapsed(show, 1), paying(show, 2)
    commit_lock(claim_id=sold.claim_id, by=BUYER, now=NOON)

    assert lapse_payment(claim_id=gone.claim_id, by=BUYER, now=LATER) == []
    with pytest.raises(LockCommitted):
        lapse_payment(claim_id=sold.claim_id, by=BUYER, now=LATER)
    assert statuses(show) == {"open": 5, "sold": 1}


def test_plain_sql_watches_nothing_but_a_lapsed_payment(show: Show) -> None:
    live, browsed = paying(show, 1), lock(show, 2)
    release_lock(claim_id=browsed.claim_id, by=BUYER, now=NOON)

    def watch(made: Lock) -> None:
        run("UPDATE inventory_claim SET watched_until = now() WHERE id = %s", made.claim_id)

    assert [rule_of(partial(watch, made)) for made in (live, browsed)] == ["only_a_lapsed_payment_is_watched"] * 2


# Taking places again --------


def retake(made: Lock, at: Any = LATER) -> Claim:
    return retake_places(claim_id=made.claim_id, by=BUYER, reference="order:7", now=at)


def test_places_that_are_all_open_are_sold_again_under_a_lock_of_their_own(show: Show) -> None:
    made = lapsed(show, 1, 2)
    sale = retake(made)

    assert sale.origin and sale.origin_id != made.claim_id
    assert (sale.channel.code if sale.channel else "", sale.reference, statuses(show)) == (
        "web", "order:7", {"open": 4, "sold": 2},
    )  # fmt: skip
    assert sorted(Place.objects.filter(claim=sale).values_list("pk", flat=True)) == made.place_ids
    assert (exposed(show, LATER), verify(show).is_sound) == (0, True)


def test_a_lock_that_has_run_out_and_is_not_swept_is_taken_again_as_well(show: Show) -> None:
    made = paying(show, 1, 2)
    retake(made, NOON + seconds(1800))

    assert (statuses(show), exposed(show, NOON + seconds(1800))) == ({"open": 4, "sold": 2}, 0)


def test_the_channel_is_the_one_that_it_was_locked_on(show: Show) -> None:
    made = lock(show, 1, channel="counter")
    begin_payment(claim_id=made.claim_id, by=BUYER, now=NOON)
    lapse_payment(claim_id=made.claim_id, by=BUYER, now=LATER)
    Channel.objects.filter(code="web").update(is_active=False)

    sale = retake(made)
    assert sale.channel and sale.channel.code == "counter"


@pytest.mark.parametrize("taken_by", ["cart", "sale", "hold"])
def test_all_of_them_or_none_and_nothing_from_anybody(show: Show, taken_by: str) -> None:
    made = lapsed(show, 1, 2)
    if taken_by == "hold":
        wanted = Seats([seat(show, "A-2").pk])
        place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="Daily", by=MANAGER, now=LATER)
    else:
        rival = lock(show, 2, at=LATER)
        if taken_by == "sale":
            commit_lock(claim_id=rival.claim_id, by=BUYER, now=LATER)
    before, theirs = statuses(show), seat(show, "A-2").claim_id

    with pytest.raises(PlacesTaken) as refused:
        retake(made)

    assert refused.value.facts["place_ids"] == [seat(show, "A-2").pk]
    assert (statuses(show), seat(show, "A-2").claim_id) == (before, theirs)
    assert (watched(made), exposed(show, LATER)) == (LATER + seconds(3600), 2)


def test_a_cart_that_has_run_out_is_no_hindrance(show: Show) -> None:
    made = lapsed(show, 1, 2)
    lock(show, 2, at=LATER)

    retake(made, LATER + seconds(480))

    assert statuses(show) == {"open": 4, "sold": 2}


def test_a_freeze_is_obeyed(show: Show) -> None:
    made = lapsed(show, 1)
    freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=By("user:1", reason_code="sync_lag"), now=LATER)

    with pytest.raises(Frozen):
        retake(made)


def test_an_allocation_is_obeyed(show: Show) -> None:
    made = lapsed(show, 1)
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=slice_, channel=Channel.objects.get(code="counter"))
    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER, now=LATER)

    with pytest.raises(PlacesNotOnSaleHere):
        retake(made)


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "cancelled"])
def test_a_show_that_is_not_on_sale_sells_nothing_late_either(show: Show, state: str) -> None:
    made = lapsed(show, 1)
    Show.objects.filter(pk=show.pk).update(state=state)

    with pytest.raises(ShowNotOnSale):
        retake(made)


def test_a_channel_that_sells_no_more_sells_nothing_late_either(show: Show) -> None:
    made = lapsed(show, 1)
    Channel.objects.filter(code="web").update(is_active=False)

    with pytest.raises(ChannelNotSelling):
        retake(made)


def test_what_is_kept_back_for_others_is_kept_back_and_what_is_for_oneself_is_not(show: Show) -> None:
    """Six places, two lapsed payments of two each, no margin: two are kept back for each of them from the other."""
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=0)
    first, second = lapsed(show, 1, 2), lapsed(show, 3, 4)
    lock(show, 5, at=LATER)
    assert (statuses(show), exposed(show, LATER)) == ({"locked": 1, "open": 5}, 4)
    with pytest.raises(NotEnoughPlaces):
        lock(show, 1, 6, at=LATER)

    retake(first)

    assert (statuses(show), exposed(show, LATER)) == ({"locked": 1, "open": 3, "sold": 2}, 2)
    with pytest.raises(NotEnoughPlaces):
        lock(show, 3, 6, at=LATER)
    retake(second)
    assert statuses(show) == {"locked": 1, "open": 1, "sold": 4}


def test_what_lives_or_was_sold_is_not_taken_again(show: Show) -> None:
    browsing, pays, sold = lock(show, 1), paying(show, 2), paying(show, 3)
    commit_lock(claim_id=sold.claim_id, by=BUYER, now=NOON)
    return_sold(show_id=show.pk, place_ids=sold.place_ids, by=BUYER, now=NOON)

    for made in (browsing, pays):
        with pytest.raises(DomainError):
            retake(made, NOON)
    with pytest.raises(LockCommitted):
        retake(sold)
    with pytest.raises(ClaimUnknown):
        retake_places(claim_id=0, by=BUYER, now=NOON)
    assert statuses(show) == {"locked": 2, "open": 4}
