"""Rows are drawn as text: a column is a unit of x, and ` | ` in an answer is a break between two runs."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.manifest.house import House, SectionSpec, TierSpec
from inventory.manifest.layout import Standing, lay_out
from inventory.manifest.runs import Seat, physical_order, split_row


def seat(number: str, x: float | None = None, y: float | None = None, *, row: str = "A", aisle: bool = False) -> Seat:
    return Seat("stalls", "gold", row, number, x, y, aisle_after=aisle)


def listed(text: str) -> list[Seat]:
    """Seats without coordinates, in the order of `text`; a `/` is an aisle after the seat before it."""
    return [seat(word.rstrip("/"), aisle=word.endswith("/")) for word in text.split()]


def drawn(text: str) -> list[Seat]:
    """Seats with x from their column in `text`, on one straight row; a `/` is an aisle after the seat before it."""
    words = re.finditer(r"\S+", text)
    return [seat(word[0].rstrip("/"), float(word.start()), 0.0, aisle=word[0].endswith("/")) for word in words]


def runs(row: list[Seat]) -> str:
    return " | ".join(" ".join(row[i].number for i in run) for run in split_row(row))


def test_a_row_without_coordinates_is_one_run_in_file_order() -> None:
    assert runs(listed("1 2 3 4 5 6")) == "1 2 3 4 5 6"


def test_a_row_with_coordinates_is_put_in_order_from_left_to_right() -> None:
    assert runs(list(reversed(drawn("1 2 3 4 5 6")))) == "1 2 3 4 5 6"


def test_one_seat_without_coordinates_leaves_the_whole_row_in_file_order() -> None:
    assert runs([seat("3", 3, 0), seat("2", 2, 0), seat("1")]) == "3 2 1"


def test_a_row_along_a_side_wall_is_put_in_order_away_from_the_stage() -> None:
    box = [seat("3", 1.2, 9), seat("1", 1.0, 3), seat("2", 1.1, 6)]
    assert runs(box) == "1 2 3"


def test_a_named_aisle_breaks_the_run_after_its_seat() -> None:
    assert runs(listed("1 2 3/ 4 5 6")) == "1 2 3 | 4 5 6"


def test_an_aisle_after_the_last_seat_breaks_nothing() -> None:
    assert runs(listed("1 2 3/")) == "1 2 3"


def test_in_a_file_that_lists_right_to_left_the_aisle_is_on_the_left_of_its_seat() -> None:
    assert runs(list(reversed(drawn("1 2 3 4/ 5 6")))) == "1 2 3 | 4 5 6"


def test_an_aisle_after_the_last_seat_of_a_file_that_lists_right_to_left_breaks_nothing() -> None:
    assert runs(list(reversed(drawn("1/ 2 3")))) == "1 2 3"


def test_in_a_file_that_lists_from_the_middle_outward_aisles_lie_outward() -> None:
    row = {s.number: s for s in drawn("7 5 3 1 2 4 6 8")}
    order = [row[number] for number in ("1", "3", "5", "7", "2", "4", "6", "8")]
    row_with_aisles = [s._replace(aisle_after=s.number in ("3", "4", "7", "8")) for s in order]
    assert runs(row_with_aisles) == "7 5 | 3 1 | 2 4 | 6 8"


def test_a_gap_breaks_the_run_whatever_the_numbering_says() -> None:
    assert runs(drawn("1 2 3 4      5 6 7 8")) == "1 2 3 4 | 5 6 7 8"


def test_a_gap_of_one_and_a_half_pitches_is_no_aisle() -> None:
    assert runs([seat("1", 0, 0), seat("2", 10, 0), seat("3", 20, 0), seat("4", 35, 0)]) == "1 2 3 4"


def test_of_one_narrow_and_one_wide_gap_the_narrow_one_is_the_pitch() -> None:
    assert runs([seat("1", 0, 0), seat("2", 10, 0), seat("3", 30, 0)]) == "1 2 | 3"


def test_a_curved_row_is_measured_along_the_curve() -> None:
    """At the ends of this arc the seats are 0.3 apart in x and 1.0 apart in truth."""
    ends = [(-3.6, 4.0), (-3.3, 3.0), (-2.5, 2.4), (-1.5, 2.0), (-0.5, 1.9), (0.5, 1.9), (1.5, 2.0), (2.5, 2.4)]
    assert runs([seat(str(n), x, y) for n, (x, y) in enumerate(ends, start=1)]) == "1 2 3 4 5 6 7 8"


def test_seats_drawn_at_one_point_are_neighbours() -> None:
    assert runs([seat("1", 0, 0), seat("2", 0, 0), seat("3", 0, 0)]) == "1 2 3"


def test_odd_and_even_sides_meet_in_a_break() -> None:
    assert runs(listed("5 3 1 2 4 6")) == "5 3 1 | 2 4 6"


def test_a_missing_number_breaks_a_row_of_consecutive_numbers() -> None:
    assert runs(listed("1 2 3 5 6")) == "1 2 3 | 5 6"


def test_a_missing_number_breaks_a_row_of_odd_numbers() -> None:
    assert runs(listed("1 3 5 9 11")) == "1 3 5 | 9 11"


def test_descending_numbers_are_as_good_as_ascending_ones() -> None:
    assert runs(listed("6 5 4 3 2 1")) == "6 5 4 3 2 1"


def test_of_two_equally_common_steps_the_smaller_is_usual() -> None:
    assert runs(listed("1 2 4")) == "1 2 | 4"


def test_labels_that_are_no_numbers_break_nothing() -> None:
    assert runs(listed("W1 C1 1 2 3 4 5A 7")) == "W1 C1 1 2 3 4 5A 7"


def test_one_seat_is_one_run() -> None:
    assert runs(listed("1")) == "1"


def test_aisle_gap_and_numbering_break_together() -> None:
    assert runs(drawn("9 7 5    3 1 2 4    6 8/ 10")) == "9 7 5 | 3 1 | 2 4 | 6 8 | 10"


def house(text: str) -> House:
    """A house of one section and tier, a line of text for each row: its label, then its seats by column."""
    seats = []
    for y, line in enumerate(text.strip("\n").splitlines()):
        label, blanks, rest = line.partition(" ")
        seats += [s._replace(row=label, y=float(y)) for s in drawn(" " * len(label + blanks) + rest)]
    return lay_out([SectionSpec("stalls", "Stalls")], [TierSpec("gold", "Gold")], seats)


def test_runs_are_numbered_within_the_section_in_order_of_rows_and_positions_along_each() -> None:
    spots = house("""
