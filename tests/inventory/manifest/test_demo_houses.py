from __future__ import annotations

from collections import Counter

from inventory.demo.auditorium import ROW_LETTERS, auditorium_csv, small_hall_csv, standing_csv
from inventory.manifest.csv_file import read_csv
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec

AUDITORIUM = read_csv(auditorium_csv())


def runs(house: House, section: str, row: str) -> list[list[Spot]]:
    """The runs of one row, left to right, each in order of position."""
    spots = [spot for spot in house.spots if (spot.section, spot.row) == (section, row)]
    return [
        sorted((spot for spot in spots if spot.run == run), key=lambda spot: spot.position)
        for run in sorted({spot.run for spot in spots})
    ]


def numbers(house: House, section: str, row: str) -> list[list[int]]:
    return [[int(spot.number) for spot in run] for run in runs(house, section, row)]


def test_the_auditorium_has_about_2700_seats() -> None:
    assert Counter(spot.section for spot in AUDITORIUM.spots) == {"stalls": 1608, "balcony": 1042, "boxes": 48}


def test_the_auditorium_has_five_tiers_each_with_a_colour_of_its_own() -> None:
    assert [tier.name for tier in AUDITORIUM.tiers] == ["Platinum", "Gold", "Silver", "Balcony", "Box"]
    assert len({tier.colour for tier in AUDITORIUM.tiers}) == 5


def test_the_stalls_have_rows_a_to_z_without_i_and_o() -> None:
    assert list(dict.fromkeys(spot.row for spot in AUDITORIUM.spots if spot.section == "stalls")) == ROW_LETTERS
    assert "".join(ROW_LETTERS) == "ABCDEFGHJKLMNPQRSTUVWXYZ"


def test_a_stalls_row_is_odd_on_the_left_and_even_on_the_right_with_two_aisles() -> None:
    assert numbers(AUDITORIUM, "stalls", "A") == [
        list(range(39, 18, -2)),
        list(range(17, 0, -2)),
        list(range(2, 19, 2)),
        list(range(20, 41, 2)),
    ]


def test_a_balcony_row_is_numbered_straight_with_two_aisles() -> None:
    assert [(run[0], run[-1]) for run in numbers(AUDITORIUM, "balcony", "AA")] == [(1, 22), (23, 54), (55, 76)]


def test_there_are_eight_boxes_of_six_each_one_run_away_from_the_stage() -> None:
    boxes = list(dict.fromkeys(spot.row for spot in AUDITORIUM.spots if spot.section == "boxes"))
    assert boxes == ["L1", "R1", "L2", "R2", "L3", "R3", "L4", "R4"]
    assert [numbers(AUDITORIUM, "boxes", box) for box in boxes] == [[[1, 2, 3, 4, 5, 6]]] * 8


def test_every_wheelchair_place_is_in_the_last_stalls_row_with_a_companion_beside_it() -> None:
    assert Counter(spot.row for spot in AUDITORIUM.spots if spot.is_accessible) == {"Z": 6}
    marks = [
        "".join("W" if spot.is_accessible else "C" if spot.is_companion else "." for spot in run).strip(".")
        for run in runs(AUDITORIUM, "stalls", "Z")
    ]
    assert marks == ["CW", "WCWC", "CWCW", "WC"]


def test_pillars_break_their_row_and_restrict_the_view_behind_them() -> None:
    assert [len(numbers(AUDITORIUM, "stalls", row)) for row in "QRS"] == [4, 6, 4]
    restricted = Counter((spot.section, spot.row) for spot in AUDITORIUM.spots if spot.is_restricted_view)
    assert restricted == {
        **{("stalls", row): 4 for row in "ABCD"},
        **{("stalls", row): 4 for row in "STUV"},
        ("boxes", "L1"): 2,
        ("boxes", "R1"): 2,
    }


def test_the_auditorium_is_the_same_on_the_left_and_on_the_right() -> None:
    points = Counter((spot.section, spot.row, spot.x, spot.y) for spot in AUDITORIUM.spots if spot.section != "boxes")
    mirrored = Counter((section, row, -(x or 0.0), y) for section, row, x, y in points)
    assert points == mirrored


def test_no_two_seats_stand_on_each_other() -> None:
    """In a grid of quarter metres, seats 0.55 apart are never in one cell."""
    cells = Counter((int((spot.x or 0) // 0.25), int((spot.y or 0) // 0.25)) for spot in AUDITORIUM.spots)
    assert cells.most_common(1)[0][1] == 1


def test_the_best_seats_of_the_auditorium_are_in_the_middle_of_its_first_row() -> None:
    best = sorted(AUDITORIUM.spots, key=lambda spot: spot.rank)[:2]
    assert [(spot.section, spot.row, spot.number) for spot in best] == [("stalls", "A", "1"), ("stalls", "A", "2")]


def test_the_standing_show_has_ten_thousand_places() -> None:
    house = read_csv(standing_csv())
    assert house.sections == [
        SectionSpec("floor", "Floor", is_ga=True),
        SectionSpec("front-pit", "Front pit", is_ga=True),
        SectionSpec("terrace", "Terrace", is_ga=True),
    ]
    assert Counter((spot.section, spot.tier) for spot in house.spots) == {
        ("floor", "general"): 6500,
        ("front-pit", "pit"): 1500,
        ("terrace", "terrace"): 2000,
    }


def test_the_small_hall_has_fourteen_straight_rows_with_an_aisle_in_the_middle() -> None:
    house = read_csv(small_hall_csv())
    assert house.sections == [SectionSpec("house", "House")]
    assert house.tiers == [TierSpec("front", "Front", "#c8961e"), TierSpec("standard", "Standard", "#2f6db5")]
    assert {row: numbers(house, "house", row) for row in ROW_LETTERS[:14]} == {
        row: [list(range(1, 12)), list(range(12, 23))] for row in ROW_LETTERS[:14]
    }
    assert len(house.spots) == 308
