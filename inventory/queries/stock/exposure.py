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
