"""Row 12: an order is paid twice. It is one sale; what came second is surplus and goes back in full."""

from __future__ import annotations

import pytest

from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import Scene, live_tickets, of, refunds
from ticketing.gateways.words import Way
from ticketing.models import Payment
from ticketing.services.paying import cancel_payment, pay_by_tender


def asides(order_id: int) -> list[tuple[str, int, int]]:
    rows = Payment.objects.filter(order_id=order_id).exclude(received_paise=0).order_by("id")
    return list(rows.values_list("aside_as", "received_paise", "allocated_paise"))


def test_the_same_code_paid_twice_is_one_sale_and_one_surplus(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.pay_twice(opened(scene.start(order_id)))
    scene.tell()

    assert asides(order_id) == [("", 236_000, 236_000), ("surplus", 236_000, 0)]
    assert (live_tickets(order_id), refunds()) == (2, [("surplus", "requested", 236_000)])
    scene.process_refunds()
    assert refunds() == [("surplus", "processed", 236_000)]
    assert (state_of(order_id), live_tickets(order_id)) == ("confirmed", 2)


def test_the_second_payment_of_a_code_is_found_by_the_poll_as_well(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay_twice(opened(payment))
    scene.passes(20)
    scene.watch()

    assert [aside for aside, *_ in asides(order_id)] == ["", "surplus"]


def test_news_of_the_second_payment_may_come_first(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    first, second = scene.sandbox.pay_twice(opened(payment))
    credited = [webhook for webhook in scene.sandbox.take_webhooks() if webhook.kind == "qr_code.credited"]

    assert scene.deliver(*reversed(credited)) == ["confirmed", "surplus"]
    assert (of(payment).gateway_payment_id, Payment.objects.get(aside_as="surplus").gateway_payment_id) == (
        second, first,
    )  # fmt: skip


@pytest.mark.parametrize("late_one", [0, 1])
def test_two_codes_of_one_order_are_both_paid(scene: Scene, late_one: int) -> None:
    order_id = scene.order()
    first = scene.start(order_id)
    in_flight = [scene.sandbox.pay(opened(first), "pending")]
    cancel_payment(payment_id=first.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    scene.passes(1)
    second = scene.start(order_id)
    in_flight.append(scene.sandbox.pay(opened(second), "pending"))
    scene.sandbox.move(in_flight[1 - late_one], "captured")
    scene.tell()
    scene.sandbox.move(in_flight[late_one], "captured")
    scene.tell()

    assert sorted(aside for aside, *_ in asides(order_id)) == ["", "surplus"]
    assert of([first, second][late_one]).aside_as == "surplus"
    assert (live_tickets(order_id), refunds()) == (2, [("surplus", "requested", 236_000)])


def test_cash_and_then_the_code_that_was_given_up(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    in_flight = scene.sandbox.pay(opened(payment), "pending")
    cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    cash = pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)
    scene.sandbox.move(in_flight, "captured")
    scene.tell()

    assert (of(cash).allocated_paise, of(payment).aside_as) == (236_000, "surplus")
    assert refunds() == [("surplus", "requested", 236_000)]
    assert live_tickets(order_id) == 2


def test_a_second_success_that_the_gateway_gave_back_itself_is_not_given_back_again(scene: Scene) -> None:
    """Fetched first: Razorpay may have been quicker."""
    order_id = scene.order()
    scene.sandbox.pay_twice(opened(scene.start(order_id)))
    scene.tell()
    surplus = Payment.objects.get(aside_as="surplus")
    scene.sandbox.refund_by_gateway(surplus.gateway_payment_id)
    scene.sandbox.take_webhooks()

    scene.send()

    assert refunds() == [("surplus", "failed", 236_000), ("by_gateway", "processed", 236_000)]
    assert len(scene.sandbox.made("refunds")) == 1
    assert live_tickets(order_id) == 2


def test_a_second_success_that_was_never_captured_is_void(scene: Scene) -> None:
    """On a paid order Razorpay gives a second authorization back at once. That money was never ours."""
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(payment))
    scene.sandbox.pay(opened(payment))
    outcomes = scene.tell()
    assert "authorized" in outcomes
    scene.watch()
    scene.passes(5)
    scene.watch()

    second = Payment.objects.exclude(pk=payment.pk).get()
    assert (second.state, second.received_paise, refunds()) == ("voided", 0, [])
    assert (live_tickets(order_id), scene.sweep()) == (2, [])


def test_a_second_success_on_a_paid_order_that_stays_goes_back(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(payment))
    scene.sandbox.pay(opened(payment), keeps_second=True)
    scene.tell()

    assert asides(order_id) == [("", 236_000, 236_000), ("surplus", 236_000, 0)]
    assert refunds() == [("surplus", "requested", 236_000)]


def test_paying_again_closes_what_is_still_open(scene: Scene) -> None:
    """The order is paid by an old code: the new one is not left on somebody's screen to be paid as well."""
    order_id = scene.order()
    old = scene.start(order_id, Way.INTENT)
    old_payment = scene.sandbox.pay(opened(old), "decline")
    scene.tell()
    new = scene.start(order_id)
    scene.sandbox.move(old_payment, "captured")
    scene.tell()
    scene.watch()

    assert (of(old).state, of(new).state) == ("captured", "lapsed")
    assert [code["status"] for code in scene.sandbox.made("qr_codes")] == ["closed"]
