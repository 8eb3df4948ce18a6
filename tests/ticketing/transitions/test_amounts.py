"""Rows 13 and 14: less than was due, or more."""

from __future__ import annotations

from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import Scene, live_tickets, of, refunds
from ticketing.gateways.words import Way
from ticketing.models import Order, Payment
from ticketing.queries.worklist import work_list
from ticketing.services.cancelling import cancel_unpaid
from ticketing.services.paying import pay_by_tender


def short(scene: Scene, order_id: int, paise: int = 100_000) -> Payment:
    """A payment of less than was due, told."""
    payment = scene.start(order_id)
    scene.sandbox.pay(opened(payment), amount_paise=paise)
    scene.tell()
    assert (of(payment).aside_as, of(payment).received_paise) == ("short", paise)
    return payment


def test_too_little_sells_nothing_and_keeps_the_places_for_the_rest(scene: Scene) -> None:
    order_id = scene.order()
    payment = short(scene, order_id)

    assert (state_of(order_id), live_tickets(order_id), scene.stock()["locked"]) == ("awaiting_payment", 0, 2)
    assert Order.objects.get(pk=order_id).lock.phase == "browsing"
    assert [(line.what, line.payment_id, line.paise) for line in work_list()] == [
        ("refund_to_ask", payment.pk, 100_000)
    ]


def test_the_rest_is_asked_for_and_both_make_the_tickets(scene: Scene) -> None:
    order_id = scene.order()
    first = short(scene, order_id)
    rest = scene.start(order_id)
    assert rest.amount_paise == 136_000
    scene.sandbox.pay(opened(rest))
    scene.tell()

    assert (of(first).allocated_paise, of(rest).allocated_paise) == (100_000, 136_000)
    assert (of(first).aside_as, state_of(order_id), live_tickets(order_id)) == ("", "confirmed", 2)
    assert (refunds(), work_list()) == ([], [])


def test_the_rest_may_be_cash(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id)
    cash = pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)

    assert (cash.received_paise, state_of(order_id), live_tickets(order_id)) == (136_000, "confirmed", 2)


def test_without_the_rest_all_of_it_goes_back_when_the_time_runs_out(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id)
    scene.let_run_out(order_id)

    assert (state_of(order_id), Order.objects.get(pk=order_id).reason_code) == ("cancelled", "paid_too_little")
    assert refunds() == [("short", "requested", 100_000)]
    scene.process_refunds()
    assert (refunds(), work_list()) == ([("short", "processed", 100_000)], [])


def test_without_the_rest_all_of_it_goes_back_when_the_second_payment_lapses(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id)
    scene.lapse(scene.start(order_id))

    assert (state_of(order_id), refunds()) == ("cancelled", [("short", "requested", 100_000)])
    assert (scene.stock(), scene.exposure()) == ({"open": 20}, 0)


def test_too_little_and_too_late_goes_back_at_once(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.lapse(payment)
    scene.sandbox.pay(opened(payment), amount_paise=100_000)
    scene.tell()

    assert (state_of(order_id), refunds()) == ("cancelled", [("short", "requested", 100_000)])
    assert (scene.stock(), scene.exposure()) == ({"open": 20}, 0)


def test_an_order_that_is_cancelled_gives_back_what_came_short(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id)
    cancel_unpaid(order_id=order_id, by=BUYER, now=scene.now)

    assert (state_of(order_id), refunds()) == ("cancelled", [("cancelled", "requested", 100_000)])


def test_full_money_after_too_little_makes_the_tickets_and_the_little_goes_back(scene: Scene) -> None:
    """The buyer of the first payment link pays it in full after all; both came by different codes."""
    order_id = scene.order()
    link = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(link), "decline")
    scene.tell()
    little = short(scene, order_id)
    scene.sandbox.pay(opened(link))
    scene.tell()

    assert (of(link).allocated_paise, live_tickets(order_id)) == (236_000, 2)
    assert (of(little).aside_as, refunds(payment=little)) == ("short", [("surplus", "requested", 100_000)])


def test_the_rest_and_more_gives_the_excess_back(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id)
    rest = scene.start(order_id)
    scene.sandbox.pay(opened(rest), amount_paise=150_000)
    scene.tell()

    assert (of(rest).allocated_paise, of(rest).aside_as) == (136_000, "excess")
    assert (refunds(), live_tickets(order_id)) == ([("excess", "requested", 14_000)], 2)


def test_too_little_twice_is_still_too_little(scene: Scene) -> None:
    order_id = scene.order()
    short(scene, order_id, 100_000)
    short(scene, order_id, 50_000)
    rest = scene.start(order_id)
    assert rest.amount_paise == 86_000
    scene.sandbox.pay(opened(rest))
    scene.tell()

    assert (state_of(order_id), live_tickets(order_id)) == ("confirmed", 2)


def test_a_short_payment_by_an_old_code_does_not_shorten_the_time_of_the_one_that_is_open(scene: Scene) -> None:
    order_id = scene.order()
    old = scene.start(order_id, Way.INTENT)
    old_payment = scene.sandbox.pay(opened(old), "decline", amount_paise=100_000)
    scene.tell()
    scene.start(order_id)
    scene.sandbox.move(old_payment, "captured")
    scene.tell()

    assert of(old).aside_as == "short"
    assert Order.objects.get(pk=order_id).lock.phase == "paying"


def test_too_much_makes_tickets_and_the_excess_goes_back(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.pay(opened(payment), amount_paise=300_000)
    scene.tell()

    assert (of(payment).received_paise, of(payment).allocated_paise) == (300_000, 236_000)
    assert (state_of(order_id), live_tickets(order_id)) == ("confirmed", 2)
    assert refunds() == [("excess", "requested", 64_000)]
    scene.process_refunds()
    assert (refunds(), work_list()) == ([("excess", "processed", 64_000)], [])


def test_too_much_and_too_late_goes_back_whole(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.lapse(payment)
    scene.paid(10)
    scene.paid(10)
    scene.sandbox.pay(opened(payment), amount_paise=300_000)
    scene.tell()

    assert (state_of(order_id), refunds()) == ("cancelled", [("late", "requested", 300_000)])
