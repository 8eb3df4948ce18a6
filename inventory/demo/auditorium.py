"""Three houses as CSV manifests: a large auditorium, a standing show and a black-box theatre.

Distances are metres. Every curved row is an arc about one point upstage, the origin of the angles: 0 straight down
the house, positive to the right. `y` is counted from the edge of the stage, away from it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from math import cos, sin
from string import ascii_uppercase

STAGE_RADIUS = 15.0
SEAT_WIDTH = 0.55
WHEELCHAIR_WIDTH = 0.9
AISLE_WIDTH = 1.3

# Indian houses leave out I and O, which are too like 1 and 0.
ROW_LETTERS = [letter for letter in ascii_uppercase if letter not in "IO"]

COLOURS = {
    "Platinum": "#6d5bd0",
    "Gold": "#c8961e",
    "Silver": "#7f8b99",
    "Balcony": "#2c8c7e",
    "Box": "#b4436c",
    "Pit": "#b4436c",
    "General": "#2f6db5",
    "Terrace": "#2c8c7e",
    "Front": "#c8961e",
    "Standard": "#2f6db5",
}

STALLS_RADIUS, STALLS_ROW_DEPTH = 20.0, 0.95
STALLS_AISLE, STALLS_EDGE = 0.27, 0.66  # radians off the middle
BALCONY_RADIUS, BALCONY_ROW_DEPTH, BALCONY_ROWS = 46.0, 1.0, 12
BALCONY_AISLE, BALCONY_EDGE = 0.20, 0.50
PILLAR_ROW, PILLAR_ANGLE = "R", 0.42  # one on each side
BOX_SEATS, BOX_DEPTH = 6, 4.6
BOX_WALL = 2.2  # from the ends of the stalls rows to the boxes

COLUMNS = ("section", "row", "seat", "tier", "x", "y", "flags", "count", "colour")
Line = dict[str, str]  # by column; a column left out is an empty cell


def auditorium_csv() -> str:
    """About 2,700 seats: fan-shaped stalls, a balcony behind them and four boxes along each side.

    Stalls rows A to Z are numbered from the middle outward, odd to the left and even to the right, with two aisles;
    balcony rows AA to MM from left to right, with two aisles. The last stalls row has six wheelchair places, a
    companion beside each. Two pillars, and the far ends of the first rows, restrict the view.
    """
    return _csv([*_stalls(), *_balcony(), *_boxes()])


def standing_csv() -> str:
    """A standing show of 10,000: Floor 6,500, Front pit 1,500 and Terrace 2,000."""
    areas = (("Floor", 6500, "General"), ("Front pit", 1500, "Pit"), ("Terrace", 2000, "Terrace"))
    return _csv(
        {"section": section, "tier": tier, "count": str(count), "colour": COLOURS[tier]}
        for section, count, tier in areas
    )


def small_hall_csv() -> str:
    """A black-box theatre of 308 seats: fourteen straight rows of 22, numbered 1 to 22, with an aisle in the middle.

    The front row has two wheelchair places, each with a companion beside it.
    """
    return _csv(_small_hall())


def _small_hall() -> Iterator[Line]:
    per_row = 22
    wheelchairs = {1: "accessible", 2: "companion", per_row - 1: "companion", per_row: "accessible"}
    for depth, row in enumerate(ROW_LETTERS[:14]):
        tier = "Front" if depth < 4 else "Standard"
        for number in range(1, per_row + 1):
            side = -1 if number <= per_row // 2 else 1
            x = (number - (per_row + 1) / 2) * SEAT_WIDTH + side * AISLE_WIDTH / 2
            flags = "aisle" if number == per_row // 2 else wheelchairs.get(number, "") if depth == 0 else ""
            yield _seat("House", row, number, tier, (x, 2.5 + depth * 0.95), flags)


def _stalls() -> Iterator[Line]:
    for depth, row in enumerate(ROW_LETTERS):
        radius = STALLS_RADIUS + depth * STALLS_ROW_DEPTH
        tier = "Platinum" if row < "G" else "Gold" if row < "Q" else "Silver"
        half = list(_half_row(radius, with_wheelchairs=row == "Z"))
        sides = [(-1, index) for index in reversed(range(len(half)))] + [(1, index) for index in range(len(half))]
        for side, index in sides:
            along, flags = half[index]
            rows_behind_pillar = depth - ROW_LETTERS.index(PILLAR_ROW)
            is_in_line_with_pillar = abs(along - radius * PILLAR_ANGLE) < SEAT_WIDTH
            if rows_behind_pillar == 0 and is_in_line_with_pillar:
                continue  # the pillar stands here, and the number is left out
            is_far_end = depth < 4 and index >= len(half) - 2
            if is_far_end or (0 < rows_behind_pillar <= 4 and is_in_line_with_pillar):
                flags = "restricted"
            number = 2 * index + (1 if side < 0 else 2)
            yield _seat("Stalls", row, number, tier, _on_arc(radius, side * along), flags)


def _half_row(radius: float, *, with_wheelchairs: bool) -> Iterator[tuple[float, str]]:
    """Each seat of one half of a stalls row, from the middle outward: its distance along the arc, and its flags."""
    centre = int(radius * STALLS_AISLE / SEAT_WIDTH)
    side = int((radius * (STALLS_EDGE - STALLS_AISLE) - AISLE_WIDTH) / SEAT_WIDTH)
    pair = ("accessible", "companion")
    if with_wheelchairs:
        # Wheelchairs stand at the aisle, two on its inner side and one on its outer: wide places, so fewer of them.
        blocks = [[""] * (centre - 6) + [*reversed(pair), *reversed(pair)], [*pair] + [""] * (side - 3)]
    else:
        blocks = [[""] * centre, [""] * side]
    for start, block in zip((0.0, radius * STALLS_AISLE + AISLE_WIDTH), blocks, strict=True):
        edge = start
        for flags in block:
            width = WHEELCHAIR_WIDTH if flags == "accessible" else SEAT_WIDTH
            yield edge + width / 2, flags
            edge += width


def _balcony() -> Iterator[Line]:
    for depth, letter in enumerate(ROW_LETTERS[:BALCONY_ROWS]):
        radius = BALCONY_RADIUS + depth * BALCONY_ROW_DEPTH
        centre = 2 * int(radius * BALCONY_AISLE / SEAT_WIDTH)
        side = int((radius * (BALCONY_EDGE - BALCONY_AISLE) - AISLE_WIDTH) / SEAT_WIDTH)
        inner = radius * BALCONY_AISLE + AISLE_WIDTH
        starts = (-inner - side * SEAT_WIDTH, -centre * SEAT_WIDTH / 2, inner)
        alongs = [
            start + (nth + 0.5) * SEAT_WIDTH
            for start, seats in zip(starts, (side, centre, side), strict=True)
            for nth in range(seats)
        ]
        for number, along in enumerate(alongs, start=1):
            yield _seat("Balcony", letter * 2, number, "Balcony", _on_arc(radius, along))


def _boxes() -> Iterator[Line]:
    """Four boxes on each side, six seats in line along the edge of the stalls, 1 the nearest to the stage."""
    for box in range(4):
        for name, side in (("L", -1), ("R", 1)):
            for nth in range(BOX_SEATS):
                radius = STALLS_RADIUS + box * BOX_DEPTH + nth * 0.65
                x = radius * sin(STALLS_EDGE) + BOX_WALL * cos(STALLS_EDGE)
                y = radius * cos(STALLS_EDGE) - BOX_WALL * sin(STALLS_EDGE) - STAGE_RADIUS
                flags = "restricted" if box == 0 and nth < 2 else ""
                yield _seat("Boxes", f"{name}{box + 1}", nth + 1, "Box", (side * x, y), flags)


def _on_arc(radius: float, along: float) -> tuple[float, float]:
    """x and y of the point `along` metres to the right of the middle on the arc of `radius`."""
    return radius * sin(along / radius), radius * cos(along / radius) - STAGE_RADIUS


def _seat(section: str, row: str, number: int, tier: str, point: tuple[float, float], flags: str = "") -> Line:
    x, y = point
    line = {"section": section, "row": row, "seat": str(number), "tier": tier, "flags": flags, "colour": COLOURS[tier]}
    return {**line, "x": f"{x:.2f}", "y": f"{y:.2f}"}


def _csv(lines: Iterable[Line]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()
