"""A show for the page of the split: every place as it stands, and when its sale began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inventory.queries.stock.seen import moment, places


@dataclass(frozen=True, slots=True)
class Standing:
    """Every place of a show in columns: numbered seats by id, as in `geometry`, then standing room by id.

    `letters` has one a place, as staff's `seat_states` has them, but `o` whoever may sell it. `run` is 0 for standing
    room. `channel` is the claim's, None where there is none. `kept` has the indexes of wheelchair and companion places.
    """

    at: datetime
    seats: int
    ids: list[int]
    section: list[int]
    tier: list[int]
    rank: list[int]
    run: list[int]
    position: list[int]
    letters: str
    label: list[int]
    channel: list[int | None]
    kept: list[int]


def standing(show_id: int, at: datetime | None = None) -> Standing:
    """How every place stands; what has run out or is due by then is open. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"show_id": show_id, "at": at})
        return Standing(*cursor.fetchone())


def first_sale(show_id: int) -> datetime | None:
    """When the first place of a show was sold, out of a lock or out of a hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT min(at) FROM inventory_movement
               WHERE show_id = %s AND verb IN ('commit_lock', 'sell_from_hold')""",
            [show_id],
        )
        found: datetime | None = cursor.fetchone()[0]
        return found


_LETTER = """CASE s.status WHEN 'open' THEN 'o' WHEN 'locked' THEN 'l' WHEN 'held' THEN 'h' WHEN 'leased' THEN 'e'
                  WHEN 'sold' THEN 's' WHEN 'killed' THEN 'k' END"""

_STANDING = f"""WITH {moment()}, {places()}, rows AS MATERIALIZED (
        SELECT s.id, s.section_id, s.tier_id, p.rank, CASE WHEN e.is_ga THEN 0 ELSE p.run END AS run, p.position,
               {_LETTER} AS letter, s.label, CASE WHEN s.status <> 'open' THEN c.channel_id END AS channel_id, e.is_ga,
               p.is_accessible OR p.is_companion AS is_kept, row_number() OVER (ORDER BY e.is_ga, s.id) - 1 AS nth
        FROM seen s JOIN inventory_place p ON p.id = s.id JOIN inventory_section e ON e.id = s.section_id
        LEFT JOIN inventory_claim c ON c.id = s.claim_id)
    SELECT (SELECT at FROM clock), count(*) FILTER (WHERE NOT is_ga),
           {", ".join(f"coalesce(array_agg({column} ORDER BY nth), '{{}}')"
                      for column in ("id", "section_id", "tier_id", "rank", "run", "position"))},
           coalesce(string_agg(letter, '' ORDER BY nth), ''),
           coalesce(array_agg(label ORDER BY nth), '{{}}'), coalesce(array_agg(channel_id ORDER BY nth), '{{}}'),
           coalesce(array_agg(nth ORDER BY nth) FILTER (WHERE is_kept), '{{}}')
    FROM rows"""  # fmt: skip
