"""Looking at places before a verb of the house's own: their states, and which open admissions come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A place's status and claim; `is_due` where it is locked by a lock that has run out."""

    status: str
    claim_id: int | None
    is_due: bool


def states(show_id: int, place_ids: Sequence[int], now: datetime | None) -> dict[int, PlaceState]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.id, p.status, p.claim_id,
                      coalesce(p.status = 'locked' AND c.due_at <= coalesce(%s, statement_timestamp()), false)
               FROM inventory_place p LEFT JOIN inventory_claim c ON c.id = p.claim_id
               WHERE p.show_id = %s AND p.id = ANY(%s)""",
            [now, show_id, list(place_ids)],
        )
        return {row[0]: PlaceState(*row[1:]) for row in cursor.fetchall()}


def open_admissions(
    show_id: int, tier_id: int, section_id: int | None, quantity: int, not_of_allocation: int | None = None
) -> list[int]:
    """Up to `quantity` open places of a tier: the open pool's first, since slices were cut for somebody; best first.

    With `not_of_allocation`, only places under another label than that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.id FROM inventory_place p JOIN inventory_allocation a ON a.id = p.allocation_id
               WHERE p.show_id = %(show_id)s AND p.tier_id = %(tier_id)s AND p.status = 'open'
                 AND (%(section_id)s::bigint IS NULL OR p.section_id = %(section_id)s)
                 AND (%(allocation_id)s::bigint IS NULL OR p.allocation_id <> %(allocation_id)s)
               ORDER BY a.is_pool DESC, p.rank, p.id LIMIT %(quantity)s""",
            {
                "show_id": show_id,
                "tier_id": tier_id,
                "section_id": section_id,
                "allocation_id": not_of_allocation,
                "quantity": quantity,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def stranded_by(show_id: int, place_id: int, at: datetime | None = None) -> list[int]:
    """The open seats that would be left single if this one were sold by itself, though another choice left none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inventory_stranded(%s, ARRAY[%s]::bigint[], coalesce(%s, statement_timestamp()))",
            [show_id, place_id, at],
        )
        (stranded,) = cursor.fetchone()
    return list(stranded)
