"""Selling out of a hold against its ladder and its breaking: of each place, one of them has it."""

from __future__ import annotations

import threading

import pytest

from inventory.acts import By, Seats
from inventory.models import Channel, Claim, Place
from inventory.queries.verify import verify
from inventory.services.holds import LadderStep, place_hold, release_hold
from inventory.services.releases import run_due_releases
from inventory.services.selling import HoldSale, sell_from_hold, set_apart
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, SELLERS = 6, 3
LATER = NOON + seconds(3600)


def test_places_go_once_however_sale_ladder_and_breaking_meet(counter: Channel) -> None:
    for round_ in range(ROUNDS):
        show = make_show(rows("A", 6), slug=f"round-{round_}")
        ids = [seat(show, f"A-{n}").pk for n in range(1, 7)]
        held = place_hold(
            show_id=show.pk,
            wanted=Seats(ids),
            purpose="press",
            party="Daily",
            by=MANAGER,
            steps=(LadderStep(LATER, share_percent=50),),
            now=NOON,
        )

        def act(number: int, show_id: int = show.pk, claim_id: int = held.pk, ids: list[int] = ids) -> int:
            by = By(actor=f"user:{number}")
            if number == 0:
                return run_due_releases(show_id=show_id, by=by, now=LATER)
            if number == 1:
                return len(release_hold(claim_id=claim_id, place_ids=ids[:1], by=by, now=LATER))
            if number == 2:
                apart = set_apart(claim_id=claim_id, place_ids=ids[1:3], reference="order:2", by=by, now=LATER)
                return apart.claim.places.count()
            sale = HoldSale(ids[number - 2 : number], f"order:{number}")
            sales = sell_from_hold(claim_id=claim_id, sales=[sale], channel_id=counter.pk, by=by, now=LATER)
            return len(sales)

        results = together(2 + SELLERS, act)

        assert set(refused(results)) <= {"PlacesNotHeld", "ClaimEnded"}
        sold = succeeded(results[3:])
        assert statuses(show).get("sold", 0) == 2 * len(sold)
        ordered = succeeded(results[2:3])
        assert Place.objects.filter(claim__show=show, claim__reference="order:2").count() == sum(ordered)
        assert Claim.objects.filter(show=show, kind="sale", origin=held.claim_id).count() == len(sold)
        # What the ladder promised is open, whoever was first: nothing of it was sold at that second.
        assert statuses(show)["open"] >= 2
        assert verify(show).differences == []


def test_control_a_sale_that_looks_and_then_takes_sells_what_was_given_back(transactional_db: None) -> None:
    looked, given_back = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            looked.wait()
            run("UPDATE naive_place SET owner = 'the public' WHERE id = 1")
            given_back.set()
            return True
        is_held = run("SELECT owner FROM naive_place WHERE id = 1") == [("hold",)]
        looked.set()
        given_back.wait()
        if is_held:
            run("UPDATE naive_place SET owner = 'party' WHERE id = 1")
        return is_held

    with naive_stock(1):
        run("UPDATE naive_place SET owner = 'hold'")
        assert together(2, act) == [True, True]
        assert run("SELECT owner FROM naive_place") == [("party",)]
