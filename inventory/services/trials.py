"""Trying a change of rules first: the change itself is made, looked at, and taken back, so a trial cannot be wrong.

Sales of the show wait while it is looked at, as they would for the change. Nothing of it stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.models import Show
from inventory.queries import moves
from inventory.queries.stock import ChannelLine, by_channel
from inventory.queries.trials import PlaceMove, coming_moments, moved_by_this_transaction
from inventory.services.refusals import ShowUnknown

MOST_MOMENTS = 20


@dataclass(frozen=True, slots=True)
class Outlook:
    """What each channel can sell from a moment on, by section and tier: as it is, and as it would be.

    Of what is not sold by then: nobody can know what will be.
    """

    at: datetime
    before: list[ChannelLine]
    after: list[ChannelLine]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would do: the places it would move, and every channel's outlook now and at each coming moment."""

    moves: list[PlaceMove]
    outlooks: list[Outlook]


class _TakenBack(Exception):
    """Ends the trial's transaction. Never leaves this module."""


def try_change(*, show_id: int, change: Callable[[datetime], object], now: datetime | None = None) -> Trial:
    """Make `change` (it gets the moment), say what it did, and take it back.

    `change` may call verbs and write rules: `allocate_places`, a step of a ladder, an opening, `freeze`. What it
    refuses with goes on to the caller. Raises ShowUnknown.
    """
    if not Show.objects.filter(pk=show_id).exists():
        raise ShowUnknown(show_id=show_id)
    with transaction.atomic():
        moves.seize_show(show_id)
        at = now or moves.database_now()
        after, moved = _after(show_id, change, at)
        return Trial(moved, [Outlook(moment, by_channel(show_id, moment), lines) for moment, lines in after.items()])


def _after(
    show_id: int, change: Callable[[datetime], object], at: datetime
) -> tuple[dict[datetime, list[ChannelLine]], list[PlaceMove]]:
    """What would be sold when, with the change made; it is gone again when this returns."""
    known = coming_moments(show_id, at, MOST_MOMENTS)
    with contextlib.suppress(_TakenBack), transaction.atomic():
        change(at)
        moved = moved_by_this_transaction(show_id)
        moments = sorted({at, *known, *coming_moments(show_id, at, MOST_MOMENTS)})
        after = {moment: by_channel(show_id, moment) for moment in moments}
        raise _TakenBack
    return after, moved
