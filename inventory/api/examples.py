"""What the API's description shows of answers: one show, and one buyer's lock in it."""

from __future__ import annotations

from typing import Any

LOCK_ID = "p6dnx4hbv2kqjmwz3s7uaryfte"
_NOW = "2026-11-20T13:30:12.481250Z"
_SECTION = {"code": "stalls", "name": "Stalls", "is_ga": False}
_TIER = {"code": "gold", "name": "Gold", "colour": "#b8860b"}
_LEFT = {"state": "available", "left": 412, "in_baskets": 18, "next_release": None}
_SHOW = {
    "slug": "hamlet",
    "title": "Hamlet",
    "venue": {"slug": "playhouse", "name": "Playhouse", "city": "Pune"},
    "starts_at": "2026-12-31T14:00:00Z",
    "state": "on_sale",
    "manifest_version": 3,
    "lock_for_s": 480,
    "most_places": 10,
}

SHOWS: dict[str, Any] = {"shows": [_SHOW]}
SHOW = _SHOW | {"sections": [_SECTION], "tiers": [_TIER]}
AVAILABILITY: dict[str, Any] = {
    "channel": "web",
    "show_state": "on_sale",
    "manifest_version": 3,
    "total": _LEFT,
    "sections": [{"section": "stalls", "name": "Stalls", "is_ga": False} | _LEFT],
    "tiers": [{"tier": "gold", "name": "Gold"} | _LEFT],
    "lines": [{"section": "stalls", "tier": "gold"} | _LEFT],
}
SEATS: dict[str, Any] = {
    "manifest_version": 3,
    "sections": [_SECTION],
    "tiers": [_TIER],
    "id_steps": [1041, 1],
    "section": [0, 0],
    "tier": [0, 0],
    "row": ["C", "C"],
    "number": ["7", "8"],
    "x": [12.0, 12.5],
    "y": [4.0, 4.0],
    "flags": [0, 4],
}
ALL_STATES: dict[str, Any] = {"version": "814.9b1f.3", "manifest_version": 3, "letters": "lo"}
CHANGED_STATES: dict[str, Any] = {"version": "820.9b1f.3", "manifest_version": 3, "changes": {"0": "o"}}
EXPLANATION: dict[str, Any] = {
    "channel": "web",
    "is_sellable": False,
    "reasons": [
        {"code": "locked", "words": "In somebody's basket. It may come back.", "until": "2026-11-20T13:37:40.120000Z"}
    ],
}
LOCK: dict[str, Any] = {
    "id": LOCK_ID,
    "show": "hamlet",
    "channel": "web",
    "phase": "browsing",
    "places": [{"id": 1041, "section": "stalls", "row": "C", "number": "7", "tier": "gold"}],
    "locked_at": _NOW,
    "expires_at": "2026-11-20T13:38:12.481250Z",
    "hard_until": "2026-11-20T14:00:12.481250Z",
    "now": _NOW,
    "seconds_left": 480,
}
LOCK_MADE = LOCK | {"groups": [[1041]], "is_split": False, "strands": []}
