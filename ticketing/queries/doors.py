"""What doors tell of orders, payments and tickets: each in one statement, whose it is included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

Told = dict[str, Any]


def order_told(order_id: int) -> Told | None:
    """An order with its lines, its latest payment and the server's time (`ticketing_order_told`); None if unknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticketing_order_told(%s)", [order_id])
        (told,) = cursor.fetchone()
    return json.loads(told) if told else None


def orders_of(buyer: str, before: int | None, most: int, show_id: int | None) -> list[Told]:
    """A buyer's orders, the newest first, from before an order's id on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT ticketing_order_told(id) FROM (
                   SELECT id FROM ticketing_order
                   WHERE buyer = %(buyer)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
                     AND (%(show_id)s::bigint IS NULL OR show_id = %(show_id)s)
                   ORDER BY id DESC LIMIT %(most)s) o ORDER BY id DESC""",
            {"buyer": buyer, "before": before, "most": most, "show_id": show_id},
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose an order is, and what is needed to pay for it. `payment_id` where it was found by a payment."""

    order_id: int
    buyer: str
    channel: str
    state: str
    show_id: int
    title: str
    pay_for_s: int
    payment_id: int | None = None


_WHOSE = """SELECT o.id, o.buyer, ch.code, o.state, o.show_id, s.title, coalesce(t.pay_for_s, 360){more}
    FROM ticketing_order o JOIN inventory_channel ch ON ch.id = o.channel_id JOIN inventory_show s ON s.id = o.show_id
    LEFT JOIN ticketing_terms t ON t.show_id = o.show_id"""


def whose_order(order_id: int) -> Whose | None:
    with connection.cursor() as cursor:
        cursor.execute(f"{_WHOSE.format(more='')} WHERE o.id = %s", [order_id])
        row = cursor.fetchone()
    return row and Whose(*row)


def whose_payment(payment_id: int) -> Whose | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_WHOSE.format(more=', p.id')} JOIN ticketing_payment p ON p.order_id = o.id WHERE p.id = %s",
            [payment_id],
        )
        row = cursor.fetchone()
    return row and Whose(*row)


def payments_told(order_id: int, payment_id: int | None = None) -> tuple[datetime, list[Told]]:
    """The attempts to pay for an order, the newest first, or one of them; and the server's time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT clock_timestamp(), ticketing_payment_told(p) FROM ticketing_payment p
               WHERE p.order_id = %(order_id)s AND (%(id)s::bigint IS NULL OR p.id = %(id)s) ORDER BY p.id DESC""",
            {"order_id": order_id, "id": payment_id},
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else datetime.max), [json.loads(row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class TicketTold:
    """One ticket as a buyer calls it."""

    id: int
    serial: int
    void_reason: str
    show_id: int
    place_id: int
    section: str
    row: str
    number: str
    tier: str
    paise: int


def tickets_told(order_id: int) -> tuple[Told, list[TicketTold]] | None:
    """Whose the order is and how it stands, and its tickets, void ones too; None where there is no such order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticketing_tickets_told(%s)", [order_id])
        (told,) = cursor.fetchone()
    if told is None:
        return None
    order = json.loads(told)
    return order, [TicketTold(*ticket) for ticket in order.pop("tickets")]


@dataclass(frozen=True, slots=True)
class RefundTold:
    """One refund of an order."""

    id: int
    amount_paise: int
    state: str
    reason_code: str
    tender: str
    bank_reference: str
    requested_at: datetime
    ended_at: datetime | None


def refunds_told(order_id: int) -> list[RefundTold]:
    """An order's refunds, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.id, r.amount_paise, r.state, r.reason_code, p.tender, r.bank_reference, r.requested_at,
                      r.ended_at
               FROM ticketing_refund r JOIN ticketing_payment p ON p.id = r.payment_id
               WHERE r.order_id = %s ORDER BY r.id DESC""",
            [order_id],
        )
        return [RefundTold(*row) for row in cursor.fetchall()]
