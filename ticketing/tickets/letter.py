"""The letter that brings a buyer the tickets: its words only. Who sends it, and with what attached, is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string

from core.times import clock, day_and_time
from core.words import counted
from ticketing.tickets.paper import OrderPaper, price_in_words

SUBJECT_MOST = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject of one line, and the same letter twice: as plain text and as HTML."""

    subject: str
    text: str
    html: str


def letter_for(paper: OrderPaper) -> Letter:
    """The letter of an order that is paid."""
    when = day_and_time(paper.starts_at)
    said = {
        "paper": paper,
        "tickets": counted(len(paper.lines), "ticket"),
        "when": when,
        "doors": clock(paper.doors_at) if paper.doors_at else "",
        "where": ", ".join(filter(None, (paper.venue, paper.city))),
        "lines": [(line, price_in_words(line.price_paise)) for line in paper.lines],
        "total": price_in_words(paper.total_paise),
    }
    title = " ".join(paper.show_title.split())  # a line break would begin another header
    return Letter(
        f"Your {said['tickets']}: {title[:SUBJECT_MOST]}, {when}",
        render_to_string("ticketing/mail/tickets.txt", said).strip() + "\n",
        render_to_string("ticketing/mail/tickets.html", said),
    )
