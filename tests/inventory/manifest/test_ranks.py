"""Houses are drawn as text, each seat by its column; an answer is the same house with ranks for seats."""

from __future__ import annotations

from inventory.manifest.house import SectionSpec, TierSpec
from inventory.manifest.layout import Standing, lay_out
from inventory.manifest.runs import Seat

SECTIONS = [SectionSpec("stalls", "Stalls"), SectionSpec("balcony", "Balcony")]
TIERS = [TierSpec("gold", "Gold"), TierSpec("silver", "Silver")]


def ranks(seats: list[Seat], standing: tuple[Standing, ...] = ()) -> list[int]:
    return [spot.rank for spot in lay_out(SECTIONS, TIERS, seats, standing).spots]


def row_of(label: str, length: int, *, y: float | None = None, section: str = "stalls") -> list[Seat]:
    """A straight row of seats 1, 2, 3 … one unit apart about x = 0; without `y`, without coordinates."""
    xs = [None if y is None else n - (length - 1) / 2 for n in range(length)]
    return [Seat(section, "gold", label, str(n), x, y) for n, x in enumerate(xs, start=1)]


def test_the_middle_of_a_row_comes_before_its_ends_and_the_file_order_breaks_ties() -> None:
    assert ranks(row_of("A", 5, y=0)) == [4, 2, 1, 3, 5]


def test_a_row_without_coordinates_has_its_middle_where_the_file_has_it() -> None:
    assert ranks(row_of("A", 5)) == [4, 2, 1, 3, 5]


def test_row_two_a_little_off_centre_beats_the_far_end_of_row_one() -> None:
    seats = row_of("A", 13, y=0) + row_of("B", 13, y=1)
    assert [ranks(seats)[:13], ranks(seats)[13:]] == [
        [15, 11, 8, 6, 4, 2, 1, 3, 5, 7, 9, 12, 16],
        [25, 23, 21, 19, 17, 13, 10, 14, 18, 20, 22, 24, 26],
    ]


def test_four_seats_off_centre_are_as_bad_as_one_row_back_and_a_tie_goes_to_the_front() -> None:
    seats = [
        Seat("stalls", "gold", "A", "1", -4, 0), Seat("stalls", "gold", "A", "2", -3, 0),
        Seat("stalls", "gold", "A", "3", 3, 0), Seat("stalls", "gold", "A", "4", 4, 0),
        Seat("stalls", "gold", "B", "1", -1, 1), Seat("stalls", "gold", "B", "2", 0, 1),
        Seat("stalls", "gold", "B", "3", 1, 1),
    ]  # fmt: skip
    assert ranks(seats) == [3, 1, 2, 4, 6, 5, 7]


def test_a_section_keeps_one_middle_though_its_rows_are_not_alike() -> None:
    """Row B has only its right half: its best seat is the one nearest to the middle of the section."""
    seats = row_of("A", 5, y=0) + [Seat("stalls", "gold", "B", str(n), float(n), 1.0) for n in range(3)]
    assert ranks(seats) == [4, 2, 1, 3, 5, 6, 7, 8]


def test_a_box_along_the_side_wall_has_its_own_middle() -> None:
    box = [Seat("balcony", "gold", "L1", str(n), 0.0, float(n)) for n in range(5)]
    assert ranks(box) == [4, 2, 1, 3, 5]


def test_sections_come_one_after_the_other_as_the_file_has_them() -> None:
    seats = row_of("A", 3, y=5, section="balcony") + row_of("A", 3, y=0, section="stalls")
    assert ranks(seats) == [2, 1, 3, 5, 4, 6]


def test_restricted_views_come_after_every_clear_view_of_their_section() -> None:
    seats = row_of("A", 3, y=0) + row_of("B", 3, y=1) + row_of("A", 1, y=9, section="balcony")
    seats[1] = seats[1]._replace(is_restricted_view=True)
    assert ranks(seats) == [1, 6, 2, 4, 3, 5, 7]


def test_the_ranks_of_the_file_are_kept_in_order_and_ties_are_in_file_order() -> None:
    seats = [seat._replace(rank=rank) for seat, rank in zip(row_of("A", 4), (70, 5, 5, 9), strict=True)]
    assert ranks(seats) == [4, 1, 2, 3]


def test_general_admission_ranks_after_the_seats() -> None:
    assert ranks(row_of("A", 1), (Standing("balcony", "gold", 2),)) == [1, 2, 3]
