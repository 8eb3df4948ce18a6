"""Refunds: which are due, whose a piece of news is, and the guarded changes of their state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ticketing.gateways.words import Returned


@dataclass(frozen=True, slots=True)
class Found:
    """The payment that a refund is of, and the refund's row where we have one."""

    payment_id: int
    refund_id: int | None
    state: str


def due(at: datetime, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ticketing_refund WHERE next_try_at <= %s ORDER BY next_try_at LIMIT %s", [at, most]
        )
        return [row[0] for row in cursor.fetchall()]


def claim_try(refund_id: int, at: datetime, first_s: int, last_s: int) -> bool:
    """Whether it is ours to send now; the next try is twice as far away each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_refund SET tries = tries + 1, next_try_at = %s + make_interval(
                   secs => least(%s, %s * power(2, least(tries, 20))))
               WHERE id = %s AND next_try_at <= %s AND state IN ('requested', 'submitted')""",
            [at, last_s, first_s, refund_id, at],
        )
        return bool(cursor.rowcount)


def find_and_lock(gateway: str, told: Returned) -> Found | None:
    """Whose refund this is, with the rows of its order and payment locked: known by its own id, or by our key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, order_id FROM ticketing_payment WHERE gateway = %s AND gateway_payment_id = %s",
            [gateway, told.payment_id],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        payment_id, order_id = row
        cursor.execute("SELECT FROM ticketing_order WHERE id = %s FOR NO KEY UPDATE", [order_id])
        cursor.execute("SELECT FROM ticketing_payment WHERE id = %s FOR NO KEY UPDATE", [payment_id])
        cursor.execute(
            """SELECT id, state FROM ticketing_refund
               WHERE payment_id = %s AND (gateway_refund_id = %s OR key = %s AND %s <> '') ORDER BY id LIMIT 1""",
            [payment_id, told.refund_id, told.key, told.key],
        )
        known = cursor.fetchone()
    return Found(payment_id, known and known[0], known[1] if known else "")


def submitted(refund_id: int, gateway_refund_id: str, at: datetime) -> None:
    """The gateway has it and is at it. Asked about again in an hour, should nobody tell us."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_refund SET state = 'submitted', gateway_refund_id = %s,
                   submitted_at = coalesce(submitted_at, %s), next_try_at = %s + interval '1 hour'
               WHERE id = %s AND state IN ('requested', 'submitted')""",
            [gateway_refund_id, at, at, refund_id],
        )


def end(
    refund_id: int,
    state: str,
    at: datetime,
    *,
    gateway_refund_id: str = "",
    bank_reference: str = "",
    failure: str = "",
) -> bool:
    """It is processed, or has failed. A processed refund of a sale needs its credit note."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_refund SET state = %s, ended_at = %s, next_try_at = NULL, failure = %s,
                   gateway_refund_id = coalesce(nullif(%s, ''), gateway_refund_id),
                   bank_reference = coalesce(nullif(%s, ''), bank_reference),
                   is_document_due = %s = 'processed' AND NOT of_aside
               WHERE id = %s AND state IN ('requested', 'submitted')""",
            [state, at, failure[:200], gateway_refund_id, bank_reference[:40], state, refund_id],
        )
        return bool(cursor.rowcount)
