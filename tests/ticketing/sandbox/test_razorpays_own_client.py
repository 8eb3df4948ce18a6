"""The sandbox speaks Razorpay's API: its official client (`razorpay` 2.0.1) works against it unchanged.

The client tells no HTTP status and no field, so what is refused is tried over plain HTTP in `test_refusals.py`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import razorpay
from razorpay.errors import BadRequestError, ServerError, SignatureVerificationError

from tests.ticketing.sandboxed import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, Sandbox

IST = timezone(timedelta(hours=5, minutes=30))
RUPEES_500 = {"amount": 50_000, "currency": "INR"}


@pytest.fixture
def theirs(sandbox: Sandbox) -> Any:
    return razorpay.Client(auth=(KEY_ID, KEY_SECRET), base_url=sandbox.base_url)


def code(theirs: Any, **more: Any) -> dict[str, Any]:
    asked = {"type": "upi_qr", "usage": "single_use", "fixed_amount": True, "payment_amount": 50_000, **more}
    made: dict[str, Any] = theirs.qrcode.create(asked)
    return made


def intent(theirs: Any, order: dict[str, Any]) -> dict[str, Any]:
    begun: dict[str, Any] = theirs.payment.createUpi(
        {
            "amount": order["amount"],
            "currency": "INR",
            "order_id": order["id"],
            "email": "gaurav.kumar@example.com",
            "contact": "9090909090",
            "method": "upi",
            "ip": "192.168.0.103",
            "referer": "http",
            "user_agent": "Mozilla/5.0",
            "description": "Test flow",
            "notes": {"purpose": "UPI test payment"},
            "upi": {"flow": "intent"},
        }
    )
    return begun


# Orders


def test_an_order_has_the_documented_shape(theirs: Any) -> None:
    order = theirs.order.create(RUPEES_500 | {"receipt": "R1"})

    assert order == theirs.order.fetch(order["id"])
    assert {name: value for name, value in order.items() if name not in ("id", "created_at")} == {
        "entity": "order",
        "amount": 50_000,
        "amount_paid": 0,
        "amount_due": 50_000,
        "currency": "INR",
        "receipt": "R1",
        "offer_id": None,
        "status": "created",
        "attempts": 0,
        "notes": [],
    }


def test_an_order_is_found_by_its_receipt_and_its_notes_can_be_changed(theirs: Any) -> None:
    orders = [theirs.order.create(RUPEES_500 | {"receipt": f"R{number}"}) for number in range(3)]

    assert theirs.order.all({"receipt": "R1"})["items"] == [orders[1]]
    assert [one["receipt"] for one in theirs.order.all({"count": 2, "skip": 1})["items"]] == ["R1", "R0"]
    assert theirs.order.all({"from": int(time.time()) + 60})["count"] == 0
    assert theirs.order.edit(orders[0]["id"], {"notes": {"why": "late"}})["notes"] == {"why": "late"}


def test_a_receipt_is_taken_once_unless_the_account_allows_more(theirs: Any, sandbox: Sandbox) -> None:
    theirs.order.create(RUPEES_500 | {"receipt": "R1"})

    with pytest.raises(BadRequestError, match="receipt"):
        theirs.order.create(RUPEES_500 | {"receipt": "R1"})
    sandbox.account(receipts_are_unique=False)
    theirs.order.create(RUPEES_500 | {"receipt": "R1"})

    assert theirs.order.all({"receipt": "R1"})["count"] == 2


def test_an_intent_is_paid_and_the_order_with_it(theirs: Any, sandbox: Sandbox) -> None:
    order = theirs.order.create(RUPEES_500)
    begun = intent(theirs, order)
    attempted = theirs.order.fetch(order["id"])

    paid = sandbox.pay(order["id"])

    assert begun["link"].startswith("upi://pay?")
    assert attempted["status"] == "attempted"
    assert paid == begun["razorpay_payment_id"]
    assert theirs.order.fetch(order["id"]) == attempted | {"status": "paid", "amount_paid": 50_000, "amount_due": 0}
    [payment] = theirs.order.payments(order["id"])["items"]
    assert payment == theirs.payment.fetch(paid)
    assert (payment["status"], payment["order_id"], payment["contact"]) == ("captured", order["id"], "9090909090")
    with pytest.raises(BadRequestError, match="already done"):
        intent(theirs, order)


def test_a_second_success_on_a_paid_order_goes_back_at_once(theirs: Any, sandbox: Sandbox) -> None:
    order = theirs.order.create(RUPEES_500)

    first, second = sandbox.pay_twice(order["id"])

    assert theirs.payment.fetch(first)["status"] == "captured"
    assert theirs.payment.fetch(second)["status"] == "refunded"
    assert theirs.order.fetch(order["id"])["amount_paid"] == 50_000


def test_what_a_manual_order_authorizes_is_captured_by_hand_for_the_exact_amount(theirs: Any, sandbox: Sandbox) -> None:
    manual = {"capture": "manual", "capture_options": {"manual_expiry_period": 20, "refund_speed": "normal"}}
    order = theirs.order.create(RUPEES_500 | {"payment": manual})
    payment_id = sandbox.pay(order["id"])

    assert theirs.payment.fetch(payment_id)["status"] == "authorized"
    with pytest.raises(BadRequestError, match="equal"):
        theirs.payment.capture(payment_id, 40_000, {"currency": "INR"})
    captured = theirs.payment.capture(payment_id, 50_000, {"currency": "INR"})
    assert (captured["status"], captured["captured"], captured["fee"], captured["tax"]) == ("captured", True, 1180, 180)
    with pytest.raises(BadRequestError, match="already been captured"):
        theirs.payment.capture(payment_id, 50_000, {"currency": "INR"})


# QR codes


def test_a_code_has_the_documented_shape(theirs: Any) -> None:
    made = code(theirs, name="Counter 1", description="Row A", notes={"receipt": "R1"})

    kept = {name: made[name] for name in made if name not in ("id", "created_at", "close_by", "image_url")}
    link = kept.pop("image_content")
    assert kept == {
        "entity": "qr_code",
        "name": "Counter 1",
        "usage": "single_use",
        "type": "upi_qr",
        "payment_amount": 50_000,
        "status": "active",
        "description": "Row A",
        "fixed_amount": True,
        "payments_amount_received": 0,
        "payments_count_received": 0,
        "notes": {"receipt": "R1"},
        "customer_id": None,
        "closed_at": None,
        "close_reason": None,
    }
    assert link.startswith("upi://pay?pa=") and "&tn=Row%20A&am=500.00&cu=INR" in link
    assert made["close_by"] == made["created_at"] + 7200


def test_a_code_is_closed_by_its_payment_which_names_no_order(theirs: Any, sandbox: Sandbox) -> None:
    made = code(theirs)
    payment_id = sandbox.pay(made["id"])

    closed = theirs.qrcode.fetch(made["id"])
    [payment] = theirs.qrcode.fetch_all_payments(made["id"], {"count": 100})["items"]

    assert (closed["status"], closed["close_reason"]) == ("closed", "paid")
    assert (closed["payments_amount_received"], closed["payments_count_received"]) == (50_000, 1)
    assert (payment["id"], payment["status"], payment["order_id"]) == (payment_id, "captured", None)
    assert (payment["notes"], payment["description"], payment["method"]) == ([], "QRv2 Payment", "upi")
    assert theirs.qrcode.all({"payment_id": payment_id})["items"] == [closed]


def test_a_code_closed_by_hand_still_takes_what_was_in_flight(theirs: Any, sandbox: Sandbox) -> None:
    made = code(theirs)
    payment_id = sandbox.pay(made["id"], "pending")

    closed = theirs.qrcode.close(made["id"])
    sandbox.move(payment_id, "captured")

    assert (closed["status"], closed["close_reason"]) == ("closed", "on_demand")
    assert theirs.qrcode.fetch(made["id"])["payments_count_received"] == 1
    with pytest.raises(BadRequestError, match="already closed"):
        theirs.qrcode.close(made["id"])


def test_codes_are_listed_the_newest_first(theirs: Any) -> None:
    made = [code(theirs)["id"] for _ in range(3)]

    assert [one["id"] for one in theirs.qrcode.all({"count": 2})["items"]] == made[:0:-1]
    assert [one["id"] for one in theirs.qrcode.all({"count": 2, "skip": 2})["items"]] == made[:1]


# Payments and refunds


def test_a_payment_is_listed_and_may_succeed_after_it_failed(theirs: Any, sandbox: Sandbox) -> None:
    payment_id = sandbox.pay(code(theirs)["id"], "decline")
    [failed] = theirs.payment.all({"count": 5})["items"]
    sandbox.move(payment_id, "captured")

    assert (failed["status"], failed["error_reason"], failed["fee"]) == ("failed", "payment_declined", None)
    late = theirs.payment.fetch(payment_id)
    assert (late["status"], late["error_code"], late["error_reason"]) == ("captured", None, None)
    with pytest.raises(AssertionError, match="does not go from captured"):
        sandbox.move(payment_id, "authorized")


def test_a_refund_in_two_parts(theirs: Any, sandbox: Sandbox) -> None:
    payment_id = sandbox.pay(code(theirs)["id"])

    first = theirs.payment.refund(payment_id, {"amount": 20_000, "receipt": "B1", "notes": {"why": "one seat"}})
    partly = theirs.payment.fetch(payment_id)
    second = theirs.payment.refund(payment_id, {"amount": 30_000})
    sandbox.process_refund(first["id"])
    whole = theirs.payment.fetch(payment_id)

    assert (first["status"], first["receipt"], first["notes"]) == ("pending", "B1", {"why": "one seat"})
    assert (partly["status"], partly["refund_status"], partly["amount_refunded"]) == ("captured", "partial", 20_000)
    assert (whole["status"], whole["refund_status"], whole["amount_refunded"]) == ("refunded", "full", 50_000)
    assert theirs.refund.fetch(first["id"])["status"] == "processed"
    assert {one["id"] for one in theirs.payment.fetch_multiple_refund(payment_id)["items"]} == {
        first["id"],
        second["id"],
    }
    assert theirs.payment.fetch_refund_id(payment_id, second["id"]) == second
    assert theirs.refund.all()["count"] == 2


def test_a_refund_is_made_once_for_one_key(theirs: Any, sandbox: Sandbox) -> None:
    payment_id = sandbox.pay(code(theirs)["id"])

    def ask(amount: int, key: str = "refund-0001") -> Any:
        return theirs.payment.refund(payment_id, {"amount": amount}, headers={"X-Refund-Idempotency": key})

    assert ask(20_000)["id"] == ask(20_000)["id"]
    with pytest.raises(BadRequestError, match="same idempotency key"):
        ask(30_000)
    with pytest.raises(BadRequestError, match="10 characters"):
        ask(30_000, "short")
    with pytest.raises(BadRequestError, match="alphanumeric"):
        ask(30_000, "refund 0001!")
    assert theirs.payment.fetch(payment_id)["amount_refunded"] == 20_000


# Settlements


def test_the_reconciliation_of_a_day_adds_up(theirs: Any, sandbox: Sandbox) -> None:
    first, second = (sandbox.pay(code(theirs)["id"]) for _ in range(2))
    refund = theirs.payment.refund(first, {"amount": 20_000})
    sandbox.process_refund(refund["id"])
    order = theirs.order.create(RUPEES_500 | {"receipt": "R1"})
    third = sandbox.pay(order["id"])

    settlement = sandbox.settle()
    assert settlement is not None
    today = datetime.now(UTC).astimezone(IST)
    day = {"year": today.year, "month": today.month, "day": today.day}
    lines = theirs.settlement.report(day | {"count": 1000, "skip": 0})["items"]

    assert {(one["type"], one["entity_id"]): (one["credit"], one["debit"]) for one in lines} == {
        ("payment", first): (48_820, 0),
        ("payment", second): (48_820, 0),
        ("payment", third): (48_820, 0),
        ("refund", refund["id"]): (0, 20_000),
    }
    assert settlement["amount"] == sum(one["credit"] - one["debit"] for one in lines)
    assert {one["settlement_utr"] for one in lines} == {settlement["utr"]}
    assert [one["order_receipt"] for one in lines if one["entity_id"] == third] == ["R1"]
    assert [one["payment_id"] for one in lines if one["type"] == "refund"] == [first]
    assert theirs.settlement.fetch(settlement["id"]) == settlement
    assert theirs.settlement.all()["items"] == [settlement]
    assert theirs.settlement.report({"year": 2020, "month": 1})["count"] == 0
    assert sandbox.settle() is None


def test_downtimes_can_be_asked_for(theirs: Any) -> None:
    assert theirs.payment.fetchDownTime() == {"entity": "collection", "count": 0, "items": []}


# Webhooks and trouble, as their client sees them


def test_their_client_finds_a_webhook_genuine(theirs: Any, sandbox: Sandbox) -> None:
    sandbox.pay(code(theirs)["id"])
    captured, credited = sandbox.take_webhooks()

    for webhook in (captured, credited):
        theirs.utility.verify_webhook_signature(
            webhook.raw.decode(), webhook.headers["X-Razorpay-Signature"], WEBHOOK_SECRET
        )
    with pytest.raises(SignatureVerificationError):
        theirs.utility.verify_webhook_signature(
            captured.tampered().raw.decode(), captured.headers["X-Razorpay-Signature"], WEBHOOK_SECRET
        )


def test_their_client_sees_a_refusal_and_a_trouble(theirs: Any, sandbox: Sandbox) -> None:
    wrong = razorpay.Client(auth=(KEY_ID, "wrong"), base_url=sandbox.base_url)
    sandbox.fault("order.create", "500")

    with pytest.raises(BadRequestError, match="Authentication failed"):
        wrong.order.all()
    with pytest.raises(ServerError):
        theirs.order.create(RUPEES_500)
    assert theirs.order.all()["count"] == 0
