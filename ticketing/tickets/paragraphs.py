"""Paragraphs on a page: laid in lines first, so that their height is known, then written."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from ticketing.tickets.lettering import LATIN, Lettered

GREY, BLACK = 95, 0


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph: at most `most` lines of `size` points, the last of them cut where there is more."""

    text: str
    size: float
    is_bold: bool = False
    most: int = 1
    grey: int = BLACK

    @property
    def line(self) -> float:
        """The height of a line in mm."""
        return self.size * 25.4 / 72 * 1.3


@dataclass(frozen=True, slots=True)
class Laid:
    """A paragraph in lines that fit."""

    words: Words
    lines: list[str]

    @property
    def height(self) -> float:
        return len(self.lines) * self.words.line


def write(pdf: Lettered, paragraphs: Iterable[Laid], left: float, top: float) -> None:
    """Put paragraphs on the page, one below the other."""
    pdf.set_y(top)
    for laid in paragraphs:
        use(pdf, laid.words)
        for line in laid.lines:
            # fpdf2 2.8.9 believes a font still set that it set inside q and Q, after a line that begins in another.
            pdf.current_font_is_set_on_page = False
            pdf.set_x(left)
            pdf.cell(0, laid.words.line, line, new_y="NEXT")


def lay(pdf: Lettered, words: Words, width: float) -> Laid:
    """The paragraph in lines of this width, cut after as many as it may have."""
    found = wrapped(pdf, words, width)
    if len(found) <= words.most:
        return Laid(words, found)
    last = " ".join(found[words.most - 1 :])
    room = bisect_left(range(1, len(last)), 2, key=lambda many: len(wrapped(pdf, _cut(words, last, many), width)))
    return Laid(words, [*found[: words.most - 1], _cut(words, last, room).text])


def _cut(words: Words, text: str, many: int) -> Words:
    return replace(words, text=f"{text[:many].rstrip()}…")


def wrapped(pdf: Lettered, words: Words, width: float) -> list[str]:
    """All lines it would have."""
    use(pdf, words)
    lines = pdf.multi_cell(width, words.line, words.text, align="L", dry_run=True, output="LINES")
    return cast(list[str], lines)


def use(pdf: Lettered, words: Words) -> None:
    """Take up the letters of this paragraph."""
    pdf.set_font(LATIN, "B" if words.is_bold else "", words.size)
    pdf.set_text_color(words.grey)
