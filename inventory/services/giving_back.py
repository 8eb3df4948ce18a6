"""Places on their way back to open, out of claims whose rows are locked: from holds, kills and sales alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Place
from inventory.queries import moves
from inventory.services.headers import annotate


def give_back(
    *,
    show_id: int,
    claim_ids: Sequence[int],
    place_ids: Sequence[int] | None,
    from_status: str,
    verb: str,
    by: By,
    at: datetime,
    refusal: type[DomainError],
    to_allocation_id: int | None = None,
) -> list[int]:
    """Open all places of these claims, or just `place_ids`; claims left without a place end. All or none.

    Call inside a transaction with the claims' rows locked. Raises `refusal` with the places that are not theirs.
    """
    where = moves.OF_CLAIMS + " AND status = %(from_status)s"
    if place_ids is not None:
        where += f" AND {moves.BY_IDS}"
    moved = moves.move_places(
        show_id=show_id,
        verb=verb,
        by=by,
        at=at,
        where=where,
        claim_ids=list(claim_ids),
        place_ids=None if place_ids is None else list(place_ids),
        from_status=str(from_status),
        header_claim_id=claim_ids[0] if len(claim_ids) == 1 else None,
        to_status=Place.Status.OPEN,
        to_allocation_id=to_allocation_id,
    )
    if place_ids is not None and (strays := set(place_ids) - set(moved.place_ids)):
        raise refusal(place_ids=sorted(strays))
    moves.end_emptied_claims(claim_ids, at)
    annotate(moved.movement_id, by)
    return moved.place_ids
