"""Webhooks: whether one is genuine, whatever is sent; and what it says, in our words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from tests.ticketing.gateways.paying import PRICE, opened, paid
from tests.ticketing.sandboxed import WEBHOOK_SECRET, Sandbox, Webhook
from ticketing.gateways import gateway
from ticketing.gateways.words import Event, Status, Way


def credited(sandbox: Sandbox) -> Webhook:
    paid(sandbox)
    return next(webhook for webhook in sandbox.take_webhooks() if webhook.kind == "qr_code.credited")


def is_genuine(webhook: Webhook, raw: bytes | None = None, **headers: str) -> bool:
    return gateway().is_genuine(webhook.raw if raw is None else raw, webhook.headers | headers)


# Genuine or not


def test_a_signature_fits_the_exact_bytes(sandbox: Sandbox) -> None:
    webhook = credited(sandbox)
    written_again = json.dumps(json.loads(webhook.raw), separators=(",", ":")).encode()

    assert is_genuine(webhook)
    assert not is_genuine(webhook.tampered())
    assert not is_genuine(webhook, raw=webhook.raw + b"\n")
    assert not is_genuine(webhook, raw=written_again)
    assert not is_genuine(webhook, raw=b"")


@pytest.mark.parametrize("spelled", ["X-Razorpay-Signature", "x-razorpay-signature", "X-RAZORPAY-SIGNATURE"])
def test_a_header_is_found_however_it_is_spelled(sandbox: Sandbox, spelled: str) -> None:
    webhook = credited(sandbox)
    signature = webhook.headers["X-Razorpay-Signature"]

    assert gateway().is_genuine(webhook.raw, {spelled: signature, "Other": "1"})
    assert gateway().event_id({"X-Razorpay-Event-Id": webhook.event_id}) == webhook.event_id
    assert gateway().event_id({}) == ""


@pytest.mark.parametrize("kind", ["wrong_signature", "non_ascii_signature", "no_signature"])
def test_a_bad_signature_is_simply_not_genuine(sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("webhook.qr_code.credited", kind)

    assert not is_genuine(credited(sandbox))


@pytest.mark.parametrize("signature", ["", "é" * 64, "\udcff", "\x00", "0" * 64])
def test_no_header_makes_it_fail(sandbox: Sandbox, signature: str) -> None:
    assert not gateway().is_genuine(b"{}", {"X-Razorpay-Signature": signature})


def test_while_a_secret_is_changed_both_are_good(sandbox: Sandbox, settings: Any) -> None:
    before = credited(sandbox)
    sandbox.rotate_secret("the new one")
    after = credited(sandbox)
    sandbox.redeliver(before.event_id)
    [again] = sandbox.take_webhooks()

    assert [is_genuine(one) for one in (before, after, again)] == [True, False, True]
    settings.RAZORPAY_WEBHOOK_SECRETS = ["the new one", WEBHOOK_SECRET]
    assert [is_genuine(one) for one in (before, after, again)] == [True, True, True]
    settings.RAZORPAY_WEBHOOK_SECRETS = ["the new one"]
    assert [is_genuine(one) for one in (before, after, again)] == [False, True, False]


def test_without_a_secret_nothing_is_genuine(sandbox: Sandbox, settings: Any) -> None:
    webhook = credited(sandbox)
    settings.RAZORPAY_WEBHOOK_SECRETS = [""]

    assert not is_genuine(webhook)


# What it says


def events(sandbox: Sandbox) -> list[Event]:
    return [gateway().read_event(webhook.raw) for webhook in sandbox.take_webhooks()]


def test_a_payment_by_a_code_is_told_with_the_code_and_without_the_payer(sandbox: Sandbox) -> None:
    code = opened()
    payment_id = sandbox.pay(code)

    captured, by_code = events(sandbox)

    assert (captured.kind, by_code.kind) == ("payment.captured", "qr_code.credited")
    assert captured.money is not None and by_code.money is not None
    assert (captured.money.payment_id, captured.money.qr_id) == (payment_id, "")
    assert by_code.money == dataclasses.replace(captured.money, qr_id=code.qr_id, receipt="R1")
    assert by_code.money.status == Status.CAPTURED
    assert by_code.at is not None and by_code.at.tzinfo is not None
    assert "gauri.kumari" not in repr(by_code)
    assert "9000090000" not in repr(by_code)


def test_a_payment_by_an_order_is_told_three_times(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)
    sandbox.pay(order)

    told = events(sandbox)

    assert [one.kind for one in told] == ["payment.authorized", "payment.captured", "order.paid"]
    monies = [one.money for one in told if one.money]
    assert [one.status for one in monies] == [Status.AUTHORIZED, Status.CAPTURED, Status.CAPTURED]
    assert {(one.order_id, one.receipt) for one in monies} == {(order.order_id, "R1")}


def test_a_failure_is_told_with_its_reason(sandbox: Sandbox) -> None:
    sandbox.pay(opened(), "decline", reason="insufficient_funds")

    [failed] = events(sandbox)

    assert failed.money is not None
    assert (failed.kind, failed.money.status, failed.money.failure) == (
        "payment.failed", Status.FAILED, "insufficient_funds",
    )  # fmt: skip


def test_a_refund_is_told_with_its_payment(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    sandbox.take_webhooks()
    refund = gateway().refund(payment_id, 50_000, key="refund-0001")
    sandbox.process_refund(refund.refund_id)

    created, processed = events(sandbox)

    assert (created.kind, created.returned) == ("refund.created", refund)
    assert processed.returned is not None and processed.money is not None
    assert (processed.returned.status, processed.returned.key) == ("processed", "refund-0001")
    assert (processed.money.payment_id, processed.money.amount_refunded_paise) == (payment_id, 50_000)


def test_a_code_closed_by_hand_is_told(sandbox: Sandbox) -> None:
    code = opened()
    gateway().close(qr_id=code.qr_id)

    [closed] = events(sandbox)

    assert (closed.kind, closed.closed_qr_id, closed.money) == ("qr_code.closed", code.qr_id, None)


def event(kind: str, **payload: Any) -> bytes:
    entities = {name: {"entity": entity} for name, entity in payload.items()}
    return json.dumps({"entity": "event", "event": kind, "payload": entities}).encode()


PAYMENT = {"id": "pay_1", "amount": PRICE, "status": "captured"}


@pytest.mark.parametrize("kind", ["payment.dispute.created", "settlement.processed", "invoice.paid", "x"])
def test_of_an_unknown_kind_only_the_kind_is_told(kind: str) -> None:
    assert gateway().read_event(event(kind, payment=PAYMENT)) == Event(kind)
    assert gateway().read_event(json.dumps({"event": kind, "payload": []}).encode()) == Event(kind)


def test_what_may_be_missing_may_be_missing() -> None:
    told = gateway().read_event(event("payment.captured", payment=PAYMENT | {"notes": [], "vpa": None})).money

    assert told is not None
    assert (told.payment_id, told.receipt, told.payer, told.fee_paise, told.at) == ("pay_1", "", "", None, None)
    refund = {"id": "rfnd_1", "payment_id": "pay_1", "amount": 100, "status": "processed", "notes": {}}
    assert gateway().read_event(event("refund.processed", refund=refund)).money is None


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        ("gauri.kumari@okhdfcbank", "ga***@okhdfcbank"),
        ("9876543210@ybl", "98***@ybl"),
        ("ab@upi", "***@upi"),
        ("a@b@upi", "a@***@upi"),
        ("nonsense", "***"),
        ("", ""),
    ],
)
def test_a_handle_is_masked(handle: str, shown: str) -> None:
    told = gateway().read_event(event("payment.captured", payment=PAYMENT | {"vpa": handle})).money

    assert told is not None and told.payer == shown


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"payload": {}}',
        b'{"event": 7}',
        event("payment.captured"),
        event("payment.captured", payment={"id": "pay_1"}),
        event("payment.captured", payment=PAYMENT | {"status": "levitating"}),
        event("payment.captured", payment=PAYMENT | {"amount": 1.5}),
        event("payment.captured", payment=PAYMENT | {"amount": None}),
        event("qr_code.credited", payment=PAYMENT),
        event("qr_code.closed"),
        event("order.paid", payment=PAYMENT),
        event("refund.processed", payment=PAYMENT),
        b'{"event": "payment.captured", "payload": {"payment": []}}',
    ],
)
def test_what_cannot_be_understood_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        gateway().read_event(raw)
