"""Rows 17 to 19: tickets are taken back, and what the gateway makes of the refund."""

from __future__ import annotations

import pytest

from inventory.acts import By
from tests.houses import seat
from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import STAFF, Scene, live_tickets, of, refunds, refused
from ticketing.gateways.words import Returned
from ticketing.models import Letter, Order, Payment, Refund, Ticket
from ticketing.queries.worklist import work_list
from ticketing.services.cancelling import ReasonMissing, TicketsUnknown, TicketsVoid, refund_order
from ticketing.services.paying import pay_by_tender
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.services.returning import (
    RefundNotFailed,
    RefundNotOwed,
    RefundTooMuch,
    RefundUnknown,
    ask_refund,
    hand_back,
    retry_refund,
    take_refund,
)


def lines() -> list[tuple[str, int]]:
    return [(line.what, line.paise) for line in work_list()]


# Asked for --------


def test_a_refunded_ticket_is_void_at_once_and_its_place_is_open(scene: Scene) -> None:
    """A gate must refuse it from this second, whatever becomes of the money."""
    order_id = scene.paid(2, contact="+919000000001")
    (refund,) = scene.refund(order_id)

    assert (live_tickets(order_id), state_of(order_id), scene.stock()) == (0, "cancelled", {"open": 20})
    assert set(Ticket.objects.values_list("voided_at", "void_reason")) == {(scene.now, "staff")}
    assert (refund.state, refund.amount_paise, refund.of_aside) == ("requested", 236_000, False)
    assert Order.objects.get().returned_paise == 236_000
    assert Letter.objects.filter(kind="refund", about=refund.pk).exists()
    assert lines() == [("refund_under_way", 236_000)]


def test_a_place_that_was_refunded_is_sold_again(scene: Scene) -> None:
    order_id = scene.paid([seat(scene.show, "A-1")])
    scene.refund(order_id)
    again = scene.paid([seat(scene.show, "A-1")])

    assert (live_tickets(order_id), live_tickets(again)) == (0, 1)


def test_a_part_of_an_order_is_refunded_and_the_rest_stays(scene: Scene) -> None:
    order_id = scene.paid(2)
    first, second = Ticket.objects.order_by("pk")
    scene.refund(order_id, ticket_ids=[first.pk])
    assert (state_of(order_id), live_tickets(order_id), scene.stock()["sold"]) == ("confirmed", 1, 1)
    scene.refund(order_id, ticket_ids=[second.pk])
    scene.process_refunds()

    assert (state_of(order_id), live_tickets(order_id)) == ("cancelled", 0)
    assert refunds() == [("staff", "processed", 118_000)] * 2
    assert lines() == []


def test_money_goes_back_the_way_it_came_over_all_payments_of_the_order(scene: Scene) -> None:
    order_id = scene.order(2)
    gateway_payment = scene.start(order_id)
    scene.sandbox.pay(opened(gateway_payment), amount_paise=100_000)
    scene.tell()
    cash = pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)
    scene.refund(order_id)

    assert refunds(payment=cash) == [("staff", "requested", 136_000)]
    assert refunds(payment=gateway_payment) == [("staff", "requested", 100_000)]
    assert sorted(lines()) == [("refund_by_hand", 136_000), ("refund_under_way", 100_000)]


def test_cash_is_handed_back_by_a_person_and_twice_is_once(scene: Scene) -> None:
    order_id = scene.order(1)
    pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)
    (refund,) = scene.refund(order_id)
    assert (scene.send(), lines()) == (0, [("refund_by_hand", 118_000)])
    for _ in range(2):
        hand_back(refund_id=refund.pk, by=STAFF, reference="till 1", now=scene.now)

    refund.refresh_from_db()
    assert (refund.state, refund.bank_reference, refund.is_document_due, lines()) == ("processed", "till 1", True, [])


@pytest.mark.parametrize("tender", [Payment.Tender.PARTNER_ACCOUNT, Payment.Tender.COMPLIMENTARY])
def test_what_nobody_hands_over_is_given_back_at_once(scene: Scene, tender: Payment.Tender) -> None:
    order_id = scene.order(1)
    pay_by_tender(order_id=order_id, tender=tender, by=BUYER, now=scene.now)
    scene.refund(order_id)

    assert (refunds(), lines()) == ([("staff", "processed", 118_000)], [])


# Sent --------


def test_a_refund_is_submitted_and_then_processed(scene: Scene) -> None:
    order_id = scene.paid(1)
    (refund,) = scene.refund(order_id)
    assert scene.send() == 1
    refund.refresh_from_db()
    assert (refund.state, refund.gateway_refund_id[:5], refund.is_document_due) == ("submitted", "rfnd_", False)
    scene.sandbox.process_refund(refund.gateway_refund_id)
    scene.tell()

    refund.refresh_from_db()
    assert (refund.state, refund.is_document_due, len(refund.bank_reference)) == ("processed", True, 12)


