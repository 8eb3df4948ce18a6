"""What names people and has had its time: the statements that take it out, in steps that hold nobody up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

STEP = 1000


def empty_events(received_before: datetime) -> int:
    """Empty the bodies of old webhooks; that they came stays. How many were emptied."""
    return _in_steps(
        """UPDATE ticketing_gatewayevent SET sealed = '', next_try_at = NULL,
               done_at = coalesce(done_at, clock_timestamp()), outcome = coalesce(nullif(outcome, ''), 'too_old')
           WHERE id IN (SELECT id FROM ticketing_gatewayevent
                        WHERE received_at < %s AND octet_length(sealed) > 0 ORDER BY id LIMIT %s)""",
        received_before,
    )


def delete_contacts(begun_before: datetime) -> int:
    """Delete the contacts of orders for shows that began before this moment; how many."""
    return _in_steps(
        """DELETE FROM ticketing_ordercontact WHERE order_id IN (
               SELECT c.order_id FROM ticketing_ordercontact c JOIN ticketing_order o ON o.id = c.order_id
               JOIN inventory_show s ON s.id = o.show_id WHERE s.starts_at < %s ORDER BY c.order_id LIMIT %s)""",
        begun_before,
    )


def empty_notes(begun_before: datetime) -> int:
    """Empty what guest lists say beside their guests, for shows that began before this moment; how many."""
    return _in_steps(
        """UPDATE ticketing_guest SET note = '' WHERE id IN (
               SELECT g.id FROM ticketing_guest g JOIN ticketing_order o ON o.id = g.order_id
               JOIN inventory_show s ON s.id = o.show_id
               WHERE g.note <> '' AND s.starts_at < %s ORDER BY g.id LIMIT %s)""",
        begun_before,
    )


def forget_digests(begun_before: datetime) -> int:
    """Empty the digests by which one contact's tickets were counted, for shows that began before; how many."""
    return _in_steps(
        """UPDATE ticketing_order SET contact_digest = '' WHERE id IN (
               SELECT o.id FROM ticketing_order o JOIN inventory_show s ON s.id = o.show_id
               WHERE o.contact_digest <> '' AND s.starts_at < %s ORDER BY o.id LIMIT %s)""",
        begun_before,
    )


def _in_steps(statement: str, *parameters: Any) -> int:
    count = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, [*parameters, STEP])
            count += int(cursor.rowcount)
            if cursor.rowcount < STEP:
                return count
