"""From orders, payments and tickets to what is answered about them. By hand: serializers would cost most of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.opaque import opaque
from ticketing.queries.doors import RefundTold, TicketTold, Told
from ticketing.queries.quotes import LockHeld
from ticketing.services.paying import Started
from ticketing.services.placing import Placed
from ticketing.services.quoting import LineQuote
from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key

_PLACE = ("id", "section", "row", "number", "tier")
_TAXES = ("net_paise", "cgst_paise", "sgst_paise", "igst_paise", "local_tax_paise", "rate_bp", "is_exempt")
CURRENCY = "INR"


def quote_told(held: LockHeld, lines: list[LineQuote]) -> dict[str, Any]:
    """What a lock's places cost."""
    return {
        "lock": opaque("lock", held.lock_id),
        "show": held.show,
        "currency": CURRENCY,
        "total_paise": sum(line.paise for line in lines),
        "lines": [_quoted(line) for line in lines],
    }


def order_made(placed: Placed) -> dict[str, Any]:
    """The answer to who placed an order, as `OrderOut` describes it. It says nothing of whom it is for."""
    held = placed.lock
    return {
        "id": opaque("order", placed.order_id),
        "show": held.show,
        "channel": held.channel,
        "state": "awaiting_payment",
        "is_late": False,
        "reason": "",
        "currency": CURRENCY,
        "total_paise": placed.total_paise,
        "refunded_paise": 0,
        "quantity": len(placed.lines),
        "lines": [_quoted(line) for line in placed.lines],
        "lock": opaque("lock", held.lock_id),
        "placed_at": _at(held.now),
        "confirmed_at": None,
        "pay_until": _at(held.due_at),
        "now": _at(held.now),
        "seconds_left": _seconds(held.now, held.due_at),
        "payment": None,
    }


def _quoted(line: LineQuote) -> dict[str, Any]:
    taxes = line.split
    place = line.place
    return {
        "place": {
            "id": place.id,
            "section": place.section,
            "row": place.row,
            "number": place.number,
            "tier": place.tier,
        },
        "paise": line.paise,
        "list_paise": line.price.list_paise,
        "reason_code": line.price.reason_code,
        "net_paise": taxes.net_paise,
        "cgst_paise": taxes.paise("cgst"),
        "sgst_paise": taxes.paise("sgst") + taxes.paise("utgst"),
        "igst_paise": taxes.paise("igst"),
        "local_tax_paise": taxes.paise("local"),
        "rate_bp": taxes.band.rate_bp if taxes.tax_paise > taxes.paise("local") else 0,
        "is_exempt": taxes.is_exempt,
    }


def order_seen(told: Told) -> dict[str, Any]:
    """An order as it stands now."""
    now = _read(told["now"])
    payment = told["payment"]
    state = order_state(told, now)
    until = None
    if state in ("awaiting_payment", "checking"):
        open_payment = payment if payment and payment["state"] in ("new", "pending") else None
        # What a party ordered out of a hold waits without an end.
        due_at = open_payment["closes_at"] if open_payment else told["due_at"]
        until = due_at and _read(due_at)
    return {
        "id": opaque("order", told["id"]),
        "show": told["show"],
        "channel": told["channel"],
        "state": state,
        "is_late": told["is_late"],
        "reason": told["reason_code"],
        "currency": CURRENCY,
        "total_paise": told["total_paise"],
        "refunded_paise": told["refunded_paise"],
        "quantity": told["quantity"],
        "lines": [_line(line) for line in told["lines"] or []],
        "lock": opaque("lock", told["lock_id"]),
        "placed_at": _again(told["placed_at"]),
        "confirmed_at": told["confirmed_at"] and _again(told["confirmed_at"]),
        "pay_until": until and _at(until),
        "now": _at(now),
        "seconds_left": _seconds(now, until) if until else 0,
        "payment": payment_seen(payment, now) if payment else None,
    }


def order_state(told: Told, now: datetime) -> str:
    """The order's state as its buyer should read it: an attempt past its end is being checked, a lock over is over."""
    if told["state"] != "awaiting_payment":
        return str(told["state"])
    payment = told["payment"]
    if payment and payment_state(payment, now) in ("checking", "waiting", "opening"):
        return "checking" if payment_state(payment, now) == "checking" else "awaiting_payment"
    return "expired" if told["lock_is_over"] else "awaiting_payment"


