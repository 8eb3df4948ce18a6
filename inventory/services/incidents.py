"""Refusals that leave a trace: a row outside the refused transaction, counted by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inventory.models import Incident
from inventory.queries import incidents


def note_refused_by_freeze(*, show_id: int, channel_id: int, freeze_ids: Sequence[int], at: datetime | None) -> None:
    """A lock was refused by these freezes. One row for each freeze, channel and hour, however many are refused."""
    for freeze_id in freeze_ids:
        incidents.count_one(
            kind=Incident.Kind.LOCK_REFUSED_BY_FREEZE,
            show_id=show_id,
            channel_id=channel_id,
            subject=f"freeze:{freeze_id}",
            at=at,
        )


def note_money_incident(*, kind: Incident.Kind, show_id: int, subject: str, at: datetime | None) -> None:
    """Money did what it should not, or came when it could not be taken. `subject` says whose, such as `order:7`."""
    incidents.count_one(kind=kind, show_id=show_id, channel_id=None, subject=subject, at=at)
