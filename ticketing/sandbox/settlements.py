"""Settlements: `/v1/settlements`, and the reconciliation of a day, `/v1/settlements/recon/combined`.

A payment's credit is its amount less the fee, which includes its tax. Days are India's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from ticketing.sandbox.account import Account, new_id, now_s
from ticketing.sandbox.reading import Call, Entity, number_of, required
from ticketing.sandbox.refusals import Refused
from ticketing.sandbox.shelf import collection

_INDIA = timezone(timedelta(hours=5, minutes=30))


def fetch(account: Account, call: Call) -> Entity:
    return account.settlements.get(call.id)


def list_all(account: Account, call: Call) -> Entity:
    return account.settlements.page(call.query)


def recon(account: Account, call: Call) -> Entity:
    """The lines of what was settled in a month, or on one day of it."""
    year, month = (int(str(required(call.query, name))) for name in ("year", "month"))
    if not 1 <= month <= 12:
        raise Refused("The month is not a valid month.", field="month")
    day = number_of(call.query, "day", 0, most=31)
    count = number_of(call.query, "count", 1000, least=1, most=1000)
    skip = number_of(call.query, "skip", 0)
    lines = []
    for settlement in account.settlements.newest():
        on = datetime.fromtimestamp(settlement["created_at"], UTC).astimezone(_INDIA)
        if (on.year, on.month) == (year, month) and day in (0, on.day):
            lines += _lines(account, settlement)
    return collection(lines[skip : skip + count])


def settle(account: Account) -> Entity | None:
    """Pay out whatever was captured or given back since the last time; None where there is nothing."""
    payments = [one for one in account.payments.newest() if one["captured"] and one["id"] not in account.settled]
    refunds = [
        one for one in account.refunds.newest() if one["status"] == "processed" and one["id"] not in account.settled
    ]
    if not payments and not refunds:
        return None
    fees, tax = sum(one["fee"] for one in payments), sum(one["tax"] for one in payments)
    now = now_s()
    settlement = account.settlements.put(
        {
            "id": new_id("setl"),
            "entity": "settlement",
            "amount": sum(one["amount"] for one in payments) - fees - sum(one["amount"] for one in refunds),
            "status": "processed",
            "fees": fees,
            "tax": tax,
            "utr": f"AXISCN{account.new_rrn()}",
            "created_at": now,
        }
    )
    account.settled |= {one["id"]: settlement["id"] for one in [*payments, *refunds]}
    account.say("settlement.processed", settlement=settlement)
    return settlement


def _lines(account: Account, settlement: Entity) -> list[Entity]:
    ids = [one for one, settlement_id in account.settled.items() if settlement_id == settlement["id"]]
    lines = []
    for one in ids:
        if refund := account.refunds.find(one):
            lines.append(_line(account, settlement, refund, account.payments.get(refund["payment_id"])))
        elif payment := account.payments.find(one):
            lines.append(_line(account, settlement, payment, payment))
    return lines


def _line(account: Account, settlement: Entity, what: Entity, payment: Entity) -> Entity:
    is_payment = what is payment
    order = account.orders.find(payment["order_id"] or "")
    fee, tax = (payment["fee"], payment["tax"]) if is_payment else (0, 0)
    return {
        "entity_id": what["id"],
        "type": what["entity"],
        "debit": 0 if is_payment else what["amount"],
        "credit": what["amount"] - fee if is_payment else 0,
        "amount": what["amount"],
        "currency": "INR",
        "fee": fee,
        "tax": tax,
        "on_hold": False,
        "settled": True,
        "created_at": what["created_at"],
        "settled_at": settlement["created_at"],
        "settlement_id": settlement["id"],
        "posted_at": None,
        "credit_type": "default",
        "description": payment["description"] if is_payment else None,
        "notes": what["notes"] or None,
        "payment_id": None if is_payment else payment["id"],
        "settlement_utr": settlement["utr"],
        "order_id": payment["order_id"],
        "order_receipt": order["receipt"] if order else None,
        "method": payment["method"],
        "card_network": None,
        "card_issuer": None,
        "card_type": None,
        "dispute_id": None,
    }
