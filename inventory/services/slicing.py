"""Slicing the pool: slices made and changed, with times, ladders and places; places given back; a slicing undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, Movement, Place, ReleaseStep, Show
from inventory.models.ledger import Verb
from inventory.queries import moves, slicing
from inventory.queries import places as places_now
from inventory.queries.picking import pick
from inventory.services import refusals
from inventory.services.allocations import allocate_places
from inventory.services.choosing import refuse_odd, refuse_unknown_tiers
from inventory.services.headers import record
from inventory.services.holds import AllocationUnknown
from inventory.services.on_sale import set_openings
from inventory.services.releases import run_due_releases
from inventory.services.slices import (
    More,
    Part,
    Pick,
    Slice,
    SliceNameTaken,
    SlicePlaces,
    SliceStep,
    SliceStepInvalid,
    refuse_incomplete,
    refuse_times,
)


class PlacesNotInSlice(DomainError):
    code, message = "places_not_in_slice", "Some of these places are not of this slice."


class NothingToUndo(DomainError):
    code, message = "nothing_to_undo", "None of the places of that slicing lies where it put them: they have moved on."


@dataclass(frozen=True, slots=True)
class Sliced:
    """A slice as it is now, and the places that came under its label."""

    allocation: Allocation
    place_ids: list[int]


@transaction.atomic
def slice_pool(*, show_id: int, slices: Sequence[Slice | More], by: By, now: datetime | None = None) -> list[Sliced]:
    """Make or change slices of a show, in the order given, each with its places in one movement; all of it or nothing.

    Sales of the show wait meanwhile, so what is picked or named is open. A slice that is there gets just these
    channels and this ladder; what the ladder has done stays done. A whole part takes its label in any state.

    Raises ShowUnknown, AllocationUnknown, SliceIncomplete, SliceNameTaken, ChannelUnknown, OpeningInvalid,
    ClosingInvalid, SliceStepInvalid, TierUnknown, QuantityInvalid, NotEnoughPlaces, PlacesUnknown and PlacesTaken.
    """
    refuse_incomplete([slice_ for slice_ in slices if isinstance(slice_, Slice)])
    show, at = _enter(show_id, now)
    for slice_ in slices:
        if isinstance(slice_, Slice):
            refuse_times(slice_, show, at)
    allocations = [_put_down(show, slice_) for slice_ in slices]
    for allocation, slice_ in zip(allocations, slices, strict=True):
        if isinstance(slice_, Slice):
            _set_ladder(allocation, slice_.ladder)
    sliced, taken = [], set[int]()
    for allocation, slice_ in zip(allocations, slices, strict=True):
        place_ids = _choose(show_id, slice_.places, at) if slice_.places is not None else []
        if not taken.isdisjoint(place_ids):
            raise refusals.QuantityInvalid(place_ids=sorted(taken.intersection(place_ids)))
        taken.update(place_ids)
        sliced.append(Sliced(allocation, _relabel(allocation, place_ids, by, at)))
    return sliced


@transaction.atomic
def give_slice_back(
    *, allocation_id: int, by: By, places: Seats | Pick | None = None, now: datetime | None = None
) -> list[int]:
    """Put places of a slice back into the pool; which. Without `places` all of them, in any state.

    Seats are of the slice, in any state; what is picked is open. Raises AllocationUnknown, PlacesNotInSlice,
    NotEnoughPlaces, TierUnknown and QuantityInvalid.
    """
    slice_ = Allocation.objects.filter(pk=allocation_id, is_pool=False).first()
    if slice_ is None:
        raise AllocationUnknown(allocation_id=allocation_id)
    _, at = _enter(slice_.show_id, now)
    labelled = Place.objects.filter(show_id=slice_.show_id, allocation=slice_)
    if isinstance(places, Pick):
        chosen = _picked(slice_.show_id, Pick(places.quantity, places.share_percent, places.order, places.tier_id,
                                              places.section_id, allocation_id), at)  # fmt: skip
    elif places is not None:
        refuse_odd(slice_.show_id, places)
        chosen = sorted(labelled.filter(pk__in=places.place_ids).values_list("pk", flat=True))
        if strays := set(places.place_ids) - set(chosen):
            raise PlacesNotInSlice(place_ids=sorted(strays))
    else:
        chosen = list(labelled.order_by("pk").values_list("pk", flat=True))
    return _relabel(Allocation.objects.get(show_id=slice_.show_id, is_pool=True), chosen, by, at)


@transaction.atomic
def undo_slicing(*, movement_id: int, by: By, now: datetime | None = None) -> list[int]:
    """Put the places of one slicing back under the labels they had, all that was done with this movement; which.

    What has moved on since, by a ladder or another slicing, stays where it is. Raises NothingToUndo.
    """
    show_id = Movement.objects.filter(pk=movement_id, verb=Verb.ALLOCATE_PLACES).values_list("show_id", flat=True)
    if not show_id:
        raise NothingToUndo(movement_id=movement_id)
    _, at = _enter(show_id[0], now)
    back: list[int] = []
    for way in slicing.ways_back(movement_id):
        seats = Seats(way.place_ids)
        back += allocate_places(allocation_id=way.to_allocation, wanted=seats, by=by, now=at)
    if not back:
        raise NothingToUndo(movement_id=movement_id)
    return sorted(back)


def _enter(show_id: int, now: datetime | None) -> tuple[Show, datetime]:
    """Make the show's sales wait, and carry out what is due: what counts from here on is as it stands."""
    if not Show.objects.filter(pk=show_id).exists():
        raise refusals.ShowUnknown(show_id=show_id)
    moves.seize_show(show_id)
    run_due_releases(show_id=show_id, now=now)
    return Show.objects.get(pk=show_id), now or moves.database_now()


