"""Kills: places not sellable for this show, behind a pillar or under the sound desk, until they are unkilled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Wanted
from inventory.models import Claim, Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves
from inventory.services.choosing import put_into_claim, take
from inventory.services.giving_back import give_back


class ReasonMissing(DomainError):
    code, status, message = "reason_missing", 400, "Say why: this act needs a reason code."


class PlacesNotKilled(DomainError):
    code, message = "places_not_killed", "Some of these places are not killed."


def kill_places(*, show_id: int, wanted: Wanted, by: By, now: datetime | None = None) -> Claim:
    """Take open places off sale for this show, for the reason in `by`. Raises ReasonMissing and what `take` raises."""
    if not by.reason_code:
        raise ReasonMissing

    def act(place_ids: Sequence[int]) -> Claim:
        moves.share_show(show_id)
        return put_into_claim(
            show_id=show_id,
            place_ids=place_ids,
            kind=Claim.Kind.KILL,
            status=Place.Status.KILLED,
            verb=Verb.KILL_PLACES,
            by=by,
            at=now or moves.database_now(),
        )

    return take(show_id, wanted, act, now)


@transaction.atomic
def unkill_places(*, show_id: int, place_ids: Sequence[int], by: By, now: datetime | None = None) -> list[int]:
    """Open killed places again, all of these or none. Raises PlacesNotKilled."""
    moves.share_show(show_id)
    return give_back(
        show_id=show_id,
        claim_ids=claims.hold_rows(show_id, place_ids, Place.Status.KILLED),
        place_ids=place_ids,
        from_status=Place.Status.KILLED,
        verb=Verb.UNKILL_PLACES,
        by=by,
        at=now or moves.database_now(),
        refusal=PlacesNotKilled,
    )
