"""Which places a slice takes, which of an earlier change still lie where it put them, and what that change was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

_IN_PART = """p.show_id = %(show_id)s AND (%(tier_id)s::bigint IS NULL OR p.tier_id = %(tier_id)s)
    AND (%(section_id)s::bigint IS NULL OR p.section_id = %(section_id)s)
    AND CASE WHEN %(allocation_id)s::bigint IS NULL
        THEN a.is_pool OR coalesce(a.closes_at <= %(at)s, false) ELSE a.id = %(allocation_id)s END"""


def part(
    show_id: int, *, tier_id: int | None, section_id: int | None, allocation_id: int | None, at: datetime
) -> list[int]:
    """Every place there under one allocation's label, whatever its state; without one, of what counts as the pool.

    What is due by then must have been carried out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.id FROM inventory_place p JOIN inventory_allocation a ON a.id = p.allocation_id
                WHERE {_IN_PART} ORDER BY p.id""",
            _asked(show_id, tier_id, section_id, allocation_id, at),
        )
        return [row[0] for row in cursor.fetchall()]


def count_to_pick(
    show_id: int, *, tier_id: int | None, section_id: int | None, allocation_id: int | None, at: datetime
) -> int:
    """How many places there a pick could choose from: open, and neither a wheelchair nor a companion place."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FROM inventory_place p JOIN inventory_allocation a ON a.id = p.allocation_id
                WHERE {_IN_PART} AND p.status = 'open' AND NOT p.is_accessible AND NOT p.is_companion""",
            _asked(show_id, tier_id, section_id, allocation_id, at),
        )
        (count,) = cursor.fetchone()
    return int(count)


def _asked(
    show_id: int, tier_id: int | None, section_id: int | None, allocation_id: int | None, at: datetime
) -> dict[str, Any]:
    part = {"tier_id": tier_id, "section_id": section_id, "allocation_id": allocation_id}
    return {"show_id": show_id, "at": at} | part


@dataclass(frozen=True, slots=True)
class WayBack:
    """Places that a change of labels moved and that still lie where it put them: from there back to where they were."""

    from_allocation: int
    to_allocation: int
    place_ids: list[int]


def ways_back(movement_id: int) -> list[WayBack]:
    """Of all that was relabelled in one act with this movement: what still lies there, and where it came from."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {_MOVED}
               SELECT moved.becomes, moved.was, array_agg(p.id ORDER BY p.id)
               FROM moved JOIN inventory_place p ON p.id = moved.place_id AND p.allocation_id = moved.becomes
               GROUP BY 1, 2 ORDER BY 1, 2""",
            [movement_id],
        )
        return [WayBack(*row) for row in cursor.fetchall()]


def count_moved(movement_id: int) -> int:
    """How many places came under another label in the act that this movement is of, by all of its movements."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {_MOVED} SELECT count(*) FROM moved", [movement_id])
        (count,) = cursor.fetchone()
    return int(count)


# One act is one transaction. Its id alone does not tell it: a database that was loaded into another server counts anew.
_MOVED = """moved AS (
    SELECT * FROM (
        SELECT e.place_id, (array_agg(e.from_allocation ORDER BY e.id))[1] AS was,
               (array_agg(e.to_allocation ORDER BY e.id DESC))[1] AS becomes
        FROM inventory_movement m
        JOIN inventory_movement a ON a.show_id = m.show_id AND a.xact = m.xact AND a.recorded_at = m.recorded_at
                                 AND a.verb = m.verb
        JOIN inventory_entry e ON e.movement_id = a.id
        WHERE m.id = %s AND m.verb = 'allocate_places' GROUP BY e.place_id) whole
    WHERE was <> becomes)"""
