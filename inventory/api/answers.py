"""From a lock to what is answered about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.opaque import opaque
from inventory.api.serializers import LockMadeOut, LockOut
from inventory.queries.doors import OwnLock, labels
from inventory.services.locking import Lock

_OF_THE_LOCK = ("show", "channel", "phase", "places", "locked_at", "expires_at", "hard_until", "now")


def lock_made(lock: Lock, *, show: str, channel: str) -> dict[str, Any]:
    """The answer to who made a lock: the same from the lock itself and from what was kept of it."""
    return LockMadeOut(
        {
            "id": opaque("lock", lock.claim_id),
            "show": show,
            "channel": channel,
            "phase": "browsing",
            "places": labels(lock.place_ids),
            "locked_at": lock.locked_at,
            "expires_at": lock.expires_at,
            "hard_until": lock.hard_until,
            "now": lock.locked_at,
            "seconds_left": _seconds(lock.locked_at, lock.expires_at),
            "groups": lock.groups,
            "is_split": lock.is_split,
            "strands": lock.strands,
        }
    ).data


def lock_seen(lock: OwnLock) -> dict[str, Any]:
    """The lock as it stands now."""
    due_at = lock.hard_until if lock.phase == "paying" else lock.expires_at
    told = {name: getattr(lock, name) for name in _OF_THE_LOCK}
    return LockOut(told | {"id": opaque("lock", lock.claim_id), "seconds_left": _seconds(lock.now, due_at)}).data


def _seconds(now: datetime, until: datetime) -> int:
    return max(0, int((until - now).total_seconds()))
