"""The admin's look: django-unfold's settings."""

from __future__ import annotations

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Housefull",
    "SITE_HEADER": "Housefull",
    "SITE_SUBHEADER": "Box office",
    "SITE_SYMBOL": "event_seat",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
}
