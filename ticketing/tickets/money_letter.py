"""Letters about money on its way back: their words only, and plain text only, since there is nothing to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from core.money import rupees
from core.times import day_and_time
from core.words import counted
from ticketing.tickets.letter import SUBJECT_MOST, Letter


@dataclass(frozen=True, slots=True)
class ReturnPaper:
    """What goes back of an order, and for how many tickets, which are void; `seats_left` stay valid."""

    order_reference: str
    show_title: str
    starts_at: datetime
    paise: int
    seats: int
    seats_left: int
    is_by_gateway: bool
    seller: str = ""
    help_at: str = ""


def refund_letter(paper: ReturnPaper) -> Letter:
    """Tickets were given back."""
    return _letter("refund", "Your refund", paper)


def late_refund_letter(paper: ReturnPaper) -> Letter:
    """Money came too late for the places it was to pay for."""
    return _letter("late_refund", "Your payment came too late", paper)


def cancelled_letter(paper: ReturnPaper) -> Letter:
    """The house has cancelled what was sold."""
    return _letter("cancelled", "Your order is cancelled", paper)


def _letter(template: str, subject: str, paper: ReturnPaper) -> Letter:
    title = " ".join(paper.show_title.split())  # a line break would begin another header
    said = {
        "paper": paper,
        "title": title,
        "when": day_and_time(paper.starts_at),
        "amount": rupees(paper.paise),
        "tickets": counted(paper.seats, "ticket"),
        "other_tickets": counted(paper.seats_left, "ticket"),
    }
    text = render_to_string(f"ticketing/mail/{template}.txt", said).strip() + "\n"
    return Letter(f"{subject}: {title[:SUBJECT_MOST]}, order {paper.order_reference}", text, "")
