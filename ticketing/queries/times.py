"""Days as India counts them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")


def indian_day(at: datetime) -> date:
    """The day of a moment in India, by which taxes and financial years are reckoned."""
    return at.astimezone(INDIA).date()
