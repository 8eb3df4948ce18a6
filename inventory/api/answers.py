"""From a lock to what is answered about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.opaque import opaque
from inventory.api.serializers import LockMadeOut, LockOut
from inventory.queries.doors import OwnLock, labels
from inventory.services.locking import Lock

_OF_THE_LOCK = ("show", "channel", "phase", "places", "locked_at", "expires_at", "hard_until", "now")


def facts_of(lock: Lock) -> dict[str, Any]:
    """What the database keeps as the answer (`inventory.services.locking`), from the lock just made."""
    return asdict(lock)


def lock_made(facts: Mapping[str, Any], *, show: str, channel: str) -> dict[str, Any]:
    """The answer to who made a lock, from the facts that were kept: the same whenever it is asked for again."""
    locked_at, expires_at, hard_until = (_time(facts[name]) for name in ("locked_at", "expires_at", "hard_until"))
    groups = facts.get("groups") or [sorted(facts["place_ids"])]
    return LockMadeOut(
        {
            "id": opaque("lock", facts["claim_id"]),
            "show": show,
            "channel": channel,
            "phase": "browsing",
            "places": labels(facts["place_ids"]),
            "locked_at": locked_at,
            "expires_at": expires_at,
            "hard_until": hard_until,
            "now": locked_at,
            "seconds_left": int((expires_at - locked_at).total_seconds()),
            "groups": groups,
            "is_split": len(groups) > 1,
            "strands": facts.get("strands") or [],
        }
    ).data


def lock_seen(lock: OwnLock) -> dict[str, Any]:
    """The lock as it stands now."""
    due_at = lock.hard_until if lock.phase == "paying" else lock.expires_at
    seconds_left = max(0, int((due_at - lock.now).total_seconds()))
    told = {name: getattr(lock, name) for name in _OF_THE_LOCK}
    return LockOut(told | {"id": opaque("lock", lock.claim_id), "seconds_left": seconds_left}).data


def _time(fact: datetime | str) -> datetime:
    return fact if isinstance(fact, datetime) else datetime.fromisoformat(fact)
