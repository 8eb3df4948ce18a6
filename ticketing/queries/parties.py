"""Orders that wait for a party's money: places of a hold, ordered and not paid yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Awaited:
    """One order over a hold: for whom, how much, and since when."""

    order_id: int
    show_id: int
    title: str
    is_cancelled: bool
    party: str
    quantity: int
    paise: int
    since: datetime


def awaiting_money(most: int, show_id: int | None = None) -> list[Awaited]:
    """The oldest first; of one show alone, if one is named. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id, o.show_id, s.title, s.state = 'cancelled', h.party, o.quantity, o.total_paise, o.placed_at
               FROM ticketing_order o JOIN inventory_hold h ON h.claim_id = o.lock_id
               JOIN inventory_show s ON s.id = o.show_id
               WHERE o.state = 'awaiting_payment' AND (%(show_id)s::bigint IS NULL OR o.show_id = %(show_id)s)
               ORDER BY o.placed_at, o.id LIMIT %(most)s""",
            {"show_id": show_id, "most": most},
        )
        return [Awaited(*row) for row in cursor.fetchall()]
