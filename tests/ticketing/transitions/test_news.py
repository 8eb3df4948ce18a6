"""Webhooks: at least once, in any order, late, lost, forged. One state machine takes them and what a poll finds."""

from __future__ import annotations

import hmac
import itertools
import json
from dataclasses import replace
from typing import Any

import pytest

from core.refusals import DomainError
from core.sealed import seal
from tests.ticketing.books import opened, state_of
from tests.ticketing.sandboxed import WEBHOOK_SECRET, Webhook
from tests.ticketing.transitions.scene import Scene, everything, live_tickets, of, refunds, refused
from ticketing.gateways.words import Way
from ticketing.models import GatewayEvent, Payment, Ticket
from ticketing.services.inbox import MOST_TRIES, EventIdMissing, SignatureInvalid, take_event, work_on_inbox
from ticketing.services.watching import check_now


def test_the_same_event_twice_is_taken_once(scene: Scene) -> None:
    scene.sandbox.fault("webhook.qr_code.credited", "copies", value=3)
    order_id = scene.order(2)
    scene.sandbox.pay(opened(scene.start(order_id)))

    copies = [webhook for webhook in scene.sandbox.take_webhooks() if webhook.kind == "qr_code.credited"]
    taken = [take_event(gateway=scene.gateway, raw=one.raw, headers=one.headers) for one in copies]
    assert work_on_inbox(gateway=scene.gateway, now=scene.now) == 1

    assert taken == [True, False, False]
    assert (GatewayEvent.objects.count(), live_tickets(order_id)) == (1, 2)


def test_the_same_state_under_other_event_ids_is_no_news(scene: Scene) -> None:
    order_id = scene.order(2)
    scene.sandbox.pay(opened(scene.start(order_id)))
    credited = scene.news()["qr_code.credited"]
    twins = [
        replace(credited, event_id=f"again{n}", headers=credited.headers | {"x-razorpay-event-id": f"again{n}"})
        for n in range(2)
    ]

    assert scene.deliver(credited, *twins) == ["confirmed", "known", "known"]
    assert (Payment.objects.count(), live_tickets(order_id)) == (1, 2)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_one_sale_is_told_three_times_in_any_order(scene: Scene, order: tuple[int, ...]) -> None:
    """payment.authorized, payment.captured and order.paid: captured may come before authorized."""
    order_id = scene.order(2)
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(payment))
    told = scene.sandbox.take_webhooks()
    assert [webhook.kind for webhook in told] == ["payment.authorized", "payment.captured", "order.paid"]

    scene.deliver(*(told[number] for number in order))

    assert (of(payment).state, live_tickets(order_id), Payment.objects.count()) == ("captured", 2, 1)


def test_a_codes_payment_that_names_no_code_is_left_to_the_news_of_its_code(scene: Scene) -> None:
    """payment.captured of a QR code's payment has no order and no code; qr_code.credited has."""
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id)))
    told = scene.news()

    assert scene.deliver(told["payment.captured"], told["qr_code.credited"]) == ["untied", "confirmed"]
    assert state_of(order_id) == "confirmed"


def test_news_of_a_code_may_overtake_the_answer_that_made_it(scene: Scene) -> None:
    """The row is known by our receipt before anybody wrote down the code's id."""
    scene.sandbox.fault("qr.create", "lost_after")
    order_id = scene.order()
    with pytest.raises(DomainError):
        scene.start(order_id)
    (code,) = scene.sandbox.made("qr_codes")
    scene.sandbox.pay(code["id"])

    scene.tell()

    assert (state_of(order_id), Payment.objects.get().qr_id) == ("confirmed", code["id"])


def test_a_lost_webhook_is_found_by_the_poll(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(payment))
    assert scene.tell() == []

    scene.passes(20)
    scene.watch()

    assert state_of(order_id) == "confirmed"


def test_the_webhook_that_comes_after_the_poll_is_no_news(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.fault("webhook.*", "hold", times=9)
    scene.sandbox.pay(opened(scene.start(order_id)))
    scene.passes(20)
    scene.watch()
    assert state_of(order_id) == "confirmed"

    scene.sandbox.release_webhooks()

    assert scene.tell() == ["known", "known"]
    assert (Payment.objects.count(), refunds()) == (1, [])


def test_whoever_says_that_the_money_is_sent_has_it_asked_for_at_once(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(payment))

    check_now(payment_id=payment.pk, gateway=scene.gateway, now=scene.now)

    assert state_of(order_id) == "confirmed"


def test_a_poll_before_any_money_changes_nothing_but_the_next_look(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    gaps = []
    for _ in range(5):
        scene.until(of(payment).next_look_at)
        before = scene.now
        scene.watch()
        at = of(payment).next_look_at
        assert at
        gaps.append((at - before).total_seconds())

    assert gaps == [10, 20, 30, 60, 60]
    assert (of(payment).state, state_of(order_id)) == ("pending", "awaiting_payment")


# Signatures --------


@pytest.mark.parametrize("fault", ["wrong_signature", "non_ascii_signature", "no_signature"])
def test_a_badly_signed_webhook_is_refused_and_not_kept(scene: Scene, fault: str) -> None:
    scene.sandbox.fault("webhook.qr_code.credited", fault)
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id)))
    forged = scene.news()["qr_code.credited"]

    with refused(SignatureInvalid):
        scene.deliver(forged)
    assert state_of(order_id) == "awaiting_payment"


