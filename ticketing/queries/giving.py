"""Complimentary orders: their numbers beforehand, and the statement that writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class NewGift:
    """One order that costs nothing. The letter with its tickets goes out `after_s` seconds from now."""

    order_id: int
    sale_id: int
    recipient: str
    name: str
    contact: str
    digest: str
    quantity: int
    after_s: int


def next_orders(count: int) -> list[int]:
    """So many numbers for orders, each nobody else's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('ticketing_order', 'id')) FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())


def one_file_at_a_time(show_id: int, digest: str) -> None:
    """Of two who issue the same file for a show, one waits until the other has, and then finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('guests ' || %s, %s))", [digest, show_id])


@dataclass(frozen=True, slots=True)
class GivenAway:
    """What one class of guests was given for a show and still has: tickets, and what they would have cost."""

    recipient: str
    tickets: int
    worth_paise: int


def given_away(show_id: int) -> list[GivenAway]:
    """By class, the most first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.recipient, count(*), sum(p.paise)
               FROM ticketing_order o JOIN ticketing_complimentary c ON c.order_id = o.id
               JOIN ticketing_ticket t ON t.order_id = o.id AND t.voided_at IS NULL
               JOIN ticketing_orderline l ON l.id = t.line_id JOIN ticketing_price p ON p.id = l.price_id
               WHERE o.show_id = %s GROUP BY 1 ORDER BY 2 DESC, 1""",
            [show_id],
        )
        return [GivenAway(recipient, tickets, int(paise)) for recipient, tickets, paise in cursor.fetchall()]


def give(
    *,
    show_id: int,
    channel_id: int,
    buyer: str,
    actor: str,
    reason_code: str,
    sac: str,
    gifts: Sequence[NewGift],
    lines: Sequence[dict[str, Any]],
    now: datetime | None,
) -> None:
    """Write these orders with their tickets; `lines` name order_id, place_id, tier_id and price_id. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticketing_give(%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)",
            [
                show_id,
                channel_id,
                buyer,
                actor,
                reason_code,
                sac,
                json.dumps([asdict(gift) for gift in gifts]),
                json.dumps(lines),
                now,
            ],
        )
