"""The best seat first: the order in which a house offers its seats when the file does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low

from inventory.manifest.runs import Row, Seat, gaps_of, physical_order, runs_across

SEATS_PER_ROW_BACK = 4  # being this many seats off centre is as bad as being one row further back

Rows = Mapping[tuple[str, str], list[int]]


def best_first(seats: Sequence[Seat], rows: Rows) -> list[int]:
    """Indexes into `seats`, best first; `rows` maps each section and row to its indexes, in file order.

    By the file's own ranks if it has them, ties in file order. Else section after section in file order, and in each

        rows in front of it + seats off centre / 4

    the smallest first, so that row 2 a little off centre beats the far end of row 1. Rows are counted in file order:
    a file lists a section front to back. Restricted views come after every clear view of their section. Ties go to
    the row in front, then to file order.
    """
    if seats and seats[0].rank is not None:
        return sorted(range(len(seats)), key=lambda i: (seats[i].rank, i))
    middles = _middles(seats, rows)
    sections: dict[str, int] = {}  # section: its place among the sections
    depths: dict[str, int] = {}  # section: rows seen so far
    keys: list[tuple[int, bool, float, int, int]] = [(0, False, 0.0, 0, 0)] * len(seats)
    for (section, _), indexes in rows.items():
        nth = sections.setdefault(section, len(sections))
        depth = depths[section] = depths.get(section, -1) + 1
        row = [seats[i] for i in indexes]
        for i, seat, off in zip(indexes, row, seats_off_centre(row, middles.get(section)), strict=True):
            # Rounded, so that two seats mirrored about the middle tie in spite of floating point.
            keys[i] = (nth, seat.is_restricted_view, round(depth + off / SEATS_PER_ROW_BACK, 6), depth, i)
    return sorted(range(len(seats)), key=keys.__getitem__)


def seats_off_centre(row: Row, middle: float | None) -> list[float]:
    """How many seats off the centre each seat of `row` is, in pitches of its own row.

    The centre is `middle`, an x, for a row that runs across the house. For one along a side wall, or without
    coordinates, it is the middle of the row itself.
    """
    order = physical_order(row)
    pitch = median_low(gaps_of(row, order) or [0.0])
    if middle is not None and pitch and runs_across(row):
        return [abs((seat.x or 0.0) - middle) / pitch for seat in row]
    off = [0.0] * len(row)
    for nth, index in enumerate(order):
        off[index] = abs(nth - (len(row) - 1) / 2)
    return off


def _middles(seats: Sequence[Seat], rows: Rows) -> dict[str, float]:
    """The x half-way between the outermost seats of each section, taken over its rows that run across the house."""
    ends: dict[str, tuple[float, float]] = {}
    for (section, _), indexes in rows.items():
        if runs_across([seats[i] for i in indexes]):
            xs = [seats[i].x or 0.0 for i in indexes]
            left, right = ends.get(section, (xs[0], xs[0]))
            ends[section] = (min(left, *xs), max(right, *xs))
    return {section: (left + right) / 2 for section, (left, right) in ends.items()}
