"""Ids that tell nothing: what leaves the house in place of a row's number.

A number is enciphered together with 64 zero bits in one AES block, so it can be neither counted nor guessed: a text
that was not made here has one chance in 2^64 of being taken for one.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from binascii import Error
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.utils.crypto import salted_hmac

LENGTH = 26
_PADDING = "=" * 6
_ZERO = bytes(8)


def opaque(kind: str, number: int) -> str:
    """The public id of row `number`, 26 letters and digits. `kind` keeps a lock's id from naming an order."""
    encryptor = _cipher(settings.SECRET_KEY, kind).encryptor()
    return _text(encryptor.update(number.to_bytes(8, "big") + _ZERO) + encryptor.finalize())


def revealed(kind: str, text: str) -> int | None:
    """The number behind a public id, or None where it is no such id."""
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        block = b32decode(text.upper() + _PADDING)
    except Error:
        return None
    if _text(block) != text:  # the last letter has two bits to spare, and capitals are not ours
        return None
    decryptor = _cipher(settings.SECRET_KEY, kind).decryptor()
    plain = decryptor.update(block) + decryptor.finalize()
    return int.from_bytes(plain[:8], "big") if plain[8:] == _ZERO else None


def _text(block: bytes) -> str:
    return b32encode(block).decode().rstrip("=").lower()


@lru_cache(maxsize=16)
def _cipher(secret: str, kind: str) -> Cipher[modes.ECB]:
    key = salted_hmac(f"core.opaque.{kind}", "", secret=secret, algorithm="sha256").digest()
    # One block that never repeats for two numbers: what ECB is wrong for, several blocks of one text, does not occur.
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
