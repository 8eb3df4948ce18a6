"""The seats for the maps of holding, slicing and giving back: where they are, how they stand; for whoever may do it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from inventory.admin.form_page import demand, demand_one, number
from inventory.models import Channel, Claim, Place
from inventory.queries.stock import SeatStates, geometry, in_columns, seat_states

OURS, OPEN_ALREADY = "o", "x"


def seats(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """House and states as the API's staff view has them; with `?since=`, a version told before, what changed."""
    if not request.user.has_perm("inventory.slice_pool"):
        demand(request, "inventory.place_hold")
    show_id, since = number(pk), request.GET.get("since")
    seen = _seen(show_id, since)
    if since and seen.letters is None and not seen.changes:
        return HttpResponse(status=204)
    told = {"changes": seen.changes} if seen.letters is None else {"letters": seen.letters}
    return _answer(show_id, seen, told, is_whole=not since)


def seats_of_hold(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The same for one hold, of which only its own places can be chosen: they are `o`, and what is open is `x`."""
    demand_one(request, "inventory.break_hold", "inventory.place_hold")
    claim = Claim.objects.filter(pk=number(pk), kind=Claim.Kind.HOLD).first()
    if claim is None:
        raise Http404
    since = request.GET.get("since")
    if since and (seen := _seen(claim.show_id, since)).letters is None and not seen.changes:
        return HttpResponse(status=204)
    seen, house = _seen(claim.show_id, None), geometry(claim.show_id)
    assert house is not None
    ours = set(Place.objects.filter(claim=claim).values_list("pk", flat=True))
    others = str.maketrans("on", OPEN_ALREADY * 2)
    letters = [
        OURS if place_id in ours and letter == "h" else letter
        for place_id, letter in zip(house.ids, (seen.letters or "").translate(others), strict=True)
    ]
    return _answer(claim.show_id, seen, {"letters": "".join(letters)}, is_whole=not since)


def _seen(show_id: int, since: str | None) -> SeatStates:
    """Which channel is asked about does not matter: what is open can be held, whoever may sell it."""
    channel_id = Channel.objects.order_by("pk").values_list("pk", flat=True)[0]
    seen = seat_states(show_id, channel_id=channel_id, since=since)
    if seen is None:
        raise Http404
    return seen


def _answer(show_id: int, seen: SeatStates, told: dict[str, Any], *, is_whole: bool) -> JsonResponse:
    house = geometry(show_id) if is_whole else None
    told |= {"version": seen.version, "manifest_version": seen.manifest_version}
    return JsonResponse((in_columns(house) if house else {}) | told, headers={"Cache-Control": "no-store"})
