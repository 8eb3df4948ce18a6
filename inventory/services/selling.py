"""Selling out of a hold: its places become sales, at once or when their money has come; it ends with its last place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from inventory.acts import By
from inventory.models import Claim, Hold, Place
from inventory.models.ledger import Verb
from inventory.queries import claims, ladders, moves
from inventory.queries.holds import SET_APART
from inventory.services.choosing import ATTEMPTS
from inventory.services.headers import annotate
from inventory.services.holds import HoldIsOrdered, PlacesNotHeld, release_hold
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
    given back first, and is not the hold's to sell. Raises ClaimUnknown, ClaimEnded, HoldIsOrdered, PlacesNotHeld,
    QuantityInvalid and Busy.
    """
    place_ids = [place_id for sale in sales for place_id in sale.place_ids]
    if not all(sale.place_ids for sale in sales) or not place_ids or len(set(place_ids)) < len(place_ids):
        raise QuantityInvalid(quantity=len(place_ids))
    ordered = Claim.objects.filter(pk=claim_id).exclude(reference="").first()
    if ordered is not None and any(sale.reference != ordered.reference for sale in sales):
        raise HoldIsOrdered(reference=ordered.reference)
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


def set_apart(
    *, claim_id: int, place_ids: Sequence[int], reference: str, by: By, was: str = "", now: datetime | None = None
) -> Hold:
    """Give places of a hold a hold of their own, for the same party, without an end and without a ladder. All or none.

    With a `reference` they are ordered: nobody gives them back or sells them but the order it names. Without one they
    are an ordinary hold again; `was` is then the order that lets go of them. What a ladder has promised by now is given
    back first. Raises ClaimUnknown, ClaimEnded, HoldIsOrdered, PlacesNotHeld and Busy.
    """
    for _ in range(ATTEMPTS):
        try:
            return _set_apart(claim_id, place_ids, reference, by, was, now)
        except _Due as due:
            run_due_releases(show_id=due.show_id, now=now)
    raise Busy


class _Due(Exception):
    """A ladder has promised something by now, and the show is not ours alone to carry it out."""

    def __init__(self, show_id: int) -> None:
        self.show_id = show_id


@transaction.atomic
def _set_apart(claim_id: int, place_ids: Sequence[int], reference: str, by: By, was: str, now: datetime | None) -> Hold:
    """Two movements on rows that stay locked: nobody sees them open in between."""
    by = replace(by, reason_code=SET_APART)
    show_id = moves.share_show_of(claim_id)
    if show_id is None:
        raise ClaimUnknown(claim_id=claim_id)
    at = now or moves.database_now()
    if ladders.due_acts(show_id, at):
        raise _Due(show_id)
    release_hold(claim_id=claim_id, place_ids=place_ids, by=by, reference=was, now=now)
    old = Hold.objects.get(pk=claim_id)
    claim = Claim.objects.create(
        show_id=show_id,
        kind=Claim.Kind.HOLD,
        channel_id=by.channel_id,
        reference=reference,
        created_at=at,
    )
    moved = moves.move_places(
        show_id=show_id,
        verb=Verb.PLACE_HOLD,
        by=by,
        at=at,
        where=f"{moves.BY_IDS} AND status = 'open'",
        place_ids=list(place_ids),
        to_status=Place.Status.HELD,
        to_claim_id=claim.pk,
    )
    annotate(moved.movement_id, by)
    facts = {name: getattr(old, name) for name in ("purpose", "party", "contact", "breakable_by")}
    return Hold.objects.create(claim=claim, **facts)


def _over(claim_id: int) -> ClaimEnded | ClaimUnknown:
    is_hold = Claim.objects.filter(pk=claim_id, kind=Claim.Kind.HOLD).exists()
    return ClaimEnded(claim_id=claim_id) if is_hold else ClaimUnknown(claim_id=claim_id)
