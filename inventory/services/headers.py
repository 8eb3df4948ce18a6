"""Movements that move no place (a longer lock, a payment begun), and the erasable note beside any movement."""

from __future__ import annotations

from datetime import datetime

from inventory.acts import By
from inventory.models import Movement, MovementNote


def record(*, show_id: int, verb: str, by: By, at: datetime, claim_id: int | None = None) -> Movement:
    """Write the header of an act that leaves every place where it is."""
    movement = Movement.objects.create(
        show_id=show_id,
        verb=verb,
        claim_id=claim_id,
        channel_id=by.channel_id,
        actor=by.actor,
        reason_code=by.reason_code,
        quantity=0,
        at=at,
    )
    annotate(movement.pk, by)
    return movement


def annotate(movement_id: int | None, by: By) -> None:
    """Keep the act's free text beside its movement, where it can be erased."""
    if by.note and movement_id is not None:
        MovementNote.objects.create(movement_id=movement_id, text=by.note)
