"""Letters: which are due, and the guarded changes by which one is claimed, sent, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours to send now. `contact` is '' where there is none, or none any more."""

    id: int
    order_id: int
    kind: str
    about: int
    tries: int
    contact: str


@dataclass(frozen=True, slots=True)
class Returning:
    """Money on its way back, for a letter: how much, how it goes (a tender), and what of the order's show it is of."""

    order_id: int
    paise: int
    tender: str
    title: str
    starts_at: datetime
    seats: int
    seats_left: int
    seller: str
    help_at: str


def due(at: datetime, wait_for_document_s: float, most: int) -> list[int]:
    """Letters whose time has come, the longest waiting first.

    One with tickets waits for the order's document, so that they name it; but only so long.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.id FROM ticketing_letter l JOIN ticketing_order o ON o.id = l.order_id
               WHERE l.due_at <= %(at)s AND l.sent_at IS NULL
                 AND (l.kind <> 'tickets' OR NOT o.is_document_due
                      OR o.confirmed_at <= %(at)s - make_interval(secs => %(wait)s))
               ORDER BY l.due_at, l.id LIMIT %(most)s""",
            {"at": at, "wait": wait_for_document_s, "most": most},
        )
        return [row[0] for row in cursor.fetchall()]


def claim(letter_id: int, at: datetime, first_s: float, last_s: float) -> Claimed | None:
    """The letter, if it is ours to send now. It is due again after a gap, twice as long each time, should we die."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_letter l SET tries = tries + 1,
                   due_at = %(at)s + make_interval(secs => least(%(last)s, %(first)s * power(2, least(tries, 20))))
               WHERE l.id = %(id)s AND l.due_at <= %(at)s AND l.sent_at IS NULL
               RETURNING l.id, l.order_id, l.kind, l.about, l.tries, coalesce(
                   (SELECT c.contact FROM ticketing_ordercontact c WHERE c.order_id = l.order_id), '')""",
            {"id": letter_id, "at": at, "first": first_s, "last": last_s},
        )
        row = cursor.fetchone()
    return row and Claimed(*row)


def sent(letter_id: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ticketing_letter SET sent_at = %s, due_at = NULL, error = '' WHERE id = %s", [at, letter_id]
        )


def failed(letter_id: int, error: str, *, is_final: bool) -> None:
    """It could not be sent; it stays due at the time its claim gave it, unless that was final."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ticketing_letter SET error = %s, due_at = CASE WHEN %s THEN NULL ELSE due_at END WHERE id = %s",
            [error[:200], is_final, letter_id],
        )


def give_up_for(order_id: int, why: str) -> int:
    """Send none of an order's letters that are not sent; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_letter SET due_at = NULL, error = %s
               WHERE order_id = %s AND sent_at IS NULL AND due_at IS NOT NULL""",
            [why, order_id],
        )
        return int(cursor.rowcount)


def give_up_tickets_of_the_past(begun_before: datetime, why: str) -> int:
    """Send no tickets any more for shows that began before this moment; how many letters that were."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_letter l SET due_at = NULL, error = %s
               FROM ticketing_order o JOIN inventory_show s ON s.id = o.show_id
               WHERE l.due_at IS NOT NULL AND l.sent_at IS NULL AND l.kind = 'tickets'
                 AND o.id = l.order_id AND s.starts_at < %s""",
            [why, begun_before],
        )
        return int(cursor.rowcount)


_RETURNING = """SELECT o.id, f.paise, f.tender, s.title, s.starts_at, f.seats,
        (SELECT count(*) FROM ticketing_ticket WHERE order_id = o.id AND voided_at IS NULL),
        coalesce(e.legal_name, ''), coalesce(e.support_contact, '')
    FROM ({money}) f JOIN ticketing_order o ON o.id = f.order_id JOIN inventory_show s ON s.id = o.show_id
    LEFT JOIN ticketing_terms t ON t.show_id = s.id LEFT JOIN ticketing_seller e ON e.id = t.seller_id"""

# Refunds of an order that were asked for in one act have one moment; so have the tickets that died for them.
_OF_REFUND = """
    SELECT r.order_id, sum(b.amount_paise) AS paise, min(p.tender) AS tender,
           (SELECT count(*) FROM ticketing_ticket k
            WHERE k.order_id = r.order_id AND k.voided_at = r.requested_at AND k.void_reason <> 'reseated') AS seats
    FROM ticketing_refund r JOIN ticketing_refund b ON b.order_id = r.order_id AND b.requested_at = r.requested_at
    JOIN ticketing_payment p ON p.id = r.payment_id WHERE r.id = %s GROUP BY r.id, r.order_id, r.requested_at"""
_OF_LATE_PAYMENT = """
    SELECT p.order_id, coalesce(sum(r.amount_paise), p.received_paise) AS paise, p.tender, 0 AS seats
    FROM ticketing_payment p
    LEFT JOIN ticketing_refund r ON r.order_id = p.order_id AND r.requested_at = p.captured_at AND r.of_aside
    WHERE p.id = %s GROUP BY p.id"""
_OF_ORDER = """
    SELECT p.order_id, coalesce(sum(r.amount_paise), 0) AS paise, min(p.tender) AS tender,
           (SELECT count(*) FROM ticketing_ticket k WHERE k.order_id = p.order_id AND k.voided_at IS NOT NULL
            AND k.void_reason <> 'reseated') AS seats
    FROM ticketing_payment p LEFT JOIN ticketing_refund r ON r.payment_id = p.id AND r.state <> 'failed'
    WHERE p.order_id = %s GROUP BY p.order_id HAVING count(r.id) > 0 OR bool_and(p.tender = 'complimentary')"""


def returned_by_refund(refund_id: int) -> Returning | None:
    """What goes back by this refund, and by those that were asked for with it."""
    return _returning(_OF_REFUND, refund_id)


def returned_as_late(payment_id: int) -> Returning | None:
    """What goes back because this payment came too late, what had come short for the order before included."""
    return _returning(_OF_LATE_PAYMENT, payment_id)


def returned_of_order(order_id: int) -> Returning | None:
    """All that goes back of an order."""
    return _returning(_OF_ORDER, order_id)


def _returning(money: str, about: int) -> Returning | None:
    with connection.cursor() as cursor:
        cursor.execute(_RETURNING.format(money=money), [about])
        row = cursor.fetchone()
    return row and Returning(row[0], int(row[1]), *row[2:])