def test_a_tampered_body_is_refused_and_not_kept(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id)))
    genuine = scene.news()["qr_code.credited"]

    with refused(SignatureInvalid):
        scene.deliver(genuine.tampered())
    assert scene.deliver(genuine) == ["confirmed"]


def test_during_a_rotation_the_old_secret_still_signs(scene: Scene, settings: Any) -> None:
    """Events made before it are retried with the old secret, for a day; both are kept as long."""
    scene.sandbox.rotate_secret("the-new-secret")
    scene.sandbox.fault("webhook.qr_code.credited", "old_secret")
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id)))
    told = scene.news()

    settings.RAZORPAY_WEBHOOK_SECRETS = ["the-new-secret"]
    with refused(SignatureInvalid):
        scene.deliver(told["qr_code.credited"])
    settings.RAZORPAY_WEBHOOK_SECRETS = ["the-new-secret", WEBHOOK_SECRET]
    assert scene.deliver(told["payment.captured"], told["qr_code.credited"]) == ["untied", "confirmed"]


@pytest.mark.parametrize("event_id", ["", "x" * 65])
def test_a_webhook_without_a_usable_event_id_is_refused(scene: Scene, event_id: str) -> None:
    genuine = signed({"event": "payment.captured", "payload": {}})

    with refused(EventIdMissing):
        take_event(gateway=scene.gateway, raw=genuine.raw, headers=genuine.headers | {"x-razorpay-event-id": event_id})


# What cannot be worked on --------


@pytest.mark.parametrize("said", [{"event": "payment.captured", "payload": {}}, {"event": 7}, ["payment.captured"]])
def test_a_genuine_body_that_cannot_be_read_is_kept_and_done(scene: Scene, said: Any) -> None:
    assert scene.deliver(signed(said)) == ["unreadable"]


@pytest.mark.parametrize("kind", ["payment.dispute.created", "payment.downtime.started", "settlement.processed"])
def test_an_event_that_says_nothing_of_money_to_us_is_kept_by_its_kind(scene: Scene, kind: str) -> None:
    """Row 20, for now: a dispute is in the inbox by its kind, and moves neither order nor ticket."""
    order_id = scene.paid()

    assert scene.deliver(signed({"event": kind, "payload": {}})) == ["ignored"]
    assert GatewayEvent.objects.get(kind=kind).done_at
    assert (state_of(order_id), live_tickets(order_id)) == ("confirmed", 2)


def test_an_event_sealed_by_another_key_stops_nobody_behind_it(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.pay(opened(scene.start(order_id)))
    spoilt = signed({"event": "payment.captured", "payload": {}})
    take_event(gateway=scene.gateway, raw=spoilt.raw, headers=spoilt.headers)
    GatewayEvent.objects.update(sealed=seal("something.else", spoilt.raw))

    scene.tell()

    assert GatewayEvent.objects.get(event_id=spoilt.event_id).outcome == "unreadable"
    assert state_of(order_id) == "confirmed"


def test_an_event_that_does_not_fit_yet_waits_in_growing_gaps_and_is_given_up_in_the_end(scene: Scene) -> None:
    payment = scene.start(scene.order())
    scene.sandbox.refund_by_gateway(scene.sandbox.pay(opened(payment)))
    early = scene.news()["refund.processed"]

    assert scene.deliver(early) == [""]
    waiting = GatewayEvent.objects.get(event_id=early.event_id)
    assert (waiting.tries, waiting.done_at, waiting.error) == (1, None, "unknown: its payment is not known yet")
    for _ in range(5):
        scene.work_again()

    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.tries) == ("unknown", 6)


def test_an_event_that_always_fails_is_given_up_after_a_week_and_says_why(scene: Scene) -> None:
    """Its refund is of more than came, as far as our books go: never in a right world."""
    order_id = scene.paid(1)
    payment = Payment.objects.get(order_id=order_id)
    refund = {"id": "rfnd_1", "payment_id": payment.gateway_payment_id, "amount": 118_001, "status": "processed"}
    odd = signed({"event": "refund.processed", "payload": {"refund": {"entity": refund}}})
    assert scene.deliver(odd) == [""]
    before = everything()["ticketing_refund"]
    GatewayEvent.objects.filter(event_id=odd.event_id).update(tries=MOST_TRIES - 1)

    scene.work_again()

    event = GatewayEvent.objects.get(event_id=odd.event_id)
    assert (event.outcome, event.error) == ("given_up", "RefundTooMuch: More would go back than came.")
    assert everything()["ticketing_refund"] == before
    assert Ticket.objects.filter(voided_at=None).count() == 1


def signed(said: Any, event_id: str = "made-by-hand") -> Webhook:
    """What the gateway's own hand would have signed."""
    raw = json.dumps(said).encode()
    signature = hmac.new(WEBHOOK_SECRET.encode(), raw, "sha256").hexdigest()
    return Webhook("", event_id, raw, {"X-Razorpay-Signature": signature, "x-razorpay-event-id": event_id})
