"""Row 21: the gateway gives money back that nobody asked it to. Nobody is let in for money that we no longer have."""

from __future__ import annotations

import itertools

import pytest

from inventory.models import Incident
from tests.ticketing.books import opened, state_of
from tests.ticketing.transitions.scene import STAFF, Scene, live_tickets, of, refunds
from ticketing.gateways.words import Way
from ticketing.models import GatewayEvent, Order, Payment, Refund, Ticket
from ticketing.queries.worklist import work_list
from ticketing.services.returning import retry_refund

numbering = itertools.count(1)


def begin(scene: Scene, payment: Payment, paise: int) -> str:
    """A refund from the gateway's dashboard, of any sum; its id. Pending, until it is moved."""
    key = f"dashboard-{next(numbering)}"
    return scene.gateway.refund(of(payment).gateway_payment_id, paise, key=key).refund_id


def goes_back(scene: Scene, payment: Payment, paise: int) -> None:
    """The same, done and told."""
    scene.sandbox.process_refund(begin(scene, payment, paise))
    scene.tell()


def payment_of(order_id: int) -> Payment:
    return Payment.objects.get(order_id=order_id)


def lines() -> list[tuple[str, int]]:
    return [(line.what, line.paise) for line in work_list()]


def test_all_of_it_unasked_kills_the_tickets_and_raises_an_alarm(scene: Scene) -> None:
    order_id = scene.paid(2)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.tell()

    order = Order.objects.get(pk=order_id)
    assert (order.state, order.reason_code, live_tickets(order_id)) == ("cancelled", "refunded_by_gateway", 0)
    assert scene.stock() == {"open": 20}
    assert refunds() == [("by_gateway", "processed", 236_000)]
    assert Incident.objects.filter(kind="refunded_by_gateway", subject=f"order:{order_id}", times=1).count() == 1
    assert (lines(), Refund.objects.get().is_document_due) == ([], True)


def test_told_twice_it_is_one_refund(scene: Scene) -> None:
    order_id = scene.paid(1)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    told = scene.news()

    assert scene.deliver(told["refund.processed"], told["refund.created"]) == ["external", "known"]
    assert refunds() == [("by_gateway", "processed", 118_000)]


def test_while_it_is_pending_the_tickets_are_dead_already(scene: Scene) -> None:
    order_id = scene.paid(1)
    refund_id = begin(scene, payment_of(order_id), 118_000)
    scene.tell()
    assert (live_tickets(order_id), lines()) == (0, [("refund_under_way", 118_000)])
    assert not Refund.objects.get().is_document_due

    scene.sandbox.process_refund(refund_id)
    scene.tell()

    assert (refunds(), Refund.objects.get().is_document_due) == ([("by_gateway", "processed", 118_000)], True)


def test_one_that_stays_pending_is_asked_about(scene: Scene) -> None:
    refund_id = begin(scene, payment_of(scene.paid(1)), 118_000)
    scene.tell()
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.process_refund(refund_id)
    scene.passes(3600)
    scene.send()

    assert refunds() == [("by_gateway", "processed", 118_000)]


def test_one_that_fails_leaves_what_is_owed_for_dead_tickets_on_the_work_list(scene: Scene) -> None:
    order_id = scene.paid(1)
    refund_id = begin(scene, payment_of(order_id), 118_000)
    scene.tell()
    scene.sandbox.fail_refund(refund_id)
    scene.tell()

    assert (live_tickets(order_id), lines()) == (0, [("refund_failed", 118_000)])
    retry_refund(refund_id=Refund.objects.get().pk, by=STAFF, now=scene.now)
    scene.process_refunds()
    assert lines() == []


def test_a_part_unasked_leaves_the_tickets_and_is_on_the_work_list(scene: Scene) -> None:
    """Which of the two is no longer paid for, a person decides."""
    order_id = scene.paid(2)
    goes_back(scene, payment_of(order_id), 118_000)
    assert (state_of(order_id), live_tickets(order_id), lines()) == ("confirmed", 2, [("part_went_back", 118_000)])

    ticket = Ticket.objects.order_by("pk")[0]
    assert scene.refund(order_id, ticket_ids=[ticket.pk]) == []

    assert (live_tickets(order_id), lines()) == (1, [])