A 1 2   3 4
B 3 1 2 4
C 1 2 3 4
""").spots
    assert [(s.row, s.number, s.run, s.position) for s in spots] == [
        ("A", "1", 1, 1), ("A", "2", 1, 2), ("A", "3", 2, 1), ("A", "4", 2, 2),
        ("B", "3", 3, 1), ("B", "1", 3, 2), ("B", "2", 4, 1), ("B", "4", 4, 2),
        ("C", "1", 5, 1), ("C", "2", 5, 2), ("C", "3", 5, 3), ("C", "4", 5, 4),
    ]  # fmt: skip


def test_a_row_listed_in_two_places_of_the_file_is_one_row() -> None:
    seats = [seat("1", 0, 0), seat("1", 0, 1, row="B"), seat("2", 1, 0), seat("2", 1, 1, row="B")]
    spots = lay_out([SectionSpec("stalls", "Stalls")], [TierSpec("gold", "Gold")], seats).spots
    assert [(s.row, s.number, s.run, s.position) for s in spots] == [
        ("A", "1", 1, 1), ("B", "1", 2, 1), ("A", "2", 1, 2), ("B", "2", 2, 2),
    ]  # fmt: skip


def test_each_section_counts_its_runs_from_one() -> None:
    seats = [Seat(section, "gold", "A", str(n)) for section in ("left", "right") for n in (1, 2)]
    sections = [SectionSpec("left", "Left"), SectionSpec("right", "Right")]
    spots = lay_out(sections, [TierSpec("gold", "Gold")], seats).spots
    assert [(s.section, s.run, s.position) for s in spots] == [
        ("left", 1, 1), ("left", 1, 2), ("right", 1, 1), ("right", 1, 2),
    ]  # fmt: skip


def test_general_admission_counts_on_from_line_to_line_and_has_no_runs() -> None:
    sections = [SectionSpec("floor", "Floor", is_ga=True), SectionSpec("terrace", "Terrace", is_ga=True)]
    tiers = [TierSpec("early", "Early"), TierSpec("late", "Late")]
    standing = [Standing("floor", "early", 2), Standing("terrace", "early", 1), Standing("floor", "late", 1)]
    spots = lay_out(sections, tiers, [], standing).spots
    assert [(s.section, s.tier, s.row, s.number, s.run, s.position, s.rank) for s in spots] == [
        ("floor", "early", "", "1", 0, 0, 1),
        ("floor", "early", "", "2", 0, 0, 2),
        ("terrace", "early", "", "1", 0, 0, 3),
        ("floor", "late", "", "3", 0, 0, 4),
    ]


numbers = st.one_of(st.integers(0, 60).map(str), st.text("ABW12", min_size=1, max_size=3))
points = st.one_of(st.just((None, None)), st.tuples(st.floats(-1e6, 1e6, width=32), st.floats(-1e6, 1e6, width=32)))
rows = st.lists(st.builds(lambda n, p, aisle: seat(n, *p, aisle=aisle), numbers, points, st.booleans()), min_size=1)


@settings(deadline=None)
@given(rows)
def test_every_seat_of_a_row_is_in_exactly_one_run_and_no_run_is_empty(row: list[Seat]) -> None:
    found = split_row(row)
    assert all(found)
    assert [i for run in found for i in run] == physical_order(row)
    assert sorted(physical_order(row)) == list(range(len(row)))


@settings(deadline=None)
@given(st.integers(1, 40), st.randoms())
def test_with_coordinates_the_order_of_the_file_does_not_matter(length: int, random: object) -> None:
    row = [seat(str(n), n * 0.55, 0.0) for n in range(1, length + 1)]
    shuffled = row.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert runs(shuffled) == runs(row)
