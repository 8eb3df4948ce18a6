"""A split modelled on the page of a show, made real: a slice for each channel, and the rest for whoever sells first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from inventory.acts import By
from inventory.models import Allocation, Channel, Show
from inventory.queries import moves, slicing
from inventory.queries.picking import Order
from inventory.services.refusals import ShowUnknown
from inventory.services.releases import run_due_releases
from inventory.services.slices import ChannelUnknown, Opening, Part, Pick, Slice, SliceIncomplete, SliceStep
from inventory.services.slicing import give_slice_back, slice_pool


@dataclass(frozen=True, slots=True)
class Share:
    """A channel's part of the pool: per cent of what can be picked there, or so many places.

    `ladder`: so long before the show, so many per cent of what is left go back to the pool.
    """

    channel_id: int
    percent: float = 0
    quantity: int | None = None
    ladder: Sequence[tuple[timedelta, int]] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """The channel `first_id` alone sells what is not sliced, for `first_for` from now on. `replaces`: what slices have
    now goes back to the pool before.
    """

    shares: Sequence[Share]
    order: Order = Order.SPREAD
    first_id: int | None = None
    first_for: timedelta = timedelta()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A slice that was made, or got its places anew, with its ladder. Of that, steps in the past were left out."""

    allocation: Allocation
    channel_id: int
    quantity: int
    ladder: Sequence[SliceStep]
    left_out: int


@transaction.atomic
def apply_split(*, show_id: int, split: Split, by: By, now: datetime | None = None) -> list[Cut]:
    """Slice the pool as modelled, all of it or nothing; sales of the show wait meanwhile.

    A slice is called after its channel. One of that name which is there is cut anew: it has its channel, its ladder
    and its new places from then on, and keeps what it had unless the split replaces.

    Raises ShowUnknown, ChannelUnknown, SliceIncomplete where no slice would come of it, and what `slice_pool` raises.
    """
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        raise ShowUnknown(show_id=show_id)
    run_due_releases(show_id=show_id, now=now)
    at = now or moves.database_now()
    if split.replaces:
        for allocation_id in show.allocations.filter(is_pool=False).order_by("pk").values_list("pk", flat=True):
            if show.places.filter(allocation_id=allocation_id).exists():
                give_slice_back(allocation_id=allocation_id, by=by, now=at)
    slices = _slices(show, split, at)
    if not slices:
        raise SliceIncomplete(name="")
    made = slice_pool(show_id=show_id, slices=slices, by=by, now=at)
    steps = {share.channel_id: len(share.ladder) for share in split.shares}
    return [
        Cut(done.allocation, channel_id, len(done.place_ids), slice_.ladder, max(0, steps.get(channel_id, 0) - kept))
        for done, slice_ in zip(made, slices, strict=True)
        for channel_id, kept in [(slice_.openings[0].channel_id, len(slice_.ladder))]
    ]


def _slices(show: Show, split: Split, at: datetime) -> list[Slice]:
    channels = Channel.objects.in_bulk([share.channel_id for share in split.shares])
    first = Channel.objects.filter(pk=split.first_id).first() if split.first_id else None
    wanted = {share.channel_id for share in split.shares} | ({split.first_id} if split.first_id else set())
    if unknown := wanted - set(channels) - ({first.pk} if first else set()):
        raise ChannelUnknown(channel_ids=sorted(unknown))
    there = slicing.count_to_pick(show.pk, tier_id=None, section_id=None, allocation_id=None, at=at)
    slices = []
    for share in split.shares:
        # Half a place is rounded up, as the model does.
        quantity = int(there * share.percent / 100 + 0.5) if share.quantity is None else share.quantity
        if quantity > 0:
            ladder = [
                SliceStep(show.starts_at - before, share_percent=percent)
                for before, percent in share.ladder
                if show.starts_at - before > at
            ]
            places = Pick(quantity=quantity, order=split.order)
            slices.append(_named(show, channels[share.channel_id], " slice", places, ladder=ladder))
    if first and split.first_for > timedelta():
        closes_at = min(at + split.first_for, show.starts_at)
        slices.append(_named(show, first, " first", Part(), closes_at=closes_at))
    return slices


def _named(
    show: Show,
    channel: Channel,
    suffix: str,
    places: Pick | Part,
    *,
    closes_at: datetime | None = None,
    ladder: Sequence[SliceStep] = (),
) -> Slice:
    name = f"{channel.name[: 60 - len(suffix)]}{suffix}"
    there = Allocation.objects.filter(show=show, name=name).values_list("pk", flat=True).first()
    return Slice(name, [Opening(channel.pk)], places, closes_at, ladder, there)
