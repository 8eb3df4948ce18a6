"""Who sits next to whom: one row of numbered seats, put in physical order and cut into runs of neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from statistics import median_low
from typing import NamedTuple

GAP_IN_PITCHES = 1.6  # neighbours further apart than this have an aisle, a pillar or a missing seat between them


class Seat(NamedTuple):
    """A numbered seat as a file gives it; `section` and `tier` are codes.

    `aisle_after` is an aisle between it and the seat that the file lists next in its row. `rank` is the file's own,
    None where it gives none.
    """

    section: str
    tier: str
    row: str
    number: str
    x: float | None = None
    y: float | None = None
    is_accessible: bool = False
    is_companion: bool = False
    is_restricted_view: bool = False
    aisle_after: bool = False
    rank: int | None = None


Row = Sequence[Seat]


def split_row(row: Row) -> list[list[int]]:
    """The runs of `row`, left to right (or, in a side box, away from the stage), each a list of indexes into `row`.

    The order is by coordinate when every seat has one, else the file's. A run ends at an aisle the file names, at a
    gap wider than 1.6 pitches, and where the numbering jumps (see `numbering_breaks`).
    """
    order = physical_order(row)
    breaks = aisle_breaks(row, order) | gap_breaks(row, order) | numbering_breaks(row, order)
    runs, start = [], 0
    for end in [*sorted(breaks), len(order)]:
        runs.append(order[start:end])
        start = end
    return runs


def runs_across(row: Row) -> bool | None:
    """Whether the row runs mostly across the house, along x; None when a seat of it has no coordinates."""
    points = [(seat.x, seat.y) for seat in row if seat.x is not None and seat.y is not None]
    if len(points) < len(row):
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) - min(xs) >= max(ys) - min(ys)


def physical_order(row: Row) -> list[int]:
    """Indexes into `row` by x, or by y where it runs along the house; as the file has it without coordinates.

    A row that bends back on itself, so that two of its seats share an x, is beyond this: split it in the file.
    """
    across = runs_across(row)
    if across is None:
        return list(range(len(row)))
    along = [(seat.x if across else seat.y) or 0.0 for seat in row]
    return sorted(range(len(row)), key=along.__getitem__)


# A break is an index into `order`: the run ends before that seat.


def aisle_breaks(row: Row, order: list[int]) -> set[int]:
    """Breaks at the aisles the file names, each on the side of its seat towards which the file is listing.

    A file may list a row right to left, or from the middle outward, odd numbers first, and "after this seat" is then
    on its left. The side is told from the seat listed next, or else the one before, whichever is a neighbour; of a
    row in no order at all the aisle is on the right.
    """
    where = {index: i for i, index in enumerate(order)}
    breaks = set()
    for index in (index for index, seat in enumerate(row) if seat.aisle_after):
        i, following, previous = where[index], where.get(index + 1), where.get(index - 1)
        goes_left = following == i - 1 or (following != i + 1 and previous == i + 1)
        breaks.add(i if goes_left else i + 1)
    return breaks - {0, len(order)}


def gap_breaks(row: Row, order: list[int]) -> set[int]:
    """Breaks where neighbours are more than 1.6 times the row's median pitch apart; none without coordinates."""
    gaps = gaps_of(row, order)
    if not gaps:
        return set()
    # The lower median, so that of one narrow and one wide gap the narrow one is the pitch.
    widest = GAP_IN_PITCHES * median_low(gaps)
    return {i for i, gap in enumerate(gaps, start=1) if gap > widest}


def gaps_of(row: Row, order: list[int]) -> list[float]:
    """The distance from each seat to its right neighbour, in the file's unit; empty without coordinates."""
    points = [(seat.x, seat.y) for seat in (row[i] for i in order) if seat.x is not None and seat.y is not None]
    if len(points) < len(row):
        return []
    return [hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]


def numbering_breaks(row: Row, order: list[int]) -> set[int]:
    """Breaks where the numbering takes another step than the row's usual one.

    The usual step is the most common difference, whatever its sign, between neighbours that are whole numbers: 1, or
    2 in a house of odd and even sides, where `5 3 1 2 4 6` is cut between 1 and 2. So a missing seat breaks a row
    even without coordinates. Of two equally common steps the smaller is usual. Other labels break nothing.
    """
    numbers = [int(row[i].number) if row[i].number.isdecimal() else None for i in order]
    steps = [None if left is None or right is None else abs(right - left) for left, right in pairwise(numbers)]
    counts = Counter(step for step in steps if step is not None)
    if len(counts) < 2:
        return set()
    usual = min(counts, key=lambda step: (-counts[step], step))
    return {i for i, step in enumerate(steps, start=1) if step is not None and step != usual}
