"""Allocations: which channels may sell which places. Only labels move; nothing is copied or reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from inventory.acts import By, Seats, Wanted
from inventory.models import Allocation, Place
from inventory.models.ledger import Verb
from inventory.queries import moves, places
from inventory.services import refusals
from inventory.services.choosing import refuse_odd, refuse_unknown_tier
from inventory.services.headers import annotate
from inventory.services.holds import AllocationUnknown
from inventory.services.sweep import expire_locks


@transaction.atomic
def allocate_places(*, allocation_id: int, wanted: Wanted, by: By, now: datetime | None = None) -> list[int]:
    """Put places under an allocation's label, in one movement; which places changed it.

    Seats change their label whatever their state: what is locked or sold now is sold by the new rule when it
    returns. Admissions are taken from what is open, the pool first. Sales of the show wait meanwhile.

    Raises AllocationUnknown, QuantityInvalid, TierUnknown, PlacesUnknown and NotEnoughPlaces.
    """
    show_id = Allocation.objects.filter(pk=allocation_id).values_list("show_id", flat=True).first()
    if show_id is None:
        raise AllocationUnknown(allocation_id=allocation_id)
    refuse_odd(show_id, wanted)
    refuse_unknown_tier(show_id, wanted)
    moves.seize_show(show_id)
    while expire_locks(show_id=show_id, now=now):
        continue
    chosen = _chosen(show_id, allocation_id, wanted)
    moved = moves.move_places(
        show_id=show_id,
        verb=Verb.ALLOCATE_PLACES,
        by=by,
        at=now or moves.database_now(),
        where=f"{moves.BY_IDS} AND allocation_id <> %(allocation_id)s",
        place_ids=list(chosen),
        allocation_id=allocation_id,
        to_allocation_id=allocation_id,
    )
    annotate(moved.movement_id, by)
    return moved.place_ids


def _chosen(show_id: int, allocation_id: int, wanted: Wanted) -> Sequence[int]:
    if isinstance(wanted, Seats):
        found = set(Place.objects.filter(show_id=show_id, pk__in=wanted.place_ids).values_list("pk", flat=True))
        if unknown := set(wanted.place_ids) - found:
            raise refusals.PlacesUnknown(place_ids=sorted(unknown))
        return sorted(found)
    chosen = places.open_admissions(
        show_id, wanted.tier_id, wanted.section_id, wanted.quantity, not_of_allocation=allocation_id
    )
    if len(chosen) < wanted.quantity:
        raise refusals.NotEnoughPlaces(asked=wanted.quantity, open=len(chosen))
    return chosen
