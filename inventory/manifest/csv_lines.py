"""CSV as spreadsheets write it: bytes to text, text to lines, and each line's cells in a known order of columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO

from inventory.manifest.faults import Faults
from inventory.manifest.house import Fault, ManifestRefused
from inventory.manifest.names import UNPRINTABLE, normal, short

DELIMITERS = ",;\t"
LINE_MAX = 10_000  # characters; a file without line ends is not cut into millions of cells
BLANKS = " \t\u00a0"  # what a cell is trimmed of; str.strip(BLANKS) alone would trim some control characters unseen


def text_of(source: str | bytes | IO[str] | IO[bytes], faults: Faults) -> str:
    """The text of a file, BOM dropped, letters composed (NFC), lines ended by a bare newline.

    Raises `ManifestRefused` with `not_utf8` for every line that is not UTF-8; nothing else of such a file is read.
    """
    raw = source if isinstance(source, str | bytes) else _read(source)
    text = _decoded(raw, faults) if isinstance(raw, bytes) else raw
    return normal(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def read_lines(
    text: str, required: Sequence[str], optional: Sequence[str], faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """Each line below the header that is not blank: its number from 1, and its cells trimmed.

    Cells come in the order `required`, `optional`; a column that the file lacks is an empty cell. The delimiter is
    the one of comma, semicolon and tab that the header has most of. Faults are added to `faults` as the lines are
    read; after a header that lacks a column, or has one twice, there are no lines.
    """
    numbered = ((number, line) for number, line in _numbered(text) if line.strip(BLANKS))
    at, header = next(numbered, (1, ""))
    if not header:
        faults.add("line 1", "empty_file", "the file is empty; its first line names the columns")
        return
    delimiter = max(DELIMITERS, key=header.count)
    names = _cells(at, header, delimiter, faults)
    if names is None:
        return
    columns = _columns(at, names, (*required, *optional), faults)
    missing = [name for name in required if name not in columns]
    for name in missing:
        faults.add(f"line {at}", "missing_column", f"the column {name} is missing")
    if missing or any(columns.count(name) > 1 for name in (*required, *optional)):
        return

    width = len(columns)
    # A cell past the last column is always there and always empty: the column that the file lacks.
    order = [columns.index(name) if name in columns else width for name in (*required, *optional)]
    # One look at the whole text spares a look at every cell: most files have nothing unprintable in them.
    is_clean = UNPRINTABLE.search(text.replace("\n", "").replace(delimiter, "")) is None
    for number, line in numbered:
        cells = _cells(number, line, delimiter, faults)
        if cells is None or not any(cells):
            continue
        if not is_clean:
            cells = [_printable(number, cell, faults) for cell in cells]
        if any(cells[width:]):
            message = f"the line has more cells than the header has columns ({width})"
            faults.add(f"line {number}", "extra_cell", message)
        cells = [*cells[:width], *[""] * (width + 1 - len(cells[:width]))]
        yield number, [cells[i] for i in order]


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """The lines one by one, not as the list that would hold a large file twice."""
    number, start = 1, 0
    while start < len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield number, text[start:end]
        number, start = number + 1, end + 1


def _read(stream: IO[str] | IO[bytes]) -> str | bytes:
    try:
        return stream.read()
    except UnicodeDecodeError as error:  # a stream opened as text; only the offset in its buffer is known
        message = f"the file is not UTF-8 ({error.reason}): save it as CSV UTF-8"
        raise ManifestRefused([Fault("line 1", "not_utf8", message)]) from None


def _decoded(raw: bytes, faults: Faults) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        for number, line in enumerate(BytesIO(raw), start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                message = f"byte {error.start + 1} is not UTF-8: save the file as CSV UTF-8"
                faults.add(f"line {number}", "not_utf8", message)
        faults.refuse()
        raise


def _columns(number: int, names: list[str], known: Sequence[str], faults: Faults) -> list[str]:
    """The column names in small letters, without the nameless ones that a spreadsheet leaves at the end."""
    columns = [name.lower() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    for nth, name in enumerate(columns):
        if name not in known:
            message = f"the column {short(name)} is not known; the columns are {', '.join(known)}"
            faults.add(f"line {number}", "unknown_column", message)
        elif name in columns[:nth]:
            faults.add(f"line {number}", "duplicate_column", f"the column {name} is there twice")
    return columns


def _cells(number: int, line: str, delimiter: str, faults: Faults) -> list[str] | None:
    """The trimmed cells of one line; None, and a fault, where it is overlong or a quotation mark is out of place.

    A line is read alone: no cell may hold a line break anyway, and so a forgotten quotation mark spoils one line and
    not the rest of the file.
    """
    if len(line) > LINE_MAX:
        message = f"the line is {len(line):,} characters long; the most is {LINE_MAX:,}"
        faults.add(f"line {number}", "malformed_csv", message)
        return None
    if '"' not in line:
        return [cell.strip(BLANKS) for cell in line.split(delimiter)]
    try:
        cells = next(csv.reader((line,), delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        message = f"the quotation marks do not pair up on this line ({error})"
        faults.add(f"line {number}", "malformed_csv", message)
        return None
    return [cell.strip(BLANKS) for cell in cells]


def _printable(number: int, cell: str, faults: Faults) -> str:
    found = UNPRINTABLE.search(cell)
    if found is None:
        return cell
    message = f"a cell holds the control character U+{ord(found[0]):04X}"
    faults.add(f"line {number}", "control_character", message)
    return UNPRINTABLE.sub("", cell)
