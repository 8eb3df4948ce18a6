"""QR codes: of a ticket for the gate, of a `upi://` link for a buyer's phone (ISO/IEC 18004).

Error correction is M, which repairs 15 % of the code: creased paper and a cracked screen, without the smaller modules
of Q and H; where a higher level fits the same size, segno takes it. A ticket's code is all capitals and digits, so that
it is written in alphanumeric mode. The quiet zone of four modules is part of the picture, and it is black on white in a
dark page too: not every scanner reads the reverse.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

import segno

QUIET = 4
"""The quiet zone the standard asks for, in modules, on every side."""


def modules(text: str) -> list[list[bool]]:
    """The rows of the code, true where it is dark, without the quiet zone. Raises ValueError where it is too long."""
    code = segno.make_qr(text, error="m", boost_error=True)
    return [[bool(module) for module in row] for row in code.matrix]


def qr_svg(text: str, *, label: str) -> str:
    """The code as an SVG element to stand in a page: scalable, without styles, named `label` for who cannot see it.

    Its size is the page's affair, by the class `qr`; nothing in it is refused by a strict Content-Security-Policy.
    """
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{_path(rows)}"/></svg>'
    )


def runs(rows: list[list[bool]]) -> list[tuple[int, int, int]]:
    """`(x, y, length)` of every unbroken stretch of dark modules along a row, without the quiet zone."""
    found = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, stretch in groupby(row):
            length = len(list(stretch))
            if is_dark:
                found.append((x, y, length))
            x += length
    return found


def _path(rows: list[list[bool]]) -> str:
    return "".join(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for x, y, length in runs(rows))
