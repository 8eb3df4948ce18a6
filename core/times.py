"""Moments as a clock in India shows them, and the day they fall on there."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")


def day_in_india(at: datetime) -> date:
    """The date of documents, of the financial year and of the cash limit: the one in India, whatever the server's."""
    return at.astimezone(INDIA).date()


def day_and_time(at: datetime) -> str:
    """`Sat 12 Dec 2026, 7:30 pm`."""
    here = at.astimezone(INDIA)
    return f"{here:%a} {here.day} {here:%b %Y}, {clock(at)}"


def clock(at: datetime) -> str:
    """`7:30 pm`."""
    here = at.astimezone(INDIA)
    return f"{here.hour % 12 or 12}:{here:%M} {'am' if here.hour < 12 else 'pm'}"
