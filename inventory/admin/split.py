"""The split of a show as a page: a model to play with, the real ledger to play back, and numbers for whoever reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from inventory.admin import reasons, words
from inventory.admin.form_page import demand, number, page
from inventory.admin.links import page_of, slices_page_of, stock_page_of
from inventory.admin.slicing import PERMISSION
from inventory.admin.split_forms import ORDERS
from inventory.models import Allocation, Channel, Place, Show
from inventory.queries.history import chapter
from inventory.queries.split import Standing, first_sale, standing
from inventory.queries.stock import Board, board, by_label, coming, geometry, in_columns

S = Place.Status
MOST_COMING = 8
BY_REASON = ("kill_places", "freeze")  # what is told about these is a reason code
POOL = 0  # the first of the allocations, and what every place is of for whoever may not see slices
COLOURS = 6  # as css/split-colours.css has them
SHORT, LONG = 1, 60  # days for which a sale is modelled
# Places asked for on each kind of channel, in per cent of the house, where a show has not sold enough to tell.
DEMAND = {Channel.Kind.WEB.value: 80, Channel.Kind.COUNTER.value: 25, Channel.Kind.PARTNER.value: 15}
SHARE = {Channel.Kind.COUNTER.value: 20, Channel.Kind.PARTNER.value: 10}
ENOUGH, IN_ALL = 50, 120


def split_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The stage, its controls, and how the pool is split now. Without scripts, the numbers and the form alone."""
    show = _show(model_admin, request, pk)
    allocations = _allocations(request, show)
    counts = by_label(show.pk)
    now = board(show.pk)
    assert now is not None
    at = timezone.now()
    every = list(Channel.objects.order_by("pk"))
    channels = [channel for channel in every if channel.is_active]
    shown = [_with_defaults(channel, nth) for nth, channel in enumerate(every) if channel.is_active]
    has = request.user.has_perm
    return page(
        model_admin,
        request,
        "inventory/admin/split_page.html",
        title=f"Split: {show.title}",
        show=show,
        show_url=page_of(show),
        stock_url=stock_page_of(show.pk),
        slices_url=slices_page_of(show.pk) if has("inventory.view_allocation") else "",
        has_house=show.manifest_version > 0,
        labels=[_label_row(allocation, counts[pk]) for pk, allocation in allocations.items() if pk in counts]
        if has("inventory.view_allocation")
        else [],
        sellers=_sellers(now, channels),
        rules=[words.rule_line(rule, now) for rule in now.rules],
        coming=[
            words.change(change, names_parties=has("inventory.view_claim"))
            for change in coming(show.pk, at, MOST_COMING)
            if change.of_hold or has("inventory.view_allocation")
        ],
        channels=shown,
        first=next((channel for channel in channels if channel.kind == Channel.Kind.WEB), None),
        orders=ORDERS,
        house_url=reverse("admin:inventory_show_split_house", args=[show.pk]),
        history_url=reverse("admin:inventory_show_split_history", args=[show.pk]) if _may_replay(request) else "",
        apply_url=reverse("admin:inventory_show_split_apply", args=[show.pk]) if has(PERMISSION) else "",
        as_of=words.clock(at),
    )


