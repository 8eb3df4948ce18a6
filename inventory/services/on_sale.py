"""From when each channel sells: of the pool, and of each slice. One act sets them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.acts import By
from inventory.models import Allocation, AllocationChannel, Channel, ReleaseStep, Show
from inventory.models.ledger import Verb
from inventory.queries import moves
from inventory.services import refusals
from inventory.services.headers import record
from inventory.services.holds import AllocationUnknown
from inventory.services.slices import (
    ChannelUnknown,
    ClosingInvalid,
    Opening,
    Slice,
    SliceIncomplete,
    refuse_incomplete,
    refuse_times,
)


@dataclass(frozen=True, slots=True)
class OnSale:
    """The channels of one allocation, each from its opening on, and when it closes.

    The pool sells everywhere from the start, but on channels that have an opening there; it never closes.
    """

    allocation_id: int
    openings: Sequence[Opening]
    closes_at: datetime | None = None


@transaction.atomic
def set_on_sale(*, show_id: int, times: Sequence[OnSale], by: By, now: datetime | None = None) -> None:
    """Give the pool and slices of a show just these channels and times. Sales of the show wait meanwhile.

    Raises ShowUnknown, AllocationUnknown, SliceIncomplete, ChannelUnknown, OpeningInvalid and ClosingInvalid, the last
    also where a step of a slice's ladder would come after its end.
    """
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        raise refusals.ShowUnknown(show_id=show_id)
    moves.seize_show(show_id)
    at = now or moves.database_now()
    for one in times:
        _set(show, one, at)
    record(show_id=show_id, verb=Verb.ALLOCATE_PLACES, by=by, at=at)


def _set(show: Show, one: OnSale, at: datetime) -> None:
    allocation = Allocation.objects.filter(show=show, pk=one.allocation_id).first()
    if allocation is None:
        raise AllocationUnknown(allocation_id=one.allocation_id)
    is_another_end = one.closes_at is not None and one.closes_at != allocation.closes_at
    wished = Slice(allocation.name, one.openings, closes_at=one.closes_at, allocation_id=allocation.pk)
    if allocation.is_pool:
        _refuse_odd_pool(one)
    else:
        refuse_incomplete([wished])
    refuse_times(wished, show, at, keeps_end=not is_another_end)
    if is_another_end:
        _refuse_late_steps(one)
    Allocation.objects.filter(pk=allocation.pk).update(closes_at=one.closes_at)
    set_openings(allocation, one.openings)


def set_openings(allocation: Allocation, openings: Sequence[Opening]) -> None:
    """Just these channels have an opening there."""
    named = {opening.channel_id: opening.opens_at for opening in openings}
    AllocationChannel.objects.filter(allocation=allocation).exclude(channel_id__in=named).delete()
    for channel_id, opens_at in named.items():
        AllocationChannel.objects.update_or_create(
            allocation=allocation, channel_id=channel_id, defaults={"opens_at": opens_at}
        )


def _refuse_odd_pool(one: OnSale) -> None:
    channel_ids = [opening.channel_id for opening in one.openings]
    if len(set(channel_ids)) < len(channel_ids):
        raise SliceIncomplete(name="the pool")
    if one.closes_at is not None:
        raise ClosingInvalid("The pool never closes: close the show instead.")
    if unknown := set(channel_ids) - set(Channel.objects.filter(pk__in=channel_ids).values_list("pk", flat=True)):
        raise ChannelUnknown(channel_ids=sorted(unknown))


def _refuse_late_steps(one: OnSale) -> None:
    late = ReleaseStep.objects.filter(allocation_id=one.allocation_id, done_at=None, at__gte=one.closes_at)
    if late.exists():
        raise ClosingInvalid("A step of its ladder comes after that. Change the ladder first, or close it later.")
