"""Trying a change of rules first: the change itself is made, looked at, and taken back, so a trial cannot be wrong.

Sales of the show wait while it is looked at, as they would for the change. Nothing of it stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.db import transaction

from core.refusals import DomainError
from inventory.models import Show
from inventory.queries import moves
from inventory.queries.stock import Board, Coming, board, coming
from inventory.queries.trials import Label, PlaceMove, coming_moments, labels_of, moved_by_this_transaction
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
    """What a change would do: the places it would move, and every channel's outlook now and at each coming moment.

    `labels` are the allocations as the change would leave them, with those that it would make.
    """

    moves: list[PlaceMove]
    outlooks: list[Outlook]
    labels: dict[int, Label]

    @property
    def emptied(self) -> list[str]:
        """The slices that the change would leave without a place."""
        left = {move.from_allocation for move in self.moves}
        return [label.name for pk, label in self.labels.items() if pk in left and label.is_empty and not label.is_pool]

    @property
    def fingerprint(self) -> str:
        """Tells whether the same change, made later, moves the same places out of the same allocations."""
        return _fingerprint(self.moves)


class _TakenBack(Exception):
    """Ends the trial's transaction. Never leaves this module."""


def try_change(
    *,
    show_id: int,
    change: Change,
    now: datetime | None = None,
    most: int = MOST_MOMENTS,
    as_if_on_sale: bool = False,
) -> Trial:
    """Make `change` (it gets the moment), say what it did, and take it back; with up to `most` coming moments.

    `change` may call verbs and write rules: `allocate_places`, a step of a ladder, an opening, `freeze`. What it
    refuses with goes on to the caller. `as_if_on_sale`: the outlooks of a show that is not on sale are as if it were.
    Raises ShowUnknown.
    """
    if not Show.objects.filter(pk=show_id).exists():
        raise ShowUnknown(show_id=show_id)
    with transaction.atomic():
        moves.seize_show(show_id)
        at = now or moves.database_now()
        look = partial(_board, show_id, as_if_on_sale)
        known = coming_moments(show_id, at, most)
        with contextlib.suppress(_TakenBack), transaction.atomic():
            change(at)
            moved, labels = moved_by_this_transaction(show_id), labels_of(show_id)
            moments = sorted({at, *known, *coming_moments(show_id, at, most)})[: 1 + most]
            after = {moment: look(moment) for moment in moments}
            changes = coming(show_id, at, 10 * most)
            raise _TakenBack
        outlooks = [
            Outlook(moment, look(moment), seen, [one for one in changes if one.at == moment])
            for moment, seen in after.items()
        ]
        return Trial(moved, outlooks, labels)


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


def _board(show_id: int, as_if_on_sale: bool, at: datetime) -> Board:
    seen = board(show_id, at, as_if_on_sale=as_if_on_sale)
    assert seen is not None
    return seen


def _fingerprint(moved: Sequence[PlaceMove]) -> str:
    said = [f"{move.place_id}:{move.from_allocation}" for move in moved]
    return sha256(" ".join(said).encode()).hexdigest()[:24]
