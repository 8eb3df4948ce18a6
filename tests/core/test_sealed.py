"""What is sealed is read by nobody else, and a changed seal by nobody at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealed import seal, unseal

BODY = b'{"event":"qr_code.credited","contact":"+919820012345"}'


@given(st.binary(max_size=2000))
def test_it_comes_back_as_it_was(plain: bytes) -> None:
    assert unseal("a kind", seal("a kind", plain)) == plain


def test_nothing_of_it_can_be_read_and_no_two_are_alike() -> None:
    first, second = seal("a kind", BODY), seal("a kind", BODY)

    assert first != second
    assert len(first) == len(BODY) + 12 + 16  # the nonce, and the tag
    assert [word for word in (b"event", b"credited", b"9820012345") if word in first] == []


@given(st.integers(0, len(BODY) + 27), st.integers(1, 255))
def test_a_changed_bit_is_noticed(where: int, change: int) -> None:
    sealed = bytearray(seal("a kind", BODY))
    sealed[where] ^= change

    with pytest.raises(ValueError, match="not sealed with this key, or changed since"):
        unseal("a kind", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 12, b"x" * 27, b"x" * 28, BODY])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unseal("a kind", sealed)


def test_one_columns_text_is_not_anothers_nor_another_houses(settings: Any) -> None:
    sealed = seal("a kind", BODY)

    with pytest.raises(ValueError, match="not sealed with this key"):
        unseal("another kind", sealed)
    settings.SECRET_KEY = "another"
    with pytest.raises(ValueError, match="not sealed with this key"):
        unseal("a kind", sealed)
