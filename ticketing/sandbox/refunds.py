"""Refunds: `/v1/payments/:id/refund`, `/v1/refunds`. `pending`, then `processed` or `failed`; never taken back.

`X-Refund-Idempotency` (ten characters at least) makes a repeat answer with the refund that the first one made.
"""

from __future__ import annotations

import json
import re

from ticketing.sandbox.account import Account, new_id, now_s
from ticketing.sandbox.reading import Call, Entity, amount_of, notes_of, only, text_of
from ticketing.sandbox.refusals import Refused, no_such_id

HEADER = "x-refund-idempotency"
_KEY = re.compile(r"[A-Za-z0-9_-]+")


def create(account: Account, call: Call) -> Entity:
    """Without an amount: all of it. Raises Refused where more would be given back than is there."""
    key = call.headers.get(HEADER, "")
    asked = json.dumps([call.id, call.body], sort_keys=True)
    if key and (earlier := _under(account, key, asked)):
        return earlier
    payment = account.payments.get(call.id)
    only(call.body, "amount", "speed", "notes", "receipt", "reverse_all")
    left = payment["amount"] - payment["amount_refunded"]
    amount = amount_of(call.body) if call.body.get("amount") is not None else left
    _check(account, payment, amount, left)
    refund = begin(account, payment, amount, receipt=text_of(call.body, "receipt", 40), notes=notes_of(call.body))
    if key:
        account.refund_keys[key] = asked, refund["id"]
    if account.configuration.refunds_take_s is not None:
        account.later(account.configuration.refunds_take_s, lambda: process_now(account, refund))
    return refund


def fetch(account: Account, call: Call) -> Entity:
    return account.refunds.get(call.id)


def list_all(account: Account, call: Call) -> Entity:
    return account.refunds.page(call.query)


def of_payment(account: Account, call: Call) -> Entity:
    payment = account.payments.get(call.id)
    return account.refunds.page(call.query, lambda refund: refund["payment_id"] == payment["id"])


def one_of_payment(account: Account, call: Call) -> Entity:
    refund = account.refunds.get(call.other_id)
    if refund["payment_id"] != call.id:
        raise no_such_id(call.other_id)
    return refund


def begin(
    account: Account, payment: Entity, amount: int, *, receipt: str | None = None, notes: object = None
) -> Entity:
    refund = account.refunds.put(
        {
            "id": new_id("rfnd"),
            "entity": "refund",
            "amount": amount,
            "currency": "INR",
            "payment_id": payment["id"],
            "notes": notes or [],
            "receipt": receipt,
            "acquirer_data": {"rrn": None},
            "created_at": now_s(),
            "batch_id": None,
            "status": "pending",
            "speed_processed": "normal",
            "speed_requested": "normal",
        }
    )
    if account.balance_paise is not None:
        account.balance_paise -= amount
    _count(payment, amount)
    account.say("refund.created", refund=refund, payment=payment)
    return refund


def process_now(account: Account, refund: Entity) -> None:
    if refund["status"] == "pending":
        refund.update(status="processed", acquirer_data={"rrn": account.new_rrn()})
        account.say("refund.processed", refund=refund, payment=account.payments.get(refund["payment_id"]))


def fail_now(account: Account, refund: Entity) -> None:
    """The money stays with the merchant: the payment is as it was before."""
    if refund["status"] == "pending":
        payment = account.payments.get(refund["payment_id"])
        refund["status"] = "failed"
        _count(payment, -refund["amount"])
        account.say("refund.failed", refund=refund, payment=payment)


def by_the_gateway(account: Account, payment: Entity) -> Entity:
    """What Razorpay gives back by itself: a double payment, one that nobody captured, one to a closed code."""
    refund = begin(account, payment, payment["amount"] - payment["amount_refunded"])
    process_now(account, refund)
    return refund


def _count(payment: Entity, amount: int) -> None:
    payment["amount_refunded"] += amount
    whole, nothing = payment["amount_refunded"] == payment["amount"], payment["amount_refunded"] == 0
    payment["refund_status"] = None if nothing else "full" if whole else "partial"
    if whole:
        payment["status"] = "refunded"
    elif payment["status"] == "refunded":
        payment["status"] = "captured" if payment["captured"] else "authorized"


def _check(account: Account, payment: Entity, amount: int, left: int) -> None:
    if payment["status"] == "refunded":
        raise Refused("The payment has been fully refunded already")
    if payment["status"] != "captured":
        raise Refused("The payment status should be captured for action to be taken")
    if amount > left:
        raise Refused("The total refund amount is greater than the refund payment amount", field="amount")
    if account.balance_paise is not None and amount > account.balance_paise:
        raise Refused(
            "Your account does not have enough balance to carry out the refund operation. "
            "You can add funds to your account from your Razorpay dashboard or capture new payments.",
            reason="insufficient_balance",
        )


def _under(account: Account, key: str, asked: str) -> Entity | None:
    """The refund made under this key before."""
    if len(key) < 10:
        raise Refused("The idempotency key must be at least 10 characters long.")
    if not _KEY.fullmatch(key):
        raise Refused("The idempotency key must only contain alphanumeric characters, underscores, and hyphens")
    before = account.refund_keys.get(key)
    if before is None:
        return None
    if before[0] != asked:
        raise Refused("Different request with the same idempotency key has already been processed.")
    return account.refunds.get(before[1])
