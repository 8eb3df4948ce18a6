"""Guarded changes of claims: each an UPDATE whose returned row is the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from inventory.acts import By

_DUE = "show_id = %(show_id)s AND kind = 'lock' AND ended_at IS NULL AND due_at <= %(at)s"
# A lock that may still become something: browsing before its expiry, or paying before its cap.
_LIVE_LOCK = "id = %(claim_id)s AND kind = 'lock' AND ended_at IS NULL AND due_at > %(at)s"
_WATCHED = """{since} + make_interval(secs => (
    SELECT watch_payment_for_s FROM inventory_show WHERE inventory_show.id = show_id))"""


@dataclass(frozen=True, slots=True)
class LockRow:
    """A lock as it stands after a guarded change."""

    claim_id: int
    show_id: int
    channel_id: int
    phase: str
    expires_at: datetime
    hard_until: datetime


_LOCK_ROW = "id, show_id, channel_id, phase, expires_at, hard_until"


def end_due_locks(
    *, show_id: int, claim_ids: Sequence[int] | None, most: int, skip_busy: bool, at: datetime
) -> list[int]:
    """End due locks and say which. In id order where it waits, so that two of these never wait for each other."""
    order, busy = ("due_at", "SKIP LOCKED") if skip_busy else ("id", "")
    only = "" if claim_ids is None else "AND id = ANY(%(claim_ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH due AS MATERIALIZED (
                    SELECT id FROM inventory_claim WHERE {_DUE} {only}
                    ORDER BY {order} LIMIT %(most)s FOR NO KEY UPDATE {busy})
                UPDATE inventory_claim c SET ended_at = %(at)s,
                    watched_until = CASE WHEN c.phase = 'paying' THEN {_WATCHED.format(since="c.hard_until")} END
                FROM due WHERE c.id = due.id AND c.ended_at IS NULL
                RETURNING c.id""",
            {"show_id": show_id, "at": at, "most": most, "claim_ids": None if claim_ids is None else list(claim_ids)},
        )
        return [row[0] for row in cursor.fetchall()]


def shows_with_due_locks(at: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM inventory_show s WHERE EXISTS (
                   SELECT FROM inventory_claim c
                   WHERE c.show_id = s.id AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= %s)
               ORDER BY id""",
            [at],
        )
        return [row[0] for row in cursor.fetchall()]


def extend(claim_id: int, for_s: int, at: datetime) -> LockRow | None:
    """Push a browsing lock's end out to `for_s` from now, never past its cap and never nearer than it was."""
    return _change_lock(
        f"""UPDATE inventory_claim
            SET expires_at = least(hard_until, greatest(expires_at, %(at)s + make_interval(secs => %(for_s)s)))
            WHERE {_LIVE_LOCK} AND phase = 'browsing' AND expires_at < hard_until RETURNING {_LOCK_ROW}""",
        claim_id=claim_id,
        for_s=for_s,
        at=at,
    )


def begin_paying(claim_id: int, at: datetime) -> LockRow | None:
    return _change_lock(
        f"UPDATE inventory_claim SET phase = 'paying' WHERE {_LIVE_LOCK} AND phase = 'browsing' RETURNING {_LOCK_ROW}",
        claim_id=claim_id,
        at=at,
    )


def end_paying(claim_id: int, at: datetime) -> LockRow | None:
    """Back to browsing, with the show's time to try again at the least, within the cap."""
    return _change_lock(
        f"""UPDATE inventory_claim SET phase = 'browsing', expires_at = least(hard_until, greatest(expires_at, %(at)s +
                make_interval(secs => (SELECT retry_for_s FROM inventory_show WHERE id = show_id))))
            WHERE {_LIVE_LOCK} AND phase = 'paying' RETURNING {_LOCK_ROW}""",
        claim_id=claim_id,
        at=at,
    )


def end_lock(claim_id: int, at: datetime) -> LockRow | None:
    """End a live browsing lock, or one that has run out and is not swept yet."""
    return _change_lock(
        f"""UPDATE inventory_claim SET ended_at = %(at)s
            WHERE id = %(claim_id)s AND kind = 'lock' AND ended_at IS NULL AND (phase = 'browsing' OR due_at <= %(at)s)
            RETURNING {_LOCK_ROW}""",
        claim_id=claim_id,
        at=at,
    )


def lapse(claim_id: int, at: datetime) -> LockRow | None:
    """End a paying lock before its cap: nobody waits for its money any more, though it may still come."""
    return _change_lock(
        f"""UPDATE inventory_claim SET ended_at = %(at)s, watched_until = {_WATCHED.format(since="%(at)s")}
            WHERE {_LIVE_LOCK} AND phase = 'paying' RETURNING {_LOCK_ROW}""",
        claim_id=claim_id,
        at=at,
    )


def stop_watching(claim_id: int, at: datetime) -> None:
    """Its money has come, or never will: it counts as exposure no longer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_claim SET watched_until = %s WHERE id = %s AND watched_until > %s", [at, claim_id, at]
        )


def commit(claim_id: int, reference: str, by: By, now: datetime | None) -> int | None:
    """Turn a live lock into a sale; the sale's id, or None if the lock is not live. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inventory_commit_lock(%s, %s, %s, %s, %s, %s, %s)",
            [claim_id, reference, by.actor, by.channel_id, by.reason_code, by.note, now],
        )
        (sale_id,) = cursor.fetchone()
    return sale_id if sale_id is None else int(sale_id)


@dataclass(frozen=True, slots=True)
class SoldFromHold:
    """What came of selling out of a hold: `sold` with the sales, else why not, and `strays` that it does not hold."""

    verdict: str
    sale_ids: list[int]
    strays: list[int]


def sell_from_hold(
    claim_id: int, sales: Sequence[tuple[Sequence[int], str]], channel_id: int, by: By, now: datetime | None
) -> SoldFromHold:
    """Sell places of a hold, each sale its places and its reference. One statement."""
    places = [(place_id, nth) for nth, (place_ids, _) in enumerate(sales, start=1) for place_id in place_ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict, sales, strays FROM inventory_sell_from_hold("
            "%s, %s::bigint[], %s::integer[], %s::text[], %s, %s, %s, %s, %s)",
            [
                claim_id,
                [place_id for place_id, _ in places],
                [nth for _, nth in places],
                [reference for _, reference in sales],
                channel_id,
                by.actor,
                by.reason_code,
                by.note,
                now,
            ],
        )
        verdict, sold, strays = cursor.fetchone()
    return SoldFromHold(verdict, list(sold or ()), list(strays or ()))


def places_locked_by(claim_id: int) -> list[int]:
    """Which places this lock was made of, whoever has them now; ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.place_id FROM inventory_movement m JOIN inventory_entry e ON e.movement_id = m.id
               WHERE m.claim_id = %s AND m.verb = 'lock_places' ORDER BY e.place_id""",
            [claim_id],
        )
        return [row[0] for row in cursor.fetchall()]


def hold_rows(show_id: int, place_ids: Sequence[int], status: str) -> list[int]:
    """Lock the claims behind these places, by ascending id, and say which they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM inventory_claim WHERE ended_at IS NULL AND id IN (
                   SELECT claim_id FROM inventory_place WHERE show_id = %s AND id = ANY(%s) AND status = %s)
               ORDER BY id FOR NO KEY UPDATE""",
            [show_id, list(place_ids), str(status)],
        )
        return [row[0] for row in cursor.fetchall()]


def _change_lock(statement: str, **params: Any) -> LockRow | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    return row and LockRow(*row)
