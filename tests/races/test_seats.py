"""The last place, the same seats from both ends, and a hold against a buyer."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, transaction

from inventory.acts import By, Seats
from inventory.models import Channel, Entry, Hold
from inventory.queries.verify import verify
from inventory.services.holds import place_hold
from inventory.services.locking import Lock, lock_places
from inventory.services.refusals import PlacesTaken
from tests.houses import MANAGER, make_show, rows, seat, standing, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 8


def test_of_all_who_want_the_last_place_exactly_one_has_it(web: Channel) -> None:
    show = make_show(standing(1))
    last = Seats([show.places.get().pk])

    results = together(
        BUYERS,
        lambda n: lock_places(show_id=show.pk, channel_id=web.pk, wanted=last, by=By(actor=f"session:{n}")),
    )

    assert len(succeeded(results)) == 1
    assert refused(results) == ["PlacesTaken"] * (BUYERS - 1)
    assert Entry.objects.filter(to_status="locked").count() == 1
    assert verify(show).is_sound


def test_control_who_looks_and_then_takes_sells_the_last_place_many_times(transactional_db: None) -> None:
    both_have_looked = threading.Barrier(BUYERS)

    def buy(number: int) -> bool:
        (owner,) = run("SELECT owner FROM naive_place WHERE id = 1")[0]
        both_have_looked.wait()
        if owner is None:
            run("UPDATE naive_place SET owner = %s WHERE id = 1", str(number))
        return owner is None

    with naive_stock(1):
        assert together(BUYERS, buy) == [True] * BUYERS


def test_the_same_seats_wanted_in_opposite_orders_never_deadlock(web: Channel) -> None:
    show = make_show(rows("A", 10))
    ids = [seat(show, f"A-{n}").pk for n in range(1, 11)]

    def buy(number: int) -> Lock:
        wanted = Seats(ids if number % 2 else ids[::-1])
        return lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=By(actor=f"session:{number}"))

    results = together(BUYERS, buy)

    assert (len(succeeded(results)), refused(results)) == (1, ["PlacesTaken"] * (BUYERS - 1))
    assert statuses(show) == {"locked": 10}


def test_control_taking_rows_in_the_order_asked_deadlocks(transactional_db: None) -> None:
    both_have_one = threading.Barrier(2)

    def buy(number: int) -> None:
        first, second = (1, 2) if number else (2, 1)
        with transaction.atomic():
            run("UPDATE naive_place SET owner = %s WHERE id = %s", str(number), first)
            both_have_one.wait()
            run("UPDATE naive_place SET owner = %s WHERE id = %s", str(number), second)

    with naive_stock(2):
        results = together(2, buy)

    (deadlock,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(deadlock, OperationalError)
    assert "deadlock detected" in str(deadlock)


def test_a_hold_never_takes_what_a_buyer_has_and_says_which(web: Channel) -> None:
    """Twenty rounds: a hold of the row and buyers of single seats; every seat has one owner, whoever was first."""
    for round_ in range(10):
        show = make_show(rows("A", 4), slug=f"round-{round_}")
        ids = [seat(show, f"A-{n}").pk for n in range(1, 5)]

        def act(number: int, show_id: int = show.pk, ids: list[int] = ids) -> Hold | Lock:
            if number == 0:
                return place_hold(show_id=show_id, wanted=Seats(ids), purpose="sponsor", party="Chai Co", by=MANAGER)
            return lock_places(show_id=show_id, channel_id=web.pk, wanted=Seats([ids[number]]), by=MANAGER)

        hold, *locks = together(4, act)

        if isinstance(hold, Hold):
            assert statuses(show) == {"held": 4}
            assert refused(locks) == ["PlacesTaken"] * 3
        else:
            assert isinstance(hold, PlacesTaken)
            locked = sorted(lock.place_ids[0] for lock in succeeded(locks) if isinstance(lock, Lock))
            assert statuses(show) == {"locked": len(locked), "open": 4 - len(locked)}
            assert set(hold.facts["place_ids"]) <= set(locked)
        assert verify(show).is_sound


def test_control_a_hold_that_only_looks_takes_a_buyers_seat(transactional_db: None) -> None:
    looked, bought = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            looked.wait()
            run("UPDATE naive_place SET owner = 'buyer' WHERE id = 1")
            bought.set()
            return True
        (owner,) = run("SELECT owner FROM naive_place WHERE id = 1")[0]
        looked.set()
        bought.wait()
        if owner is None:
            run("UPDATE naive_place SET owner = 'sponsor' WHERE id = 1")
        return owner is None

    with naive_stock(1):
        assert together(2, act) == [True, True]
        assert run("SELECT owner FROM naive_place") == [("sponsor",)]
