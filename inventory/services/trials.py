"""Trying a change of rules first: the change itself is made, looked at, and taken back, so a trial cannot be wrong.

Sales of the show wait while it is looked at, as they would for the change. Nothing of it stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from core.refusals import DomainError
from inventory.models import Show
from inventory.queries import moves
from inventory.queries.stock import Board, Coming, board, coming
from inventory.queries.trials import PlaceMove, coming_moments, moved_by_this_transaction
from inventory.services.refusals import ShowUnknown

MOST_MOMENTS = 20
Change = Callable[[datetime], object]


class ChangedSinceTrial(DomainError):
    code, message = "changed_since_trial", "This would not move the same places any more. Look at what it comes to now."


@dataclass(frozen=True, slots=True)
class Outlook:
    """A show from a moment on, as it is, and as it would be. Of what is not sold by then: nobody can know what will be.

    `coming` is what would happen at that moment.
    """

    at: datetime
    before: Board
    after: Board
    coming: list[Coming]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would do: the places it would move, and every channel's outlook now and at each coming moment."""

    moves: list[PlaceMove]
    outlooks: list[Outlook]

    @property
    def fingerprint(self) -> str:
        """Tells whether the same change, made later, moves the same places out of the same allocations."""
        return _fingerprint(self.moves)


class _TakenBack(Exception):
    """Ends the trial's transaction. Never leaves this module."""


def try_change(*, show_id: int, change: Change, now: datetime | None = None, most: int = MOST_MOMENTS) -> Trial:
    """Make `change` (it gets the moment), say what it did, and take it back; with up to `most` coming moments.

    `change` may call verbs and write rules: `allocate_places`, a step of a ladder, an opening, `freeze`. What it
    refuses with goes on to the caller. Raises ShowUnknown.
    """
    if not Show.objects.filter(pk=show_id).exists():
        raise ShowUnknown(show_id=show_id)
    with transaction.atomic():
        moves.seize_show(show_id)
        at = now or moves.database_now()
        after, moved, changes = _after(show_id, change, at, most)
        outlooks = [
            Outlook(moment, _board(show_id, moment), seen, [one for one in changes if one.at == moment])
            for moment, seen in after.items()
        ]
        return Trial(moved, outlooks)


@transaction.atomic
def make_tried(*, show_id: int, change: Change, seen: str, now: datetime | None = None) -> list[PlaceMove]:
    """Make a change that was tried, if it moves just the places that the trial's fingerprint has `seen`; which.

    Raises ChangedSinceTrial, and what `change` raises; then nothing is changed.
    """
    moves.seize_show(show_id)
    change(now or moves.database_now())
    moved = moved_by_this_transaction(show_id)
    if _fingerprint(moved) != seen:
        raise ChangedSinceTrial
    return moved


def _after(
    show_id: int, change: Change, at: datetime, most: int
) -> tuple[dict[datetime, Board], list[PlaceMove], list[Coming]]:
    """What would be sold when, with the change made; it is gone again when this returns."""
    known = coming_moments(show_id, at, most)
    with contextlib.suppress(_TakenBack), transaction.atomic():
        change(at)
        moved = moved_by_this_transaction(show_id)
        moments = sorted({at, *known, *coming_moments(show_id, at, most)})[: 1 + most]
        after = {moment: _board(show_id, moment) for moment in moments}
        changes = coming(show_id, at, 10 * most)
        raise _TakenBack
    return after, moved, changes


def _board(show_id: int, at: datetime) -> Board:
    seen = board(show_id, at)
    assert seen is not None
    return seen


def _fingerprint(moved: Sequence[PlaceMove]) -> str:
    said = [f"{move.place_id}:{move.from_allocation}" for move in moved]
    return sha256(" ".join(said).encode()).hexdigest()[:24]