def house(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Every place of the show: where it is, how good, how it stands now; and who sells, and what has been asked for."""
    show = _show(model_admin, request, pk)
    shape = geometry(show.pk)
    now = standing(show.pk)
    assert shape is not None
    channels = list(Channel.objects.order_by("pk"))
    index = {channel.pk: nth for nth, channel in enumerate(channels)}
    allocations = list(_allocations(request, show).values())
    labels = {allocation.pk: nth for nth, allocation in enumerate(allocations)}
    sections = {section.id: nth for nth, section in enumerate(shape.sections)}
    begins = _begins(show)
    told = in_columns(shape) | {
        "ids": _steps(now.ids),
        "standing": {"section": [sections[section] for section in now.section[now.seats :]]},
        "rank": now.rank,
        "run": _runs(now),
        "position": now.position,
        "letters": now.letters,
        "label": [labels.get(label, POOL) for label in now.label],
        "seller": [-1 if channel is None else index[channel] for channel in now.channel],
        "kept": now.kept,
        "channels": _channels(channels, now, index),
        "allocations": [
            {"name": allocation.name, "is_pool": allocation.is_pool, "channel": index.get(_owner(allocation) or 0, -1)}
            for allocation in allocations
        ],
        "at": now.at.timestamp(),
        "starts_at": show.starts_at.timestamp(),
        "begins_at": begins.timestamp(),
        "zone": timezone.get_current_timezone_name(),
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def history(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """A piece of the real ledger, after what `?after=` names; `after` of the answer is where to go on."""
    show = _show(model_admin, request, pk)
    if not _may_replay(request):
        raise PermissionDenied
    told = chapter(show.pk, after=request.GET.get("after", ""))
    channels = {pk: nth for nth, pk in enumerate(Channel.objects.order_by("pk").values_list("pk", flat=True))}
    labels = {pk: nth for nth, pk in enumerate(_allocations(request, show))}
    verbs = list(dict.fromkeys(told.verb))
    names_parties = request.user.has_perm("inventory.view_claim")
    about = {
        nth: reasons.in_line(text) if verb in BY_REASON else text
        for nth, (verb, text) in enumerate(zip(told.verb, told.about, strict=True))
        if text and (names_parties or verb in BY_REASON)
    }
    answer = {
        "verbs": verbs,
        "id": _steps(told.ids),
        "at": [round(at.timestamp(), 3) for at in told.at],
        "verb": [verbs.index(verb) for verb in told.verb],
        "channel": [-1 if channel is None else channels[channel] for channel in told.channel],
        "quantity": told.quantity,
        "about": about,
        "place": _steps(told.place),
        "status": "".join({"leased": "e"}.get(status, status[0]) for status in told.status),
        "label": [labels.get(label, POOL) for label in told.label],
        "taken_by": [-1 if channel is None else channels[channel] for channel in told.taken_by],
        "after": told.after,
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _show(model_admin: Any, request: HttpRequest, pk: str) -> Show:
    demand(request, "inventory.view_show")
    demand(request, "inventory.view_place")
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    return show


def _may_replay(request: HttpRequest) -> bool:
    return request.user.has_perm("inventory.view_movement")


def _allocations(request: HttpRequest, show: Show) -> dict[int, Allocation]:
    """The pool, then the slices; the pool alone for whoever may not see whose places are."""
    rows = show.allocations.prefetch_related("openings__channel").order_by("-is_pool", "pk")
    if not request.user.has_perm("inventory.view_allocation"):
        rows = rows.filter(is_pool=True)
    return {allocation.pk: allocation for allocation in rows}


def _owner(allocation: Allocation) -> int | None:
    """The channel that sells from an allocation at the start, where it is one alone."""
    first = [opening.channel_id for opening in allocation.openings.all() if opening.opens_at is None]
    return None if allocation.is_pool or len(first) != 1 else first[0]


def _label_row(allocation: Allocation, counts: dict[str, int]) -> dict[str, Any]:
    """Who sells what lies under a label, and how it stands: the columns of the table of the pool and its slices."""
    everybody = ["every channel"] if allocation.is_pool else []
    sellers = ", ".join([*everybody, *map(str, allocation.openings.all())]) or "nobody"
    if allocation.closes_at:
        sellers += f", everybody from {words.clock(allocation.closes_at).removesuffix(':00')}"
    columns = (S.OPEN,), (S.LOCKED,), (S.SOLD,), (S.HELD,), (S.KILLED, S.LEASED)
    return {
        "name": "The pool" if allocation.is_pool else allocation.name,
        "sellers": sellers,
        "numbers": [f"{sum(counts.get(status, 0) for status in statuses):,}" for statuses in columns],
    }


def _sellers(now: Board, channels: list[Channel]) -> list[dict[str, Any]]:
    """What each channel can sell now, has in baskets and has sold."""
    parts = [(channel.name, now.whole_of(channel.pk)) for channel in channels]
    return [
        {"name": name, "numbers": [f"{many:,}" for many in (part.sellable, part.locked + part.paying, part.sold)]}
        for name, part in parts
    ]


def _with_defaults(channel: Channel, nth: int) -> dict[str, Any]:
    """A channel with its number among all, which is its colour and shape, and what the model begins with."""
    is_web = channel.kind == Channel.Kind.WEB
    return {
        "row": channel,
        "nth": nth,
        "colour": nth % COLOURS + 1,
        "is_web": is_web,
        "share": SHARE.get(channel.kind, 0),
        "demand": DEMAND[channel.kind],
    }


def _channels(channels: list[Channel], now: Standing, index: dict[int, int]) -> list[dict[str, Any]]:
    """Who sells, with what is asked for there: as the show has sold so far, where that is enough to tell by."""
    sold = [0] * len(channels)
    for letter, channel in zip(now.letters, now.channel, strict=True):
        if letter == "s" and channel is not None:
            sold[index[channel]] += 1
    is_known = sum(sold) >= ENOUGH
    return [
        {
            "id": channel.pk,
            "code": channel.code,
            "name": channel.name,
            "kind": channel.kind,
            "is_active": channel.is_active,
            "demand": max(2, round(IN_ALL * sold[nth] / sum(sold))) if is_known else DEMAND[channel.kind],
        }
        for nth, channel in enumerate(channels)
    ]


def _begins(show: Show) -> Any:
    """When the modelled sale begins: at the first real one, else now; so long before the show as is of use."""
    begins = first_sale(show.pk) or timezone.now()
    return min(max(begins, show.starts_at - timedelta(days=LONG)), show.starts_at - timedelta(days=SHORT))


def _runs(now: Standing) -> list[int]:
    """Each unbroken stretch of neighbours by a number of its own; -1 for standing room."""
    known: dict[tuple[int, int], int] = {}
    return [
        known.setdefault((section, run), len(known)) if nth < now.seats else -1
        for nth, (section, run) in enumerate(zip(now.section, now.run, strict=True))
    ]


def _steps(numbers: list[int]) -> list[int]:
    """Numbers as differences from each to the next, which pack well."""
    return [after - before for before, after in zip([0, *numbers], numbers, strict=False)]
