"""Whoever holds the phone: approves, declines, does nothing, pays twice, pays another amount, pays too late."""

from __future__ import annotations

from enum import StrEnum

from ticketing.sandbox import payments, refunds
from ticketing.sandbox.account import Account, now_s
from ticketing.sandbox.reading import Entity
from ticketing.sandbox.refusals import Refused

PAYER = "gauri.kumari@okhdfcbank"


class Action(StrEnum):
    APPROVE = "approve"
    """Authorized, and captured as the order's rule says; by a QR code always captured."""
    AUTHORIZE_ONLY = "authorize_only"
    """Authorized later than the order's rule captures by itself."""
    DECLINE = "decline"
    PENDING = "pending"
    """Begun, and nothing is heard of it; `move` takes it on."""


def act(
    account: Account,
    what: Entity,
    action: Action,
    *,
    amount_paise: int | None = None,
    payer: str = PAYER,
    reason: str = "payment_declined",
    keeps_second: bool = False,
) -> Entity:
    """Play one payment by this order or QR code; returns it. A code that is closed stops nobody.

    A second success on a paid order Razorpay gives back by itself, unless `keeps_second`.
    """
    is_order = what["entity"] == "order"
    amount = amount_paise or (what["amount"] if is_order else what["payment_amount"] or 10_000)
    payment = _begun(account, what) if is_order else None
    if payment is None:
        order, qr = (what, None) if is_order else (None, what)
        payment = payments.begin(account, amount, order=order, qr=qr)
    if amount_paise:
        payment["amount"] = amount_paise
    if action == Action.PENDING:
        return payment
    if action == Action.DECLINE:
        payment["vpa"] = payer
        payments.fail_now(account, payment, reason)
        return payment
    was_paid = is_order and what["status"] == "paid"
    payments.authorize_now(account, payment, payer)
    if was_paid and not keeps_second:
        refunds.by_the_gateway(account, payment)
    elif action == Action.APPROVE and (not is_order or is_captured_by_itself(account, payment)):
        payments.capture_now(account, payment)
    return payment


def move(
    account: Account, payment: Entity, to: str, *, payer: str = PAYER, reason: str = "payment_timed_out"
) -> Entity:
    """Take a payment on: late, from `failed` or pending. Only forward, as at Razorpay."""
    rank = {"created": 0, "failed": 1, "authorized": 2, "captured": 3, "refunded": 4}
    if to not in rank or rank[to] <= rank[payment["status"]]:
        raise Refused(f"A payment does not go from {payment['status']} to {to}")
    if to == "failed":
        payments.fail_now(account, payment, reason)
        return payment
    if payment["status"] in ("created", "failed"):
        payments.authorize_now(account, payment, payer)
    if to == "captured" or (to == "authorized" and payment["id"] in account.qr_of):
        payments.capture_now(account, payment)
    elif to == "refunded":
        refunds.by_the_gateway(account, payment)
    return payment


def is_captured_by_itself(account: Account, payment: Entity) -> bool:
    """Whether it was authorized early enough for its order's rule."""
    rule = account.capture_rules.get(payment["order_id"], {})
    within_s = 60 * int(rule.get("automatic_expiry_period", 4320))
    is_in_time: bool = now_s() - payment["created_at"] <= within_s
    return is_in_time and rule.get("capture", "automatic") == "automatic"


def _begun(account: Account, order: Entity) -> Entity | None:
    """The attempt that an intent link began and nobody has paid yet."""
    attempts = reversed(account.payments_by(order))
    return next((one for one in attempts if one["status"] == "created"), None)
