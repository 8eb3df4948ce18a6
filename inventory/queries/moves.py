"""Moving places: the one statement shape under every verb but the locking path, and the locks taken before it.

Lock order: the show's advisory lock, then claims by ascending id, then places by ascending id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from inventory.acts import By

SHOW_LOCK = 4217  # the first half of every show's advisory lock; the second is the show's id
OF_CLAIMS = "claim_id = ANY(%(claim_ids)s)"
BY_IDS = "id = ANY(%(place_ids)s)"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a statement moved: its movement (None if nothing fitted) and the places, ascending."""

    movement_id: int | None
    place_ids: list[int]


# A verb touches few rows by their keys. Left to statistics, which after a load say that all places have one movement
# and no claim, the planner would at times read a whole table; so for this transaction it may not.
BY_KEYS = "set_config('enable_seqscan', 'off', true)"


def share_show(show_id: int) -> None:
    """Take the show's advisory lock as sales do: many at once, none while its rules change."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {BY_KEYS}, pg_advisory_xact_lock_shared(%s, %s)", [SHOW_LOCK, show_id])


def seize_show(show_id: int) -> None:
    """Take the show's advisory lock alone: for what changes the rules."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {BY_KEYS}, pg_advisory_xact_lock(%s, %s)", [SHOW_LOCK, show_id])


def wait_shortly() -> None:
    """For this transaction, give up a lock that is not had in half a second (SQLSTATE 55P03)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '500ms', true)")


def share_show_of(claim_id: int) -> int | None:
    """The same as `share_show`, by a claim's id; the show's id, or None where there is no such claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT show_id, {BY_KEYS}, pg_advisory_xact_lock_shared(%s, show_id::integer)
                FROM inventory_claim WHERE id = %s""",
            [SHOW_LOCK, claim_id],
        )
        row = cursor.fetchone()
    return row and int(row[0])


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        assert isinstance(now, datetime)
        return now


def move_places(
    *,
    show_id: int,
    verb: str,
    by: By,
    at: datetime,
    where: str,
    to_status: str | None = None,
    to_claim_id: int | None = None,
    to_allocation_id: int | None = None,
    header_claim_id: int | None = None,
    **params: Any,
) -> Moved:
    """Lock the places that fit `where`, write the movement's header with their number, and move them under it.

    `to_status` None keeps status and claim (a new label only); `to_allocation_id` None keeps the allocation.
    Places that no longer fit when their row's lock is had are left alone, so compare the count with what was meant.
    The ids go through an array since a join, planned from what the last analyse saw, would at times read the table.
    """
    state = "" if to_status is None else "status = %(to_status)s, claim_id = %(to_claim_id)s,"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH chosen AS MATERIALIZED (
                SELECT id FROM inventory_place WHERE show_id = %(show_id)s AND {where}
                ORDER BY id FOR NO KEY UPDATE
            ), header AS (
                INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
                SELECT %(show_id)s, %(verb)s, %(header_claim_id)s::bigint, %(channel_id)s::bigint, %(actor)s,
                       %(reason_code)s, count(*), %(at)s
                FROM chosen HAVING count(*) > 0 RETURNING id
            )
            UPDATE inventory_place SET {state}
                allocation_id = coalesce(%(to_allocation_id)s, allocation_id), movement_id = header.id
            FROM header WHERE inventory_place.id = ANY (ARRAY(SELECT id FROM chosen))
            RETURNING inventory_place.id, header.id
            """,
            params
            | {
                "show_id": show_id,
                "verb": str(verb),
                "at": at,
                "to_status": to_status and str(to_status),
                "to_claim_id": to_claim_id,
                "to_allocation_id": to_allocation_id,
                "header_claim_id": header_claim_id if header_claim_id is not None else to_claim_id,
                "channel_id": by.channel_id,
                "actor": by.actor,
                "reason_code": by.reason_code,
            },
        )
        rows = cursor.fetchall()
    return Moved(movement_id=rows[0][1] if rows else None, place_ids=sorted(row[0] for row in rows))


def swap_places(
    *, show_id: int, sale_id: int, from_ids: Sequence[int], to_ids: Sequence[int], by: By, at: datetime
) -> Moved:
    """Open some places of a sale and sell it as many open ones, in one movement. Compare the count, as above."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS MATERIALIZED (
                SELECT id FROM inventory_place
                WHERE show_id = %(show_id)s AND id = ANY(%(ids)s) AND CASE WHEN id = ANY(%(from_ids)s)
                    THEN status = 'sold' AND claim_id = %(sale_id)s ELSE status = 'open' END
                ORDER BY id FOR NO KEY UPDATE
            ), header AS (
                INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
                SELECT %(show_id)s, 'swap_places', %(sale_id)s, %(channel_id)s::bigint, %(actor)s, %(reason_code)s,
                       count(*), %(at)s
                FROM chosen HAVING count(*) = cardinality(%(ids)s::bigint[]) RETURNING id
            )
            UPDATE inventory_place SET
                status = CASE WHEN inventory_place.id = ANY(%(from_ids)s) THEN 'open' ELSE 'sold' END,
                claim_id = CASE WHEN inventory_place.id = ANY(%(from_ids)s) THEN NULL ELSE %(sale_id)s END,
                movement_id = header.id
            FROM header WHERE inventory_place.id = ANY (ARRAY(SELECT id FROM chosen))
            RETURNING inventory_place.id, header.id
            """,
            {
                "show_id": show_id,
                "sale_id": sale_id,
                "ids": [*from_ids, *to_ids],
                "from_ids": list(from_ids),
                "channel_id": by.channel_id,
                "actor": by.actor,
                "reason_code": by.reason_code,
                "at": at,
            },
        )
        rows = cursor.fetchall()
    return Moved(movement_id=rows[0][1] if rows else None, place_ids=sorted(row[0] for row in rows))


def end_emptied_claims(claim_ids: Sequence[int], at: datetime) -> None:
    """End those of these claims that own no place any more. Call with their rows locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE inventory_claim SET ended_at = %s
               WHERE id = ANY(%s) AND ended_at IS NULL
                 AND NOT EXISTS (SELECT FROM inventory_place WHERE claim_id = inventory_claim.id)""",
            [at, list(claim_ids)],
        )