def test_the_part_that_has_gone_back_is_not_given_back_again_with_the_whole(scene: Scene) -> None:
    order_id = scene.paid(2)
    goes_back(scene, payment_of(order_id), 100_000)
    scene.refund(order_id)

    assert refunds() == [("by_gateway", "processed", 100_000), ("staff", "requested", 136_000)]
    assert (live_tickets(order_id), lines()) == (0, [("refund_under_way", 136_000)])


def test_before_ours_is_sent_it_takes_its_place(scene: Scene) -> None:
    order_id = scene.paid(1)
    scene.refund(order_id)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.tell()
    scene.send()

    assert refunds() == [("staff", "failed", 118_000), ("by_gateway", "processed", 118_000)]
    assert (len(scene.sandbox.made("refunds")), lines()) == (1, [])


def test_with_the_news_lost_ours_looks_first_and_is_not_sent(scene: Scene) -> None:
    order_id = scene.paid(1)
    scene.refund(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.send()

    assert refunds() == [("staff", "failed", 118_000), ("by_gateway", "processed", 118_000)]
    assert len(scene.sandbox.made("refunds")) == 1


def test_after_ours_of_one_ticket_it_is_the_rest(scene: Scene) -> None:
    order_id = scene.paid(2)
    ticket = Ticket.objects.order_by("pk")[0]
    scene.refund(order_id, ticket_ids=[ticket.pk])
    scene.process_refunds()
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.tell()

    assert refunds() == [("staff", "processed", 118_000), ("by_gateway", "processed", 118_000)]
    assert (state_of(order_id), live_tickets(order_id), lines()) == ("cancelled", 0, [])


def test_with_the_news_lost_the_sweep_finds_it_and_kills_the_tickets(scene: Scene) -> None:
    order_id = scene.paid(2)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.sweep()

    assert (state_of(order_id), live_tickets(order_id)) == ("cancelled", 0)
    assert scene.sweep() == []


def test_found_while_sending_another_refund_it_kills_the_tickets_as_well(scene: Scene) -> None:
    """No webhook came, and our own refund's look is the first to see it."""
    order_id = scene.paid(2)
    ticket = Ticket.objects.order_by("pk")[0]
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.refund_by_gateway(payment_of(order_id).gateway_payment_id)
    scene.refund(order_id, ticket_ids=[ticket.pk])
    scene.send()

    assert refunds() == [("staff", "failed", 118_000), ("by_gateway", "processed", 236_000)]
    assert (state_of(order_id), live_tickets(order_id), lines()) == ("cancelled", 0, [])


def test_of_money_we_never_saw_it_is_told_again_when_we_have_seen_it(scene: Scene) -> None:
    """refund.processed comes before qr_code.credited, whose picture is from before the refund."""
    order_id = scene.order(1)
    payment_id = scene.sandbox.pay(opened(scene.start(order_id)))
    credited = scene.news()["qr_code.credited"]
    scene.sandbox.refund_by_gateway(payment_id)
    processed = scene.news()["refund.processed"]

    assert scene.deliver(processed, credited) == ["", "confirmed"]
    scene.work_again()

    assert (state_of(order_id), live_tickets(order_id)) == ("cancelled", 0)
    assert refunds() == [("by_gateway", "processed", 118_000)]


# Of a payment with two parts: what pays for the order, and what was set aside --------


@pytest.fixture
def two_parts(scene: Scene) -> Payment:
    """118,000 for a ticket and 82,000 too much, whose refund waits to be sent."""
    payment = scene.start(scene.order(1))
    scene.sandbox.pay(opened(payment), amount_paise=200_000)
    scene.tell()
    assert refunds() == [("excess", "requested", 82_000)]
    return payment


def alive(payment: Payment) -> int:
    assert payment.order_id
    return live_tickets(payment.order_id)


def test_what_fits_what_was_set_aside_is_of_that(scene: Scene, two_parts: Payment) -> None:
    goes_back(scene, two_parts, 82_000)

    assert refunds() == [("excess", "failed", 82_000), ("by_gateway", "processed", 82_000)]
    assert (Refund.objects.get(state="processed").of_aside, alive(two_parts), lines()) == (True, 1, [])


def test_what_fits_what_paid_for_the_order_is_of_that(scene: Scene, two_parts: Payment) -> None:
    goes_back(scene, two_parts, 118_000)

    assert refunds() == [("excess", "requested", 82_000), ("by_gateway", "processed", 118_000)]
    assert (alive(two_parts), lines()) == (0, [("refund_under_way", 82_000)])


def test_all_of_it_in_one_sum_is_of_both(scene: Scene, two_parts: Payment) -> None:
    refund_id = begin(scene, two_parts, 200_000)
    created = scene.news()["refund.created"]
    assert scene.deliver(created) == ["external"]
    assert refunds(state="submitted") == [("by_gateway", "submitted", 118_000), ("by_gateway", "submitted", 82_000)]
    scene.sandbox.process_refund(refund_id)
    processed = scene.news()["refund.processed"]

    assert scene.deliver(processed) == ["processed"]
    assert refunds(state="processed") == [("by_gateway", "processed", 118_000), ("by_gateway", "processed", 82_000)]
    assert (alive(two_parts), lines()) == (0, [])


def test_a_part_of_what_was_set_aside_leaves_the_rest_on_the_work_list(scene: Scene, two_parts: Payment) -> None:
    goes_back(scene, two_parts, 50_000)

    assert refunds() == [("excess", "failed", 82_000), ("by_gateway", "processed", 50_000)]
    assert (alive(two_parts), lines()) == (1, [("refund_failed", 32_000)])


def test_news_of_a_failure_that_we_never_heard_of_is_no_news(scene: Scene, two_parts: Payment) -> None:
    refund_id = begin(scene, two_parts, 10_000)
    scene.sandbox.take_webhooks()
    scene.sandbox.fail_refund(refund_id)

    assert scene.tell() == ["known"]
    assert refunds() == [("excess", "requested", 82_000)]


# Of a payment that we never saw captured --------


def test_what_went_back_before_we_had_seen_it_is_void(scene: Scene) -> None:
    order_id = scene.order(1)
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.refund_by_gateway(scene.sandbox.pay(opened(payment)))
    scene.passes(20)
    scene.watch()

    assert (of(payment).state, live_tickets(order_id), refunds(), lines()) == ("voided", 0, [], [])
    assert scene.sweep() == []
    assert Order.objects.get().lock.phase == "browsing"


def test_what_went_back_and_came_again_is_ours(scene: Scene) -> None:
    """All of it went back before we had seen it; then the buyer's bank would not take it."""
    order_id = scene.order(1)
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.fault("webhook.*", "drop", times=3)
    payment_id = scene.sandbox.pay(opened(payment))
    refund_id = scene.gateway.refund(payment_id, 118_000, key="dashboard-0").refund_id
    scene.passes(20)
    scene.watch()
    assert of(payment).state == "voided"
    scene.sandbox.take_webhooks()

    scene.sandbox.fail_refund(refund_id)
    assert scene.tell() == [""]
    scene.watch()

    assert (of(payment).state, state_of(order_id), live_tickets(order_id)) == ("captured", "confirmed", 1)


def test_a_refund_of_what_is_only_authorized_is_settled_by_the_next_look(scene: Scene) -> None:
    order_id = scene.order(1)
    payment = scene.start(order_id, Way.INTENT)
    payment_id = scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    scene.sandbox.refund_by_gateway(payment_id)
    scene.tell()
    assert of(payment).next_look_at == scene.now
    scene.watch()

    assert (of(payment).state, state_of(order_id), refunds()) == ("voided", "awaiting_payment", [])
    scene.work_again()
    assert set(GatewayEvent.objects.values_list("outcome", flat=True)) == {"authorized", "known"}
