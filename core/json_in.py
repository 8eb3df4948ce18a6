"""Reading a request's body: one JSON object, small, and nothing in it that has two meanings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.refusals import DomainError

MOST_BYTES = 65_536


class BodyTooLarge(DomainError):
    code, status, message = "body_too_large", 413, "The request's body is too large."


class LengthRequired(DomainError):
    """RFC 9112, 6.3: a body in chunks has no length, and a WSGI server passes none of it on."""

    code, status, message = "length_required", 411, "Send the body whole, with its Content-Length."


class StrictJSON(BaseParser):
    """Parses application/json in UTF-8 and refuses names given twice, NaN, half characters and endless nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge(most_bytes=MOST_BYTES)
        try:
            data = json.loads(raw.decode(), object_pairs_hook=_each_name_once, parse_constant=_no_constant)
            canonical(data)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not JSON that can be read.") from error
        return data


def canonical(data: Any) -> bytes:
    """One spelling of the same JSON, whatever the order of names and the spaces in it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
