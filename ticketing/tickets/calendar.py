"""An order as a calendar file (iCalendar, RFC 5545), for the telephone that reminds of the show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from core.times import clock
from ticketing.tickets.paper import OrderPaper

LASTS = timedelta(hours=3)
"""How long a show is taken to last where nobody has said."""


def order_calendar(paper: OrderPaper, *, house: str, ends_at: datetime | None = None, sequence: int = 0) -> bytes:
    """The file of one event. `house` is the site's domain, which makes the order's id unique in the world.

    The same order has the same id, so that a newer file moves the event and makes no second one; it must then have a
    higher `sequence`. Times are UTC: India has no summer time, and a calendar shows them where its owner is. Calendars
    are shared, so nothing in it opens the tickets.
    """
    event = Event()
    event.add("uid", f"{paper.order_reference}@{house}")
    event.add("sequence", sequence)
    event.add("dtstamp", paper.confirmed_at.astimezone(UTC))
    event.add("dtstart", paper.starts_at.astimezone(UTC))
    event.add("dtend", (ends_at or paper.starts_at + LASTS).astimezone(UTC))
    event.add("summary", paper.show_title)
    event.add("location", ", ".join(filter(None, (paper.venue, paper.city))))
    event.add("description", _description(paper))
    calendar = Calendar()
    calendar.add("prodid", "-//Housefull//Tickets//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(paper: OrderPaper) -> str:
    doors = [f"Doors open at {clock(paper.doors_at)}"] if paper.doors_at else []
    return "\n".join([f"Order {paper.order_reference}", *doors, *(line.where for line in paper.lines)])
