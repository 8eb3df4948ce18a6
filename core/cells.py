"""Cells of files that open in a spreadsheet: no text of somebody's becomes a formula there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

# What begins a formula: OWASP's list, with the full-width forms that Excel reads alike.
_BEGINS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def safe(value: object) -> str:
    """The value as a cell's text. What a spreadsheet would take for a formula gets an apostrophe before it; plain
    numbers, negative ones as well, stay numbers.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = "" if value is None else str(value).replace("\0", "")
    if _NUMBER.fullmatch(text):
        return text
    if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_BEGINS):
        return f"'{text}"
    return text


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, every cell safe, with the mark by which a spreadsheet knows it as UTF-8."""
    out = StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()
