"""What the API's description says of each operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from core.openapi import ALWAYS, IDEMPOTENCY_KEY, OF_BODIES, OF_WRITES, Refusal, refused, shown
from inventory.api import examples
from inventory.api.asking import BUYER, CsrfFailed, KeyUnknown, StaffOnly
from inventory.api.private import LockUnknown
from inventory.api.serializers import ExtensionIn, LockIn, LockMadeOut, LockOut
from inventory.services import locks, refusals

# The names of config/api.py; an empty one is nobody's.
ANY_CREDENTIAL: Any = [{"key": []}, {"login": []}, {"visitor": []}, {}]
_MAKER: list[Refusal] = [KeyUnknown, StaffOnly]
_WRITER: list[Refusal] = [*ALWAYS, *OF_WRITES, *_MAKER, CsrfFailed]
SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The show's slug.")
_LOCK_ID = OpenApiParameter(
    "lock_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="The id a lock was answered with."
)
_REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201, 204],
    enum=["true"],
    description="There where this answer was given before.",
)

LOCK_PLACES = extend_schema(
    operation_id="lock_places",
    auth=ANY_CREDENTIAL,
    tags=["locks"],
    summary="Lock places for some minutes",
    description="All that was asked for, or none. Whoever makes the lock owns it: a visitor by the cookie "
    f"`{BUYER}` that comes with the first answer, a program by its key, staff by login. The channel is theirs, too.",
    parameters=[SLUG, IDEMPOTENCY_KEY, _REPLAYED],
    request=LockIn,
    responses={201: shown(LockMadeOut, a_lock=examples.LOCK_MADE)}
    | refused(
        [
            *_WRITER,
            *OF_BODIES,
            refusals.ShowUnknown,
            refusals.ShowNotOnSale,
            refusals.ChannelNotSelling,
            refusals.QuantityInvalid,
            refusals.TierUnknown,
            refusals.PlacesUnknown,
            refusals.PlacesTaken,
            refusals.PlacesNotOnSaleHere,
            refusals.PlacesKeptAccessible,
            refusals.PlacesStranded,
            refusals.NotEnoughPlaces,
            refusals.NotTogether,
            refusals.Frozen,
            refusals.OverCap,
            refusals.Busy,
        ]
    ),
    examples=[
        OpenApiExample("these seats", {"places": [1041, 1042]}, request_only=True),
        OpenApiExample("two together", {"best": {"quantity": 2, "tiers": ["gold", "silver"]}}, request_only=True),
        OpenApiExample(
            "a wheelchair place and one beside it", {"best": {"quantity": 2, "accessible": 1}}, request_only=True
        ),
    ],
)

SEE_LOCK = extend_schema(
    operation_id="see_lock",
    auth=ANY_CREDENTIAL,
    tags=["locks"],
    summary="One's own lock as it stands",
    parameters=[_LOCK_ID],
    responses={200: shown(LockOut, a_lock=examples.LOCK)}
    | refused([*ALWAYS, *_MAKER, LockUnknown, locks.LockExpired, locks.LockCommitted]),
)

RELEASE_LOCK = extend_schema(
    operation_id="release_lock",
    auth=ANY_CREDENTIAL,
    tags=["locks"],
    summary="Give the places back",
    description="A lock that has ended already gives back nothing, and that is no error.",
    parameters=[_LOCK_ID, IDEMPOTENCY_KEY, _REPLAYED],
    responses={204: OpenApiResponse(description="The places are open.")}
    | refused([*_WRITER, *OF_BODIES, LockUnknown, locks.LockIsPaying, locks.LockCommitted]),
)

EXTEND_LOCK = extend_schema(
    operation_id="extend_lock",
    auth=ANY_CREDENTIAL,
    tags=["locks"],
    summary="More time, up to the lock's cap",
    parameters=[_LOCK_ID, IDEMPOTENCY_KEY, _REPLAYED],
    request=ExtensionIn,
    responses={200: shown(LockOut, a_longer_lock=examples.LOCK)}
    | refused(
        [
            *_WRITER,
            *OF_BODIES,
            LockUnknown,
            locks.LockExpired,
            locks.LockAtItsCap,
            locks.LockIsPaying,
            locks.LockCommitted,
        ]
    ),
    examples=[
        OpenApiExample("the show's time", {}, request_only=True),
        OpenApiExample("five minutes", {"lock_for_s": 300}, request_only=True),
    ],
)
