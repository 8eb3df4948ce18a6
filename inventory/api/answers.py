"""From a lock to what is answered about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.opaque import opaque
from inventory.api.serializers import LockOut
from inventory.queries.doors import OwnLock
from inventory.services.locking import Lock

_OF_A_PLACE = ("id", "section", "row", "number", "tier")
_OF_THE_LOCK = ("show", "channel", "phase", "places", "locked_at", "expires_at", "hard_until", "now")


def lock_made(lock: Lock, *, show: str, channel: str) -> dict[str, Any]:
    """The answer to who made a lock, as `LockMadeOut` describes it: the same from what was kept of it.

    Put together by hand: on the way every buyer takes, serializers cost more than all else that Python does here.
    """
    assert lock.labels is not None
    return {
        "id": opaque("lock", lock.claim_id),
        "show": show,
        "channel": channel,
        "phase": "browsing",
        "places": [dict(zip(_OF_A_PLACE, label, strict=True)) for label in lock.labels],
        "locked_at": _moment(lock.locked_at),
        "expires_at": _moment(lock.expires_at),
        "hard_until": _moment(lock.hard_until),
        "now": _moment(lock.locked_at),
        "seconds_left": _seconds(lock.locked_at, lock.expires_at),
        "groups": lock.groups,
        "is_split": lock.is_split,
        "strands": lock.strands,
    }


def lock_seen(lock: OwnLock) -> dict[str, Any]:
    """The lock as it stands now."""
    due_at = lock.hard_until if lock.phase == "paying" else lock.expires_at
    told = {name: getattr(lock, name) for name in _OF_THE_LOCK}
    return LockOut(told | {"id": opaque("lock", lock.claim_id), "seconds_left": _seconds(lock.now, due_at)}).data


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(now: datetime, until: datetime) -> int:
    return max(0, int((until - now).total_seconds()))
