"""General admission near its end: nobody oversells, nobody is told "sold out" while it is not, everything sells."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from inventory.acts import Admissions, By
from inventory.models import Channel
from inventory.queries.verify import verify
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import release_lock
from inventory.services.refusals import Busy, NotEnoughPlaces
from tests.houses import NOON, make_show, seconds, standing, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_sells_and_nothing_twice(web: Channel) -> None:
    """Twelve buyers take one place after another, asking again when busy, until each is told there is none."""
    show = make_show(standing(50))
    one = Admissions(tier_id=show.tiers.get().pk, quantity=1)

    def buy_all(number: int) -> list[int]:
        mine: list[int] = []
        while True:
            try:
                lock = lock_places(
                    show_id=show.pk, channel_id=web.pk, wanted=one, by=By(actor=f"session:{number}"), now=NOON
                )
                mine += lock.place_ids
            except Busy:
                continue
            except NotEnoughPlaces as refusal:
                assert refusal.facts == {"asked": 1, "open": 0}
                return mine

    results = together(12, buy_all)

    bought = sorted(place_id for mine in succeeded(results) for place_id in mine)
    assert refused(results) == []
    assert bought == sorted(show.places.values_list("pk", flat=True))
    assert statuses(show) == {"locked": 50}
    assert verify(show).is_sound


def test_a_pair_is_not_refused_while_a_pair_is_left(web: Channel) -> None:
    show = make_show(standing(21))
    pair = Admissions(tier_id=show.tiers.get().pk, quantity=2)

    def buy_all(number: int) -> int:
        pairs = 0
        while True:
            try:
                lock_places(show_id=show.pk, channel_id=web.pk, wanted=pair, by=By(actor=f"session:{number}"))
                pairs += 1
            except Busy:
                continue
            except NotEnoughPlaces as refusal:
                assert refusal.facts["open"] < 2
                return pairs

    assert sum(succeeded(together(8, buy_all))) == 10
    assert statuses(show) == {"locked": 20, "open": 1}


def test_locks_that_run_out_in_the_rush_are_sold_again_and_not_called_sold_out(web: Channel) -> None:
    """All 30 places are under locks that have run out; 30 buyers come at once with no worker, and all are served."""
    show = make_show(standing(30))
    tier = show.tiers.get().pk
    for _ in range(10):
        lock_places(
            show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 3), by=By(actor="session:slow"), now=NOON
        )

    def buy(number: int) -> Lock:
        while True:
            try:
                return lock_places(
                    show_id=show.pk,
                    channel_id=web.pk,
                    wanted=Admissions(tier, 1),
                    by=By(actor=f"session:{number}"),
                    now=NOON + seconds(480),
                )
            except Busy:
                continue

    results = together(30, buy)

    assert refused(results) == []
    assert len({lock.place_ids[0] for lock in succeeded(results)}) == 30
    assert verify(show).is_sound


def test_who_gives_back_and_who_takes_at_once_leave_a_sound_ledger(web: Channel) -> None:
    show = make_show(standing(10))
    tier = show.tiers.get().pk

    def act(number: int) -> int:
        served = 0
        for _ in range(15):
            try:
                lock = lock_places(
                    show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 3), by=By(actor=f"session:{number}")
                )
            except (Busy, NotEnoughPlaces):
                continue
            served += 1
            release_lock(claim_id=lock.claim_id, by=By(actor=f"session:{number}"))
        return served

    results = together(6, act)

    assert refused(results) == []
    assert sum(succeeded(results)) > 0
    assert statuses(show) == {"open": 10}
    assert verify(show).is_sound


def test_control_skipping_what_others_have_in_hand_says_sold_out_of_places_that_come_back(
    transactional_db: None,
) -> None:
    in_hand, told = threading.Event(), threading.Event()

    def act(number: int) -> str:
        if number == 0:
            with transaction.atomic():
                run("SELECT id FROM naive_place WHERE owner IS NULL FOR UPDATE")
                in_hand.set()
                told.wait()
                transaction.set_rollback(True)
            return "changed my mind"
        in_hand.wait()
        found = run("SELECT id FROM naive_place WHERE owner IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED")
        told.set()
        return "served" if found else "sold out"

    with naive_stock(2):
        assert together(2, act) == ["changed my mind", "sold out"]
        assert run("SELECT count(*) FROM naive_place WHERE owner IS NULL") == [(2,)]


def test_the_same_moment_here_is_waited_for_and_served(web: Channel) -> None:
    """As the control, on the real ledger: somebody has every place in hand and thinks better of it."""
    show = make_show(standing(2))
    tier = show.tiers.get().pk
    in_hand = threading.Event()

    def act(number: int) -> Lock | None:
        if number == 0:
            with transaction.atomic():
                run("SELECT id FROM inventory_place WHERE show_id = %s FOR UPDATE", show.pk)
                in_hand.set()
                threading.Event().wait(0.3)
                transaction.set_rollback(True)
            return None
        in_hand.wait()
        return lock_places(show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 2), by=By(actor="session:1"))

    _, lock = together(2, act)

    assert isinstance(lock, Lock)
    assert len(lock.place_ids) == 2
