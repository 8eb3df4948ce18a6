"""Selling out of a hold: its places become sales of the party's own, and the hold ends with its last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.acts import By
from inventory.models import Claim
from inventory.queries import claims
from inventory.services.choosing import ATTEMPTS
from inventory.services.holds import PlacesNotHeld
from inventory.services.refusals import Busy, ClaimEnded, ClaimUnknown, QuantityInvalid
from inventory.services.releases import run_due_releases


@dataclass(frozen=True, slots=True)
class HoldSale:
    """These places are one sale, for this reference: an order, opaque to the ledger."""

    place_ids: Sequence[int]
    reference: str


def sell_from_hold(
    *, claim_id: int, sales: Sequence[HoldSale], channel_id: int, by: By, now: datetime | None = None
) -> list[int]:
    """Sell places of a hold, all of these sales or none; the sales' claims, in their order.

    It takes nothing from the pool, so neither freezes nor allocations are asked. What a ladder has promised by now is
    given back first, and is not the hold's to sell. Raises ClaimUnknown, ClaimEnded, PlacesNotHeld, QuantityInvalid
    and Busy.
    """
    place_ids = [place_id for sale in sales for place_id in sale.place_ids]
    if not all(sale.place_ids for sale in sales) or not place_ids or len(set(place_ids)) < len(place_ids):
        raise QuantityInvalid(quantity=len(place_ids))
    parts = [(sale.place_ids, sale.reference) for sale in sales]
    for _ in range(ATTEMPTS):
        with transaction.atomic():
            sold = claims.sell_from_hold(claim_id, parts, channel_id, by, now)
            if sold.verdict == "sold":
                return sold.sale_ids
            # The show is let go of: a release has it alone, and of two who share it each would wait for the other.
            transaction.set_rollback(True)
        if sold.verdict == "not_held":
            raise PlacesNotHeld(place_ids=sold.strays)
        if sold.verdict == "over":
            raise _over(claim_id)
        run_due_releases(show_id=Claim.objects.values_list("show_id", flat=True).get(pk=claim_id), now=now)
    raise Busy


def _over(claim_id: int) -> ClaimEnded | ClaimUnknown:
    is_hold = Claim.objects.filter(pk=claim_id, kind=Claim.Kind.HOLD).exists()
    return ClaimEnded(claim_id=claim_id) if is_hold else ClaimUnknown(claim_id=claim_id)
