"""What the API's description says of refusals and headers: made from the refusals themselves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core import errors
from core.idempotency import HEADER, IdempotencyKeyInvalid, IdempotencyKeyMissing, IdempotencyKeyReused
from core.json_in import BodyTooLarge, LengthRequired
from core.refusals import DomainError

Refusal = type[DomainError]

ALWAYS: list[Refusal] = [errors.InputInvalid, errors.NotAcceptable, errors.Throttled, errors.Unavailable]
OF_WRITES: list[Refusal] = [IdempotencyKeyMissing, IdempotencyKeyInvalid, IdempotencyKeyReused]
OF_BODIES: list[Refusal] = [errors.MediaTypeUnsupported, BodyTooLarge, LengthRequired]


class ErrorOut(serializers.Serializer[Any]):
    """Every refusal. Programs look at `code`; `message` is for people; `facts` says which and until when."""

    code = serializers.CharField()
    message = serializers.CharField()
    facts = serializers.DictField()


IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    pattern=r"^[\x21-\x7e]{1,200}$",
    description="New for each thing you want; the same to ask again, with the same body. Use a UUID.",
    examples=[OpenApiExample("a UUID", "5bd1a7f2-7d0c-4f0e-9a51-3f1f3a4c9a55")],
)


def shown(answer: Any, description: str = "", **examples: Any) -> OpenApiResponse:
    """A response with examples of it, each under its name: `shown(OrderOut, an_order={…})`."""
    told = [OpenApiExample(name.replace("_", " "), value) for name, value in examples.items()]
    return OpenApiResponse(answer, description, told)


def refused(refusals: Iterable[Refusal]) -> dict[int | str, OpenApiResponse]:
    """The responses with which an operation refuses: one for each status, its codes and their sentences in it."""
    ordered = sorted(set(refusals), key=lambda refusal: (refusal.status, refusal.code))
    return {status: _response(list(group)) for status, group in groupby(ordered, key=lambda refusal: refusal.status)}


def _response(refusals: list[Refusal]) -> OpenApiResponse:
    lines = [f"- `{refusal.code}`: {refusal.message}" for refusal in refusals]
    examples = [
        OpenApiExample(refusal.code, {"code": refusal.code, "message": refusal.message, "facts": {}})
        for refusal in refusals
    ]
    return OpenApiResponse(ErrorOut, "\n".join(lines), examples)
