"""Paise as people, phones and documents read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import round_half_up, rupees, rupees_in_words, rupees_plain


@pytest.mark.parametrize(
    ("paise", "shown"),
    [
        (0, "₹0.00"),
        (5, "₹0.05"),
        (118000, "₹1,180.00"),
        (123456750, "₹12,34,567.50"),
        (10**12, "₹10,00,00,00,000.00"),
        (-50000, "-₹500.00"),
    ],
)
def test_people_read_lakhs_and_crores(paise: int, shown: str) -> None:
    assert rupees(paise) == shown


@pytest.mark.parametrize(
    ("paise", "plain"), [(0, "0.00"), (5, "0.05"), (118000, "1180.00"), (123456750, "1234567.50"), (-5, "-0.05")]
)
def test_a_link_and_a_file_know_no_grouping(paise: int, plain: str) -> None:
    assert rupees_plain(paise) == plain


@given(st.integers(0, 10**15))
def test_both_spellings_name_the_same_amount(paise: int) -> None:
    assert rupees(paise).replace(",", "") == f"₹{rupees_plain(paise)}"


@pytest.mark.parametrize(
    ("paise", "words"),
    [
        (0, "Rupees Zero Only"),
        (50, "Rupees Zero and Fifty Paise Only"),
        (1900, "Rupees Nineteen Only"),
        (4200, "Rupees Forty-two Only"),
        (118000, "Rupees One Thousand One Hundred Eighty Only"),
        (118001, "Rupees One Thousand One Hundred Eighty and One Paise Only"),
        (10000000, "Rupees One Lakh Only"),
        (
            123456750,
            "Rupees Twelve Lakh Thirty-four Thousand Five Hundred Sixty-seven and Fifty Paise Only",
        ),
        (10**9 + 100, "Rupees One Crore One Only"),
        (12 * 10**12, "Rupees Twelve Thousand Crore Only"),
    ],
)
def test_a_document_says_the_amount_in_words(paise: int, words: str) -> None:
    assert rupees_in_words(paise) == words


def test_there_are_no_words_for_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="below zero"):
        rupees_in_words(-1)


@pytest.mark.parametrize(("numerator", "denominator", "whole"), [(0, 3, 0), (1, 3, 0), (1, 2, 1), (3, 2, 2), (5, 3, 2)])
def test_half_a_paisa_goes_up(numerator: int, denominator: int, whole: int) -> None:
    assert round_half_up(numerator, denominator) == whole