def test_processed_told_before_created_is_processed(scene: Scene) -> None:
    scene.refund(scene.paid(1))
    scene.sandbox.fault("refund.create", "lost_after")
    scene.send()
    (made,) = scene.sandbox.made("refunds")
    scene.sandbox.process_refund(made["id"])
    told = scene.news()

    assert scene.deliver(told["refund.processed"], told["refund.created"]) == ["processed", "known"]
    assert refunds() == [("staff", "processed", 118_000)]


def test_a_refund_whose_news_is_lost_is_asked_about_every_hour(scene: Scene) -> None:
    (refund,) = scene.refund(scene.paid(1))
    scene.send()
    scene.sandbox.fault("webhook.*", "drop", times=9)
    refund.refresh_from_db()
    scene.sandbox.process_refund(refund.gateway_refund_id)
    assert scene.send() == 0
    scene.passes(3600)
    scene.send()

    assert refunds() == [("staff", "processed", 118_000)]


def test_an_answer_that_is_lost_is_looked_for_before_it_is_sent_again(scene: Scene) -> None:
    scene.refund(scene.paid(1))
    scene.sandbox.fault("refund.create", "lost_after")
    assert scene.send() == 0
    assert refunds() == [("staff", "requested", 118_000)]
    scene.passes(5)
    scene.send()

    assert refunds() == [("staff", "submitted", 118_000)]
    assert len(scene.sandbox.made("refunds")) == 1


def test_a_repeat_goes_out_under_the_same_key(scene: Scene) -> None:
    (refund,) = scene.refund(scene.paid(1))
    for fault in ("500", "429", "409", "html_502", "lost_before"):
        scene.sandbox.fault("refund.create", fault)
        assert scene.send() == 0
        refund.refresh_from_db()
        assert (refund.state, refund.next_try_at and refund.next_try_at > scene.now) == ("requested", True)
        scene.until(refund.next_try_at)
    scene.send()

    assert [made["receipt"] for made in scene.sandbox.made("refunds")] == [refund.key]
    assert refund.tries == 5


def test_a_refund_that_is_not_due_is_not_sent(scene: Scene) -> None:
    (refund,) = scene.refund(scene.paid(1))
    scene.send()

    assert (scene.send(), Refund.objects.get().tries) == (0, 1)
    assert refund.key == Refund.objects.get().key


# Failed --------


def failed(scene: Scene, order_id: int, **chosen: list[int]) -> Refund:
    (refund,) = scene.refund(order_id, **chosen)
    scene.send()
    refund.refresh_from_db()
    scene.sandbox.fail_refund(refund.gateway_refund_id)
    scene.tell()
    refund.refresh_from_db()
    assert refund.state == "failed"
    return refund


def test_a_refund_that_fails_is_on_the_work_list_and_the_ticket_stays_void(scene: Scene) -> None:
    order_id = scene.paid(1)
    refund = failed(scene, order_id)

    assert [(line.what, line.refund_id, line.paise) for line in work_list()] == [("refund_failed", refund.pk, 118_000)]
    assert (live_tickets(order_id), refund.failure) == (0, "the gateway could not pay it out")


def test_a_failed_refund_is_asked_for_again_under_a_new_key(scene: Scene) -> None:
    refund = failed(scene, scene.paid(1))
    again = retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)
    assert again.key != refund.key
    scene.process_refunds()

    assert refunds() == [("staff", "failed", 118_000), ("staff", "processed", 118_000)]
    assert lines() == []


def test_what_fails_twice_is_asked_for_a_third_time(scene: Scene) -> None:
    first = failed(scene, scene.paid(1))
    second = retry_refund(refund_id=first.pk, by=STAFF, now=scene.now)
    scene.send()
    second.refresh_from_db()
    scene.sandbox.fail_refund(second.gateway_refund_id)
    scene.tell()
    assert [(line.refund_id, line.paise) for line in work_list()] == [(second.pk, 118_000)]

    with refused(RefundNotOwed):
        retry_refund(refund_id=first.pk, by=STAFF, now=scene.now)
    third = retry_refund(refund_id=second.pk, by=STAFF, now=scene.now)
    scene.process_refunds()

    assert len({first.key, second.key, third.key}) == 3
    assert lines() == []


def test_two_hands_that_try_again_give_back_once(scene: Scene) -> None:
    """The order has another ticket's money left, which a second try would take."""
    order_id = scene.paid(2)
    ticket = Ticket.objects.order_by("pk")[0]
    refund = failed(scene, order_id, ticket_ids=[ticket.pk])
    retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)

    with refused(RefundNotOwed):
        retry_refund(refund_id=refund.pk, by=BUYER, now=scene.now)


def test_a_failure_stays_on_the_work_list_when_another_ticket_is_refunded(scene: Scene) -> None:
    order_id = scene.paid(2)
    first, second = Ticket.objects.order_by("pk").values_list("pk", flat=True)
    refund = failed(scene, order_id, ticket_ids=[first])
    scene.refund(order_id, ticket_ids=[second])
    assert sorted(lines()) == [("refund_failed", 118_000), ("refund_under_way", 118_000)]

    retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)
    scene.process_refunds()

    assert refunds(state="processed") == [("staff", "processed", 118_000)] * 2
    assert lines() == []


