"""Giving back what has run out: browsing locks at `expires_at`, paying ones at `hard_until`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from inventory.acts import SYSTEM, By
from inventory.models import Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves

BATCH = 500


@transaction.atomic
def expire_locks(
    *,
    show_id: int,
    claim_ids: Sequence[int] | None = None,
    most: int = BATCH,
    skip_busy: bool = False,
    by: By = SYSTEM,
    now: datetime | None = None,
) -> int:
    """End up to `most` locks of a show that are due, the oldest first, and open their places; how many places.

    With `claim_ids`, only those of them that are due. `skip_busy` leaves alone what another transaction has in hand,
    as the sweep does; a buyer's own request waits for it instead, so that its next look is the truth. Safe to repeat
    and to race: of commit and expiry exactly one gets the claim's row.
    """
    moves.share_show(show_id)
    at = now or moves.database_now()
    ended = claims.end_due_locks(show_id=show_id, claim_ids=claim_ids, most=most, skip_busy=skip_busy, at=at)
    if not ended:
        return 0
    moved = moves.move_places(
        show_id=show_id,
        verb=Verb.EXPIRE_LOCKS,
        by=by,
        at=at,
        where=moves.OF_CLAIMS,
        claim_ids=ended,
        to_status=Place.Status.OPEN,
    )
    return len(moved.place_ids)


def sweep(*, now: datetime | None = None) -> int:
    """Expire everything that is due, show by show in short transactions; how many places were opened."""
    opened = 0
    for show_id in claims.shows_with_due_locks(now or moves.database_now()):
        while places := expire_locks(show_id=show_id, skip_busy=True, now=now):
            opened += places
    return opened
