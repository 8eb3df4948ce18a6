"""Ids that tell nothing and cannot be made by anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.opaque import LENGTH, opaque, revealed

NUMBERS = st.integers(min_value=0, max_value=2**64 - 1)


@given(NUMBERS)
def test_an_id_comes_back_as_its_number(number: int) -> None:
    text = opaque("lock", number)

    assert (len(text), text.islower() or text.isdigit(), text.isalnum()) == (LENGTH, True, True)
    assert revealed("lock", text) == number


@given(NUMBERS, st.integers(0, LENGTH - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_an_id_with_another_letter_is_none(number: int, where: int, letter: str) -> None:
    text = opaque("lock", number)
    tampered = text[:where] + letter + text[where + 1 :]

    assert revealed("lock", tampered) == (number if tampered == text else None)


@given(st.text(max_size=30))
def test_whatever_else_is_none(text: str) -> None:
    assert revealed("lock", text) is None


def test_neighbours_have_nothing_in_common() -> None:
    first, second = opaque("lock", 1), opaque("lock", 2)

    assert sum(a == b for a, b in zip(first, second, strict=True)) < 8


def test_an_id_of_another_kind_or_another_house_is_none(settings: Any) -> None:
    text = opaque("lock", 7)

    assert revealed("order", text) is None
    settings.SECRET_KEY = "another"
    assert revealed("lock", text) is None


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: text + "=", lambda text: f" {text}"])
def test_an_id_is_spelled_in_one_way_only(change: Any) -> None:
    assert revealed("lock", change(opaque("lock", 7))) is None


def test_the_last_letters_spare_bits_make_no_second_spelling() -> None:
    text = opaque("lock", 7)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    known = [letter for letter in letters if revealed("lock", text[:-1] + letter) == 7]

    assert known == [text[-1]]
