"""What a slice of the pool is to be: its channels and times, its ladder, its places; and what of that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.refusals import DomainError
from inventory.acts import Seats
from inventory.models import AllocationChannel, Channel, Show
from inventory.queries.picking import Order
from inventory.services.holds import LadderStep


class SliceIncomplete(DomainError):
    code, status, message = "slice_incomplete", 400, "A slice has a name, and at least one channel, each named once."


class SliceNameTaken(DomainError):
    code, message = "slice_name_taken", "This show has a slice of that name already. Choose another name."


class ChannelUnknown(DomainError):
    code, status, message = "channel_unknown", 404, "There is no such channel."


class OpeningInvalid(DomainError):
    code, status, message = (
        "opening_invalid",
        400,
        "A channel opens in the future, before its slice closes and before the show begins; without a time, at once.",
    )


class ClosingInvalid(DomainError):
    code, status, message = (
        "closing_invalid",
        400,
        "A slice closes in the future, at the latest as the show begins.",
    )


class SliceStepInvalid(DomainError):
    code, status, message = (
        "slice_step_invalid",
        400,
        "A step of the ladder lies ahead, before the slice closes and before the show begins. It gives a share of 1 to "
        "100 per cent or a number of places, to the pool or to another slice of this show.",
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """A channel that may sell, from this moment on; without one, at once."""

    channel_id: int
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SliceStep(LadderStep):
    """A step of a slice's ladder. It leads to the pool; to an allocation; or, by its name, to a slice of this show."""

    to_slice: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """So many open places, or this share of the open places there; of a tier, a section or the whole house.

    Out of what counts as the pool, unless another allocation is named. No wheelchair and no companion places.
    """

    quantity: int | None = None
    share_percent: int | None = None
    order: Order = Order.BEST
    tier_id: int | None = None
    section_id: int | None = None
    out_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A whole tier or section, or all of the house, as far as it counts as the pool, or is of the named allocation.

    Whatever its state: what is locked, held or sold carries the label for when it comes back.
    """

    tier_id: int | None = None
    section_id: int | None = None
    out_of_id: int | None = None


SlicePlaces = Seats | Pick | Part
"""Seats are exactly these, and open."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice as it is to be from now on: a new one, or with `allocation_id` one that is there. `places` join it.

    From `closes_at` on its places count as the pool.
    """

    name: str
    openings: Sequence[Opening]
    places: SlicePlaces | None = None
    closes_at: datetime | None = None
    ladder: Sequence[SliceStep] = ()
    allocation_id: int | None = None


@dataclass(frozen=True, slots=True)
class More:
    """More places for a slice that is there, which stays as it is otherwise."""

    allocation_id: int
    places: SlicePlaces


def refuse_incomplete(slices: Sequence[Slice]) -> None:
    """Raise SliceIncomplete, SliceNameTaken or ChannelUnknown for what is wrong whatever the time."""
    named: set[str] = set()
    for slice_ in slices:
        channel_ids = [opening.channel_id for opening in slice_.openings]
        if not slice_.name.strip() or not channel_ids or len(set(channel_ids)) < len(channel_ids):
            raise SliceIncomplete(name=slice_.name)
        if slice_.name.strip() in named:
            raise SliceNameTaken(name=slice_.name)
        named.add(slice_.name.strip())
        known = set(Channel.objects.filter(pk__in=channel_ids).values_list("pk", flat=True))
        if unknown := set(channel_ids) - known:
            raise ChannelUnknown(channel_ids=sorted(unknown))


def refuse_times(slice_: Slice, show: Show, at: datetime, *, keeps_end: bool = False) -> None:
    """Raise ClosingInvalid, OpeningInvalid or SliceStepInvalid. An opening that was so before may lie in the past, and
    so may an end that is kept; but no channel opens once its slice is closed.
    """
    closes_at = slice_.closes_at
    if closes_at is not None and not keeps_end and not at < closes_at <= show.starts_at:
        raise ClosingInvalid(closes_at=closes_at.isoformat())
    ends_at = min(closes_at or show.starts_at, show.starts_at)
    before = dict(
        AllocationChannel.objects.filter(allocation_id=slice_.allocation_id or 0).values_list("channel_id", "opens_at")
    )
    for opening in slice_.openings:
        opens_at = opening.opens_at
        if opens_at is None:
            continue
        is_kept = before.get(opening.channel_id) == opens_at
        if opens_at >= ends_at or (not is_kept and opens_at <= at):
            raise OpeningInvalid(channel_id=opening.channel_id, opens_at=opens_at.isoformat())
    for step in slice_.ladder:
        if not step.is_some or not at < step.at < ends_at or step.to_slice == slice_.name.strip():
            raise SliceStepInvalid(at=step.at.isoformat(), share=step.share_percent, quantity=step.quantity)
