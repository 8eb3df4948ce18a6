from __future__ import annotations

import csv
from io import StringIO

import pytest

from core.cells import csv_of, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        " =1+1",
        "\t=1",
        "\r=1",
        "\n1",
        "\uff1d1+1",
        "\u00a0=1",
        "-",
        "-٣",
        "+919000000001",
    ],
)
def test_what_would_be_a_formula_becomes_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "College cards.", "a=b", "12", "-12", "-1180.50", "0.5", "₹1,180.00", "'=1"])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_nothing_is_an_empty_cell_and_a_number_is_a_number() -> None:
    assert [safe(None), safe(-5), safe(0)] == ["", "-5", "0"]


def test_a_null_byte_hides_no_formula() -> None:
    assert safe("\0=1") == "'=1"


def test_a_file_is_read_back_as_it_was_written_and_says_that_it_is_utf_8() -> None:
    text = csv_of([["Show", "Note"], ['The "Tonga", again', "two\nlines; =1"], ["", "=HYPERLINK(1)"]])

    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff")))) == [
        ["Show", "Note"],
        ['The "Tonga", again', "two\nlines; =1"],
        ["", "'=HYPERLINK(1)"],
    ]
