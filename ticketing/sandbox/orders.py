"""Orders: `/v1/orders`. One order may have many attempts and one success; `paid` stays, whatever is refunded."""

from __future__ import annotations

from ticketing.sandbox.account import Account, new_id, now_s
from ticketing.sandbox.reading import Call, Entity, amount_of, currency_of, notes_of, only, text_of
from ticketing.sandbox.refusals import Refused
from ticketing.sandbox.shelf import collection

_LEAST_EXPIRY_MIN, _MOST_EXPIRY_MIN = 12, 7200


def create(account: Account, call: Call) -> Entity:
    body = call.body
    only(body, "amount", "currency", "receipt", "notes", "payment", "partial_payment", "first_payment_min_amount")
    amount, currency = amount_of(body), currency_of(body)
    receipt, notes = text_of(body, "receipt", 40), notes_of(body)
    rule = _capture_rule(body)
    if receipt and account.receipts_are_unique and receipt in account.order_of_receipt:
        raise Refused("Order already exists for this receipt", field="receipt")
    order = account.orders.put(
        {
            "id": new_id("order"),
            "entity": "order",
            "amount": amount,
            "amount_paid": 0,
            "amount_due": amount,
            "currency": currency,
            "receipt": receipt,
            "offer_id": None,
            "status": "created",
            "attempts": 0,
            "notes": notes,
            "created_at": now_s(),
        }
    )
    account.capture_rules[order["id"]] = rule
    if receipt:
        account.order_of_receipt[receipt] = order["id"]
    return order


def fetch(account: Account, call: Call) -> Entity:
    return account.orders.get(call.id)


def list_all(account: Account, call: Call) -> Entity:
    """By `from`, `to`, `count`, `skip`, and `receipt` where one is named."""
    receipt = call.query.get("receipt")
    return account.orders.page(call.query, lambda order: receipt is None or order["receipt"] == receipt)


def payments(account: Account, call: Call) -> Entity:
    return collection(account.payments_by(account.orders.get(call.id)))


def edit(account: Account, call: Call) -> Entity:
    """Only the notes of an order can be changed."""
    order = account.orders.get(call.id)
    only(call.body, "notes")
    order["notes"] = notes_of(call.body)
    return order


def _capture_rule(body: Entity) -> Entity:
    """`payment: {capture, capture_options}`; without it what is authorized within three days is captured."""
    asked = body.get("payment")
    if asked is None:
        return {"capture": "automatic", "automatic_expiry_period": 4320, "manual_expiry_period": _MOST_EXPIRY_MIN}
    if not isinstance(asked, dict) or asked.get("capture") not in ("automatic", "manual"):
        raise Refused("The selected capture is invalid.", field="payment")
    only(asked, "capture", "capture_options")
    options = asked.get("capture_options") or {}
    only(options, "automatic_expiry_period", "manual_expiry_period", "refund_speed")
    manual = options.get("manual_expiry_period", _MOST_EXPIRY_MIN)
    automatic = options.get("automatic_expiry_period", manual)
    if not _LEAST_EXPIRY_MIN <= automatic <= manual <= _MOST_EXPIRY_MIN:
        raise Refused("The expiry periods of a capture are invalid.", field="capture_options")
    return {"capture": asked["capture"], "automatic_expiry_period": automatic, "manual_expiry_period": manual}
