"""Release ladders carried out: what holds and allocations promised to give back, at the second they promised it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from inventory.acts import SYSTEM, By
from inventory.models import Place, ReleaseStep
from inventory.models.ledger import Verb
from inventory.queries import ladders, moves
from inventory.queries.ladders import DueAct
from inventory.services.sweep import expire_locks


@transaction.atomic
def run_due_releases(*, show_id: int, by: By = SYSTEM, now: datetime | None = None) -> int:
    """Carry out every step that is due and end every hold whose time has come; how many places changed hands.

    Reads show the outcome from the very second, and a sale carries it out itself, so this waits for no worker. What
    has run out is given back first, as a sale would. Sales of the show wait meanwhile. Safe to repeat.
    """
    moves.seize_show(show_id)
    while expire_locks(show_id=show_id, now=now):
        continue
    at = now or moves.database_now()
    acts = ladders.due_acts(show_id, at)
    ladders.lock_holds([act.hold_id for act in acts if act.hold_id])
    done: dict[int, int] = {}
    for act in acts:
        movement_id = _carry_out(show_id, act, by, at)
        if act.step_id is not None and movement_id is not None:
            done[act.step_id] = movement_id
    for step_id, movement_id in done.items():
        ReleaseStep.objects.filter(pk=step_id).update(movement_id=movement_id)
    ReleaseStep.objects.filter(show_id=show_id, done_at=None, at__lte=at).update(done_at=at)
    return sum(len(act.moves) for act in acts)


def run_all_due_releases(*, now: datetime | None = None) -> int:
    """The same for every show that has something due, each in a transaction of its own."""
    return sum(
        run_due_releases(show_id=show_id, now=now)
        for show_id in ladders.shows_with_due_releases(now or moves.database_now())
    )


def _carry_out(show_id: int, act: DueAct, by: By, at: datetime) -> int | None:
    """One act is one movement for each label it leads to; the last movement's id."""
    by_label: dict[int, list[int]] = defaultdict(list)
    for place_id, label in act.moves:
        by_label[label].append(place_id)
    movement_id = None
    for label, place_ids in sorted(by_label.items()):
        moved = moves.move_places(
            show_id=show_id,
            verb=Verb.RUN_DUE_RELEASES,
            by=by,
            at=at,
            where=moves.BY_IDS,
            place_ids=place_ids,
            to_status=Place.Status.OPEN if act.hold_id else None,
            to_allocation_id=label,
            header_claim_id=act.hold_id,
        )
        movement_id = moved.movement_id
    if act.hold_id:
        moves.end_emptied_claims([act.hold_id], at)
    return movement_id
