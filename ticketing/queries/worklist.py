"""Money that needs a person: every rupee that is neither a ticket nor given back, oldest first.

The list is read off the books, not kept beside them, so it cannot fall out of step with what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `what`: unmatched, review, refund_failed, refund_by_hand, refund_to_ask, refund_under_way,
    part_went_back."""

    what: str
    payment_id: int
    refund_id: int | None
    order_id: int | None
    show_id: int | None
    paise: int
    since: datetime
    is_of_aside: bool
    """Of money that was set aside, and not of what had paid for an order."""


# A refund that failed, and that nobody has asked for again (`retry_refund` makes the new key of the old refund's id).
_FAILED = """SELECT f.* FROM ticketing_refund f
    WHERE f.state = 'failed'
      AND NOT EXISTS (SELECT FROM ticketing_refund n
                      WHERE n.payment_id = f.payment_id AND starts_with(n.key, 'again-' || f.id || '-'))"""

LINES = f"""
    -- Set aside, and nobody has asked for it back.
    SELECT CASE WHEN p.aside_as IN ('unmatched', 'review') THEN p.aside_as
                WHEN f.id IS NOT NULL THEN 'refund_failed'
                ELSE 'refund_to_ask' END AS what,
           p.id AS payment_id, f.id AS refund_id, p.order_id, o.show_id,
           p.received_paise - p.allocated_paise - coalesce(r.of_aside, 0) AS paise,
           CASE WHEN p.aside_as IN ('unmatched', 'review') THEN p.captured_at
                ELSE coalesce(f.ended_at, p.captured_at) END AS since,
           true AS is_of_aside
    FROM ticketing_payment p LEFT JOIN ticketing_order o ON o.id = p.order_id
    LEFT JOIN LATERAL (SELECT sum(amount_paise) AS of_aside FROM ticketing_refund r
                       WHERE r.payment_id = p.id AND r.of_aside AND r.state <> 'failed') r ON true
    LEFT JOIN LATERAL (SELECT max(n.id) AS id, max(n.ended_at) AS ended_at FROM ({_FAILED}) n
                       WHERE n.payment_id = p.id AND n.of_aside) f ON true
    WHERE p.aside_as <> '' AND p.received_paise - p.allocated_paise > coalesce(r.of_aside, 0)
    UNION ALL
    -- Owed for tickets that died, and its refund has failed: the newest failures, as far as the order still owes.
    SELECT 'refund_failed', f.payment_id, f.id, f.order_id, f.show_id, least(f.amount_paise, f.owes - f.newer),
           coalesce(f.ended_at, f.requested_at), false
    FROM (
        SELECT n.*, o.show_id, o.returned_paise - coalesce(r.going, 0) AS owes,
               sum(n.amount_paise) OVER (PARTITION BY n.order_id ORDER BY n.id DESC) - n.amount_paise AS newer
        FROM ({_FAILED}) n JOIN ticketing_order o ON o.id = n.order_id
        LEFT JOIN LATERAL (SELECT sum(amount_paise) AS going FROM ticketing_refund r
                           WHERE r.order_id = n.order_id AND NOT r.of_aside AND r.state <> 'failed') r ON true
        WHERE NOT n.of_aside) f
    WHERE f.owes > f.newer
    UNION ALL
    -- Asked for and not done.
    SELECT CASE WHEN p.tender = 'gateway' THEN 'refund_under_way' ELSE 'refund_by_hand' END,
           r.payment_id, r.id, r.order_id, o.show_id, r.amount_paise, r.requested_at,
           r.of_aside
    FROM ticketing_refund r JOIN ticketing_payment p ON p.id = r.payment_id
    LEFT JOIN ticketing_order o ON o.id = r.order_id WHERE r.state IN ('requested', 'submitted')
    UNION ALL
    -- The gateway gave back more than the tickets that died were worth.
    SELECT 'part_went_back', min(r.payment_id), max(r.id), o.id, o.show_id, sum(r.amount_paise) - o.returned_paise,
           max(r.requested_at), false
    FROM ticketing_order o JOIN ticketing_refund r ON r.order_id = o.id
    WHERE NOT r.of_aside AND r.state <> 'failed' AND o.confirmed_at IS NOT NULL
    GROUP BY o.id HAVING sum(r.amount_paise) > o.returned_paise"""


def work_list(most: int = 500, show_id: int | None = None) -> list[Line]:
    """What needs a person, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT * FROM ({LINES}) l WHERE %(show_id)s::bigint IS NULL OR l.show_id = %(show_id)s
                ORDER BY since, payment_id, refund_id LIMIT %(most)s""",
            {"show_id": show_id, "most": most},
        )
        return [Line(*row) for row in cursor.fetchall()]
