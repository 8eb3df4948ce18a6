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
    """
    xact, movement = _read(after)
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {"show_id": show_id, "xact": xact, "id": movement, "most": most_entries, "most_acts": most_acts},
        )
        *columns, xacts, has_more = cursor.fetchone()
    columns.append(f"{xacts[-1]}-{columns[0][-1]}" if has_more else "")
    return Chapter(*columns)


def _read(after: str) -> tuple[int, int]:
    """Where to go on; from the beginning where that cannot be read."""
    found = re.fullmatch(r"(\d{1,18})-(\d{1,18})", after, re.ASCII)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _columns(of: str, order: str, *names: str) -> str:
    return ", ".join(f"coalesce(array_agg({of}.{name} ORDER BY {order}), '{{}}')" for name in names)


_ACT = ("id", "at", "verb", "channel_id", "quantity", "about")
_LINE = ("place_id", "to_status", "to_allocation", "channel_id")
_STATEMENT = f"""
    WITH next AS MATERIALIZED (
        SELECT m.*, sum(m.quantity) OVER (ORDER BY m.xact, m.id) - m.quantity AS before FROM (
            SELECT * FROM inventory_movement
            WHERE show_id = %(show_id)s AND (xact, id) > (%(xact)s::text::xid8, %(id)s::bigint)
              AND xact < pg_snapshot_xmin(pg_current_snapshot()) AND (quantity > 0 OR verb IN ('freeze', 'thaw'))
            ORDER BY xact, id LIMIT %(most_acts)s + 1) m),
    acts AS MATERIALIZED (
        SELECT n.id, n.xact, n.at, n.verb, coalesce(n.channel_id, c.channel_id) AS channel_id, n.quantity,
               CASE WHEN n.verb IN ('kill_places', 'freeze') THEN n.reason_code ELSE coalesce(h.party, '') END AS about
        FROM (SELECT * FROM next WHERE before < %(most)s ORDER BY xact, id LIMIT %(most_acts)s) n
        LEFT JOIN inventory_claim c ON c.id = n.claim_id LEFT JOIN inventory_hold h ON h.claim_id = n.claim_id),
    lines AS MATERIALIZED (
        SELECT a.xact, a.id AS act, e.place_id, e.to_status, e.to_allocation, c.channel_id
        FROM acts a JOIN inventory_entry e ON e.movement_id = a.id LEFT JOIN inventory_claim c ON c.id = e.to_claim)
    SELECT told.*, written.*, ordered.xacts, (SELECT count(*) FROM next) > (SELECT count(*) FROM acts)
    FROM (SELECT {_columns("a", "a.xact, a.id", *_ACT)} FROM acts a) told,
         (SELECT {_columns("l", "l.xact, l.act, l.place_id", *_LINE)} FROM lines l) written,
         (SELECT coalesce(array_agg(a.xact::text ORDER BY a.xact, a.id), '{{}}') AS xacts FROM acts a) ordered"""