def _line(line: list[Any]) -> dict[str, Any]:
    told = {
        "place": dict(zip(_PLACE, line[:5], strict=True)),
        "paise": line[5],
        "list_paise": line[6],
        "reason_code": line[7],
    }
    return told | dict(zip(_TAXES, line[8:], strict=True))


def payment_made(started: Started) -> dict[str, Any]:
    """The answer to who starts a payment, as `PaymentOut` describes it."""
    return {
        "id": opaque("payment", started.payment_id),
        "state": "waiting",
        "tender": "gateway",
        "way": started.way,
        "link": started.link,
        "amount_paise": started.amount_paise,
        "received_paise": 0,
        "closes_at": _at(started.closes_at),
        "now": _at(started.at),
        "seconds_left": _seconds(started.at, started.closes_at),
        "failure": "",
        "payer": "",
        "bank_reference": "",
    }


def payment_seen(told: Told, now: datetime) -> dict[str, Any]:
    """A payment as it stands. The link is told only while it may be paid by."""
    state = payment_state(told, now)
    closes_at = told["closes_at"] and _read(told["closes_at"])
    return {
        "id": opaque("payment", told["id"]),
        "state": state,
        "tender": told["tender"],
        "way": told["way"],
        "link": told["link"] if state == "waiting" else "",
        "amount_paise": told["amount_paise"],
        "received_paise": told["received_paise"],
        "closes_at": closes_at and _at(closes_at),
        "now": _at(now),
        "seconds_left": _seconds(now, closes_at) if closes_at and state == "waiting" else 0,
        "failure": told["failure"],
        "payer": told["payer"],
        "bank_reference": told["bank_reference"],
    }


PAYMENT_STATES = (
    "opening", "waiting", "checking", "paid", "failed", "not_received", "late", "second", "short", "returned",
    "in_review",
)  # fmt: skip
_ASIDE = {"late": "late", "surplus": "second", "short": "short", "cancelled": "returned"}


def payment_state(told: Told, now: datetime) -> str:
    """A payment's state in the words that staff and buyers are told."""
    state = told["state"]
    if state in ("new", "pending"):
        if told["closes_at"] and _read(told["closes_at"]) <= now:
            return "checking"
        return "opening" if state == "new" else "waiting"
    if state == "captured":
        return "paid" if told["allocated_paise"] else _ASIDE.get(told["aside_as"], "in_review")
    return {"authorized": "checking", "failed": "failed"}.get(state, "not_received")


def tickets_answer(order: Told, tickets: list[TicketTold]) -> dict[str, Any]:
    """An order's tickets with their codes, which are computed and never stored."""
    return {"state": order["state"], "tickets": [ticket_told(ticket) for ticket in tickets]}


def ticket_told(ticket: TicketTold) -> dict[str, Any]:
    """One ticket; a void one has no code."""
    is_void = bool(ticket.void_reason)
    return {
        "id": ticket.id,
        "state": "void" if is_void else "valid",
        "void_reason": ticket.void_reason,
        "code": "" if is_void else code_of(ticket),
        "place": {
            "id": ticket.place_id,
            "section": ticket.section,
            "row": ticket.row,
            "number": ticket.number,
            "tier": ticket.tier,
        },
        "paise": ticket.paise,
    }


def code_of(ticket: TicketTold) -> str:
    return sign(Content(ticket.show_id, ticket.id, ticket.serial, ticket.place_id), signing_key())


def refund_told(refund: RefundTold) -> dict[str, Any]:
    """One refund. Money goes back the way it came; `asked` is not yet sent, `sent` is with the bank."""
    states = {"requested": "asked", "submitted": "sent", "processed": "done", "failed": "failed"}
    return {
        "id": opaque("refund", refund.id),
        "amount_paise": refund.amount_paise,
        "state": states[refund.state],
        "reason": refund.reason_code,
        "tender": refund.tender,
        "bank_reference": refund.bank_reference,
        "requested_at": _at(refund.requested_at),
        "ended_at": refund.ended_at and _at(refund.ended_at),
    }


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _again(text: str) -> str:
    return _at(_read(text))


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(now: datetime, until: datetime) -> int:
    return max(0, int((until - now).total_seconds()))
