"""Slicing the pool against the web: a slice is cut out of open places, and a trial leaves nothing behind."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Entry, Movement, Show
from inventory.queries.verify import verify
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.slices import Opening, Pick, Slice
from inventory.services.slicing import slice_pool
from inventory.services.trials import make_tried, try_change
from tests.houses import MANAGER, make_show, rows, seat, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, BUYERS, PLACES = 6, 3, 6


def buy(show: Show, web: Channel, number: int) -> Any:
    buyer = By(actor=f"session:{number}")
    wanted = Seats([seat(show, f"A-{number}").pk])
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=buyer)
    return commit_lock(claim_id=lock.claim_id, reference=f"HF-{number}", by=buyer)


def test_a_slice_cut_while_the_web_sells_moves_no_place_of_a_buyer(web: Channel, counter: Channel) -> None:
    """Whoever is first: a buyer has the seat and the slice none of it, or the seat is the counter's and open."""
    for round_ in range(ROUNDS):
        show = make_show(rows("A", PLACES), slug=f"round-{round_}")
        cut = Slice("Counter", [Opening(counter.pk)], Pick(quantity=PLACES - BUYERS))

        def act(number: int, show: Show = show, cut: Slice = cut) -> Any:
            if number == 0:
                return slice_pool(show_id=show.pk, slices=[cut], by=MANAGER)[0].place_ids
            return buy(show, web, number)

        moved, *sales = together(1 + BUYERS, act)

        assert isinstance(moved, list) and len(moved) == PLACES - BUYERS
        sold = show.places.filter(status="sold")
        assert sold.count() == len(succeeded(sales))
        assert not sold.filter(allocation__name="Counter").exists()
        assert set(refused(sales)) <= {"PlacesNotOnSaleHere"}
        cutting = Movement.objects.get(show=show, verb="allocate_places")
        assert set(cutting.entries.values_list("from_status", "to_status")) == {("open", "open")}
        assert verify(show).is_sound


def test_a_trial_while_the_web_sells_leaves_nothing_behind(web: Channel, counter: Channel) -> None:
    for round_ in range(ROUNDS):
        show = make_show(rows("A", PLACES), slug=f"round-{round_}")
        cut = Slice("Counter", [Opening(counter.pk)], Pick(quantity=PLACES - BUYERS))

        def act(number: int, show: Show = show, cut: Slice = cut) -> Any:
            if number == 0:
                return try_change(
                    show_id=show.pk,
                    change=lambda at: slice_pool(show_id=show.pk, slices=[cut], by=MANAGER, now=at),
                )
            return buy(show, web, number)

        trial, *sales = together(1 + BUYERS, act)

        assert not isinstance(trial, Exception)
        assert len(trial.moves) == PLACES - BUYERS
        assert {move.from_status for move in trial.moves} == {"open"}
        assert (refused(sales), statuses(show)) == ([], {"sold": BUYERS, "open": PLACES - BUYERS})
        assert not Allocation.objects.filter(show=show, is_pool=False).exists()
        assert not Entry.objects.filter(movement__show=show, movement__verb="allocate_places").exists()
        assert verify(show).is_sound


def test_what_was_seen_is_made_whole_or_not_at_all_while_the_web_sells(web: Channel, counter: Channel) -> None:
    for round_ in range(ROUNDS):
        show = make_show(rows("A", PLACES), slug=f"round-{round_}")
        seen: list[int] = []

        def change(at: Any, show: Show = show, seen: list[int] = seen) -> None:
            places = Seats(seen) if seen else Pick(quantity=PLACES - BUYERS)
            slice_pool(show_id=show.pk, slices=[Slice("Counter", [Opening(counter.pk)], places)], by=MANAGER, now=at)

        trial = try_change(show_id=show.pk, change=change)
        seen.extend(move.place_id for move in trial.moves)

        def act(number: int, show: Show = show, change: Any = change, print_: str = trial.fingerprint) -> Any:
            if number == 0:
                return make_tried(show_id=show.pk, change=change, seen=print_)
            return buy(show, web, number)

        made, *sales = together(1 + BUYERS, act)

        sliced = set(show.places.filter(allocation__name="Counter").values_list("pk", flat=True))
        if isinstance(made, Exception):
            assert (refused([made]), sliced, refused(sales)) == (["PlacesTaken"], set(), [])
        else:
            assert sliced == set(seen)
            assert not show.places.filter(status="sold", allocation__name="Counter").exists()
        assert verify(show).is_sound


def test_control_a_slice_that_looks_and_then_cuts_has_a_place_that_was_sold_meanwhile(transactional_db: None) -> None:
    looked, sold = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            looked.wait()
            run("UPDATE naive_place SET owner = 'web' WHERE id = 2")
            sold.set()
            return True
        is_open = all(owner is None for (owner,) in run("SELECT owner FROM naive_place"))
        looked.set()
        sold.wait()
        if is_open:
            run("UPDATE naive_place SET rule = 'counter'")
        return is_open

    with naive_stock(4):
        assert together(2, act) == [True, True]
        assert run("SELECT owner, rule FROM naive_place WHERE id = 2") == [("web", "counter")]
