"""Release ladders: what is due, and what carrying it out would move, act by act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class DueAct:
    """One due step, or a hold whose end has come (`step_id` None), and the places that it moves, in order."""

    step_id: int | None
    hold_id: int | None
    moves: list[tuple[int, int]] = field(default_factory=list)
    """(place, the label it gets)"""


def due_acts(show_id: int, at: datetime) -> list[DueAct]:
    """The acts of a show that are due and move something, in the order in which they fall due."""
    acts: dict[int, DueAct] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, step_id, hold_id, place_id, allocation_id FROM inventory_due_releases(%s, %s)", [show_id, at]
        )
        for act, step_id, hold_id, place_id, label in cursor.fetchall():
            acts.setdefault(act, DueAct(step_id, hold_id)).moves.append((place_id, label))
    return [acts[number] for number in sorted(acts)]


def shows_with_due_releases(at: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT show_id FROM inventory_releasestep WHERE done_at IS NULL AND at <= %(at)s
               UNION
               SELECT show_id FROM inventory_claim
               WHERE kind = 'hold' AND ended_at IS NULL AND expires_at IS NOT NULL AND expires_at <= %(at)s
               ORDER BY 1""",
            {"at": at},
        )
        return [row[0] for row in cursor.fetchall()]


def lock_holds(claim_ids: list[int]) -> None:
    """Lock these holds' claims, by ascending id: before their places, as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM inventory_claim WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [sorted(claim_ids)]
        )
