"""An invoice, a bill, a receipt or a credit note as an A4 page. What it says is decided elsewhere; here it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from ticketing.tickets.lettering import Lettered, printable
from ticketing.tickets.paragraphs import GREY, Words, lay, use, write

PAGE_MM = (210, 297)
MARGIN = 15
WIDTH = PAGE_MM[0] - 2 * MARGIN
BOTTOM = PAGE_MM[1] - MARGIN
SELLER = WIDTH * 0.5
LABEL = 32  # the width of the words before a fact
GAP = 3  # between columns
LEAST = 30  # the description's column
SIZE = 8.5


@dataclass(frozen=True, slots=True)
class DocumentPaper:
    """One document, all in words. `facts` and `sums` are pairs of a label and a value.

    `rows` and `totals` have a text for every column; the first is a description and may be long, the others stand to
    the right of their column. `dated` becomes the file's date.
    """

    title: str
    number: str
    seller: str
    seller_lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    sums: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    dated: datetime


def document_pdf(paper: DocumentPaper) -> bytes:
    """The document, on more pages where its table is long. The same paper makes the same bytes."""
    paper = replace(paper, **{field.name: _printable(getattr(paper, field.name)) for field in fields(paper)})
    with closing(Lettered(unit="mm", format=PAGE_MM)) as pdf:
        pdf.set_auto_page_break(False)
        pdf.set_margin(MARGIN)
        pdf.c_margin = 0
        pdf.set_title(f"{paper.title} {paper.number}")
        pdf.set_lang("en-IN")
        pdf.set_creation_date(paper.dated)
        pdf.load_fonts("".join(_texts(paper)))
        pdf.add_page()
        top = _head(pdf, paper)
        top = _table(pdf, paper, top + 6)
        _foot(pdf, paper, top + 4)
        return bytes(pdf.output())


def _head(pdf: Lettered, paper: DocumentPaper) -> float:
    """The title, who sells on the left, and the facts on the right; where the page goes on below."""
    write(pdf, [lay(pdf, Words(paper.title, 18, is_bold=True), WIDTH)], MARGIN, MARGIN)
    top = MARGIN + 14
    seller = [Words(paper.seller, 11, is_bold=True, most=3), *(Words(line, 9, most=4) for line in paper.seller_lines)]
    laid = [lay(pdf, words, SELLER - GAP) for words in seller]
    write(pdf, laid, MARGIN, top)
    left, right = MARGIN + SELLER, float(top)
    for label, value in paper.facts:
        words = lay(pdf, Words(value, 9, most=3), WIDTH - SELLER - LABEL)
        write(pdf, [lay(pdf, Words(label, 9, grey=GREY), LABEL)], left, right)
        write(pdf, [words], left + LABEL, right)
        right += words.height
    return max(top + sum(one.height for one in laid), right)


def _table(pdf: Lettered, paper: DocumentPaper, top: float) -> float:
    widths = _widths(pdf, paper)
    top = _row(pdf, paper.columns, widths, top, grey=GREY)
    for row in paper.rows:
        if top + 15 > BOTTOM:
            pdf.add_page()
            top = _row(pdf, paper.columns, widths, MARGIN, grey=GREY)
        top = _row(pdf, row, widths, top)
    return _row(pdf, paper.totals, widths, top, is_bold=True)


def _widths(pdf: Lettered, paper: DocumentPaper) -> list[float]:
    """Each column as wide as its widest text; the description has what is left."""
    use(pdf, Words("", SIZE, is_bold=True))
    others = [
        max(pdf.get_string_width(text) for text in column) + GAP
        for column in list(zip(paper.columns, *paper.rows, paper.totals, strict=True))[1:]
    ]
    return [max(LEAST, WIDTH - sum(others)), *others]


def _row(
    pdf: Lettered, texts: Sequence[str], widths: Sequence[float], top: float, *, grey: int = 0, is_bold: bool = False
) -> float:
    """One row with a line below it; where the next begins."""
    first = lay(pdf, Words(texts[0], SIZE, is_bold, 3, grey), widths[0])
    write(pdf, [first], MARGIN, top)
    left = MARGIN + widths[0]
    words = Words("", SIZE, is_bold, grey=grey)
    for text, width in zip(texts[1:], widths[1:], strict=True):
        _right(pdf, replace(words, text=text), left, top, width)
        left += width
    top += max(first.height, words.line) + 1
    pdf.set_draw_color(200)
    pdf.set_line_width(0.2)
    pdf.line(MARGIN, top, MARGIN + WIDTH, top)
    return top + 1


def _right(pdf: Lettered, words: Words, left: float, top: float, width: float) -> None:
    use(pdf, words)
    pdf.current_font_is_set_on_page = False  # as in paragraphs.write
    pdf.set_xy(left, top)
    pdf.cell(width, words.line, words.text, align="R")


def _foot(pdf: Lettered, paper: DocumentPaper, top: float) -> None:
    """The sums on the right, and what is to be said below."""
    notes = [lay(pdf, Words(note, 8.5, most=4), WIDTH) for note in paper.notes]
    if top + 6 * len(paper.sums) + sum(note.height for note in notes) + 6 > BOTTOM:
        pdf.add_page()
        top = MARGIN
    for number, (label, value) in enumerate(paper.sums, start=1):
        words = Words(value, 10, is_bold=number == len(paper.sums))
        _right(pdf, replace(words, text=label), MARGIN, top, WIDTH - 40)
        _right(pdf, words, MARGIN + WIDTH - 40, top, 40)
        top += words.line
    write(pdf, notes, MARGIN, top + 6)


def _printable(value: Any) -> Any:
    """Every text on one line, in letters there are."""
    if isinstance(value, str):
        return " ".join(printable(value).split())
    return tuple(map(_printable, value)) if isinstance(value, tuple) else value


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, DocumentPaper):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
