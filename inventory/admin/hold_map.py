"""The seats for the map of the hold page: where they are and how they stand, for whoever may hold places."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from inventory.admin.form_page import demand, number
from inventory.models import Channel
from inventory.queries.stock import geometry, in_columns, seat_states

PERMISSION = "inventory.place_hold"


def seats(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """House and states as the API's staff view has them; with `?since=`, a version told before, what changed.

    Which channel is asked about does not matter: what is open can be held, whoever may sell it.
    """
    demand(request, PERMISSION)
    show_id, channel = number(pk), Channel.objects.order_by("pk").values_list("pk", flat=True)[0]
    since = request.GET.get("since")
    seen = seat_states(show_id, channel_id=channel, since=since)
    house = None if since else geometry(show_id)
    if seen is None or (house is None and not since):
        raise Http404
    if since and seen.letters is None and not seen.changes:
        return HttpResponse(status=204)
    told: dict[str, Any] = {"version": seen.version, "manifest_version": seen.manifest_version}
    told |= {"changes": seen.changes} if seen.letters is None else {"letters": seen.letters}
    return JsonResponse((in_columns(house) if house else {}) | told, headers={"Cache-Control": "no-store"})
