"""API keys: made once, shown once, revoked for good."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.db.models.functions import Now

from inventory.models import ApiKey

PREFIX = "hf_"
SHOWN = 10


def make_key(*, channel_id: int, name: str) -> tuple[ApiKey, str]:
    """A new key of a channel: its row, and the key itself, which nobody can read again. 256 random bits."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        channel_id=channel_id, name=name, prefix=secret[:SHOWN], digest=digest_of(secret), created_at=Now()
    )
    return key, secret


def revoke_key(*, key_id: int) -> bool:
    """From now on the key is unknown. Whether it was good until now."""
    return bool(ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=Now()))


def digest_of(secret: str) -> str:
    """What is kept of a key. A plain hash will do: 256 random bits cannot be guessed from it."""
    return sha256(secret.encode()).hexdigest()
