"""Papers drawn up afresh whenever they are wanted: nothing is stored, since the same facts make the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from core.refusals import DomainError
from ticketing.queries import guests, papers
from ticketing.queries.links import order_reference, ticket_number, ticket_page_url
from ticketing.queries.papers import OrderFacts, TicketFacts
from ticketing.services.documents import document_paper, percent, second_tax
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.tax.documents import Kind
from ticketing.tickets import document, pdf
from ticketing.tickets.calendar import order_calendar
from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key
from ticketing.tickets.paper import OrderPaper, SeatLine, TaxLine, TicketPaper

# A page takes some fifty milliseconds to draw: a part is drawn while somebody waits for it.
PRINTED_AT_ONCE = 100
PRICE_NOTE = "All taxes and charges included"


class NoTicketsLeft(DomainError):
    code, status, message = "no_tickets_left", 410, "This order has no valid tickets any more."


class DocumentUnknown(DomainError):
    code, status, message = "document_unknown", 404, "There is no such document."


@dataclass(frozen=True, slots=True)
class TicketCode:
    """A live ticket for a page: where it admits to, and the signed code that is shown as QR."""

    ticket_id: int
    number: str
    where: str
    tier: str
    paise: int
    code: str


def tickets_pdf(order_id: int) -> bytes:
    """The valid tickets of an order, a page each. Raises OrderUnknown, OrderNotPaid, NoTicketsLeft."""
    return pdf_for(_with_tickets(order_id))


def guest_list_parts(list_id: int) -> list[list[int]]:
    """A list's orders with valid tickets, cut into parts that are printed each in one go; no order is torn apart."""
    parts: list[list[int]] = []
    room = 0
    for order_id, count in guests.orders_with_tickets(list_id):
        if count > room:
            parts.append([])
            room = PRINTED_AT_ONCE
        parts[-1].append(order_id)
        room -= count
    return parts


def guest_list_pdf(list_id: int, part: int, title: str) -> bytes:
    """One part of a list, from 1, its tickets a page each. Raises NoTicketsLeft where there is no such part."""
    parts = guest_list_parts(list_id)
    if not 1 <= part <= len(parts):
        raise NoTicketsLeft
    tickets = [paper for order_id in parts[part - 1] for paper in ticket_papers(_with_tickets(order_id))]
    return pdf.tickets_pdf(tickets, title=title)


def calendar_of(order_id: int) -> bytes:
    """An order's show for the buyer's calendar (.ics). Raises OrderUnknown, OrderNotPaid, NoTicketsLeft."""
    return calendar_for(_with_tickets(order_id))


def ticket_codes(order_id: int) -> list[TicketCode]:
    """The valid tickets of an order with their codes. Raises OrderUnknown, OrderNotPaid, NoTicketsLeft."""
    facts = _with_tickets(order_id)
    return [
        TicketCode(one.id, ticket_number(one.id), _seat(one).where, one.tier, one.paise, _code(facts, one))
        for one in facts.tickets
    ]


def order_paper(order_id: int) -> OrderPaper:
    """An order as a letter tells of it. Raises OrderUnknown, OrderNotPaid, NoTicketsLeft."""
    return paper_for(_with_tickets(order_id))


def document_pdf(document_id: int) -> bytes:
    """A document as it was issued, an A4 page. Raises DocumentUnknown."""
    facts = papers.document_paper(document_id)
    if facts is None:
        raise DocumentUnknown
    return document.document_pdf(document_paper(facts))


def _with_tickets(order_id: int) -> OrderFacts:
    facts = papers.order_paper(order_id)
    if facts is None:
        raise OrderUnknown
    if facts.confirmed_at is None:
        raise OrderNotPaid("This order is not paid, so it has no tickets.")
    if not facts.tickets:
        raise NoTicketsLeft
    return facts


# From facts to papers


def pdf_for(facts: OrderFacts) -> bytes:
    return pdf.tickets_pdf(ticket_papers(facts))


def paper_for(facts: OrderFacts) -> OrderPaper:
    assert facts.confirmed_at
    return OrderPaper(
        order_reference=order_reference(facts.order_id),
        show_title=facts.title,
        venue=facts.venue,
        city=facts.city,
        starts_at=facts.starts_at,
        lines=tuple(_seat(one) for one in facts.tickets),
        total_paise=sum(one.paise for one in facts.tickets),
        confirmed_at=facts.confirmed_at,
        tickets_url=ticket_page_url(facts.order_id),
        document=_document_named(facts),
        seller=_seller(facts),
        help_at=facts.help_at,
    )


def calendar_for(facts: OrderFacts) -> bytes:
    house = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return order_calendar(paper_for(facts), house=house, sequence=facts.revision)


def ticket_papers(facts: OrderFacts) -> list[TicketPaper]:
    return [
        TicketPaper(
            show_title=facts.title,
            venue=facts.venue,
            city=facts.city,
            starts_at=facts.starts_at,
            section=one.section,
            row=one.row,
            number=one.number,
            tier=one.tier,
            price_paise=one.paise,
            order_reference=order_reference(facts.order_id),
            ticket_number=ticket_number(one.id),
            code=_code(facts, one),
            issued_at=one.issued_at,
            position=position,
            count=len(facts.tickets),
            price_note=PRICE_NOTE if one.paise else "",
            holder="" if one.paise else facts.name,
            seller=_seller(facts),
            document=_document_named(facts),
            tax_lines=_taxes(facts, one),
            terms=facts.note_on_ticket,
        )
        for position, one in enumerate(facts.tickets, start=1)
    ]


def _seat(one: TicketFacts) -> SeatLine:
    return SeatLine(one.section, one.row, one.number, one.tier, one.paise, ticket_number(one.id))


def _code(facts: OrderFacts, one: TicketFacts) -> str:
    return sign(Content(facts.show_id, one.id, one.serial, one.place_id), signing_key())


def _document_named(facts: OrderFacts) -> str:
    return f"{Kind(facts.document_kind).printed} {facts.document_number}" if facts.document_kind else ""


def _seller(facts: OrderFacts) -> str:
    return f"{facts.seller}, GSTIN {facts.gstin}" if facts.gstin else facts.seller


def _taxes(facts: OrderFacts, one: TicketFacts) -> tuple[TaxLine, ...]:
    half, whole = percent(one.rate_bp // 2), percent(one.rate_bp)
    lines = (
        TaxLine(f"CGST {half}", one.cgst_paise),
        TaxLine(f"{second_tax(facts.place_of_supply)} {half}", one.sgst_paise),
        TaxLine(f"IGST {whole}", one.igst_paise),
        TaxLine(facts.local_tax or "Local tax", one.local_tax_paise),
    )
    return tuple(line for line in lines if line.paise)
