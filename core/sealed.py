"""Text that names people, enciphered where it is stored: whoever reads the table alone reads nothing."""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

_NONCE = 12


def seal(kind: str, plain: bytes) -> bytes:
    """Encipher and authenticate (AES-256-GCM, NIST SP 800-38D); `kind` keeps one column's text out of another."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(settings.SECRET_KEY, kind).encrypt(nonce, plain, None)


def unseal(kind: str, sealed: bytes) -> bytes:
    """What was sealed. Raises ValueError where it was not sealed here, or was changed."""
    try:
        return _cipher(settings.SECRET_KEY, kind).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag as error:
        raise ValueError("not sealed with this key, or changed since") from error


@lru_cache(maxsize=16)
def _cipher(secret: str, kind: str) -> AESGCM:
    return AESGCM(salted_hmac(f"core.sealed.{kind}", "", secret=secret, algorithm="sha256").digest())
