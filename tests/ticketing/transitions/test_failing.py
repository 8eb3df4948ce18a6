"""Rows 5 and 6: a payment fails, or the buyer wants to pay in another way. Neither is final at the gateway."""

from __future__ import annotations

import pytest

from inventory.models import Claim
from inventory.services.sweep import sweep
from tests.houses import seconds
from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import Scene, live_tickets, of, refunds, refused
from ticketing.gateways.words import Way
from ticketing.models import Order, Payment
from ticketing.services.paying import cancel_payment, pay_by_tender
from ticketing.services.refusals import PaymentBeingChecked


def lock_of(order_id: int) -> Claim:
    return Order.objects.select_related("lock").get(pk=order_id).lock


def code_status(scene: Scene, payment: Payment) -> str:
    (status,) = {code["status"] for code in scene.sandbox.made("qr_codes") if code["id"] == of(payment).qr_id}
    return str(status)


def test_a_failed_payment_leaves_its_reason_and_time_to_try_again(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.passes(400)
    scene.sandbox.pay(opened(payment), "decline", reason="insufficient_funds")
    scene.tell()

    assert (of(payment).state, of(payment).failure, of(payment).received_paise) == ("failed", "insufficient_funds", 0)
    lock = lock_of(order_id)
    assert (lock.phase, lock.expires_at) == ("browsing", scene.now + seconds(120))
    assert (state_of(order_id), scene.stock()["locked"]) == ("awaiting_payment", 2)


def test_the_next_payment_after_a_failure_is_another(scene: Scene) -> None:
    order_id = scene.order()
    first = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(first), "decline")
    scene.tell()
    second = scene.start(order_id)
    scene.sandbox.pay(opened(second))
    scene.tell()

    assert (of(first).state, of(second).state, live_tickets(order_id)) == ("failed", "captured", 2)


def test_a_payment_that_failed_may_succeed_after_all(scene: Scene) -> None:
    """The buyer tried again in the UPI app: failed and then captured, for the same payment."""
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    payment_id = scene.sandbox.pay(opened(payment), "decline")
    scene.tell()
    scene.sandbox.move(payment_id, "captured")
    scene.tell()

    assert (of(payment).state, of(payment).gateway_payment_id) == ("captured", payment_id)
    assert live_tickets(order_id) == 2


def test_a_failure_told_after_the_success_is_no_news(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    payment_id = scene.sandbox.pay(opened(payment), "decline")
    failed = scene.news()["payment.failed"]
    scene.sandbox.move(payment_id, "captured")
    scene.tell()

    assert scene.deliver(failed) == ["known"]
    assert (of(payment).state, live_tickets(order_id)) == ("captured", 2)


def test_a_failure_that_nobody_told_is_found_by_the_poll_and_its_code_is_closed(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.pay(opened(payment), "decline")
    scene.passes(20)
    scene.watch()
    assert (of(payment).state, of(payment).next_look_at) == ("failed", scene.now)

    scene.watch()

    assert code_status(scene, payment) == "closed"
    assert state_of(order_id) == "awaiting_payment"


def test_a_success_after_a_failure_is_found_by_the_poll_within_a_minute(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    payment_id = scene.sandbox.pay(opened(payment), "decline")
    for _ in range(2):
        scene.passes(20)
        scene.watch()
    assert of(payment).state == "failed"
    scene.sandbox.move(payment_id, "captured")

    scene.passes(60)
    scene.watch()

    assert (of(payment).state, state_of(order_id)) == ("captured", "confirmed")


def test_an_order_whose_payment_failed_runs_out_with_its_lock(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id, Way.INTENT)), "decline")
    scene.tell()

    scene.let_run_out(order_id)

    assert (state_of(order_id), scene.stock()) == ("expired", {"open": 20})


# Another way --------


def test_changing_the_way_closes_the_code_first(scene: Scene) -> None:
    order_id = scene.order()
    code = scene.start(order_id)
    scene.passes(10)
    link = scene.start(order_id, Way.INTENT)

    assert (of(code).state, of(link).state) == ("lapsed", "pending")
    assert code_status(scene, code) == "closed"
    assert lock_of(order_id).phase == "paying"


def test_money_that_was_on_the_way_by_the_first_code_pays_and_closes_the_second(scene: Scene) -> None:
    order_id = scene.order()
    first = scene.start(order_id)
    in_flight = scene.sandbox.pay(opened(first), "pending")
    cancel_payment(payment_id=first.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    scene.passes(5)
    second = scene.start(order_id)
    scene.sandbox.move(in_flight, "captured")
    scene.tell()
    assert (state_of(order_id), of(second).state) == ("confirmed", "pending")

    scene.watch()

    assert (of(first).state, of(second).state, code_status(scene, second)) == ("captured", "lapsed", "closed")
    assert live_tickets(order_id) == 2


def test_money_found_while_giving_up_is_taken(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(payment))

    assert not cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)

    assert state_of(order_id) == "confirmed"


def test_giving_up_twice_is_giving_up_once(scene: Scene) -> None:
    payment = scene.start(scene.order())

    given_up = [cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now) for _ in range(2)]

    assert (given_up, of(payment).state) == ([True, False], "lapsed")


def test_a_payment_given_up_is_asked_about_soon_and_again(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    in_flight = scene.sandbox.pay(opened(payment), "pending")
    cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    scene.sandbox.move(in_flight, "captured")

    scene.passes(20)
    scene.watch()

    assert (of(payment).state, state_of(order_id)) == ("captured", "confirmed")


def test_cash_waits_until_the_code_is_given_up(scene: Scene) -> None:
    """Changing the tender closes the code and asks once; money that still comes is then a second payment."""
    order_id = scene.order()
    payment = scene.start(order_id)
    with refused(PaymentBeingChecked):
        pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)

    cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)

    assert (state_of(order_id), refunds()) == ("confirmed", [])


@pytest.mark.parametrize("first_way", [Way.QR, Way.INTENT])
def test_an_old_failure_does_not_shorten_the_time_of_the_payment_that_is_open(scene: Scene, first_way: Way) -> None:
    order_id = scene.order()
    first = scene.start(order_id, first_way)
    scene.sandbox.pay(opened(first), "pending")
    cancel_payment(payment_id=first.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    scene.passes(1)
    second = scene.start(order_id)
    scene.sandbox.pay(opened(first), "decline")
    scene.tell()
    scene.passes(19)
    scene.watch()

    assert (of(first).state, of(second).state, lock_of(order_id).phase) == ("lapsed", "pending", "paying")
    assert sweep(now=scene.now + seconds(500)) == 0
