"""Refunds: which are due, whose a piece of news is, and the guarded changes of their state.

Lock order: the order's row, then the payment's, then the refund's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ticketing.gateways.words import Returned


@dataclass(frozen=True, slots=True)
class Found:
    """The payment that a refund is of, and the refund's row where we have one.

    `rest_id` is a second row of the same refund: the gateway gave back more than paid for the order, in one sum.
    """

    payment_id: int
    payment_state: str
    order_id: int | None
    refund_id: int | None
    state: str
    gateway_refund_id: str
    rest_id: int | None


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
            """UPDATE ticketing_refund SET tries = least(tries + 1, 30000), next_try_at = %s + make_interval(
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
        cursor.execute("SELECT state FROM ticketing_payment WHERE id = %s FOR NO KEY UPDATE", [payment_id])
        (payment_state,) = cursor.fetchone()
        # By its own id before our key: what failed with us and was made nevertheless has a row of its own.
        cursor.execute(
            """SELECT r.id, r.state, r.gateway_refund_id, (
                   SELECT n.id FROM ticketing_refund n WHERE n.key = %(rest)s)
               FROM ticketing_refund r
               WHERE r.payment_id = %(payment_id)s
                 AND (r.gateway_refund_id = %(told_id)s OR r.key = %(key)s AND %(key)s <> '')
               ORDER BY r.gateway_refund_id = %(told_id)s DESC, r.id LIMIT 1""",
            {
                "payment_id": payment_id,
                "told_id": told.refund_id,
                "key": told.key,
                "rest": key_of_rest(told.refund_id),
            },
        )
        known = cursor.fetchone() or (None, "", "", None)
    return Found(payment_id, payment_state, order_id, *known)


def key_of_gateway(gateway_refund_id: str) -> str:
    """The key of a refund that the gateway made by itself."""
    return f"gateway-{gateway_refund_id}"[:35]


def key_of_rest(gateway_refund_id: str) -> str:
    return f"{key_of_gateway(gateway_refund_id)}-rest"


def lock(refund_id: int) -> str | None:
    """Lock a refund's order, payment and row; its state, or None where there is no such refund."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.id, p.order_id FROM ticketing_refund r JOIN ticketing_payment p ON p.id = r.payment_id
               WHERE r.id = %s""",
            [refund_id],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute("SELECT FROM ticketing_order WHERE id = %s FOR NO KEY UPDATE", [row[1]])
        cursor.execute("SELECT FROM ticketing_payment WHERE id = %s FOR NO KEY UPDATE", [row[0]])
        cursor.execute("SELECT state FROM ticketing_refund WHERE id = %s FOR NO KEY UPDATE", [refund_id])
        (state,) = cursor.fetchone()
    return str(state)


def left(payment_id: int, *, of_aside: bool) -> int:
    """What may still go back of one part of a payment: of what was set aside, or of what paid for the order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT CASE WHEN %(of_aside)s THEN p.received_paise - p.allocated_paise ELSE p.allocated_paise END - (
                   SELECT coalesce(sum(r.amount_paise), 0) FROM ticketing_refund r
                   WHERE r.payment_id = p.id AND r.of_aside = %(of_aside)s AND r.state <> 'failed')
               FROM ticketing_payment p WHERE p.id = %(payment_id)s""",
            {"payment_id": payment_id, "of_aside": of_aside},
        )
        (paise,) = cursor.fetchone()
    return int(paise)


def going_back(order_id: int) -> int:
    """What has gone back, or is on its way, of the money that paid for an order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(sum(amount_paise), 0) FROM ticketing_refund
               WHERE order_id = %s AND NOT of_aside AND state <> 'failed'""",
            [order_id],
        )
        (paise,) = cursor.fetchone()
    return int(paise)


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
