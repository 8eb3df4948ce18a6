"""Payments: the statements by which an attempt is opened, found, moved on, and looked at again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.queries import AnsweredBefore, Kept, Stored
from ticketing.gateways.words import Money, Opened


@dataclass(frozen=True, slots=True)
class Attempt:
    """What opening a payment came to. `verdict` is the function's; `at` the server's time.

    `is_fresh` where this very call wrote the row, so that nothing can have been made for it at the gateway.
    """

    verdict: str
    payment_id: int | None
    receipt: str
    amount_paise: int
    closes_at: datetime | None
    at: datetime
    is_fresh: bool
    about: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose the order must be: a digest of the caller's name, and the channel that they are on."""

    buyer: str
    channel: str


def begin(
    order_id: int,
    *,
    payer: Payer | None,
    way: str,
    gateway: str,
    pay_for_s: int | None,
    most: int,
    actor: str,
    kept: Kept | None,
    now: datetime | None,
) -> Attempt:
    """Write the attempt before the gateway is asked (`ticketing_start_payment`). One statement.

    Raises AnsweredBefore where the key has an answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT verdict, payment_id, receipt, amount_paise, closes_at, at, is_fresh, about,
                      earlier_request, earlier_status, earlier_answer
               FROM ticketing_start_payment(%(order_id)s, %(buyer)s, %(channel)s, %(scope)s, %(key)s, %(way)s,
                                            %(gateway)s, %(most)s, %(pay_for_s)s, %(actor)s, %(now)s)""",
            {
                "order_id": order_id,
                "buyer": payer.buyer if payer else None,
                "channel": payer.channel if payer else None,
                "scope": kept.scope if kept else None,
                "key": kept.key if kept else None,
                "way": str(way),
                "gateway": gateway,
                "most": most,
                "pay_for_s": pay_for_s,
                "actor": actor,
                "now": now,
            },
        )
        row = cursor.fetchone()
    if row[0] == "answered":
        raise AnsweredBefore(Stored(row[8], row[9], json.loads(row[10])))
    return Attempt(*row[:8])


def opened(payment_id: int, made: Opened, kept: Kept | None = None, answer: Any = None, status: int = 201) -> bool:
    """What the gateway made for it: whether this was the first to write that down. The key's answer goes with it."""
    keep = (
        ""
        if kept is None
        else """, answered AS (
        INSERT INTO core_keptanswer (scope, key, request, status, answer, at)
        VALUES (%(kept_scope)s, %(kept_key)s, %(kept_request)s, %(status)s, %(answer)s::jsonb, clock_timestamp())
        ON CONFLICT ON CONSTRAINT idempotency_key_is_used_once DO NOTHING)"""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH told AS (
                    UPDATE ticketing_payment SET state = 'pending', link = %(link)s, qr_id = %(qr_id)s,
                        gateway_order_id = %(order_id)s, closes_at = coalesce(%(closes_at)s, closes_at)
                    WHERE id = %(payment_id)s AND state = 'new' RETURNING id){keep}
                SELECT count(*) FROM told""",
            (kept.arguments() if kept else {})
            | {
                "payment_id": payment_id,
                "link": made.link,
                "qr_id": made.qr_id,
                "order_id": made.order_id,
                "closes_at": made.closes_at,
                "status": status,
                "answer": json.dumps(answer),
            },
        )
        (count,) = cursor.fetchone()
    return bool(count)


def take_what_is_due(gateway: str, money: Money, actor: str, now: datetime | None) -> tuple[int, int] | None:
    """The straight way in one statement (`ticketing_take_what_is_due`): the payment and the order it confirmed.

    None where this money is anything but all that was due, in time; nothing was changed then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticketing_take_what_is_due(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                gateway,
                money.payment_id,
                money.qr_id,
                money.order_id,
                money.receipt,
                money.amount_paise,
                money.method[:20],
                money.payer[:60],
                money.bank_reference[:40],
                money.fee_paise,
                money.fee_tax_paise,
                actor,
                now,
            ],
        )
        (taken,) = cursor.fetchone()
    return taken and (int(taken[0]), int(taken[1]))


