"""GSTINs: the good ones, the mistyped ones, and those that nobody here can judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.tax.gstin import Gstin, GstinInvalid, check_character, read_gstin

GOOD = "27AAPFU0939F1ZV"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("text", [GOOD, "03AADCK3039P1ZF", "29AAGCB7383J1Z4"])
def test_a_real_one_is_accepted(text: str) -> None:
    assert read_gstin(text) == Gstin(text, text[:2])


@pytest.mark.parametrize("spelled", [GOOD.lower(), f" {GOOD} ", "27 AAPFU0939F 1ZV", f"{GOOD}\n"])
def test_blanks_and_case_do_not_matter(spelled: str) -> None:
    assert read_gstin(spelled).text == GOOD


def test_one_that_a_gateway_prints_as_an_example_is_mistyped() -> None:
    with pytest.raises(GstinInvalid, match="mistyped"):
        read_gstin("06AABCU9605R1ZR")

    assert read_gstin("06AABCU9605R1ZP").state == "06"


@pytest.mark.parametrize("state", ["01", "38", "97", "99"])
def test_every_state_has_one(state: str) -> None:
    first = f"{state}AAPFU0939F1Z"

    assert read_gstin(first + check_character(first)).state == state


@given(st.integers(0, 13), st.sampled_from(CHARACTERS))
def test_one_wrong_character_is_noticed(where: int, character: str) -> None:
    wrong = GOOD[:where] + character + GOOD[where + 1 :]

    if wrong == GOOD or read_as_another_kind(wrong):
        return
    with pytest.raises(GstinInvalid) as refused:
        read_gstin(wrong)
    assert refused.value.code == "gstin_invalid"


def read_as_another_kind(text: str) -> bool:
    try:
        return bool(read_gstin(text).warning)
    except GstinInvalid:
        return False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "27",
        "00AAPFU0939F1ZV",
        "39AAPFU0939F1ZV",
        "27AAPFU0939F0ZV",
        GOOD[:-1],
        GOOD + "1",
        "२७AAPFU0939F1ZV",
        "x" * 15,
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(GstinInvalid):
        read_gstin(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("0717USA00001UNL", "United Nations"),
        ("27MUMA12345B1DE", "deducts"),
        ("27AAPFU0939F1CV", "collects"),
        ("9917USA29016OS7", "not resident"),
    ],
)
def test_a_registration_of_another_kind_is_taken_with_a_warning(text: str, what: str) -> None:
    found = read_gstin(text)

    assert (found.text, found.state) == (text, text[:2])
    assert what in found.warning
