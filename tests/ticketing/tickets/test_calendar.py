"""The calendar file: one event, at the right moment, that a newer file moves and that gives nothing away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar

from tests.ticketing.tickets.papers import BEGINS, DOORS, ISSUED, order
from ticketing.tickets.calendar import order_calendar


def event(raw: bytes) -> Any:
    (found,) = Calendar.from_ical(raw).walk("VEVENT")
    return found


def test_the_event_is_the_show() -> None:
    found = event(order_calendar(order(doors_at=DOORS), house="tickets.example"))

    assert str(found["summary"]) == "Housefull: The Musical"
    assert str(found["location"]) == "Rang Mandir, Mumbai"
    assert str(found["description"]) == (
        "Order RM-26-000123\nDoors open at 6:30 pm\nStalls, row A, seat 12\nFloor, unreserved"
    )
    assert (found["dtstart"].dt, found["dtstamp"].dt) == (BEGINS, ISSUED)


def test_the_time_is_written_so_that_every_calendar_understands_it() -> None:
    raw = order_calendar(order(), house="tickets.example")

    assert b"\r\nDTSTART:20261212T140000Z\r\n" in raw
    assert b"\r\nDTEND:20261212T170000Z\r\n" in raw


def test_a_show_that_says_when_it_ends_ends_then() -> None:
    ends_at = datetime(2026, 12, 12, 18, 30, tzinfo=UTC)

    assert event(order_calendar(order(), house="tickets.example", ends_at=ends_at))["dtend"].dt == ends_at


def test_a_newer_file_is_of_the_same_event() -> None:
    first = event(order_calendar(order(), house="tickets.example"))
    moved = event(order_calendar(order(starts_at=DOORS), house="tickets.example", sequence=1))

    assert str(first["uid"]) == str(moved["uid"]) == "RM-26-000123@tickets.example"
    assert (first["sequence"], moved["sequence"]) == (0, 1)


def test_nothing_in_it_opens_the_tickets() -> None:
    raw = order_calendar(order(), house="tickets.example").replace(b"\r\n ", b"")

    assert b"k3y" not in raw
    assert b"T-7K3Q9" not in raw


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    title = "हिन्दी रंगमंच महोत्सव, और; बहुत\nकुछ " * 5
    raw = order_calendar(order(show_title=title), house="tickets.example")

    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert str(event(raw)["summary"]) == title


def test_the_same_order_makes_the_same_file() -> None:
    assert order_calendar(order(), house="tickets.example") == order_calendar(order(), house="tickets.example")
