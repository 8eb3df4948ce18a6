"""What a change of rules has moved so far in this transaction, and when its rules next change what may be sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# What has run out or is due counts as done before the change: carrying it out is no part of it.
HOUSEKEEPING = ["expire_locks", "run_due_releases"]


@dataclass(frozen=True, slots=True)
class PlaceMove:
    """One place that a change would move: from a status and a label (an allocation's id) to others."""

    place_id: int
    from_status: str
    to_status: str
    from_allocation: int
    to_allocation: int


@dataclass(frozen=True, slots=True)
class Label:
    """An allocation by its name, and whether any place is of it, in whatever state."""

    name: str
    is_pool: bool
    is_empty: bool


def labels_of(show_id: int) -> dict[int, Label]:
    """The allocations of a show by id, as this transaction has left them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.id, a.name, a.is_pool,
                      NOT EXISTS (SELECT FROM inventory_place p WHERE p.show_id = a.show_id AND p.allocation_id = a.id)
               FROM inventory_allocation a WHERE a.show_id = %s ORDER BY a.is_pool DESC, a.id""",
            [show_id],
        )
        return {pk: Label(*row) for pk, *row in cursor.fetchall()}


def moved_by_this_transaction(show_id: int) -> list[PlaceMove]:
    """The outcome for each place that this transaction has moved elsewhere, but for what was over or due anyway."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.place_id, (array_agg(e.from_status ORDER BY e.id))[1],
                      (array_agg(e.to_status ORDER BY e.id DESC))[1],
                      (array_agg(e.from_allocation ORDER BY e.id))[1],
                      (array_agg(e.to_allocation ORDER BY e.id DESC))[1]
               FROM inventory_movement m JOIN inventory_entry e ON e.movement_id = m.id
               WHERE m.show_id = %s AND m.xact = pg_current_xact_id() AND NOT m.verb = ANY (%s)
               GROUP BY e.place_id
               HAVING ((array_agg(e.from_status ORDER BY e.id))[1], (array_agg(e.from_allocation ORDER BY e.id))[1])
                   IS DISTINCT FROM ((array_agg(e.to_status ORDER BY e.id DESC))[1],
                                     (array_agg(e.to_allocation ORDER BY e.id DESC))[1])
               ORDER BY e.place_id""",
            [show_id, HOUSEKEEPING],
        )
        return [PlaceMove(*row) for row in cursor.fetchall()]


def coming_moments(show_id: int, at: datetime, most: int) -> list[datetime]:
    """The next moments at which an opening, a closing, a step of a ladder or a hold's end changes what is on sale."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT moment FROM (
                   SELECT o.opens_at AS moment FROM inventory_allocationchannel o
                   JOIN inventory_allocation a ON a.id = o.allocation_id WHERE a.show_id = %(show_id)s
                   UNION ALL SELECT closes_at FROM inventory_allocation WHERE show_id = %(show_id)s
                   UNION ALL SELECT at FROM inventory_releasestep WHERE show_id = %(show_id)s AND done_at IS NULL
                   UNION ALL SELECT expires_at FROM inventory_claim
                   WHERE show_id = %(show_id)s AND kind = 'hold' AND ended_at IS NULL) m
               WHERE moment > %(at)s ORDER BY moment LIMIT %(most)s""",
            {"show_id": show_id, "at": at, "most": most},
        )
        return [row[0] for row in cursor.fetchall()]
