"""A manifest as a spreadsheet saves it: one line for each numbered seat, or for many general-admission places.

    section,row,seat,tier,x,y,flags,count,rank,colour
    Stalls,A,1,Gold,-0.3,12,aisle,,,#d4af37
    Floor,,,Standing,,,,6500,,

`section`, `row`, `seat` and `tier` are required columns, the rest optional, in any order and in either case:

- `section`, `tier`: names as the public reads them, up to 60 characters; their codes are made from them.
- `row`, `seat`: up to 12 characters each. Both empty is general admission, and `count` says how many places.
- `x`, `y`: where the seat is, both or neither: x to the right, y away from the stage, in any unit.
- `flags`: any of `accessible companion restricted aisle`, separated by spaces or `|`. `aisle` is an aisle between
  this seat and the next one that the file lists in its row.
- `rank`: 1 is the best seat. All seats have one, or none has and it is worked out.
- `colour`: the tier's, `#rrggbb`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from inventory.manifest.csv_lines import read_lines, text_of
from inventory.manifest.faults import Faults
from inventory.manifest.house import House, SectionSpec, TierSpec
from inventory.manifest.layout import Standing, lay_out
from inventory.manifest.names import COORDINATE_MAX, NUMBER_MAX, ROW_MAX, NameBook, colour_of, short
from inventory.manifest.runs import Seat

REQUIRED = ("section", "row", "seat", "tier")
OPTIONAL = ("x", "y", "flags", "count", "rank", "colour")
FLAGS = ("accessible", "companion", "restricted", "aisle")

COUNT_MAX = 100_000  # places on one line
PLACES_MAX = 1_000_000  # places in one file
RANK_MAX = 10_000_000

_Flags = tuple[bool, bool, bool, bool]  # in the order of FLAGS


def read_csv(source: str | bytes | IO[str] | IO[bytes]) -> House:
    """The house that a CSV manifest describes: UTF-8 with or without BOM, comma, semicolon or tab.

    Raises `ManifestRefused` with every fault and its line, counted from 1 as an editor shows it. Reading stops early
    only past the millionth place or at the hundred-thousandth fault.
    """
    reading = _Reading()
    for number, cells in read_lines(text_of(source, reading.faults), REQUIRED, OPTIONAL, reading.faults):
        reading.read(_Line(number, *cells))
        if reading.places > PLACES_MAX:
            message = f"a manifest holds at most {PLACES_MAX:,} places; nothing was read from here on"
            reading.fault(number, "too_many_places", message)
            break
    return reading.house()


@dataclass(slots=True)
class _Line:
    """One line of the file, its cells by their column."""

    number: int
    section: str
    row: str
    seat: str
    tier: str
    x: str
    y: str
    flags: str
    count: str
    rank: str
    colour: str


class _Reading:
    """What has been read so far, and what was wrong with it."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.places = 0
        self._sections = NameBook("section", self.faults)
        self._tiers = NameBook("tier", self.faults)
        self._seats: list[Seat] = []
        self._standing: list[Standing] = []
        self._seat_lines: dict[tuple[str, str, str], int] = {}
        self._first_of_kind: dict[tuple[str, bool], int] = {}  # (section, is general admission): its first line
        self._colours: dict[str, str] = {}
        self._first_of_colour: dict[tuple[str, str], int] = {}
        self._flags: dict[str, _Flags] = {}
        self._unranked: list[int] = []

    def read(self, line: _Line) -> None:
        """Take in one line, or its faults."""
        section = self._code(line, "section", line.section, self._sections)
        tier = self._code(line, "tier", line.tier, self._tiers)
        is_ga = not line.row and not line.seat
        if section:
            self._settle_kind(line, section, is_ga=is_ga)
        if tier and line.colour:
            self._paint(line, tier)
        if is_ga:
            self._add_standing(line, section, tier)
        else:
            self._add_seat(line, section, tier)

    def house(self) -> House:
        """The house, or `ManifestRefused`."""
        if self._unranked and len(self._unranked) < len(self._seats):
            number, others = self._unranked[0], len(self._unranked) - 1
            also = f" (nor have {others:,} more)" if others else ""
            self.fault(number, "rank_invalid", f"this seat has no rank{also}: rank every seat of the file, or none")
        if not self.places and not self.faults:
            self.fault(1, "empty_file", "the file has a header and no places below it")
        self.faults.refuse()
        sections = [SectionSpec(code, name, (code, True) in self._first_of_kind) for code, name in self._sections]
        tiers = [TierSpec(code, name, self._colours.get(code, "")) for code, name in self._tiers]
        return lay_out(sections, tiers, self._seats, self._standing)

    def fault(self, number: int, code: str, message: str) -> None:
        """Note that line `number` is at fault."""
        self.faults.add(f"line {number}", code, message)

    def _code(self, line: _Line, column: str, name: str, book: NameBook) -> str:
        if name:
            return book.code(name, f"line {line.number}")
        self.fault(line.number, f"{column}_missing", f"the {column} is empty")
        return ""

    def _settle_kind(self, line: _Line, section: str, *, is_ga: bool) -> None:
        if (section, is_ga) in self._first_of_kind:
            return
        self._first_of_kind[section, is_ga] = line.number
        at = self._first_of_kind.get((section, not is_ga))
        if at is not None:
            here, there = ("general admission", "numbered seats") if is_ga else ("numbered seats", "general admission")
            message = f"the section {section} has {here} here and {there} on line {at}; it can have only one"
            self.fault(line.number, "mixed_section", message)

    def _paint(self, line: _Line, tier: str) -> None:
        colour = colour_of(line.colour)
        if colour is None:
            message = f"a colour is # and six hexadecimal digits, not {short(line.colour)}"
            self.fault(line.number, "colour_invalid", message)
            return
        first = self._colours.setdefault(tier, colour)
        if first != colour and (tier, colour) not in self._first_of_colour:
            at = self._first_of_colour[tier, first]
            message = f"the tier {tier} is {colour} here and {first} on line {at}; it can have only one colour"
            self.fault(line.number, "colour_invalid", message)
        self._first_of_colour.setdefault((tier, colour), line.number)

    def _add_standing(self, line: _Line, section: str, tier: str) -> None:
        places = whole_number(line.count, COUNT_MAX)
        if places is None:
            what = f"not {short(line.count)}" if line.count else "and it is empty (or are row and seat missing?)"
            message = f"the count of general admission is a whole number from 1 to {COUNT_MAX:,}, {what}"
            self.fault(line.number, "count_invalid", message)
        if line.x or line.y:
            message = "general admission has no x and y: leave them empty"
            self.fault(line.number, "coordinate_invalid", message)
        if line.rank:
            message = "general admission has no rank of its own, it comes after the seats: leave it empty"
            self.fault(line.number, "rank_invalid", message)
        accessible, companion, restricted, aisle = self._flags_of(line)
        if aisle:
            self.fault(line.number, "aisle_without_row", "general admission has no rows, and so no aisle in one")
        self.places += places or 1
        self._standing.append(Standing(section, tier, places or 0, accessible, companion, restricted))

    def _add_seat(self, line: _Line, section: str, tier: str) -> None:
        self._check_label(line, "row", line.row, ROW_MAX)
        self._check_label(line, "seat", line.seat, NUMBER_MAX)
        if section and line.row and line.seat:
            at = self._seat_lines.setdefault((section, line.row, line.seat), line.number)
            if at != line.number:
                message = f"row {short(line.row)} seat {short(line.seat)} of section {section} is already on line {at}"
                self.fault(line.number, "duplicate_seat", message)
        if line.count not in ("", "1"):
            message = f"a numbered seat is one place, and its count is {short(line.count)}: leave it empty"
            self.fault(line.number, "count_invalid", message)
        x, y = self._point(line)
        rank = self._rank(line)
        self.places += 1
        self._seats.append(Seat(section, tier, line.row, line.seat, x, y, *self._flags_of(line), rank))

    def _check_label(self, line: _Line, column: str, label: str, limit: int) -> None:
        if not label:
            message = f"a numbered seat has a row and a seat; the {column} is empty"
            self.fault(line.number, f"{column}_missing", message)
        elif len(label) > limit:
            message = f"the {column} {short(label)} is {len(label)} characters long; the most is {limit}"
            self.fault(line.number, "name_too_long", message)

    def _point(self, line: _Line) -> tuple[float | None, float | None]:
        if not line.x and not line.y:
            return None, None
        x, y = coordinate(line.x), coordinate(line.y)
        for axis, cell, value in (("x", line.x, x), ("y", line.y, y)):
            if value is None:
                what = f"not {short(cell)}" if cell else "and it is empty: give both x and y, or neither"
                message = f"{axis} is a number with a decimal point, within {COORDINATE_MAX:,.0f}, {what}"
                self.fault(line.number, "coordinate_invalid", message)
        return x, y

    def _rank(self, line: _Line) -> int | None:
        if not line.rank:
            self._unranked.append(line.number)
            return None
        rank = whole_number(line.rank, RANK_MAX)
        if rank is None:
            message = f"a rank is a whole number from 1 to {RANK_MAX:,}, not {short(line.rank)}"
            self.fault(line.number, "rank_invalid", message)
        return rank

    def _flags_of(self, line: _Line) -> _Flags:
        known = self._flags.get(line.flags)
        if known is not None:
            return known
        words = line.flags.lower().replace("|", " ").split()
        strange = [word for word in words if word not in FLAGS]
        for word in strange:
            message = f"the flag {short(word)} is not known; the flags are {', '.join(FLAGS)}"
            self.fault(line.number, "unknown_flag", message)
        flags = ("accessible" in words, "companion" in words, "restricted" in words, "aisle" in words)
        if not strange:  # a cell at fault is not remembered, so that it is a fault wherever it stands
            self._flags[line.flags] = flags
        return flags


def whole_number(text: str, most: int) -> int | None:
    """A whole number from 1 to `most`, in ASCII digits; else None."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        return None
    value = int(text)
    return value if 1 <= value <= most else None


def coordinate(text: str) -> float | None:
    """A number within a million of 0; else None."""
    try:
        value = float(text)
    except ValueError:
        return None
    # Python also reads 1_000 and NaN; a spreadsheet means neither.
    return value if abs(value) <= COORDINATE_MAX and "_" not in text else None