def find_and_lock(gateway: str, money: Money) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The attempt that this money belongs to and its order, the order's row locked; as rows of columns, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticketing_payment_of_money(%s, %s, %s, %s, %s)",
            [gateway, money.payment_id, money.qr_id, money.order_id, money.receipt],
        )
        (told,) = cursor.fetchone()
    found = json.loads(told) if told else {}
    return found.get("payment"), found.get("order")


def move_on(payment_id: int, **columns: Any) -> None:
    """Write these columns of a payment. Its order's row is locked; a trigger refuses any step back."""
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE ticketing_payment SET {sets} WHERE id = %(id)s", columns | {"id": payment_id})


@dataclass(frozen=True, slots=True)
class Known:
    """What our books have of a gateway's payment."""

    is_waiting: bool
    refunding_paise: int


def known_money(gateway: str, gateway_payment_id: str) -> Known | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT state NOT IN ('captured', 'voided'), refunding_paise FROM ticketing_payment
               WHERE gateway = %s AND gateway_payment_id = %s""",
            [gateway, gateway_payment_id],
        )
        row = cursor.fetchone()
    return row and Known(*row)


def due_to_look(at: datetime, most: int) -> list[int]:
    """Payments whose time to be asked about has come, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ticketing_payment WHERE next_look_at <= %s ORDER BY next_look_at LIMIT %s", [at, most]
        )
        return [row[0] for row in cursor.fetchall()]


def claim_look(payment_id: int, at: datetime, next_s: float) -> bool:
    """Whether it is ours to ask about now: a guarded UPDATE, which also says when next, should we die over it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_payment SET looks = least(looks + 1, 30000),
                   next_look_at = %s + make_interval(secs => %s)
               WHERE id = %s AND next_look_at <= %s""",
            [at, next_s, payment_id, at],
        )
        return bool(cursor.rowcount)


def short_money(order_id: int) -> int:
    """What has come for this order in payments that fell short, and is not on its way back; in paise."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(sum(received_paise - allocated_paise - refunding_paise), 0) FROM ticketing_payment
               WHERE order_id = %s AND state = 'captured' AND aside_as = 'short'""",
            [order_id],
        )
        (paise,) = cursor.fetchone()
    return int(paise)


def allocate_short(order_id: int) -> None:
    """What had come short now pays for the order, whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_payment SET allocated_paise = received_paise - refunding_paise,
                   aside_as = CASE WHEN refunding_paise = 0 THEN '' ELSE aside_as END
               WHERE order_id = %s AND state = 'captured' AND aside_as = 'short'""",
            [order_id],
        )


_OVERDUE = """o.state = 'awaiting_payment' AND (c.ended_at IS NOT NULL OR c.due_at <= %(at)s)
    AND NOT EXISTS (SELECT FROM ticketing_payment p
                    WHERE p.order_id = o.id AND p.state IN ('new', 'pending', 'authorized'))"""


def overdue_orders(at: datetime, most: int) -> list[int]:
    """Orders that await a payment though their lock is over, and no attempt is still open."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.id FROM ticketing_order o JOIN inventory_claim c ON c.id = o.lock_id
                WHERE {_OVERDUE} ORDER BY o.placed_at LIMIT %(most)s""",
            {"at": at, "most": most},
        )
        return [row[0] for row in cursor.fetchall()]


def is_overdue(order_id: int, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT EXISTS (SELECT FROM ticketing_order o JOIN inventory_claim c ON c.id = o.lock_id
                               WHERE o.id = %(order_id)s AND {_OVERDUE})""",
            {"order_id": order_id, "at": at},
        )
        (is_so,) = cursor.fetchone()
    return bool(is_so)
