"""Numbered seats: where they are, for good; and how they stand, a letter each, for a moment."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api import docs_reads as docs
from inventory.api.reading import A_MOMENT, FOR_GOOD, ReadingDoor, etags, unchanged
from inventory.queries.stock import SeatStates, geometry, in_columns, seat_states
from inventory.services.refusals import ShowUnknown


class ShowSeats(ReadingDoor):
    @docs.SEATS
    def get(self, request: Request, slug: str) -> Response:
        asker, here = self.ground(slug)
        if request.query_params.get("v") != str(here.manifest_version):
            view = "&view=staff" if asker.is_staff else ""
            return Response(status=302, headers={"Location": seats_at(slug, here.manifest_version) + view})
        house = geometry(here.show_id)
        if house is None:
            raise ShowUnknown
        # A manifest loaded between the two statements belongs to another address.
        is_current = house.manifest_version == here.manifest_version
        return Response(in_columns(house), headers={"Cache-Control": FOR_GOOD if is_current else A_MOMENT})


class ShowSeatStates(ReadingDoor):
    @docs.SEAT_STATES
    def get(self, request: Request, slug: str) -> Response:
        asker, here = self.ground(slug)
        since, known = request.query_params.get("since"), etags(request)

        def seen_since(version: str | None) -> SeatStates:
            seen = seat_states(here.show_id, channel_id=here.channel_id or 0, since=version, public=not asker.is_staff)
            if seen is None:
                raise ShowUnknown
            return seen

        seen = seen_since(since or (known[0] if known else None))
        is_difference = seen.letters is None
        if is_difference and not seen.changes and seen.version in known:
            return unchanged(seen.version)
        if is_difference and not seen.changes and seen.version == since:
            return Response(status=204, headers={"ETag": f'"{seen.version}"'})
        if is_difference and since is None:
            seen = seen_since(None)
        return Response(_told(seen), headers={"ETag": f'"{seen.version}"'})


def seats_at(slug: str, version: int) -> str:
    """The address of a show's seats that stays true: another manifest has another one."""
    return f"{reverse('api-show-seats', kwargs={'slug': slug})}?v={version}"


def _told(seen: SeatStates) -> dict[str, Any]:
    told: dict[str, Any] = {"version": seen.version, "manifest_version": seen.manifest_version}
    return told | ({"changes": seen.changes} if seen.letters is None else {"letters": seen.letters})
