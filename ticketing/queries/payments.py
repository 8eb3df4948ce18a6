"""Payments: the statements by which an attempt is opened, found, moved on, and looked at again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.queries import AnsweredBefore, Kept, Stored, find
from ticketing.gateways.words import Money, Opened


@dataclass(frozen=True, slots=True)
class Attempt:
    """What opening a payment came to. `verdict` is the function's; `at` the server's time; `about` what it is for."""

    verdict: str
    payment_id: int | None
    receipt: str
    amount_paise: int
    closes_at: datetime | None
    at: datetime
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
            """SELECT verdict, payment_id, receipt, amount_paise, closes_at, at, about,
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
        raise AnsweredBefore(Stored(row[7], row[8], json.loads(row[9])))
    return Attempt(*row[:7])


def opened(payment_id: int, made: Opened, kept: Kept | None = None, answer: Any = None, status: int = 201) -> bool:
    """What the gateway made for it: whether this was the first to write that down. The key's answer goes with it.

    Raises AnsweredBefore where it was the first, and its key had an answer.
    """
    keep = (
        ""
        if kept is None
        else """, answered AS (
        INSERT INTO core_keptanswer (scope, key, request, status, answer, at)
        SELECT %(kept_scope)s, %(kept_key)s, %(kept_request)s, %(status)s, %(answer)s::jsonb, clock_timestamp()
        FROM told ON CONFLICT ON CONSTRAINT idempotency_key_is_used_once DO NOTHING RETURNING id)"""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH told AS (
                    UPDATE ticketing_payment SET state = 'pending', link = %(link)s, qr_id = %(qr_id)s,
                        gateway_order_id = %(order_id)s, closes_at = coalesce(%(closes_at)s, closes_at)
                    WHERE id = %(payment_id)s AND state = 'new' RETURNING id){keep}
                SELECT count(*), {"(SELECT count(*) FROM answered)" if kept else "1"} FROM told""",
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
        count, kept_count = cursor.fetchone()
    if kept and count and not kept_count and (stored := find(kept)):
        raise AnsweredBefore(stored)
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
    """The attempt that this money belongs to and its order, the order's row locked; as rows of columns, or None.

    Beside its columns the attempt has `has_others` (another of the order is open), the order `short_paise` (what came
    for it before and fell short). Where no attempt is known, whoever is told the same at the same moment waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticketing_payment_of_money(%s, %s, %s, %s, %s)",
            [gateway, money.payment_id, money.qr_id, money.order_id, money.receipt],
        )
        (told,) = cursor.fetchone()
    found = json.loads(told) if told else {}
    return found.get("payment"), found.get("order")


def lock(payment_id: int) -> bool:
    """Lock a payment's order and then its own row; whether there is such a payment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT order_id FROM ticketing_payment WHERE id = %s", [payment_id])
        row = cursor.fetchone()
        if row:
            cursor.execute("SELECT FROM ticketing_order WHERE id = %s FOR NO KEY UPDATE", [row[0]])
            cursor.execute("SELECT FROM ticketing_payment WHERE id = %s FOR NO KEY UPDATE", [payment_id])
    return row is not None


def move_on(payment_id: int, **columns: Any) -> None:
    """Write these columns of a payment. Its order's row is locked; a trigger refuses any step back."""
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE ticketing_payment SET {sets} WHERE id = %(id)s", columns | {"id": payment_id})


def look_soon(order_id: int, at: datetime) -> None:
    """The order needs no more money: what is still open of its attempts is looked at now, and closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_payment SET next_look_at = %s
               WHERE order_id = %s AND state IN ('new', 'pending')""",
            [at, order_id],
        )


def look_again(payment_id: int, at: datetime, states: Sequence[str]) -> None:
    """When to look next, if it is still as it was; what came of a look meanwhile says by itself when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ticketing_payment SET next_look_at = %s WHERE id = %s AND state = ANY(%s)",
            [at, payment_id, list(states)],
        )


def stop_looking(payment_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ticketing_payment SET next_look_at = NULL WHERE id = %s", [payment_id])


def is_watched(order_id: int) -> bool:
    """Whether any attempt of this order is still looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ticketing_payment WHERE order_id = %s AND next_look_at IS NOT NULL)", [order_id]
        )
        (is_so,) = cursor.fetchone()
    return bool(is_so)


@dataclass(frozen=True, slots=True)
class Known:
    """What our books have of a gateway's payment."""

    state: str
    refunding_paise: int

    @property
    def is_ours(self) -> bool:
        """We have it, and tell its refunds."""
        return self.state == "captured"


def known_money(gateway: str, gateway_payment_id: str) -> Known | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT state, refunding_paise FROM ticketing_payment
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


def cash_of_contact(show_id: int, contact_digest: str) -> int:
    """What one contact has paid in cash for a show, over all orders; in paise. Whoever adds to it waits here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('contact ' || %s, %s))", [contact_digest, show_id]
        )
        cursor.execute(
            """SELECT coalesce(sum(p.received_paise), 0)
               FROM ticketing_order o JOIN ticketing_payment p ON p.order_id = o.id
               WHERE o.show_id = %s AND o.contact_digest = %s AND p.tender = 'cash'""",
            [show_id, contact_digest],
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
                    WHERE p.order_id = o.id AND p.state IN ('new', 'pending'))"""


def overdue_orders(at: datetime, most: int) -> list[int]:
    """Orders that await a payment though their lock is over, and no attempt is still open.

    One that is authorized keeps nothing: accepted it is late money, and else it goes back by itself.
    """
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