def _put_down(show: Show, slice_: Slice | More) -> Allocation:
    """The slice's own row and its channels, new or changed."""
    others = Allocation.objects.filter(show=show)
    if slice_.allocation_id is None:
        allocation = Allocation(show=show)
    else:
        found = others.filter(pk=slice_.allocation_id, is_pool=False).first()
        if found is None:
            raise AllocationUnknown(allocation_id=slice_.allocation_id)
        allocation = found
    if isinstance(slice_, More):
        return allocation
    if others.filter(name=slice_.name.strip()).exclude(pk=slice_.allocation_id or 0).exists():
        raise SliceNameTaken(name=slice_.name)
    allocation.name, allocation.closes_at = slice_.name.strip(), slice_.closes_at
    allocation.save()
    set_openings(allocation, slice_.openings)
    return allocation


def _set_ladder(allocation: Allocation, ladder: Sequence[SliceStep]) -> None:
    """Just these steps lie ahead of the slice. Every slice of the act is there by now: a step may lead to it."""
    ReleaseStep.objects.filter(allocation=allocation, done_at=None).delete()
    for step in ladder:
        to_id = step.to_allocation_id
        if step.to_slice or to_id is not None:
            names = {"name": step.to_slice} if step.to_slice else {"pk": to_id}
            target = Allocation.objects.filter(show_id=allocation.show_id, **names).first()
            if target is None:
                raise AllocationUnknown(allocation_id=to_id, name=step.to_slice)
            if target == allocation:
                raise SliceStepInvalid(at=step.at.isoformat(), to=target.name)
            to_id = target.pk
        ReleaseStep.objects.create(
            show_id=allocation.show_id,
            allocation=allocation,
            at=step.at,
            share_percent=step.share_percent,
            quantity=step.quantity,
            to_allocation_id=to_id,
        )


def _choose(show_id: int, wanted: SlicePlaces, at: datetime) -> list[int]:
    """The places that were wanted, by id; none of them is under way to a buyer, unless a whole part was."""
    if isinstance(wanted, Pick):
        return _picked(show_id, wanted, at)
    if isinstance(wanted, Part):
        _refuse_unknown(show_id, wanted)
        where = {"tier_id": wanted.tier_id, "section_id": wanted.section_id, "allocation_id": wanted.out_of_id}
        if not (found := slicing.part(show_id, **where, at=at)):
            raise refusals.NotEnoughPlaces(asked=1, open=0)
        return found
    refuse_odd(show_id, wanted)
    states = places_now.states(show_id, wanted.place_ids, at)
    if unknown := set(wanted.place_ids) - set(states):
        raise refusals.PlacesUnknown(place_ids=sorted(unknown))
    if taken := sorted(place_id for place_id, state in states.items() if state.status != Place.Status.OPEN):
        raise refusals.PlacesTaken(place_ids=taken)
    return sorted(wanted.place_ids)


def _picked(show_id: int, wanted: Pick, at: datetime) -> list[int]:
    _refuse_unknown(show_id, wanted)
    where = {"tier_id": wanted.tier_id, "section_id": wanted.section_id, "allocation_id": wanted.out_of_id}
    quantity, share = wanted.quantity, wanted.share_percent
    if quantity is None and share is not None and 1 <= share <= 100:
        quantity = ceil(slicing.count_to_pick(show_id, **where, at=at) * share / 100)
        if not quantity:
            raise refusals.NotEnoughPlaces(asked=1, open=0)
    elif quantity is None or share is not None or quantity < 1:
        raise refusals.QuantityInvalid(quantity=quantity, share_percent=share)
    found = pick(show_id, quantity, wanted.order, **where, at=at)
    if len(found) < quantity:
        raise refusals.NotEnoughPlaces(asked=quantity, open=len(found))
    return found


def _refuse_unknown(show_id: int, wanted: Pick | Part) -> None:
    refuse_unknown_tiers(show_id, () if wanted.tier_id is None else (wanted.tier_id,), wanted.section_id)
    out_of = wanted.out_of_id
    if out_of is not None and not Allocation.objects.filter(pk=out_of, show_id=show_id).exists():
        raise AllocationUnknown(allocation_id=out_of)


def _relabel(allocation: Allocation, place_ids: Sequence[int], by: By, at: datetime) -> list[int]:
    """One movement, that of the rules alone where no place moves: who did it and why is kept either way."""
    moved: list[int] = []
    if place_ids:
        moved = allocate_places(allocation_id=allocation.pk, wanted=Seats(place_ids), by=by, now=at)
    if not moved:
        record(show_id=allocation.show_id, verb=Verb.ALLOCATE_PLACES, by=by, at=at)
    return moved
