"""Which API key this is."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.models import ApiKey


@dataclass(frozen=True, slots=True)
class KeyInUse:
    key_id: int
    channel: str


def key_in_use(digest: str) -> KeyInUse | None:
    """The key with this digest and the code of its channel; None where there is none or it was revoked."""
    row = ApiKey.objects.filter(digest=digest, revoked_at__isnull=True).values_list("pk", "channel__code").first()
    return row and KeyInUse(*row)