def test_a_refund_of_what_was_set_aside_that_fails_is_asked_for_again(scene: Scene) -> None:
    order_id = scene.order(1)
    scene.sandbox.pay(opened(scene.start(order_id)), amount_paise=200_000)
    scene.tell()
    scene.send()
    refund = Refund.objects.get()
    scene.sandbox.fail_refund(refund.gateway_refund_id)
    scene.tell()
    assert [(line.what, line.refund_id, line.paise) for line in work_list()] == [("refund_failed", refund.pk, 82_000)]

    retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)
    scene.process_refunds()

    assert (lines(), live_tickets(order_id)) == ([], 1)


def test_too_little_balance_fails_and_is_tried_again_by_a_person(scene: Scene) -> None:
    (refund,) = scene.refund(scene.paid(1))
    scene.sandbox.account(balance=100)
    assert scene.send() == 0
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert refund.failure.startswith("Your account does not have enough balance")
    assert lines() == [("refund_failed", 118_000)]

    scene.sandbox.account(balance=1_000_000)
    retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)
    scene.process_refunds()

    assert lines() == []


def test_being_refused_a_look_is_not_being_refused_the_refund(scene: Scene) -> None:
    """Nothing was asked for yet, or it was sent before: a new key would give back twice."""
    (refund,) = scene.refund(scene.paid(1))
    scene.sandbox.fault("payment.refunds", "refused")
    scene.send()
    refund.refresh_from_db()
    assert refund.state == "requested"
    scene.until(refund.next_try_at)
    scene.send()
    scene.passes(3600)
    scene.sandbox.fault("payment.refunds", "refused")
    scene.send()

    assert refunds() == [("staff", "submitted", 118_000)]


def test_a_refund_that_failed_with_us_and_was_made_nevertheless_is_in_the_books_once(scene: Scene) -> None:
    """Its answer was lost, and what the gateway gave back by itself then took its place."""
    order_id = scene.paid(2)
    ticket = Ticket.objects.order_by("pk")[0]
    (refund,) = scene.refund(order_id, ticket_ids=[ticket.pk])
    scene.sandbox.fault("refund.create", "lost_after")
    scene.send()
    (made,) = scene.sandbox.made("refunds")
    payment = of(refund.payment_id)
    Refund.objects.filter(pk=refund.pk).update(state="failed", ended_at=scene.now, next_try_at=None)
    for _ in range(2):
        take_refund(told=told_of(made), gateway="razorpay", now=scene.now)

    assert refunds() == [("staff", "failed", 118_000), ("by_gateway", "submitted", 118_000)]
    assert (lines(), of(payment).refunding_paise) == ([("refund_under_way", 118_000)], 118_000)
    with refused(RefundNotOwed):
        retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)


def told_of(made: dict[str, object]) -> Returned:
    notes = made["notes"]
    key = str(notes["key"]) if isinstance(notes, dict) else ""
    return Returned(str(made["id"]), str(made["payment_id"]), int(str(made["amount"])), str(made["status"]), key)


# Refused --------


def test_more_than_came_is_refused_by_name(scene: Scene) -> None:
    order_id = scene.paid(1)
    payment = Payment.objects.get(order_id=order_id)

    with refused(RefundTooMuch):
        ask_refund(payment_id=payment.pk, paise=118_001, of_aside=False, reason_code="odd", by=STAFF, at=scene.now)
    with refused(RefundTooMuch):
        ask_refund(payment_id=payment.pk, paise=1, of_aside=True, reason_code="odd", by=STAFF, at=scene.now)


def test_tickets_are_refunded_once_and_all_of_them_or_none(scene: Scene) -> None:
    order_id, other = scene.paid(2), scene.paid(1)
    first, second, foreign = Ticket.objects.order_by("pk").values_list("pk", flat=True)
    scene.refund(order_id, ticket_ids=[first])

    for ticket_ids, refusal in [
        ([first], TicketsVoid),
        ([first, second], TicketsVoid),
        ([second, foreign], TicketsUnknown),
        ([], TicketsUnknown),
    ]:
        with refused(refusal):
            scene.refund(order_id, ticket_ids=ticket_ids)
    scene.refund(other)
    with refused(TicketsVoid):
        scene.refund(other)


def test_an_order_without_money_or_reason_is_not_refunded(scene: Scene) -> None:
    unpaid, paid = scene.order(1), scene.paid(1)

    with refused(OrderNotPaid):
        scene.refund(unpaid)
    with refused(OrderUnknown):
        scene.refund(0)
    with refused(ReasonMissing):
        refund_order(order_id=paid, by=By(actor="user:1"), now=scene.now)


def test_only_what_failed_is_tried_again(scene: Scene) -> None:
    (refund,) = scene.refund(scene.paid(1))

    with refused(RefundNotFailed):
        retry_refund(refund_id=refund.pk, by=STAFF, now=scene.now)
    with refused(RefundUnknown):
        retry_refund(refund_id=0, by=STAFF, now=scene.now)
    with refused(RefundUnknown):  # by the gateway, not by hand
        hand_back(refund_id=refund.pk, by=STAFF, now=scene.now)
