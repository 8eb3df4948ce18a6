"""What will change by itself: openings, closings, steps of ladders and the ends of holds that lie ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Coming:
    """One change at its moment. `kind`: `opens` (for `channel`), `closes`, `gives` (so much, `to` an allocation) or
    `ends` (a hold). `name` is the allocation's; `of_hold`, the party's for whom is held.
    """

    at: datetime
    kind: str
    name: str
    channel: str
    share_percent: int | None
    quantity: int | None
    to: str
    of_hold: bool


def coming(show_id: int, at: datetime, most: int) -> list[Coming]:
    """The next so many changes of a show after `at`, the earliest first, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "at": at, "most": most})
        return [Coming(*row) for row in cursor.fetchall()]


_STATEMENT = """
    SELECT * FROM (
        SELECT o.opens_at AS at, 'opens', a.name, c.name AS channel, NULL::integer, NULL::integer, '', false
        FROM inventory_allocation a JOIN inventory_allocationchannel o ON o.allocation_id = a.id
        JOIN inventory_channel c ON c.id = o.channel_id WHERE a.show_id = %(show_id)s
        UNION ALL
        SELECT closes_at, 'closes', name, '', NULL, NULL, '', false
        FROM inventory_allocation WHERE show_id = %(show_id)s
        UNION ALL
        SELECT s.at, 'gives', coalesce(a.name, f.party), '', s.share_percent, s.quantity,
               CASE WHEN t.is_pool OR t.id IS NULL AND s.hold_id IS NULL THEN 'the pool' ELSE coalesce(t.name, '') END,
               s.hold_id IS NOT NULL
        FROM inventory_releasestep s LEFT JOIN inventory_allocation a ON a.id = s.allocation_id
        LEFT JOIN inventory_hold f ON f.claim_id = s.hold_id LEFT JOIN inventory_claim c ON c.id = s.hold_id
        LEFT JOIN inventory_allocation t ON t.id = s.to_allocation_id
        WHERE s.show_id = %(show_id)s AND s.done_at IS NULL AND c.ended_at IS NULL
        UNION ALL
        SELECT c.expires_at, 'ends', f.party, '', NULL, NULL, '', true
        FROM inventory_claim c JOIN inventory_hold f ON f.claim_id = c.id
        WHERE c.show_id = %(show_id)s AND c.kind = 'hold' AND c.ended_at IS NULL) change
    WHERE at > %(at)s ORDER BY 1, 2, 3, 4 LIMIT %(most)s"""
