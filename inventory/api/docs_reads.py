"""What the API's description says of each read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from core.openapi import ALWAYS, Refusal, refused, shown
from inventory.api import examples
from inventory.api.asking import KeyUnknown, LoginNeeded, StaffOnly
from inventory.api.docs import SLUG
from inventory.api.serializers_reads import (
    AvailabilityOut,
    ExplanationIn,
    ExplanationOut,
    SeatsOut,
    SeatStatesOut,
    ShowsOut,
    ShowWholeOut,
)
from inventory.services import refusals

_READER: list[Refusal] = [*ALWAYS, KeyUnknown, LoginNeeded, StaffOnly]
_OF_SHOW: list[Refusal] = [*_READER, refusals.ShowUnknown]
_ANYBODY: Any = [{"key": []}, {"login": []}, {}]
_VIEW = OpenApiParameter(
    "view", OpenApiTypes.STR, enum=["staff"], description="`staff`: everything, for a login that may see it."
)
_KNOWN = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag you have. Unchanged: 304."
)
_UNCHANGED = OpenApiResponse(description="As you have it.")

LIST_SHOWS = extend_schema(
    operation_id="list_shows",
    auth=_ANYBODY,
    tags=["shows"],
    summary="Shows to come, the next one first",
    parameters=[_VIEW],
    responses={200: shown(ShowsOut, the_shows=examples.SHOWS)} | refused(_READER),
)
SEE_SHOW = extend_schema(
    operation_id="see_show",
    auth=_ANYBODY,
    tags=["shows"],
    summary="One show, its sections and tiers",
    parameters=[SLUG, _VIEW],
    responses={200: shown(ShowWholeOut, a_show=examples.SHOW)} | refused(_OF_SHOW),
)
AVAILABILITY = extend_schema(
    operation_id="availability",
    auth=_ANYBODY,
    tags=["stock"],
    summary="What is left, by section and tier, on your channel",
    parameters=[SLUG, _VIEW, _KNOWN],
    responses={200: shown(AvailabilityOut, what_is_left=examples.AVAILABILITY), 304: _UNCHANGED} | refused(_OF_SHOW),
)
SEATS = extend_schema(
    operation_id="seats",
    auth=_ANYBODY,
    tags=["stock"],
    summary="Where the numbered seats are",
    description="Keep it for good: another manifest has another address. Without the show's `manifest_version` as `v` "
    "you are led to the address that has it.",
    parameters=[SLUG, _VIEW, OpenApiParameter("v", OpenApiTypes.STR, description="The show's manifest_version.")],
    responses={
        200: shown(SeatsOut, two_seats=examples.SEATS),
        302: OpenApiResponse(description="To the address of this manifest."),
    }
    | refused(_OF_SHOW),
)
SEAT_STATES = extend_schema(
    operation_id="seat_states",
    auth=_ANYBODY,
    tags=["stock"],
    summary="How the numbered seats stand, a letter each",
    description="Poll with `since`, the version you have: 204 while nothing changes. A browser's own cache asks with "
    "If-None-Match as well, and is answered 304.",
    parameters=[
        SLUG,
        _VIEW,
        _KNOWN,
        OpenApiParameter("since", OpenApiTypes.STR, description="The version you have: answer what changed since."),
    ],
    responses={
        200: shown(SeatStatesOut, all_of_them=examples.ALL_STATES, what_changed=examples.CHANGED_STATES),
        204: _UNCHANGED,
        304: _UNCHANGED,
    }
    | refused(_OF_SHOW),
)
EXPLANATION = extend_schema(
    operation_id="explanation",
    auth=_ANYBODY,
    tags=["stock"],
    summary="Why something cannot be bought on your channel",
    description="Of a place, of a tier, or of the whole show.",
    parameters=[SLUG, _VIEW, ExplanationIn],
    responses={200: shown(ExplanationOut, why_not=examples.EXPLANATION)}
    | refused([*_OF_SHOW, refusals.PlacesUnknown, refusals.TierUnknown]),
)
