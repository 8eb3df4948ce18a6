from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from inventory.queries.stock.tokens import Token

AT = datetime(2026, 12, 1, 12, 0, 0, 123456, tzinfo=UTC)
PRINT = "0123456789ab"
MANY = ",".join(str(xid) for xid in range(1000, 1018))


@pytest.mark.parametrize("snapshot", ["987654321:987654321:", "1000:1007:1000,1003", "1:9:"])
def test_a_token_comes_back_as_it_went(snapshot: str) -> None:
    token = Token.of(snapshot, AT, PRINT)

    assert Token.read(str(token)) == token


def test_a_token_is_short_and_fit_for_a_url_and_an_etag() -> None:
    assert re.fullmatch(r"[0-9a-f.-]{1,40}", str(Token.of("987654321:987654321:", AT, PRINT)))
    running = ",".join(str(2**44 + 255 * n) for n in range(16))
    assert re.fullmatch(r"[0-9a-f.-]{1,120}", str(Token.of(f"{2**44}:{2**44 + 5000}:{running}", AT, PRINT)))


def test_with_many_running_nothing_since_the_oldest_counts_as_seen() -> None:
    assert Token.of(f"1000:1018:{MANY}", AT, PRINT).snapshot == "1000:1000:"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "x",
        "1-2",
        "1-2-3",
        "1-2-0123456789ab",
        "1.1-2-0123456789abc",
        "\u0661.1-2-0123456789ab",
        "1 OR 1=1",
        "-" * 99,
        "0.1-2-0123456789ab",
        "5.1.1-2-0123456789ab",
        "5.9.3.2-2-0123456789ab",
    ],
)
def test_what_is_no_token_is_read_as_none(text: str | None) -> None:
    assert Token.read(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["1.0-2-0123456789ab", "5.9.0.8-2-0123456789ab", f"{'f' * 12}.{'f' * 8}-2-{PRINT}"])
def test_what_is_one_postgresql_reads(text: str) -> None:
    token = Token.read(text)
    assert token

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::pg_snapshot::text", [token.snapshot])
        assert cursor.fetchone() == (token.snapshot,)
