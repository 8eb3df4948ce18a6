"""The state of every numbered seat, one letter each; and only what has changed, for whoever looks again."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from inventory.queries.stock.outlook import OUTLOOK, SHUT
from inventory.queries.stock.seen import moment, places
from inventory.queries.stock.tokens import Token

MOST_AGE = timedelta(hours=1)
MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class SeatStates:
    """Numbered seats in the order of their places' ids, as in `geometry` of the same manifest version.

    `letters` has one letter a seat, or is None where `changes`, from a seat's index to its letter, is all that differs
    from the version the reader came with. `version` is what to come with next time, and stays while nothing changes.

    Staff: o open and sellable here, n open but not on sale here or now, l locked, p paying, h held, e leased, s sold, k
    killed. The public: o, l (in somebody's basket, locked or paying), x (anything else).
    """

    show_id: int
    channel_id: int
    at: datetime
    manifest_version: int
    version: str
    letters: str | None
    changes: dict[int, str] = field(default_factory=dict)


def seat_states(
    show_id: int, *, channel_id: int, at: datetime | None = None, since: str | None = None, public: bool = False
) -> SeatStates | None:
    """How each numbered seat stands for this channel; with `since`, a version given before, only the difference.

    The whole picture where `since` is no version, older than an hour, or of other rules, clocks or readers than now
    hold. None where there is no such show. One statement for the picture. For a difference: one, and for the first in a
    process one more, which learns the seats' order; the picture is then a second statement where the difference does
    not serve. Not for use inside a transaction that has written: what it wrote may yet be undone, without a trace.
    """
    asked = {"show_id": show_id, "channel_id": channel_id, "at": at, "public": public}
    if token := Token.read(since):
        difference = _difference(asked, token)
        if difference is not None:
            return difference
    with connection.cursor() as cursor:
        cursor.execute(_PICTURE, asked)
        row = cursor.fetchone()
    if row is None:
        return None
    manifest_version, fingerprint, snapshot, seen_at, letters = row
    token = Token.of(snapshot, seen_at, fingerprint)
    return SeatStates(show_id, channel_id, seen_at, manifest_version, str(token), letters)


def _difference(asked: dict[str, Any], token: Token) -> SeatStates | None:
    """What differs from the picture of this token, or None where that cannot be told.

    The token stays where nothing does, unless looking costs too much from so far back: standing room has been busy.
    """
    known = {"since": token.at, "seen": token.snapshot, "fingerprint": token.fingerprint, "most_age": MOST_AGE}
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCE, asked | known)
        rows = cursor.fetchall()
    if not rows:
        return None
    manifest_version, snapshot, seen_at, looked_at = rows[0][:4]
    letters = {place_id: letter for *_, place_id, letter in rows if place_id is not None}
    changes = _by_index(asked["show_id"], manifest_version, letters)
    if changes is None:
        return None
    if changes or looked_at > MOST_LOOKED_AT:
        token = Token.of(snapshot, seen_at, token.fingerprint)
    return SeatStates(asked["show_id"], asked["channel_id"], seen_at, manifest_version, str(token), None, changes)


def _by_index(show_id: int, manifest_version: int, letters: dict[int, str]) -> dict[int, str] | None:
    """The letters by the seats' indexes; None where some seat is not in the order that is known."""
    if not letters:
        return {}
    order = _order(show_id, manifest_version)
    indexes = {place_id: bisect_left(order, place_id) for place_id in sorted(letters)}
    if any(index == len(order) or order[index] != place_id for place_id, index in indexes.items()):
        _order.cache_clear()
        return None
    return {index: letters[place_id] for place_id, index in indexes.items()}


@lru_cache(maxsize=64)
def _order(show_id: int, manifest_version: int) -> array[int]:
    """The ids of a show's numbered seats, ascending; half a megabyte for 60,000. A manifest only adds higher ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT array_agg(p.id ORDER BY p.id)
               FROM inventory_place p JOIN inventory_section e ON e.id = p.section_id
               WHERE p.show_id = %s AND NOT e.is_ga""",
            [show_id],
        )
        return array("q", cursor.fetchone()[0] or [])


_LETTER = """
    CASE seen.status
        WHEN 'open' THEN CASE
            WHEN o.sells AND seen.label = ANY (o.labels)
                AND (seen.section_id, seen.tier_id) NOT IN (SELECT section_id, tier_id FROM shut) THEN 'o'
            WHEN %(public)s THEN 'x' ELSE 'n' END
        WHEN 'locked' THEN CASE WHEN seen.phase = 'paying' AND NOT %(public)s THEN 'p' ELSE 'l' END
        ELSE CASE WHEN %(public)s THEN 'x' ELSE CASE seen.status
            WHEN 'held' THEN 'h' WHEN 'leased' THEN 'e' WHEN 'sold' THEN 's' WHEN 'killed' THEN 'k' END END
    END"""
_LETTERS = f"""
    letters AS (
        SELECT seen.id, {_LETTER} AS letter
        FROM outlook o CROSS JOIN seen JOIN inventory_section e ON e.id = seen.section_id AND NOT e.is_ga)"""

_PICTURE = f"""WITH {moment()}, {OUTLOOK}, {SHUT}, {places()}, {_LETTERS}
    SELECT o.manifest_version, o.fingerprint, o.snapshot, clock.at,
           coalesce((SELECT string_agg(letter, '' ORDER BY id) FROM letters), '')
    FROM clock, outlook o"""

# No row where the difference does not serve; otherwise one a seat, or a single one without a seat.
_DIFFERENCE = f"""WITH {moment()}, {OUTLOOK}, {SHUT},
    changed AS MATERIALIZED (
        SELECT id FROM clock, outlook o, LATERAL (
            SELECT DISTINCT inventory_changed_places(%(show_id)s, %(seen)s::pg_snapshot, %(since)s, clock.at) AS id) c
        WHERE o.fingerprint = %(fingerprint)s),
    {places(only="p.id = ANY (ARRAY(SELECT id FROM changed))")}, {_LETTERS}
    SELECT o.manifest_version, o.snapshot, clock.at, (SELECT count(*) FROM changed), l.id, l.letter
    FROM clock CROSS JOIN outlook o LEFT JOIN letters l ON true
    WHERE o.fingerprint = %(fingerprint)s
      AND pg_snapshot_xmax(o.snapshot::pg_snapshot) >= pg_snapshot_xmax(%(seen)s::pg_snapshot)
      AND clock.at >= %(since)s AND clock.at - %(since)s <= %(most_age)s"""
