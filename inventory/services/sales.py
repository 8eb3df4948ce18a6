"""Sold places on their way back, or exchanged for others. What was paid for them is `ticketing`'s affair."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Claim, Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves
from inventory.services.choosing import RacedAway, take
from inventory.services.giving_back import give_back
from inventory.services.headers import annotate
from inventory.services.kills import ReasonMissing
from inventory.services.refusals import ClaimEnded, ClaimUnknown


class PlacesNotSold(DomainError):
    code, message = "places_not_sold", "Some of these places are not sold."


class SwapUneven(DomainError):
    code, status, message = "swap_uneven", 400, "Places are exchanged for as many others of the same tiers."


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


def swap_places(
    *, sale_id: int, from_ids: Sequence[int], to_ids: Sequence[int], by: By, now: datetime | None = None
) -> list[int]:
    """Give a sale other open places of the same tiers for some that it has, all or none; the places it has got.

    The old ones are open in the same moment. What is held, locked, killed or sold is never taken, and labels stay as
    they are: a place returns to its own allocation. Raises ClaimUnknown, ClaimEnded, ReasonMissing, SwapUneven,
    PlacesNotSold and what `take` raises.
    """
    if not by.reason_code:
        raise ReasonMissing
    sale = Claim.objects.filter(pk=sale_id, kind=Claim.Kind.SALE).first()
    if sale is None:
        raise ClaimUnknown(claim_id=sale_id)
    if len(from_ids) != len(set(from_ids)) or _tiers(sale, from_ids) != _tiers(sale, to_ids):
        raise SwapUneven(from_ids=sorted(from_ids), to_ids=sorted(to_ids))

    def act(place_ids: Sequence[int]) -> list[int]:
        moves.share_show(sale.show_id)
        if Claim.objects.select_for_update(no_key=True).get(pk=sale_id).ended_at is not None:
            raise ClaimEnded(claim_id=sale_id)
        had = set(Place.objects.filter(claim_id=sale_id, pk__in=from_ids).values_list("pk", flat=True))
        if strays := set(from_ids) - had:
            raise PlacesNotSold(place_ids=sorted(strays))
        at = now or moves.database_now()
        moved = moves.swap_places(
            show_id=sale.show_id, sale_id=sale_id, from_ids=from_ids, to_ids=place_ids, by=by, at=at
        )
        if not moved.place_ids:
            raise RacedAway
        annotate(moved.movement_id, by)
        return sorted(place_ids)

    return take(sale.show_id, Seats(list(to_ids)), act, now)


def _tiers(sale: Claim, place_ids: Sequence[int]) -> list[int]:
    places = Place.objects.filter(show_id=sale.show_id, pk__in=place_ids)
    return sorted(places.values_list("tier_id", flat=True))
