"""Is the ledger true? Each check is one statement over one show, so each sees one moment, and none is open for long."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction

from inventory.models import Show


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the ledger and the stock do not agree."""

    check: str
    about: str
    says: str


@dataclass(frozen=True, slots=True)
class ShowReport:
    """What a show's ledger adds up to, and every difference found; sound when there is none."""

    show: str
    capacity: int
    by_status: dict[str, int]
    movements: int
    entries: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.differences


# Every check yields (about, says) for each difference, and nothing for a sound show.
CHECKS: dict[str, str] = {
    "entries_folded_equal_the_places": """
        WITH last AS (
            SELECT DISTINCT ON (e.place_id) e.*
            FROM inventory_entry e JOIN inventory_place p ON p.id = e.place_id
            WHERE p.show_id = %(show_id)s ORDER BY e.place_id, e.id DESC)
        SELECT 'place ' || p.id,
               CASE WHEN l.id IS NULL THEN 'has no entry at all'
                    ELSE format('is %%s under movement %%s, its last entry says %%s under movement %%s',
                                p.status, p.movement_id, l.to_status, l.movement_id) END
        FROM inventory_place p LEFT JOIN last l ON l.place_id = p.id
        WHERE p.show_id = %(show_id)s AND (l.id IS NULL OR
            (p.status, p.claim_id, p.allocation_id, p.tier_id, p.movement_id)
            IS DISTINCT FROM (l.to_status, l.to_claim, l.to_allocation, l.to_tier, l.movement_id))""",
    "every_entry_starts_where_the_last_one_ended": """
        SELECT 'place ' || place_id, format('entry %%s comes from %%s, the one before went to %%s', id,
               coalesce(nullif(from_status, ''), 'nothing'), coalesce(was_status, 'nothing'))
        FROM (SELECT e.*, lag(to_status) OVER w AS was_status, lag(to_claim) OVER w AS was_claim,
                     lag(to_allocation) OVER w AS was_allocation, lag(to_tier) OVER w AS was_tier
              FROM inventory_entry e JOIN inventory_place p ON p.id = e.place_id
              WHERE p.show_id = %(show_id)s WINDOW w AS (PARTITION BY place_id ORDER BY e.id)) chain
        WHERE (from_status, from_claim, from_allocation, from_tier)
            IS DISTINCT FROM (coalesce(was_status, ''), was_claim, was_allocation, was_tier)""",
    "states_add_up_to_the_declared_capacity": """
        SELECT 'show', format('its manifests declared %%s places, it has %%s', declared, there)
        FROM (SELECT coalesce(sum(quantity), 0) AS declared FROM inventory_movement
              WHERE show_id = %(show_id)s AND verb IN ('load_manifest', 'add_places')) d,
             (SELECT count(*) AS there FROM inventory_place WHERE show_id = %(show_id)s) p
        WHERE declared <> there""",
    "status_and_claim_are_a_legal_pair": """
        SELECT 'place ' || p.id, format('is %%s with claim %%s (%%s%%s)', p.status, coalesce(p.claim_id::text, 'none'),
               coalesce(c.kind, 'no such claim'), CASE WHEN c.ended_at IS NOT NULL THEN ', ended' ELSE '' END)
        FROM inventory_place p LEFT JOIN inventory_claim c ON c.id = p.claim_id AND c.show_id = p.show_id
        WHERE p.show_id = %(show_id)s AND NOT CASE p.status
            WHEN 'open' THEN p.claim_id IS NULL
            WHEN 'locked' THEN c.kind = 'lock' WHEN 'held' THEN c.kind = 'hold' WHEN 'leased' THEN c.kind = 'lease'
            WHEN 'sold' THEN c.kind = 'sale' WHEN 'killed' THEN c.kind = 'kill' ELSE false END IS TRUE
           OR (p.show_id = %(show_id)s AND c.ended_at IS NOT NULL)""",
    "every_live_claim_owns_a_place": """
        SELECT 'claim ' || c.id, format('is a live %%s and owns no place', c.kind)
        FROM inventory_claim c WHERE c.show_id = %(show_id)s AND c.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM inventory_place p WHERE p.claim_id = c.id)""",
    "every_movement_moved_its_quantity": """
        SELECT 'movement ' || m.id,
               format('%%s declares %%s places and has %%s entries', m.verb, m.quantity, count(e.id))
        FROM inventory_movement m LEFT JOIN inventory_entry e ON e.movement_id = m.id
        WHERE m.show_id = %(show_id)s GROUP BY m.id HAVING m.quantity <> count(e.id)""",
    "every_entry_is_of_a_place_of_its_show": """
        SELECT 'entry ' || e.id, format('is of place %%s, which this show does not have', e.place_id)
        FROM inventory_entry e JOIN inventory_movement m ON m.id = e.movement_id
        WHERE m.show_id = %(show_id)s
          AND NOT EXISTS (SELECT FROM inventory_place p WHERE p.id = e.place_id AND p.show_id = m.show_id)""",
}
NAMED_AT_MOST = 100


@transaction.atomic
def _check(name: str, show_id: int) -> list[Difference]:
    """Run one check, without loops over an index: right after a load the planner expects few rows, and finds all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(f"{CHECKS[name]} LIMIT {NAMED_AT_MOST}", {"show_id": show_id})
        return [Difference(name, about, says) for about, says in cursor.fetchall()]


def verify(show: Show) -> ShowReport:
    """Check one show's ledger. Differences are facts to look at, never repaired here; a hundred a check at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM inventory_place WHERE show_id = %s GROUP BY status", [show.pk])
        by_status = dict(cursor.fetchall())
        cursor.execute(
            """SELECT count(*), coalesce(sum(quantity), 0),
                      coalesce(sum(quantity) FILTER (WHERE verb IN ('load_manifest', 'add_places')), 0)
               FROM inventory_movement WHERE show_id = %s""",
            [show.pk],
        )
        movements, entries, capacity = cursor.fetchone()
    differences = [difference for name in CHECKS for difference in _check(name, show.pk)]
    return ShowReport(show.slug, int(capacity), by_status, int(movements), int(entries), differences)
