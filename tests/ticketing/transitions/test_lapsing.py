"""Rows 7 and 8: a code runs out in silence, its grace passes, the places are open, and its money is watched for."""

from __future__ import annotations

import pytest

from inventory.models import Show
from inventory.services.locks import end_payment
from inventory.services.sweep import sweep
from tests.houses import seconds
from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import Scene, live_tickets, of
from ticketing.gateways.words import Way
from ticketing.models import Order, Payment


def test_a_code_that_runs_out_says_nothing_and_is_asked_about_in_its_last_second(scene: Scene) -> None:
    """No webhook says that a QR code closed by its time, so our own clock does."""
    payment = scene.start(scene.order())
    for _ in range(20):
        scene.until(of(payment).next_look_at)
        if scene.now >= (payment.closes_at or scene.now):
            break
        scene.watch()

    assert scene.now == payment.closes_at
    assert scene.tell() == []


def test_through_the_grace_the_places_are_kept(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.until(payment.closes_at)
    scene.watch()
    scene.passes(119)
    scene.watch()

    assert (of(payment).state, state_of(order_id)) == ("pending", "awaiting_payment")
    assert scene.stock()["locked"] == 2
    assert scene.sandbox.made("qr_codes")[0]["status"] == "closed"


def test_money_within_the_grace_makes_tickets(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    in_flight = scene.sandbox.pay(opened(payment), "pending")
    scene.until(payment.closes_at)
    scene.watch()
    scene.passes(100)
    scene.sandbox.move(in_flight, "captured")
    scene.tell()

    order = Order.objects.get(pk=order_id)
    assert (order.state, order.is_late, live_tickets(order_id)) == ("confirmed", False, 2)


def test_after_the_grace_the_places_are_open_and_their_payment_is_exposure(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.lapse(payment)

    assert (of(payment).state, state_of(order_id)) == ("lapsed", "expired")
    assert (scene.stock(), scene.exposure()) == ({"open": 20}, 2)


def test_money_that_nobody_told_is_found_in_the_last_look(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    in_flight = scene.sandbox.pay(opened(payment), "pending")
    scene.until(payment.closes_at)
    scene.watch()
    scene.sandbox.move(in_flight, "captured")
    scene.passes(120)
    scene.watch()

    assert (of(payment).state, state_of(order_id)) == ("captured", "confirmed")


def test_a_lapsed_payment_is_asked_about_hourly_and_then_four_times_a_day_until_its_watch_ends(scene: Scene) -> None:
    payment = scene.start(scene.order())
    scene.lapse(payment)
    gaps: list[float] = []
    while (at := of(payment).next_look_at) and len(gaps) < 99:
        scene.until(at)
        scene.watch()
        following = of(payment).next_look_at
        gaps.append((following - scene.now).total_seconds() if following else 0)

    minutes, rest = [gap for gap in gaps if 0 < gap <= 300], [gap for gap in gaps if not 0 < gap <= 300]
    assert (gaps, minutes) == (minutes + rest, sorted(minutes))
    assert rest == [*sorted(rest[:-1]), 0]
    assert (rest.count(3600), rest.count(21_600)) == (24, 8)
    assert scene.now >= payment.created_at + seconds(259_200)
    assert of(payment).state == "lapsed"


def test_when_the_watch_ends_so_does_the_exposure(scene: Scene) -> None:
    Show.objects.update(watch_payment_for_s=3600)
    payment = scene.start(scene.order())
    scene.lapse(payment)
    assert scene.exposure() == 2

    scene.until(payment.created_at + seconds(3600))
    Payment.objects.update(next_look_at=scene.now)
    scene.watch()

    assert (of(payment).next_look_at, scene.exposure()) == (None, 0)


def test_the_exposure_stays_while_a_sibling_is_watched(scene: Scene) -> None:
    Show.objects.update(watch_payment_for_s=3600)
    order_id = scene.order()
    first = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(first), "decline")
    scene.tell()
    scene.passes(100)
    second = scene.start(order_id)
    scene.lapse(second)

    scene.until(first.created_at + seconds(3600))
    Payment.objects.filter(pk=first.pk).update(next_look_at=scene.now)
    scene.watch()

    assert (of(first).next_look_at, scene.exposure()) == (None, 2)
    assert of(second).next_look_at


# When nobody can say --------


def test_while_the_gateway_is_away_places_are_kept_to_the_cap_and_not_a_second_longer(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("qr.*", "500", times=999)
    cap = Order.objects.get(pk=order_id).lock.hard_until
    assert cap
    scene.until(cap - seconds(1))
    scene.watch()
    assert (of(payment).state, scene.stock()["locked"]) == ("pending", 2)

    scene.until(cap)
    Payment.objects.update(next_look_at=scene.now)
    scene.watch()
    sweep(now=scene.now)

    assert (of(payment).state, state_of(order_id)) == ("lapsed", "expired")
    assert (scene.stock(), scene.exposure()) == ({"open": 20}, 2)


@pytest.mark.parametrize("fault", ["429", "500", "html_502", "lost_before", "refused"])
def test_a_look_that_gets_no_answer_is_made_again(scene: Scene, fault: str) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(payment))
    scene.sandbox.fault("qr.payments", fault)
    scene.passes(20)
    scene.watch()
    assert state_of(order_id) == "awaiting_payment"

    scene.passes(10)
    scene.watch()

    assert state_of(order_id) == "confirmed"


def test_a_code_that_cannot_be_closed_does_not_lapse_before_it_is(scene: Scene) -> None:
    payment = scene.start(scene.order())
    scene.until(payment.closes_at)
    scene.passes(120)
    scene.sandbox.fault("qr.close", "500")
    scene.watch()
    assert of(payment).state == "pending"

    scene.until(of(payment).next_look_at)
    scene.watch()

    assert of(payment).state == "lapsed"


def test_a_lapsed_payment_that_the_gateway_refuses_to_tell_of_is_not_asked_about_for_ever(scene: Scene) -> None:
    payment = scene.start(scene.order())
    scene.lapse(payment)
    scene.sandbox.reset()  # as if it had never been
    scene.until(payment.created_at + seconds(259_200))
    Payment.objects.update(next_look_at=scene.now)
    scene.watch()

    assert of(payment).next_look_at is None
    assert scene.exposure() == 0


def test_one_payment_in_trouble_does_not_keep_the_others_waiting(scene: Scene) -> None:
    troubled, other = scene.start(scene.order(1)), scene.start(scene.order(1))
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(other))
    Payment.objects.filter(pk=troubled.pk).update(qr_id="qr_unknown", next_look_at=scene.now)
    scene.passes(20)
    scene.watch()

    assert (of(troubled).state, of(other).state) == ("pending", "captured")


# The last payment lapses while the lock lives --------


def test_a_lapse_while_the_lock_browses_leaves_the_buyer_the_rest_of_the_time(scene: Scene) -> None:
    """Its lock went back to browsing by another hand: what the buyer was promised is kept."""
    order_id = scene.order()
    payment = scene.start(order_id, pay_for_s=120)
    end_payment(claim_id=Order.objects.get(pk=order_id).lock_id, by=BUYER, now=scene.now)
    scene.lapse(payment)

    assert (of(payment).state, state_of(order_id), scene.stock()["locked"]) == ("lapsed", "awaiting_payment", 2)
    scene.let_run_out(order_id)
    assert (state_of(order_id), scene.stock()) == ("expired", {"open": 20})
