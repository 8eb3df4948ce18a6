"""A show's ledger from its first act on, in pieces: what a replay plays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

MOST_ENTRIES = 20_000
MOST_ACTS = 10_000


@dataclass(frozen=True, slots=True)
class Chapter:
    """Whole acts, with their entries, in columns. Put them in the order of their ids: along one place's history they
    ascend, since a movement is written once its places' rows are locked. They come in another order (see `chapter`).

    Act n has the next `quantity[n]` entries. `channel` is the act's, or else its claim's. `about` names a hold's party,
    or why something was killed or frozen. Of an entry, `taken_by` is the channel of the claim that the place came
    under.

    `after` is what to ask with for the acts that follow; '' at the end of what has been written.
    """

    ids: list[int]
    at: list[datetime]
    verb: list[str]
    channel: list[int | None]
    quantity: list[int]
    about: list[str]
    place: list[int]
    status: list[str]
    label: list[int]
    taken_by: list[int | None]
    after: str


def chapter(show_id: int, *, after: str = "", most_entries: int = MOST_ENTRIES, most_acts: int = MOST_ACTS) -> Chapter:
    """The acts after those told before, as many as have `most_entries` together, but one at least. One statement.

    Acts that move places, freezes and thaws; in the order of their transactions, and only those below the oldest one
    that is still open: by its id alone, an act that is committed late would be passed over for good.

    Before them, whatever its transaction's id, what was recorded before this server started: it is committed, and where
    the database was loaded from another server its ids are of another count, and may lie above all of this one's.
    """
    is_recent, xact, movement = _read(after)
    old, recent = ((0, 0), (xact, movement)) if is_recent else ((xact, movement), (0, 0))
    asked = {"show_id": show_id, "most": most_entries, "most_acts": most_acts, "is_recent": is_recent}
    asked |= {"old_xact": old[0], "old_id": old[1], "recent_xact": recent[0], "recent_id": recent[1]}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, asked)
        *columns, last, has_more = cursor.fetchone()
    columns.append(last if has_more else "")
    return Chapter(*columns)


def _read(after: str) -> tuple[bool, int, int]:
    """Where to go on; from the beginning where that cannot be read."""
    found = re.fullmatch(r"(old|recent)-(\d{1,18})-(\d{1,18})", after, re.ASCII)
    return (found[1] == "recent", int(found[2]), int(found[3])) if found else (False, 0, 0)


def _columns(of: str, order: str, *names: str) -> str:
    return ", ".join(f"coalesce(array_agg({of}.{name} ORDER BY {order}), '{{}}')" for name in names)


def _acts(of: str, condition: str) -> str:
    return f"""{of} AS MATERIALIZED (
        SELECT *, '{of}' AS of FROM inventory_movement
        WHERE show_id = %(show_id)s AND (xact, id) > (%({of}_xact)s::text::xid8, %({of}_id)s::bigint)
          AND {condition} AND (quantity > 0 OR verb IN ('freeze', 'thaw'))
        ORDER BY xact, id LIMIT %(most_acts)s + 1)"""


_OLD = "NOT %(is_recent)s AND recorded_at < pg_postmaster_start_time()"
# Not even looked for while the old ones fill a piece.
_RECENT = """(SELECT count(*) FROM old) <= %(most_acts)s AND recorded_at >= pg_postmaster_start_time()
          AND xact < pg_snapshot_xmin(pg_current_snapshot())"""
_ACT = ("id", "at", "verb", "channel_id", "quantity", "about")
_LINE = ("place_id", "to_status", "to_allocation", "channel_id")
_STATEMENT = f"""
    WITH {_acts("old", _OLD)}, {_acts("recent", _RECENT)},
    next AS MATERIALIZED (
        SELECT m.*, row_number() OVER told AS nth, sum(m.quantity) OVER told - m.quantity AS before
        FROM (SELECT * FROM old UNION ALL SELECT * FROM recent) m
        WINDOW told AS (ORDER BY m.of, m.xact, m.id)),
    acts AS MATERIALIZED (
        SELECT n.nth, n.id, concat_ws('-', n.of, n.xact, n.id) AS after, n.at, n.verb,
               coalesce(n.channel_id, c.channel_id) AS channel_id, n.quantity,
               CASE WHEN n.verb IN ('kill_places', 'freeze') THEN n.reason_code ELSE coalesce(h.party, '') END AS about
        FROM (SELECT * FROM next WHERE before < %(most)s AND nth <= %(most_acts)s) n
        LEFT JOIN inventory_claim c ON c.id = n.claim_id LEFT JOIN inventory_hold h ON h.claim_id = n.claim_id),
    lines AS MATERIALIZED (
        SELECT a.nth, e.place_id, e.to_status, e.to_allocation, c.channel_id
        FROM acts a JOIN inventory_entry e ON e.movement_id = a.id LEFT JOIN inventory_claim c ON c.id = e.to_claim)
    SELECT told.*, written.*, (SELECT after FROM acts ORDER BY nth DESC LIMIT 1),
           (SELECT count(*) FROM next) > (SELECT count(*) FROM acts)
    FROM (SELECT {_columns("a", "a.nth", *_ACT)} FROM acts a) told,
         (SELECT {_columns("l", "l.nth, l.place_id", *_LINE)} FROM lines l) written"""
