"""The life of a lock: extended, paying, given back, turned into a sale, or over."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Channel, Claim, Movement, Show
from inventory.queries.verify import verify
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import (
    LockAtItsCap,
    LockCommitted,
    LockExpired,
    LockIsPaying,
    begin_payment,
    commit_lock,
    end_payment,
    extend_lock,
    release_lock,
)
from inventory.services.refusals import ClaimUnknown
from inventory.services.sweep import sweep
from tests.houses import NOON, make_show, rows, seat, seconds, statuses

BUYER = By(actor="session:buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 4))


@pytest.fixture
def lock(show: Show, web: Channel) -> Lock:
    wanted = Seats([seat(show, "A-1").pk, seat(show, "A-2").pk])
    return lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, now=NOON)


def ends(lock: Lock) -> tuple[datetime, datetime]:
    claim = Claim.objects.get(pk=lock.claim_id)
    assert claim.expires_at and claim.hard_until
    return claim.expires_at, claim.hard_until


# Extending --------


def test_an_extension_counts_from_now(lock: Lock) -> None:
    row = extend_lock(claim_id=lock.claim_id, for_s=480, by=BUYER, now=NOON + seconds(300))

    assert row.expires_at == NOON + seconds(780)


def test_an_extension_never_brings_the_end_nearer(lock: Lock) -> None:
    assert extend_lock(claim_id=lock.claim_id, for_s=1, by=BUYER, now=NOON).expires_at == NOON + seconds(480)


def test_extending_stops_at_the_cap(lock: Lock) -> None:
    assert extend_lock(claim_id=lock.claim_id, for_s=99_999, by=BUYER, now=NOON).expires_at == NOON + seconds(1800)
    with pytest.raises(LockAtItsCap):
        extend_lock(claim_id=lock.claim_id, for_s=480, by=BUYER, now=NOON + seconds(1))


def test_a_lock_that_ran_out_is_not_extended(lock: Lock) -> None:
    with pytest.raises(LockExpired):
        extend_lock(claim_id=lock.claim_id, for_s=480, by=BUYER, now=NOON + seconds(480))


def test_every_act_on_a_lock_is_in_the_ledger(lock: Lock) -> None:
    extend_lock(claim_id=lock.claim_id, for_s=600, by=BUYER, now=NOON + seconds(1))
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(2))
    end_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(3))
    release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(4))

    acts = Movement.objects.filter(claim_id=lock.claim_id).order_by("id")
    assert list(acts.values_list("verb", "quantity", "at")) == [
        ("lock_places", 2, NOON),
        ("extend_lock", 0, NOON + seconds(1)),
        ("begin_payment", 0, NOON + seconds(2)),
        ("end_payment", 0, NOON + seconds(3)),
        ("release_lock", 2, NOON + seconds(4)),
    ]


# Paying --------


def test_a_payment_keeps_the_lock_beyond_its_expiry_and_does_not_move_the_cap(lock: Lock) -> None:
    before = ends(lock)
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(470))

    assert ends(lock) == before
    assert sweep(now=NOON + seconds(1799)) == 0
    assert sweep(now=NOON + seconds(1800)) == 2


def test_beginning_a_payment_twice_is_beginning_it_once(lock: Lock) -> None:
    first = begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(1))
    again = begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(2))

    assert (first.phase, again) == ("paying", first)
    assert Movement.objects.filter(verb="begin_payment").count() == 1


def test_a_failed_payment_leaves_time_to_try_again(lock: Lock) -> None:
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(470))

    row = end_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(600))

    assert (row.phase, row.expires_at) == ("browsing", NOON + seconds(720))


def test_time_to_try_again_ends_at_the_cap(lock: Lock) -> None:
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(470))

    assert end_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(1790)).expires_at == NOON + seconds(1800)


def test_a_failed_payment_takes_no_time_away(lock: Lock) -> None:
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert end_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(10)).expires_at == NOON + seconds(480)


def test_a_payment_does_not_begin_on_a_lock_that_ran_out(lock: Lock) -> None:
    with pytest.raises(LockExpired):
        begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(480))


def test_a_pending_payment_keeps_its_seats_from_being_given_back_by_hand(lock: Lock) -> None:
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON)

    with pytest.raises(LockIsPaying):
        release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(1))


# Giving back --------


def test_released_places_are_open_and_the_lock_is_over(show: Show, lock: Lock) -> None:
    assert release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON) == lock.place_ids

    assert statuses(show) == {"open": 4}
    assert Claim.objects.get(pk=lock.claim_id).ended_at == NOON
    assert verify(show).is_sound


def test_releasing_twice_gives_back_once(show: Show, lock: Lock) -> None:
    release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON) == []
    assert Movement.objects.filter(verb="release_lock").count() == 1


def test_a_lock_that_ran_out_may_still_be_given_back(show: Show, lock: Lock) -> None:
    assert release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(9999)) == lock.place_ids


# Selling --------


def test_a_committed_lock_is_a_sale_that_names_it(show: Show, lock: Lock) -> None:
    sale = commit_lock(claim_id=lock.claim_id, by=BUYER, reference="HF-7", now=NOON + seconds(1))

    assert (sale.kind, sale.origin_id, sale.reference, sale.channel.code) == ("sale", lock.claim_id, "HF-7", "web")  # type: ignore[union-attr]
    assert sorted(sale.places.values_list("pk", flat=True)) == lock.place_ids
    assert statuses(show) == {"open": 2, "sold": 2}
    assert verify(show).is_sound


def test_a_paying_lock_commits_up_to_its_cap(lock: Lock) -> None:
    begin_payment(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(1799))


def test_a_lock_that_ran_out_is_not_committed_though_nobody_swept_it(show: Show, lock: Lock) -> None:
    with pytest.raises(LockExpired):
        commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON + seconds(480))

    assert statuses(show) == {"locked": 2, "open": 2}


def test_committing_twice_sells_once_and_says_which_sale(show: Show, lock: Lock) -> None:
    sale = commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    with pytest.raises(LockCommitted) as refused:
        commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert refused.value.facts == {"claim_id": lock.claim_id, "sale_id": sale.pk}
    assert Claim.objects.filter(kind="sale").count() == 1


def test_a_committed_lock_is_not_given_back(show: Show, lock: Lock) -> None:
    commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    with pytest.raises(LockCommitted):
        release_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)
    assert statuses(show) == {"open": 2, "sold": 2}


@pytest.mark.parametrize("act", [begin_payment, end_payment, release_lock, commit_lock])
def test_a_lock_that_does_not_exist_is_unknown(act: object, transactional_db: None) -> None:
    with pytest.raises(ClaimUnknown):
        act(claim_id=404, by=BUYER)  # type: ignore[operator]


@pytest.mark.parametrize("act", [begin_payment, end_payment, release_lock, commit_lock])
def test_a_sale_is_not_a_lock(act: object, lock: Lock) -> None:
    sale = commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    with pytest.raises(DomainError) as refused:
        act(claim_id=sale.pk, by=BUYER, now=NOON)  # type: ignore[operator]
    assert refused.value.code == "claim_unknown"


# The sweep --------


def test_the_sweep_opens_what_ran_out_in_every_show_and_nothing_else(show: Show, lock: Lock, web: Channel) -> None:
    other = make_show(rows("B", 2), slug="othello")
    lock_places(show_id=other.pk, channel_id=web.pk, wanted=Seats([seat(other, "B-1").pk]), by=BUYER, now=NOON)
    live = lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-4").pk]), by=BUYER, now=NOON + seconds(100)
    )

    assert sweep(now=NOON + seconds(480)) == 3
    assert (statuses(show), statuses(other)) == ({"locked": 1, "open": 3}, {"open": 2})
    assert seat(show, "A-4").claim_id == live.claim_id
    assert sweep(now=NOON + seconds(480)) == 0


def test_a_sweep_is_one_movement_a_show_and_names_each_places_lock(show: Show, lock: Lock) -> None:
    sweep(now=NOON + seconds(480))

    act = Movement.objects.get(verb="expire_locks")
    assert (act.show_id, act.claim_id, act.actor, act.quantity) == (show.pk, None, "system:housekeeping", 2)
    assert set(act.entries.values_list("from_claim", flat=True)) == {lock.claim_id}
