"""Tickets as a PDF: one page for each, and the terms at the end where they are long.

A page is A6 upright (105 by 148 mm): on a telephone it fills the screen and is read without zooming, and printed as it
is it takes a quarter of an A4 sheet. The QR code takes what the words leave, between 38 and 66 mm: at the smallest a
module is still 0.7 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from core.money import rupees
from core.times import clock, day_and_time
from ticketing.tickets.lettering import Lettered, printable
from ticketing.tickets.paper import TicketPaper, price_in_words
from ticketing.tickets.paragraphs import GREY, Laid, Words, lay, use, wrapped, write
from ticketing.tickets.qr import QUIET, modules, runs

PAGE_MM = (105, 148)
MARGIN = 7
WIDTH = PAGE_MM[0] - 2 * MARGIN
QR_LEAST, QR_MOST = 38, 66
SEATS = 13  # the height of the boxes that say section, row and seat
TERMS_MOST = 6
"""Terms of more lines than this stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A page, from its top: what is above the boxes, the boxes, the QR code between `top` and `bottom`, the rest."""

    above: list[Laid]
    below: list[Laid]
    terms_lines: int

    @property
    def seats(self) -> float:
        return MARGIN + sum(laid.height for laid in self.above) + 1.5

    @property
    def top(self) -> float:
        return self.seats + SEATS + 1

    @property
    def bottom(self) -> float:
        return PAGE_MM[1] - MARGIN - sum(laid.height for laid in self.below) - 1

    @property
    def room(self) -> float:
        """The side of the QR code that fits."""
        return self.bottom - self.top

    @property
    def is_crowded(self) -> bool:
        """The terms have no place on this page. Without them there is room: every other paragraph has its end."""
        return self.terms_lines > TERMS_MOST or (self.terms_lines > 0 and self.room < QR_LEAST)


def tickets_pdf(papers: Sequence[TicketPaper], *, title: str = "") -> bytes:
    """All tickets of an order, or of a guest list under its own title.

    The same papers make the same bytes, so a PDF need not be kept.
    Raises ValueError where there is none.
    """
    if not papers:
        raise ValueError("A PDF of no tickets has no pages.")
    papers = [_printable(paper) for paper in papers]
    with closing(Lettered(unit="mm", format=PAGE_MM)) as pdf:
        pdf.set_auto_page_break(False)
        pdf.set_margin(MARGIN)
        pdf.c_margin = 0
        pdf.set_title(f"{papers[0].show_title}: {title or papers[0].order_reference}")
        pdf.set_lang("en-IN")
        pdf.set_creation_date(max(paper.issued_at for paper in papers))
        pdf.load_fonts("".join(text for paper in papers for text in _texts(paper)))
        for terms in _tickets(pdf, papers):
            _terms(pdf, terms)
        return bytes(pdf.output())


def _tickets(pdf: Lettered, papers: Sequence[TicketPaper]) -> list[str]:
    """A page for each; returns the terms that found no place on them, each once."""
    left_over: dict[str, None] = {}
    for paper in papers:
        pdf.add_page()
        layout = _layout(pdf, paper)
        if layout.is_crowded:
            left_over[paper.terms] = None
            layout = _layout(pdf, replace(paper, terms="Terms: at the end."))
        _draw(pdf, paper, layout)
    return list(left_over)


def _layout(pdf: Lettered, paper: TicketPaper) -> Layout:
    return Layout(
        [lay(pdf, words, WIDTH) for words in _above(paper)],
        [lay(pdf, words, WIDTH) for words in _below(paper)],
        len(wrapped(pdf, _terms_of(paper), WIDTH)) if paper.terms else 0,
    )


def _draw(pdf: Lettered, paper: TicketPaper, layout: Layout) -> None:
    side = min(QR_MOST, layout.room)
    write(pdf, layout.above, MARGIN, MARGIN)
    _seats(pdf, paper, layout.seats)
    _qr(pdf, paper.code, (PAGE_MM[0] - side) / 2, (layout.top + layout.bottom - side) / 2, side)
    write(pdf, layout.below, MARGIN, layout.bottom + 1)


def _above(paper: TicketPaper) -> Iterable[Words]:
    yield Words(f"Ticket {paper.ticket_number}  ·  {paper.position} of {paper.count}", 8, grey=GREY)
    is_long = len(paper.show_title) > 60
    yield Words(paper.show_title, 11 if is_long else 15, is_bold=True, most=3 if is_long else 2)
    doors = f"  ·  doors {clock(paper.doors_at)}" if paper.doors_at else ""
    yield Words(f"{day_and_time(paper.starts_at)}{doors}", 11, is_bold=True)
    yield Words(", ".join(filter(None, (paper.venue, paper.city))), 9, most=2)


def _below(paper: TicketPaper) -> Iterable[Words]:
    # A tax and its amount stay on one line.
    taxes = "  ·  ".join(
        f"{tax.label} {rupees(tax.paise)}".replace(" ", "\N{NO-BREAK SPACE}") for tax in paper.tax_lines
    )
    lines = [
        Words(f"{paper.tier}  ·  {price_in_words(paper.price_paise)}", 11, is_bold=True, most=2),
        Words(paper.price_note, 7.5, most=2, grey=GREY),
        Words(f"For {paper.holder}" if paper.holder else "", 9),
        Words(f"Order {paper.order_reference}", 8),
        Words("  ·  ".join(filter(None, (paper.document, taxes))), 7, most=3),
        Words(paper.seller, 7, most=2, grey=GREY),
        _terms_of(paper),
    ]
    return (words for words in lines if words.text)


def _terms_of(paper: TicketPaper) -> Words:
    return Words(paper.terms, 6.5, most=TERMS_MOST, grey=GREY)


def _seats(pdf: Lettered, paper: TicketPaper, top: float) -> None:
    """Where to sit, large: in three boxes, or two for general admission."""
    boxes = [("Section", paper.section, 0.5), ("Row", paper.row, 0.25), ("Seat", paper.number, 0.25)]
    if not paper.row:
        boxes = [("Section", paper.section, 0.5), ("Entry", "Unreserved", 0.5)]
    left = float(MARGIN)
    pdf.set_draw_color(GREY)
    pdf.set_line_width(0.2)
    for label, value, share in boxes:
        width = WIDTH * share
        pdf.rect(left, top, width, SEATS)
        inside = width - 3
        large = (Words(value, size, is_bold=True) for size in (16, 13, 10))
        words = next((each for each in large if len(wrapped(pdf, each, inside)) == 1), Words(value, 8, True, 2))
        write(pdf, [lay(pdf, Words(label, 6.5, grey=GREY), inside), lay(pdf, words, inside)], left + 1.5, top + 0.8)
        left += width


def _qr(pdf: Lettered, code: str, left: float, top: float, side: float) -> None:
    """One path, so that no renderer leaves hairlines between the rows."""
    rows = modules(code)
    module = side / (len(rows) + 2 * QUIET)
    with pdf.new_path() as path:
        path.style.fill_color = "#000"
        path.style.stroke_color = None
        for x, y, length in runs(rows):
            path.rectangle(left + (x + QUIET) * module, top + (y + QUIET) * module, length * module, module)


def _terms(pdf: Lettered, terms: str) -> None:
    pdf.set_auto_page_break(True, MARGIN)
    pdf.add_page()
    heading, words = Words("Terms", 11, is_bold=True), Words(terms, 7)
    write(pdf, [lay(pdf, heading, WIDTH)], MARGIN, MARGIN)
    use(pdf, words)
    pdf.set_x(MARGIN)
    pdf.multi_cell(WIDTH, words.line, terms, align="L")
    pdf.set_auto_page_break(False)


def _printable(paper: TicketPaper) -> TicketPaper:
    """Every text but the terms on one line, in letters there are."""
    taxes = tuple(replace(tax, label=printable(tax.label)) for tax in paper.tax_lines)
    texts: dict[str, Any] = {name: " ".join(printable(getattr(paper, name)).split()) for name in _TEXTS}
    return replace(paper, **texts, terms=printable(paper.terms).strip(), tax_lines=taxes)


def _texts(paper: TicketPaper) -> Iterable[str]:
    yield from (getattr(paper, name) for name in (*_TEXTS, "terms"))
    yield from (tax.label for tax in paper.tax_lines)


_TEXTS = (
    "show_title",
    "venue",
    "city",
    "section",
    "row",
    "number",
    "tier",
    "order_reference",
    "ticket_number",
    "price_note",
    "holder",
    "seller",
    "document",
)
