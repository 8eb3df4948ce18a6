"""What a buyer is handed, in plain values: one ticket, one order. Whoever draws or writes needs no row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.money import rupees

COMPLIMENTARY = "Complimentary"


def price_in_words(paise: int) -> str:
    """What a ticket costs; no ticket is sold for nothing, so nothing is a gift, and no price stands on it."""
    return rupees(paise) if paise else COMPLIMENTARY


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax as a document names it: `CGST 9 %`, and how much of the price it is."""

    label: str
    paise: int


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """One ticket. Times are aware; texts may be in any script; '' is what there is not.

    General admission has no `row`. `price_paise` is what was paid with every charge in it, and `price_note` what is to
    be said of it. `terms` may be long. `code` is the signed code (`ticketing.tickets.code`).
    """

    show_title: str
    venue: str
    city: str
    starts_at: datetime
    section: str
    row: str
    number: str
    tier: str
    price_paise: int
    order_reference: str
    ticket_number: str
    code: str
    issued_at: datetime
    position: int = 1
    count: int = 1
    doors_at: datetime | None = None
    price_note: str = ""
    holder: str = ""
    seller: str = ""
    document: str = ""
    """What the document is called, with its number: `Tax invoice MUM/26-27/000123`."""
    tax_lines: tuple[TaxLine, ...] = ()
    terms: str = ""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One ticket as a letter lists it. General admission has no `row`."""

    section: str
    row: str
    number: str
    tier: str
    price_paise: int
    ticket_number: str

    @property
    def where(self) -> str:
        """`Stalls, row A, seat 12`, or `Floor, unreserved`."""
        return f"{self.section}, " + (f"row {self.row}, seat {self.number}" if self.row else "unreserved")


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """One order that is paid. `tickets_url` opens its tickets for whoever has it, so only the buyer is told it."""

    order_reference: str
    show_title: str
    venue: str
    city: str
    starts_at: datetime
    lines: tuple[SeatLine, ...]
    total_paise: int
    confirmed_at: datetime
    tickets_url: str
    doors_at: datetime | None = None
    document: str = ""
    seller: str = ""
    help_at: str = ""
    """Where a buyer gets help: an address or a telephone number."""
