"""How many possible second claimants there are: payments that lapsed and are watched, since money may yet come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inventory.queries.stock.seen import CLOCK


@dataclass(frozen=True, slots=True)
class Exposed:
    """One section by tier that has possible second claimants."""

    section_id: int
    tier_id: int
    places: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """A show's exposure at a moment; `lines` only where there is any, in the house's order."""

    at: datetime
    places: int
    lines: list[Exposed]


@dataclass(frozen=True, slots=True)
class Watched:
    """Places of one section by tier whose lapsed payment is watched until that moment."""

    section_id: int
    tier_id: int
    until: datetime
    places: int


def watched(show_id: int, at: datetime | None = None) -> list[Watched]:
    """What makes up a show's exposure, in one statement: the next to be watched no more comes first."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED, {"show_id": show_id, "at": at})
        return [Watched(*row) for row in cursor.fetchall()]


def exposure(show_id: int, at: datetime | None = None) -> Exposure | None:
    """A show's exposure, in one statement, as freeze rules count it; None where there is no such show."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "at": at})
        rows = cursor.fetchall()
    if not rows:
        return None
    seen_at, places = rows[0][:2]
    return Exposure(seen_at, places, [Exposed(*row[2:]) for row in rows if row[2] is not None])


# Nothing is asked of sections and tiers while the show as a whole has no exposure, which is nearly always.
_STATEMENT = f"""
    WITH {CLOCK}, total AS MATERIALIZED (
        SELECT clock.at, s.id, inventory_exposure(s.id, NULL, NULL, clock.at) AS places
        FROM clock, inventory_show s WHERE s.id = %(show_id)s)
    SELECT t.at, t.places, e.section_id, e.tier_id, e.places FROM total t LEFT JOIN LATERAL (
        SELECT s.id AS section_id, i.id AS tier_id, x.places, s.ordinal AS section, i.ordinal AS tier
        FROM inventory_section s JOIN inventory_tier i ON i.show_id = s.show_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN t.places > 0 THEN inventory_exposure(t.id, i.id, s.id, t.at) END AS places) x
        WHERE s.show_id = t.id AND x.places > 0) e ON true
    ORDER BY e.section, e.section_id, e.tier, e.tier_id"""

# The same rows as `inventory_exposure` counts: lapsed payments that are swept, and those that are not.
_WATCHED = f"""
    WITH {CLOCK}, lapsed AS MATERIALIZED (
        SELECT c.id, c.watched_until AS until FROM clock, inventory_claim c
        WHERE c.show_id = %(show_id)s AND c.watched_until > clock.at AND c.ended_at <= clock.at
        UNION ALL
        SELECT c.id, c.hard_until + s.keeps FROM clock, inventory_claim c, (
            SELECT make_interval(secs => watch_payment_for_s) AS keeps FROM inventory_show WHERE id = %(show_id)s) s
        WHERE c.show_id = %(show_id)s AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= clock.at
          AND c.phase = 'paying' AND c.hard_until > clock.at - s.keeps)
    SELECT p.section_id, e.to_tier, l.until, count(*)::integer
    FROM lapsed l JOIN inventory_movement m ON m.claim_id = l.id AND m.verb = 'lock_places'
    JOIN inventory_entry e ON e.movement_id = m.id JOIN inventory_place p ON p.id = e.place_id
    GROUP BY 1, 2, 3 ORDER BY 3, 1, 2"""
