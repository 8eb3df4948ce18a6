"""Which places a hold by number would take: the best, the worst, or spread over the rows. A look, without a lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import TextChoices

from inventory.queries.stock.seen import moment, places


class Order(TextChoices):
    """`spread`: over all rows alike, and in each row its best."""

    BEST = "best", "The best"
    WORST = "worst", "The worst"
    SPREAD = "spread", "Spread over the rows"


def pick(
    show_id: int,
    quantity: int,
    order: str,
    *,
    tier_id: int | None = None,
    section_id: int | None = None,
    allocation_id: int | None = None,
    at: datetime | None = None,
) -> list[int]:
    """Up to `quantity` open places under one allocation's label, ascending; without one, of what counts as the pool.

    What has run out or is due by then is open. Wheelchair and companion places are never among them: they are kept for
    those who ask by name.
    """
    asked = {
        "show_id": show_id,
        "quantity": quantity,
        "tier_id": tier_id,
        "section_id": section_id,
        "allocation_id": allocation_id,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES + _CHOICES[Order(order)], asked)
        return sorted(row[0] for row in cursor.fetchall())


_CANDIDATES = f"""WITH {moment()}, {
    places(
        only='''NOT p.is_accessible AND NOT p.is_companion
                AND (%(tier_id)s::bigint IS NULL OR p.tier_id = %(tier_id)s)
                AND (%(section_id)s::bigint IS NULL OR p.section_id = %(section_id)s)'''
    )
},
    candidates AS MATERIALIZED (
        SELECT p.id, p.rank, p.section_id, p."row", min(p.rank) OVER (PARTITION BY p.section_id, p."row") AS front
        FROM clock CROSS JOIN seen JOIN inventory_place p ON p.id = seen.id
            JOIN inventory_allocation a ON a.id = seen.label
        WHERE seen.status = 'open' AND CASE WHEN %(allocation_id)s::bigint IS NULL
            THEN a.is_pool OR coalesce(a.closes_at <= clock.at, false) ELSE a.id = %(allocation_id)s END)"""

_CHOICES = {
    Order.BEST: " SELECT id FROM candidates ORDER BY rank, id LIMIT %(quantity)s",
    Order.WORST: " SELECT id FROM candidates ORDER BY rank DESC, id DESC LIMIT %(quantity)s",
    # Walking through the house row by row, every so manieth place says in which row one more is taken.
    Order.SPREAD: """,
        walked AS (
            SELECT *, row_number() OVER (ORDER BY front, section_id, "row", rank, id) - 1 AS nth,
                   row_number() OVER (PARTITION BY section_id, "row" ORDER BY rank, id) AS nth_of_row
            FROM candidates),
        steps AS (
            SELECT i * (SELECT count(*) FROM candidates) / %(quantity)s AS nth
            FROM generate_series(0, %(quantity)s::bigint - 1) i),
        shares AS (
            SELECT section_id, "row", count(*) AS places FROM walked WHERE nth IN (SELECT nth FROM steps) GROUP BY 1, 2)
        SELECT w.id FROM walked w JOIN shares s ON s.section_id = w.section_id AND s."row" = w."row"
        WHERE w.nth_of_row <= s.places""",
}


def not_open(show_id: int, place_ids: Sequence[int], at: datetime | None = None) -> list[int]:
    """Which of these places are not open, or not of this show. What has run out or is due by then is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {moment()}, {places(only="p.id = ANY(%(place_ids)s)")}
                SELECT asked.id FROM unnest(%(place_ids)s::bigint[]) AS asked (id)
                WHERE NOT EXISTS (SELECT FROM seen WHERE seen.id = asked.id AND seen.status = 'open') ORDER BY 1""",
            {"show_id": show_id, "place_ids": list(place_ids), "at": at},
        )
        return [row[0] for row in cursor.fetchall()]
