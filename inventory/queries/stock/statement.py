"""A show's stock as an account: how it stood, what was done, how it stands. From the entries alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Posting:
    """So many places that one verb took from one status to another, for one channel (None: for none).

    `was` is empty where the places came into being. Where `was` equals `became` only their label or tier changed.
    """

    verb: str
    channel_id: int | None
    was: str
    became: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Places by status at `since`, what was posted from then until before `until`, and places by status then.

    As the ledger was written, so a lock that had run out stands as locked until its expiry was posted.
    """

    show_id: int
    since: datetime | None
    until: datetime
    opening: dict[str, int]
    postings: list[Posting]

    @property
    def closing(self) -> dict[str, int]:
        """The opening and the postings, added up."""
        counts = Counter(self.opening)
        for posting in self.postings:
            _post(counts, posting)
        return dict(counts)


STATUSES = ("open", "locked", "held", "leased", "sold", "killed")


def statement(show_id: int, *, since: datetime | None = None, until: datetime | None = None) -> Statement:
    """The account of a show from `since` (None: its beginning) until before `until` (None: now), in one statement.

    By each movement's own time. An unknown show has an account of zeros.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "since": since, "at": until})
        rows = cursor.fetchall()
    opening = Counter(dict.fromkeys(STATUSES, 0))
    postings = []
    for _, is_before, *row in rows:
        if row[0] is None:
            continue
        posting = Posting(*row)
        if is_before:
            _post(opening, posting)
        else:
            postings.append(posting)
    return Statement(show_id, since, rows[0][0], dict(opening), postings)


def _post(counts: Counter[str], posting: Posting) -> None:
    if posting.was:
        counts[posting.was] -= posting.quantity
    counts[posting.became] += posting.quantity


_STATEMENT = """
    WITH clock AS MATERIALIZED (SELECT coalesce(%(at)s::timestamptz, statement_timestamp()) AS at)
    SELECT clock.at, p.* FROM clock LEFT JOIN LATERAL (
        SELECT coalesce(m.at < %(since)s::timestamptz, false) AS is_before, m.verb, m.channel_id, e.from_status,
               e.to_status, count(*)::integer AS quantity
        FROM inventory_movement m JOIN inventory_entry e ON e.movement_id = m.id
        WHERE m.show_id = %(show_id)s AND m.at < clock.at
        GROUP BY 1, 2, 3, 4, 5) p ON true
    ORDER BY p.is_before DESC, p.verb, p.channel_id NULLS FIRST, p.from_status, p.to_status"""
