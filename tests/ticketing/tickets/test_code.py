"""A ticket's code: what it says is what was signed, and nothing else is believed."""

from __future__ import annotations

import re
from base64 import b32decode, b32encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ticketing.tickets.code import (
    PREFIX,
    CodeForged,
    CodeInvalid,
    CodeOfUnknownKey,
    CodeUnreadable,
    Content,
    SigningKey,
    read,
    sign,
)

KEY = SigningKey(7, Ed25519PrivateKey.from_private_bytes(b"7" * 32))
STRANGER = SigningKey(7, Ed25519PrivateKey.from_private_bytes(b"8" * 32))
KNOWN = {KEY.id: KEY.private.public_key()}
TICKET = Content(show_id=311, ticket_id=123_456, serial=1, place_id=70_000)
CODE = sign(TICKET, KEY)

numbers = st.integers(0, 2**63 - 1)
contents = st.builds(Content, numbers, numbers, numbers, numbers)


def raw(code: str) -> bytes:
    letters = code.removeprefix(PREFIX)
    return b32decode(letters + "=" * (-len(letters) % 8))


def spelled(body: bytes) -> str:
    return PREFIX + b32encode(body).decode().rstrip("=")


@given(contents)
def test_a_code_says_what_was_signed(content: Content) -> None:
    assert read(sign(content, KEY), KNOWN) == content


@given(contents)
def test_a_code_fits_a_qr_codes_alphanumeric_mode(content: Content) -> None:
    assert re.fullmatch(r"HF1\.[A-Z2-7]+", sign(content, KEY))


def test_the_same_ticket_has_the_same_code() -> None:
    assert sign(TICKET, KEY) == CODE
    assert len(CODE) == 123


def test_a_code_is_what_gates_in_the_field_expect() -> None:
    """If this fails, tickets that people hold have stopped working: a new format needs a new prefix."""
    assert CODE[:23] == "HF1.A63QFQGEA4A7BIQE7CG"
    assert raw(CODE)[:10].hex() == "07b702c0c40701f0a204"


def test_a_ticket_issued_again_has_another_code() -> None:
    again = Content(TICKET.show_id, TICKET.ticket_id, 2, TICKET.place_id)

    assert sign(again, KEY) != CODE
    assert read(sign(again, KEY), KNOWN).serial == 2


@pytest.mark.parametrize("heard", [CODE.lower(), CODE.title(), f" {CODE}\r\n", f"\t{CODE.lower()} "])
def test_a_scanner_may_change_the_case_and_end_the_line(heard: str) -> None:
    assert read(heard, KNOWN) == TICKET


@given(st.integers(0, 8 * len(raw(CODE)) - 1))
def test_a_single_changed_bit_is_refused(bit: int) -> None:
    changed = bytearray(raw(CODE))
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CodeInvalid):
        read(spelled(bytes(changed)), KNOWN)


def test_what_a_stranger_signed_under_our_keys_id_is_forged() -> None:
    with pytest.raises(CodeForged) as refused:
        read(sign(TICKET, STRANGER), KNOWN)

    assert refused.value.code == "code_forged"


def test_the_signature_of_another_ticket_is_no_signature() -> None:
    other = sign(Content(311, 123_457, 1, 70_000), KEY)

    with pytest.raises(CodeForged):
        read(spelled(raw(CODE)[:10] + raw(other)[10:]), KNOWN)


def test_a_signature_without_the_prefix_is_no_signature() -> None:
    """A later version cannot be read as this one, nor anything else this key might ever sign."""
    body = raw(CODE)[:10]

    with pytest.raises(CodeForged):
        read(spelled(body + KEY.private.sign(body)), KNOWN)


def test_a_key_that_is_not_known_is_said_to_be() -> None:
    with pytest.raises(CodeOfUnknownKey) as refused:
        read(CODE, {8: KEY.private.public_key()})

    assert refused.value.code == "code_of_unknown_key"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HF1.",
        "HF2" + CODE[3:],
        CODE[4:],
        CODE[:-1],
        CODE[:-2],
        CODE[:60],
        CODE + "A" * 8,
        CODE + CODE,
        CODE.replace("A", "1"),
        CODE.replace("A", "अ"),
        "https://example.com/",
        "upi://pay?pa=x@y",
        spelled(bytes(64)),
        spelled(bytes([7]) + bytes(64)),
        spelled(bytes([7, 1, 1, 1]) + bytes(64)),
        spelled(bytes([7, 1, 1, 1, 1, 1]) + bytes(64)),
        spelled(bytes([7, 1, 1, 1, 0x81]) + bytes(64)),
        spelled(bytes([7, 1, 1, 1]) + b"\xff" * 9 + b"\x7f" + bytes(64)),
    ],
)
def test_what_is_not_a_whole_code_is_unreadable(text: str) -> None:
    with pytest.raises(CodeInvalid) as refused:
        read(text, KNOWN)

    assert refused.value.code in {"code_unreadable", "code_forged"}
    assert isinstance(refused.value, CodeUnreadable) or text == CODE + "A" * 8


@given(st.text(max_size=250) | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=150).map(PREFIX.__add__))
def test_whatever_else_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(CodeInvalid):
        read(text, KNOWN)


@pytest.mark.parametrize("number", [-1, 2**63])
def test_a_number_the_database_cannot_hold_is_not_signed(number: int) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        Content(1, number, 1, 1)
