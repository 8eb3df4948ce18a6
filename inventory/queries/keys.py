"""Which API key this is."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.models import ApiKey


@dataclass(frozen=True, slots=True)
class KeyInUse:
    key_id: int
    channel: str
    channel_kind: str


def key_in_use(digest: str) -> KeyInUse | None:
    """The key with this digest and its channel; None where there is none or it was revoked."""
    found = ApiKey.objects.filter(digest=digest, revoked_at__isnull=True)
    row = found.values_list("pk", "channel__code", "channel__kind").first()
    return row and KeyInUse(*row)
