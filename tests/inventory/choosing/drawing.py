"""Little houses drawn in text, and what a sale makes of them drawn the same way.

    before = '''
        A  ..x.. ..w|c..
        B  rr....
    '''

One line is one row: its name, then its seats from left to right. A seat is

    .  open                      w  a wheelchair place     x  killed
    l  under a lock that ran out c  a companion place      h  held
    |  or a blank: an aisle      r  a restricted view

and in a picture drawn afterwards also

    o  chosen, all together      1 2 3  chosen, in the groups of a split      !  left single, and told so

A line `boxes:` begins another section; `*  ....` is standing room in it. Labels and tiers are pictures of their own, of
those rows that have other than the usual. Runs, positions and ranks are worked out as for any manifest, unless
ranks are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.manifest.layout import Standing, lay_out
from inventory.manifest.runs import Seat

AISLES = " |"
TAKEN = "xhl"
STANDING = "*"
TIERS = {"g": "gold", "s": "silver", "b": "bronze"}  # dearest first, and gold where nothing is drawn
# `a` and `b` are the asking channel's own allocations, in this order; `k` is kept for another channel; `z` has closed,
# and so counts as pool. The pool is what is not drawn.
POOL, OWN, ANOTHERS, CLOSED = ".", "ab", "k", "z"

Key = tuple[str, str, str]  # section, row, number
Marks = Mapping[str, str]  # row: what its seats are, left to right


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture. `cells` are its seats, with the aisles between them."""

    section: str
    name: str
    cells: str
    numbers: Sequence[str]

    @property
    def seats(self) -> str:
        return "".join(cell for cell in self.cells if cell not in AISLES)

    @property
    def keys(self) -> list[Key]:
        name = "" if self.name == STANDING else self.name
        return [(self.section, name, number) for number in self.numbers]

    def drawn(self, marks: Sequence[str]) -> str:
        left = iter(marks)
        cells = "".join(cell if cell in AISLES else next(left) for cell in self.cells)
        return f"{self.name}  {cells}"


@dataclass(frozen=True)
class Picture:
    """A house as drawn. `marks`, `labels` and `tiers` say of every seat what its picture said."""

    rows: Sequence[Row]
    marks: Mapping[Key, str]
    labels: Mapping[Key, str]
    tiers: Mapping[Key, str]
    ranks: Mapping[Key, int] = field(default_factory=dict)

    def house(self) -> House:
        sections = {row.section: SectionSpec(row.section, row.section.title(), is_ga=False) for row in self.rows}
        sections |= {
            row.section: SectionSpec(row.section, row.section.title(), is_ga=True)
            for row in self.rows
            if row.name == STANDING
        }
        used = set(self.tiers.values())
        house = lay_out(
            list(sections.values()),
            [TierSpec(name, name.title()) for letter, name in TIERS.items() if letter in used],
            [seat for row in self.rows if row.name != STANDING for seat in self._seats(row)],
            [line for row in self.rows if row.name == STANDING for line in self._standing(row)],
        )
        return replace(
            house, spots=[replace(spot, rank=self.ranks.get(key_of(spot), spot.rank)) for spot in house.spots]
        )

    def drawn(self, marks: Mapping[Key, str]) -> str:
        """The same rows with these marks, as `tidy` writes a picture."""
        lines = []
        for nth, row in enumerate(self.rows):
            if len({other.section for other in self.rows}) > 1 and (
                nth == 0 or self.rows[nth - 1].section != row.section
            ):
                lines.append(f"{row.section}:")
            lines.append(row.drawn([marks[key] for key in row.keys]))
        return "\n".join(lines)

    def _seats(self, row: Row) -> list[Seat]:
        aisle_after = [
            following in AISLES
            for cell, following in zip(row.cells, row.cells[1:] + ".", strict=True)
            if cell not in AISLES
        ]
        return [
            Seat(
                section=row.section,
                tier=TIERS[self.tiers[key]],
                row=row.name,
                number=number,
                is_accessible=mark == "w",
                is_companion=mark == "c",
                is_restricted_view=mark == "r",
                aisle_after=aisle,
            )
            for key, number, mark, aisle in zip(row.keys, row.numbers, row.seats, aisle_after, strict=True)
        ]

    def _standing(self, row: Row) -> list[Standing]:
        return [
            Standing(row.section, TIERS[self.tiers[key]], 1, is_accessible=mark == "w", is_companion=mark == "c")
            for key, mark in zip(row.keys, row.seats, strict=True)
        ]


def key_of(place: Spot) -> Key:
    return place.section, place.row, place.number


def picture(before: str, *, labels: str = "", tiers: str = "", ranks: str = "", numbers: str = "") -> Picture:
    """Read a house. `labels` and `tiers` have one letter for each seat, `ranks` and `numbers` one number."""
    counted = {name: line.split() for _, name, line in _lines(numbers)}
    rows = []
    for section, name, cells in _lines(before):
        seats = sum(cell not in AISLES for cell in cells)
        rows.append(Row(section, name, cells, counted.get(name, [str(n) for n in range(1, seats + 1)])))
    return Picture(
        rows=rows,
        marks={key: mark for row in rows for key, mark in zip(row.keys, row.seats, strict=True)},
        labels=_letters(rows, labels, usual=POOL),
        tiers=_letters(rows, tiers, usual="g"),
        ranks=_ranks(rows, ranks),
    )


def tidy(drawing: str) -> str:
    """A picture as it is compared: without the indent of the test that it stands in."""
    several = len({section for section, _, _ in _lines(drawing)}) > 1
    lines, last = [], ""
    for section, name, cells in _lines(drawing):
        if several and section != last:
            lines.append(f"{section}:")
        last = section
        lines.append(f"{name}  {cells}")
    return "\n".join(lines)


def _lines(drawing: str) -> list[tuple[str, str, str]]:
    """Section, row and the rest of every line."""
    section, found = "stalls", []
    for line in filter(None, map(str.strip, drawing.splitlines())):
        if line.endswith(":"):
            section = line.removesuffix(":")
        else:
            name, rest = line.split(maxsplit=1)
            found.append((section, name, rest))
    return found


def _letters(rows: Sequence[Row], drawing: str, *, usual: str) -> dict[Key, str]:
    drawn = {(section, name): rest for section, name, rest in _lines(drawing)}
    letters: dict[Key, str] = {}
    for row in rows:
        line = drawn.get((row.section, row.name), usual * len(row.seats))
        of_row = [letter for letter in line if letter not in AISLES]
        letters |= dict(zip(row.keys, [usual if letter == "." else letter for letter in of_row], strict=True))
    return letters


def _ranks(rows: Sequence[Row], drawing: str) -> dict[Key, int]:
    drawn = {(section, name): rest.replace("|", " ").split() for section, name, rest in _lines(drawing)}
    return {
        key: int(rank)
        for row in rows
        if (row.section, row.name) in drawn
        for key, rank in zip(row.keys, drawn[row.section, row.name], strict=True)
    }
