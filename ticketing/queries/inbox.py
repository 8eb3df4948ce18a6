"""The inbox of webhooks: taken once by event id, claimed by a guarded UPDATE, done for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event to be worked on, its body still sealed."""

    id: int
    sealed: bytes
    tries: int


def take(gateway: str, event_id: str, sealed: bytes) -> bool:
    """Put an event in the inbox, unless it is there: whether it is new. One statement, before anything is answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ticketing_gatewayevent (gateway, event_id, sealed, received_at, kind, outcome, error, tries,
                                                   next_try_at)
               VALUES (%s, %s, %s, clock_timestamp(), '', '', '', 0, clock_timestamp())
               ON CONFLICT ON CONSTRAINT gateway_event_is_taken_once DO NOTHING""",
            [gateway, event_id, sealed],
        )
        return bool(cursor.rowcount)


def claim(gateway: str, most: int, again_s: int) -> list[Waiting]:
    """The oldest events that are due, made ours for `again_s` seconds; if we die over one, it is due again then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_gatewayevent SET tries = tries + 1, next_try_at = clock_timestamp() + make_interval(
                   secs => %s * power(2, least(tries, 7)))
               WHERE id IN (SELECT id FROM ticketing_gatewayevent
                            WHERE done_at IS NULL AND next_try_at <= clock_timestamp() AND gateway = %s
                            ORDER BY next_try_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
               RETURNING id, sealed, tries""",
            [again_s, gateway, most],
        )
        return sorted((Waiting(row[0], bytes(row[1]), row[2]) for row in cursor.fetchall()), key=lambda one: one.id)


def done(event_row: int, kind: str, outcome: str, at: datetime | None = None, error: str = "") -> None:
    """It is done for good; `error` says why nothing could be done."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_gatewayevent SET done_at = coalesce(%s, clock_timestamp()), kind = %s, outcome = %s,
                   error = %s, next_try_at = NULL WHERE id = %s""",
            [at, kind[:40], outcome[:40], error[:200], event_row],
        )


def failed(event_row: int, kind: str, error: str) -> None:
    """It could not be worked on; it stays due at the time its claim gave it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ticketing_gatewayevent SET kind = %s, error = %s WHERE id = %s", [kind[:40], error[:200], event_row]
        )
