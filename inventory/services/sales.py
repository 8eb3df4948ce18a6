"""Sold places on their way back. What was paid for them is `ticketing`'s affair; the ledger only moves the place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves
from inventory.services.giving_back import give_back
from inventory.services.kills import ReasonMissing


class PlacesNotSold(DomainError):
    code, message = "places_not_sold", "Some of these places are not sold."


@transaction.atomic
def return_sold(*, show_id: int, place_ids: Sequence[int], by: By, now: datetime | None = None) -> list[int]:
    """Open sold places again, all of these or none; a sale ends with its last place.

    Raises ReasonMissing (a returned sale says why) and PlacesNotSold.
    """
    if not by.reason_code:
        raise ReasonMissing
    moves.share_show(show_id)
    return give_back(
        show_id=show_id,
        claim_ids=claims.hold_rows(show_id, place_ids, Place.Status.SOLD),
        place_ids=place_ids,
        from_status=Place.Status.SOLD,
        verb=Verb.RETURN_SOLD,
        by=by,
        at=now or moves.database_now(),
        refusal=PlacesNotSold,
    )
