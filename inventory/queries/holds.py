"""What became of a hold's places, act by act: out of the ledger's own entries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

# Why places go from a hold to a hold of their own: they are used, and not returned. No code of a person has a dash.
SET_APART = "set-apart"


@dataclass(frozen=True, slots=True)
class HoldAct:
    """What one movement did to a hold: how many places came to it, were sold or ordered out of it, or went back.

    `to` names the allocations that places were given on the way; empty where each kept its own.
    """

    movement_id: int
    verb: str
    held: int
    used: int
    returned: int
    to: str


@dataclass(frozen=True, slots=True)
class HoldCount:
    """`still` is what the hold has now; `due` of what it had are promised back by this second, though not swept yet."""

    still: int
    due: int


def acts_of(claim_id: int) -> list[HoldAct]:
    """Everything that was done with a hold, the first act first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, {"claim_id": claim_id, "apart": SET_APART})
        return [HoldAct(*row) for row in cursor.fetchall()]


def count_of(claim_id: int) -> HoldCount:
    """How many places a hold has at this second."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH held AS MATERIALIZED (SELECT id FROM inventory_place WHERE claim_id = %(claim_id)s), due AS (
                   SELECT DISTINCT r.place_id
                   FROM inventory_claim c, inventory_due_releases(c.show_id, statement_timestamp()) r
                   WHERE c.id = %(claim_id)s AND r.opens AND r.place_id IN (SELECT id FROM held))
               SELECT (SELECT count(*) FROM held) - (SELECT count(*) FROM due), (SELECT count(*) FROM due)""",
            {"claim_id": claim_id},
        )
        return HoldCount(*cursor.fetchone())


# By way of the places that it was made of: whichever claim or none an act names, its entries lie with them.
_ACTS = """
    WITH places AS MATERIALIZED (
        SELECT DISTINCT e.place_id FROM inventory_movement m JOIN inventory_entry e ON e.movement_id = m.id
        WHERE m.claim_id = %(claim_id)s AND e.to_claim = %(claim_id)s),
    lines AS MATERIALIZED (
        SELECT e.movement_id,
               count(*) FILTER (WHERE e.from_claim IS DISTINCT FROM %(claim_id)s) AS held,
               count(*) FILTER (WHERE e.from_claim = %(claim_id)s
                                  AND (e.to_status = 'sold' OR a.reason_code = %(apart)s)) AS used,
               count(*) FILTER (WHERE e.from_claim = %(claim_id)s
                                  AND e.to_status = 'open' AND a.reason_code <> %(apart)s) AS returned,
               array_agg(DISTINCT e.to_allocation) FILTER (WHERE e.from_allocation <> e.to_allocation) AS labels
        FROM places p JOIN inventory_entry e ON e.place_id = p.place_id
        JOIN inventory_movement a ON a.id = e.movement_id
        WHERE e.from_claim = %(claim_id)s OR e.to_claim = %(claim_id)s
        GROUP BY 1)
    SELECT m.id, m.verb, coalesce(l.held, 0), coalesce(l.used, 0), coalesce(l.returned, 0),
           coalesce((SELECT string_agg(a.name, ', ' ORDER BY a.name) FROM inventory_allocation a
                     WHERE a.id = ANY (l.labels)), '')
    FROM inventory_movement m LEFT JOIN lines l ON l.movement_id = m.id
    WHERE m.claim_id = %(claim_id)s OR m.id IN (SELECT movement_id FROM lines)
    ORDER BY m.id"""
