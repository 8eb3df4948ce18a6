"""The keys that sign tickets, from the settings: one that signs, and the public halves of those that did before.

To change the key: add the old one's public half (`x` of `public_keys`) to TICKET_OLD_PUBLIC_KEYS, and put a new one in
TICKET_SIGNING_KEY. Tickets that are out stay good until the old half is taken away.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ticketing.tickets.code import SigningKey

SEED_BYTES = 32


def signing_key() -> SigningKey:
    """The key of this house. Raises ImproperlyConfigured where the settings hold none."""
    return _signing(settings.TICKET_SIGNING_KEY)


def verifying_keys() -> Mapping[int, Ed25519PublicKey]:
    """Every key whose tickets are good, by its id. Raises ImproperlyConfigured."""
    return _verifying(settings.TICKET_SIGNING_KEY, tuple(settings.TICKET_OLD_PUBLIC_KEYS))


def public_keys() -> list[dict[str, str]]:
    """The same for a gate, as JSON Web Keys (RFC 8037); `kid` is the id in decimal. Nothing in it is secret."""
    return [
        {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": str(key_id), "x": _text(public.public_bytes_raw())}
        for key_id, public in verifying_keys().items()
    ]


@lru_cache(maxsize=4)
def _signing(seed: str) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(_raw(seed, "TICKET_SIGNING_KEY"))
    return SigningKey(_id(private.public_key()), private)


@lru_cache(maxsize=4)
def _verifying(seed: str, old: tuple[str, ...]) -> Mapping[int, Ed25519PublicKey]:
    ours = _signing(seed)
    found = {ours.id: ours.private.public_key()}
    for text in old:
        public = Ed25519PublicKey.from_public_bytes(_raw(text, "TICKET_OLD_PUBLIC_KEYS"))
        if found.setdefault(_id(public), public) != public:
            raise ImproperlyConfigured("Two keys for tickets have the same id. Make another TICKET_SIGNING_KEY.")
    return found


def _id(public: Ed25519PublicKey) -> int:
    """One byte of the key's digest, so that nobody has to number keys; one key in 256 must be made again."""
    return hashlib.sha256(public.public_bytes_raw()).digest()[0]


def _raw(text: str, name: str) -> bytes:
    """32 bytes from base64, in either of its alphabets, padded or not."""
    try:
        raw = b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(raw) != SEED_BYTES:
        raise ImproperlyConfigured(f"{name} holds {len(raw)} bytes: a key has {SEED_BYTES}.")
    return raw


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
