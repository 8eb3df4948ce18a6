"""The slices of a show: who sells them from when, what they give back, what is left; and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from inventory.admin import words
from inventory.admin.form_page import demand, page
from inventory.admin.links import list_of, stock_page_of
from inventory.admin.slice_acts import last_slicing, slicing_in_words
from inventory.admin.slice_forms import channels_for
from inventory.admin.slice_shapes import shapes
from inventory.admin.slicing import PERMISSION, show_or_404
from inventory.admin.stock import Stock
from inventory.models import Allocation, Place, ReleaseStep, Show
from inventory.queries.slicing import count_moved
from inventory.queries.stock import by_label


@dataclass(frozen=True, slots=True)
class Card:
    """One slice, or the pool, in words."""

    name: str
    is_pool: bool
    sells: list[str]
    closes: str
    steps: list[str]
    stock: Stock | None
    places_url: str
    query: str


def slices_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """All slices of a show on one page. Six statements, however many there are."""
    demand(request, "inventory.view_allocation")
    show = show_or_404(pk)
    may_slice = request.user.has_perm(PERMISSION)
    cards = _cards(show)
    cut = last_slicing(show) if may_slice else None
    size = count_moved(cut.pk) if cut else 0
    return page(
        model_admin,
        request,
        "inventory/admin/slices.html",
        title=f"Slices of the pool: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        show=show,
        back=stock_page_of(show.pk),
        cards=[card for card in cards if card.stock or card.is_pool],
        empty=[card for card in cards if not card.stock and not card.is_pool],
        may_slice=may_slice,
        has_house=show.manifest_version > 0,
        shapes=shapes(show, channels_for([])) if may_slice else [],
        last=slicing_in_words(cut, size) if cut and size else "",
        undo_url=f"{reverse('admin:inventory_show_slice_undo', args=[show.pk])}?movement={cut.pk}"
        if cut and size
        else "",
    )


def _cards(show: Show) -> list[Card]:
    left = by_label(show.pk)
    steps: dict[int, list[ReleaseStep]] = {}
    for step in ReleaseStep.objects.filter(show=show, allocation__isnull=False).select_related("to_allocation"):
        steps.setdefault(step.allocation_id or 0, []).append(step)
    slices = Allocation.objects.filter(show=show).prefetch_related("openings__channel").order_by("-is_pool", "pk")
    return [_card(one, steps.get(one.pk, []), left.get(one.pk)) for one in slices]


def _card(slice_: Allocation, steps: Sequence[ReleaseStep], counts: dict[str, int] | None) -> Card:
    openings = sorted(slice_.openings.all(), key=lambda opening: opening.channel_id)
    sells = [_sells(opening.channel.name, opening.opens_at) for opening in openings]
    if slice_.is_pool:
        sells = [*sells, "every other channel from the start" if sells else "every channel from the start"]
    return Card(
        name=slice_.name,
        is_pool=slice_.is_pool,
        sells=sells or ["no channel"],
        closes=_closes(slice_),
        steps=[_step(step) for step in steps],
        stock=Stock(counts) if counts else None,
        places_url=list_of(Place, show=slice_.show_id, allocation=slice_.pk),
        query=f"slice={slice_.pk}",
    )


def _sells(channel: str, opens_at: Any) -> str:
    if opens_at is None:
        return f"{channel} from the start"
    return f"{channel} {'since' if opens_at <= timezone.now() else 'from'} {words.clock(opens_at).removesuffix(':00')}"


def _closes(slice_: Allocation) -> str:
    if slice_.closes_at is None:
        return ""
    at = words.clock(slice_.closes_at).removesuffix(":00")
    if slice_.closes_at <= timezone.now():
        return f"Closed since {at}: what is left counts as the pool."
    return f"Everybody's from {at}: what is left counts as the pool then."


def _step(step: ReleaseStep) -> str:
    much = words.much(step.share_percent, step.quantity)
    to = f"to {step.to_allocation}" if step.to_allocation and not step.to_allocation.is_pool else "to the pool"
    at = words.clock(step.at).removesuffix(":00")
    if step.done_at is not None:
        return f"gave {much} {to}, {at}" if step.movement_id else f"had nothing left to give, {at}"
    return f"gives {much} of what is unsold {to}, {at}" if step.share_percent else f"gives {much} {to}, {at}"
