"""Holds: places that leave the pool for a sponsor, an influencer, a guest list, until used or given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Wanted
from inventory.models import Allocation, Claim, Hold, Place, ReleaseStep, Show
from inventory.models.ledger import Verb
from inventory.queries import moves
from inventory.services.choosing import put_into_claim, take
from inventory.services.giving_back import give_back
from inventory.services.headers import record
from inventory.services.refusals import ClaimEnded, ClaimUnknown


class HoldIncomplete(DomainError):
    code, status, message = "hold_incomplete", 400, "A hold names a known purpose and its party."


class HoldEndInvalid(DomainError):
    code, status, message = "hold_end_invalid", 400, "A hold ends in the future."


class HoldStepInvalid(DomainError):
    code, status, message = (
        "hold_step_invalid",
        400,
        "A step of the ladder lies ahead, before the hold's end, and gives a share of 1 to 100 per cent or a number.",
    )


class PlacesNotHeld(DomainError):
    code, message = "places_not_held", "Some of these places are not held by this hold."


class HoldIsOrdered(DomainError):
    """`reference` is the order that waits for its money."""

    code, message = "hold_is_ordered", "These places are ordered and not paid yet. Take the money, or cancel the order."


class HoldOfCancelledShow(DomainError):
    code, message = "hold_of_cancelled_show", "This show is cancelled: its holds can only be given back or broken."


class AllocationUnknown(DomainError):
    code, status, message = "allocation_unknown", 404, "This show has no such allocation."


@dataclass(frozen=True, slots=True)
class LadderStep:
    """At this time, this share or this number of the places that the hold still has go to that allocation.

    Without `to_allocation_id` each goes back to its own.
    """

    at: datetime
    share_percent: int | None = None
    quantity: int | None = None
    to_allocation_id: int | None = None

    @property
    def is_some(self) -> bool:
        if self.share_percent is None:
            return self.quantity is not None and self.quantity >= 1
        return self.quantity is None and 1 <= self.share_percent <= 100


def place_hold(
    *,
    show_id: int,
    wanted: Wanted,
    purpose: str,
    party: str,
    by: By,
    contact: str = "",
    breakable_by: str = "",
    until: datetime | None = None,
    steps: Sequence[LadderStep] = (),
    now: datetime | None = None,
) -> Hold:
    """Take open places out of the pool for a named party, all or none, with the ladder by which they come back.

    What is sold or locked is never taken. Raises HoldIncomplete, HoldEndInvalid, HoldStepInvalid, AllocationUnknown
    and what `take` raises: PlacesTaken says which places, and in what state.
    """
    if purpose not in Hold.Purpose.values or not party.strip():
        raise HoldIncomplete(purpose=purpose, party=party)
    for step in steps:
        if step.to_allocation_id is not None:
            _refuse_unknown_allocation(show_id, step.to_allocation_id)

    def act(place_ids: Sequence[int]) -> Hold:
        moves.share_show(show_id)
        at = now or moves.database_now()
        if until is not None and until <= at:
            raise HoldEndInvalid(until=until.isoformat())
        for step in steps:
            if not step.is_some or step.at <= at or (until is not None and step.at >= until):
                raise HoldStepInvalid(at=step.at.isoformat(), share=step.share_percent, quantity=step.quantity)
        claim = put_into_claim(
            show_id=show_id,
            place_ids=place_ids,
            kind=Claim.Kind.HOLD,
            status=Place.Status.HELD,
            verb=Verb.PLACE_HOLD,
            by=by,
            at=at,
            expires_at=until,
        )
        hold = Hold.objects.create(
            claim=claim, purpose=purpose, party=party.strip(), contact=contact, breakable_by=breakable_by
        )
        ReleaseStep.objects.bulk_create(
            ReleaseStep(
                show_id=show_id,
                hold=hold,
                at=step.at,
                share_percent=step.share_percent,
                quantity=step.quantity,
                to_allocation_id=step.to_allocation_id,
            )
            for step in steps
        )
        return hold

    return take(show_id, wanted, act, now)


@transaction.atomic
def extend_hold(*, claim_id: int, until: datetime | None, by: By, now: datetime | None = None) -> Claim:
    """Give a hold another end, or none.

    Raises ClaimUnknown, ClaimEnded, HoldIsOrdered, HoldOfCancelledShow and HoldEndInvalid.
    """
    show_id, at = _enter(claim_id, now)
    if Show.objects.filter(pk=show_id, state=Show.State.CANCELLED).exists():
        raise HoldOfCancelledShow(show_id=show_id)
    if until is not None and until <= at:
        raise HoldEndInvalid(until=until.isoformat())
    changed = Claim.objects.filter(pk=claim_id, kind=Claim.Kind.HOLD, ended_at=None).update(expires_at=until)
    if not changed:
        raise ClaimEnded(claim_id=claim_id)
    record(show_id=show_id, verb=Verb.EXTEND_HOLD, claim_id=claim_id, by=by, at=at)
    return Claim.objects.get(pk=claim_id)


@transaction.atomic
def release_hold(
    *,
    claim_id: int,
    by: By,
    place_ids: Sequence[int] | None = None,
    to_allocation_id: int | None = None,
    reference: str = "",
    now: datetime | None = None,
) -> list[int]:
    """Open the hold's places, or only some of them; which. The hold ends with its last place.

    `to_allocation_id` labels them for other channels on the way; without it they keep their allocation. What is ordered
    is let go by its order alone, which gives its `reference`. Raises ClaimUnknown, ClaimEnded, HoldIsOrdered,
    PlacesNotHeld and AllocationUnknown.
    """
    show_id, at = _enter(claim_id, now, reference)
    if to_allocation_id is not None:
        _refuse_unknown_allocation(show_id, to_allocation_id)
    return give_back(
        show_id=show_id,
        claim_ids=[claim_id],
        place_ids=place_ids,
        from_status=Place.Status.HELD,
        verb=Verb.RELEASE_HOLD,
        by=by,
        at=at,
        refusal=PlacesNotHeld,
        to_allocation_id=to_allocation_id,
    )


def _refuse_unknown_allocation(show_id: int, allocation_id: int) -> None:
    if not Allocation.objects.filter(pk=allocation_id, show_id=show_id).exists():
        raise AllocationUnknown(allocation_id=allocation_id)


def _enter(claim_id: int, now: datetime | None, reference: str = "") -> tuple[int, datetime]:
    show_id = moves.share_show_of(claim_id)
    if show_id is None:
        raise ClaimUnknown(claim_id=claim_id)
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    if claim.kind != Claim.Kind.HOLD:
        raise ClaimUnknown(claim_id=claim_id)
    if claim.ended_at is not None:
        raise ClaimEnded(claim_id=claim_id)
    if claim.reference != reference:
        raise HoldIsOrdered(reference=claim.reference)
    return show_id, now or moves.database_now()
