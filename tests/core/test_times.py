from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.times import clock, day_and_time, day_in_india


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 12, 12, 14, 0, tzinfo=UTC), "Sat 12 Dec 2026, 7:30 pm"),
        (datetime(2026, 12, 31, 18, 30, tzinfo=UTC), "Fri 1 Jan 2027, 12:00 am"),
        (datetime(2026, 6, 1, 6, 30, tzinfo=UTC), "Mon 1 Jun 2026, 12:00 pm"),
        (datetime(2026, 6, 1, 3, 35, tzinfo=UTC), "Mon 1 Jun 2026, 9:05 am"),
    ],
)
def test_a_moment_is_read_in_india(at: datetime, shown: str) -> None:
    assert day_and_time(at) == shown
    assert shown.endswith(clock(at))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2027, 3, 31, 18, 29, 59, tzinfo=UTC), date(2027, 3, 31)),
        (datetime(2027, 3, 31, 18, 30, tzinfo=UTC), date(2027, 4, 1)),
    ],
)
def test_a_day_ends_at_midnight_in_india(at: datetime, day: date) -> None:
    assert day_in_india(at) == day
