"""A guest list as somebody uploads it: CSV or a workbook, read into a table, or refused with what to do about it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import PurePath

import openpyxl
import tablib
from import_export.formats.base_formats import CSV, XLSX

MOST_BYTES = 2 * 2**20
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 10_000, 40, 2_000
# A workbook is a zip: so many bytes when unpacked, in so many parts.
MOST_UNPACKED, MOST_PARTS = 12 * 2**20, 500
# What a part may be made of: every cell, and every other element but those inside cells, is an object while it is read.
MOST_CELLS, MOST_ELEMENTS = (MOST_ROWS + 2) * (MOST_COLUMNS + 1), 100_000
_PREFIX = rb"(?:[^\s<>/:]+:)?"
_CELL = re.compile(rb"<" + _PREFIX + rb"c[\s/>]")
_ELEMENT = re.compile(rb"<(?!" + _PREFIX + rb"(?:c|v|f|is|t)[\s/>])[^\s<>/!?]")
_ZIP, _OLD_EXCEL, _UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
AGAIN = "Save it again as .xlsx, or as CSV UTF-8."
EMPTY = "The file is empty."
DAMAGED = f"The workbook is damaged. {AGAIN}"
TOO_LARGE = f"The workbook is far too large when unpacked. Keep the list alone in it. {AGAIN}"
NEITHER = "This is neither a CSV file nor a workbook (.xlsx). Save the list as one of these."


class FileRefused(Exception):
    """The file cannot be read; `str` says why, and what to do."""


def refuse_large(size: int) -> None:
    """Raises FileRefused; asked before a file is read."""
    if size > MOST_BYTES:
        raise FileRefused(f"The file has {size:,} bytes; a guest list has {MOST_BYTES:,} at the most.")


def read_table(name: str, content: bytes) -> tablib.Dataset:
    """The first sheet as text: headings, and rows of as many cells. Raises FileRefused."""
    refuse_large(len(content))
    if not content.strip():
        raise FileRefused(EMPTY)
    ending = PurePath(name).suffix.lower()
    if content.startswith(_OLD_EXCEL):
        raise FileRefused("This is a workbook of an old Excel. Save it as .xlsx or as CSV UTF-8.")
    if content.startswith(_ZIP):
        if ending not in (".xlsx", ""):
            raise FileRefused(NEITHER)
        return Workbook().create_dataset(content)
    if ending not in (".csv", ".txt", ""):
        raise FileRefused("The file is no workbook inside." if ending == ".xlsx" else NEITHER)
    return PlainText().create_dataset(content)


class PlainText(CSV):  # type: ignore[misc]
    """CSV in UTF-8, with commas, semicolons or tabs between cells."""

    def create_dataset(self, in_stream: bytes, **kwargs: object) -> tablib.Dataset:
        text = _decoded(in_stream)
        if not text.strip():
            raise FileRefused(EMPTY)
        head = text.partition("\n")[0]
        between = max(",;\t", key=head.count)
        try:
            # By hand, since tablib leaves empty lines out, and then no row has the number that a person sees.
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
            return _checked([cell.strip() for cell in next(rows)], rows)
        except csv.Error as error:
            raise FileRefused(f"The file cannot be read as CSV: {error}. Save it again as CSV UTF-8.") from error


class Workbook(XLSX):  # type: ignore[misc]
    """The first sheet of an .xlsx file, no further than a list goes, whatever the file says of its own size."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        _refuse_bomb(in_stream)
        try:
            book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet claims to span is anybody's word
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
            head = [_text(value) for value in next(rows, ())]
            table = [[_text(value) for value in row] for row in rows]
        except Exception as error:  # a zip is not yet a workbook, and openpyxl says so in a dozen ways
            raise FileRefused(f"The file cannot be read as a workbook. {AGAIN}") from error
        while head and not head[-1]:
            head.pop()
        return _checked(head, table)


def _refuse_bomb(content: bytes) -> None:
    """A small file may unpack to more than there is memory for, be it bytes, cells or elements."""
    try:
        book = zipfile.ZipFile(io.BytesIO(content))
        parts = book.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileRefused(TOO_LARGE)
        for part in parts:
            with book.open(part) as packed:
                _refuse_crowded(packed.read(MOST_UNPACKED + 1))  # never more than the part says of its own size
    except FileRefused:
        raise
    except Exception as error:  # each way of packing has an exception of its own
        raise FileRefused(DAMAGED) from error


def _refuse_crowded(text: bytes) -> None:
    # Any part may say that it is the sheet. In another alphabet, or out of entities, its cells would not be counted.
    if b"<!DOCTYPE" in text or (b"\0" in text and text.startswith((*_UTF_16, b"\0<", b"<\0"))):
        raise FileRefused(DAMAGED)
    if _has_more(_CELL, MOST_CELLS, text) or _has_more(_ELEMENT, MOST_ELEMENTS, text):
        raise FileRefused(TOO_LARGE)


def _has_more(pattern: re.Pattern[bytes], most: int, text: bytes) -> bool:
    return next(islice(pattern.finditer(text), most, None), None) is not None


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF_16):
        raise FileRefused("The file is UTF-16. In Excel, save it as 'CSV UTF-8 (comma delimited)'.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"Line {line} is not UTF-8. In Excel, save the list as 'CSV UTF-8 (comma delimited)', or as .xlsx."
        ) from error
    if "\0" in text:
        raise FileRefused(NEITHER)
    return text


def _checked(head: Sequence[str], rows: Iterable[Sequence[str]]) -> tablib.Dataset:
    """A table no larger than a list may be, every row as wide as its headings."""
    if not any(head):
        raise FileRefused("The first row is empty: it has the headings.")
    if len(head) > MOST_COLUMNS:
        raise FileRefused(f"There are more than {MOST_COLUMNS} columns.")
    table = tablib.Dataset(headers=list(head))
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            if any(row):
                raise FileRefused(f"There are more than {MOST_ROWS:,} rows. Make two lists of it.")
            continue
        cells = [*row[: len(head)], *[""] * (len(head) - len(row))]
        if any(len(cell) > MOST_LETTERS for cell in cells):
            raise FileRefused(f"Row {number} has a cell of more than {MOST_LETTERS:,} letters.")
        if any(row[len(head) :]):
            raise FileRefused(f"Row {number} has a cell without a heading.")
        table.append(cells)
    while len(table) and not any(table[-1]):
        del table[-1]
    return table


def _text(value: object) -> str:
    """A cell as a person reads it: `2`, not `2.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)
