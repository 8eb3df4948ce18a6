from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from inventory.queries.stock.tokens import Token

AT = datetime(2026, 12, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_token_comes_back_as_it_went() -> None:
    token = Token(987654321, AT, "0123456789ab")

    assert Token.read(str(token)) == token


def test_a_token_is_short_and_fit_for_a_url_and_an_etag() -> None:
    assert re.fullmatch(r"[0-9a-f-]{1,40}", str(Token(2**48 - 1, AT.replace(year=2150), "f" * 12)))


@pytest.mark.parametrize(
    "text", [None, "", "x", "1-2", "1-2-3", "1-2-0123456789abc", "\u0661-2-0123456789ab", "1 OR 1=1", "-" * 99]
)
def test_what_is_no_token_is_read_as_none(text: str | None) -> None:
    assert Token.read(text) is None
