"""Payments: `/v1/payments`. `created → authorized → captured → refunded`; `failed` may yet become authorized."""

from __future__ import annotations

from typing import Any

from ticketing.sandbox import qr_codes
from ticketing.sandbox.account import Account, new_id, now_s
from ticketing.sandbox.reading import Call, Entity, amount_of, currency_of, notes_of, only, required
from ticketing.sandbox.refusals import Refused

_NO_ERROR: Entity = dict.fromkeys(
    ("error_code", "error_description", "error_source", "error_step", "error_reason"),
)
_CREATE_UPI = (
    "amount", "currency", "order_id", "email", "contact", "method", "ip", "referer", "user_agent", "description",
    "notes", "upi", "customer_id",
)  # fmt: skip


def fetch(account: Account, call: Call) -> Entity:
    return account.payments.get(call.id)


def list_all(account: Account, call: Call) -> Entity:
    return account.payments.page(call.query)


def capture(account: Account, call: Call) -> Entity:
    """Accept an authorized payment, for exactly what was authorized."""
    payment = account.payments.get(call.id)
    only(call.body, "amount", "currency")
    amount = amount_of(call.body)
    if payment["captured"]:
        raise Refused("This payment has already been captured", reason="payment_already_captured")
    if payment["status"] != "authorized":
        raise Refused("Only payments which have been authorized and not yet captured can be captured")
    if amount != payment["amount"]:
        raise Refused("Capture amount must be equal to the amount authorized", field="amount")
    capture_now(account, payment)
    return payment


def create_upi(account: Account, call: Call) -> Entity:
    """Begin a payment on an order by an intent link, server to server."""
    body = call.body
    only(body, *_CREATE_UPI)
    amount, _ = amount_of(body), currency_of(body)
    for name in ("order_id", "email", "contact", "method"):
        required(body, name)
    if body["method"] != "upi" or (body.get("upi") or {}).get("flow") != "intent":
        raise Refused("Only the intent flow of UPI is enabled for this account", field="upi")
    order = account.orders.get(body["order_id"])
    if order["status"] == "paid":
        raise Refused("Payment already done for this order", field="order_id", reason="order_already_paid")
    if amount != order["amount"]:
        raise Refused("Your payment amount is different from your order amount.", field="amount")
    if any(attempt["status"] == "authorized" for attempt in account.payments_by(order)):
        raise Refused("Payment processing for this order is already in progress", field="order_id")
    payment = begin(account, amount, order=order, notes=notes_of(body), description=body.get("description"))
    payment["email"], payment["contact"] = body["email"], body["contact"]
    return {
        "razorpay_payment_id": payment["id"],
        "link": qr_codes.link(f"RZP{payment['id'][4:]}", amount, body.get("description")),
    }


def begin(
    account: Account,
    amount_paise: int,
    *,
    order: Entity | None = None,
    qr: Entity | None = None,
    notes: Any = None,
    description: str | None = None,
) -> Entity:
    """A payment of which nothing is known yet. One by a QR code names neither order nor code."""
    payment = {
        "id": new_id("pay"),
        "entity": "payment",
        "amount": amount_paise,
        "currency": "INR",
        "status": "created",
        "order_id": order["id"] if order else None,
        "invoice_id": None,
        "international": False,
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "captured": False,
        "description": "QRv2 Payment" if qr else description,
        "card_id": None,
        "bank": None,
        "wallet": None,
        "vpa": None,
        "email": "void@razorpay.com",
        "contact": "+919000090000",
        "customer_id": None,
        "notes": notes or [],
        "fee": None,
        "tax": None,
        **_NO_ERROR,
        "acquirer_data": {"rrn": None},
        "created_at": now_s(),
    }
    account.payments.put(payment)
    made_by = order or qr
    if made_by:
        account.payments_of[made_by["id"]] = [*account.payments_of.get(made_by["id"], []), payment["id"]]
    if order:
        order["attempts"] += 1
        if order["status"] == "created":
            order["status"] = "attempted"
    if qr:
        account.qr_of[payment["id"]] = qr["id"]
    return payment


def authorize_now(account: Account, payment: Entity, payer: str) -> None:
    """The payer's bank has paid. A payment by a QR code is captured with it, and says nothing in between."""
    payment.update(_NO_ERROR, status="authorized", vpa=payer, acquirer_data={"rrn": account.new_rrn()})
    payment["upi"] = {"payer_account_type": "bank_account", "vpa": payer}
    if payment["id"] not in account.qr_of:
        account.say("payment.authorized", payment=payment)


def capture_now(account: Account, payment: Entity) -> None:
    """The merchant takes the money. The fee includes its tax: here 2 %, and 18 % on that."""
    fee = payment["amount"] // 50
    tax = round(fee * 0.18)
    payment.update(status="captured", captured=True, fee=fee + tax, tax=tax)
    account.say("payment.captured", payment=payment)
    if order := account.orders.find(payment["order_id"] or ""):
        _order_paid(account, order, payment)
    if code := account.qr_codes.find(account.qr_of.get(payment["id"], "")):
        _code_credited(account, code, payment)


def fail_now(account: Account, payment: Entity, reason: str) -> None:
    payment.update(
        status="failed",
        error_code="BAD_REQUEST_ERROR",
        error_description=_SENTENCES.get(reason, "Payment was unsuccessful."),
        error_source="customer",
        error_step="payment_authentication",
        error_reason=reason,
    )
    account.say("payment.failed", payment=payment)


def _order_paid(account: Account, order: Entity, payment: Entity) -> None:
    if order["status"] == "paid":
        return
    order.update(status="paid", amount_paid=payment["amount"], amount_due=order["amount"] - payment["amount"])
    account.say("order.paid", payment=payment, order=order)


def _code_credited(account: Account, code: Entity, payment: Entity) -> None:
    code["payments_amount_received"] += payment["amount"]
    code["payments_count_received"] += 1
    if code["usage"] == "single_use":
        qr_codes.shut(code, "paid")
    account.say("qr_code.credited", payment=payment, qr_code=code)


_SENTENCES = {
    "payment_declined": "Payment was unsuccessful as the customer declined it in the UPI app.",
    "payment_timed_out": "Payment was unsuccessful as you could not complete it in time.",
    "insufficient_funds": "Payment was unsuccessful due to insufficient funds in the account.",
    "bank_technical_error": "Payment was unsuccessful due to a temporary issue at the bank.",
}
