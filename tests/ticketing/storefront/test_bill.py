"""What a basket comes to: lines, taxes, and who sits beside whom."""

from __future__ import annotations

from ticketing.queries.shop import Seat
from ticketing.storefront.bill import Cost, bill_of

GOLD = Cost(118_000, 118_000, (9_000, 9_000, 0, 0))
SILVER = Cost(60_000, 70_000, (0, 0, 9_152, 500))


def seat(number: int, *, row: str = "A", run: int = 1, position: int | None = None, tier: str = "Gold") -> Seat:
    return Seat(number, "Stalls", row, str(number), tier, run, position or number, False, False, number == 9)


def test_places_of_one_row_and_price_are_one_line() -> None:
    bill = bill_of([seat(2), seat(1)], {1: GOLD, 2: GOLD})
    (line,) = bill.lines
    assert (line.where, line.tier, line.count, line.total_paise) == ("Stalls, row A: 1, 2", "Gold", 2, 236_000)
    assert bill.total_paise == 236_000
    assert bill.taxes == [("CGST", 18_000), ("SGST", 18_000)]


def test_another_price_is_another_line() -> None:
    bill = bill_of([seat(1), seat(2, tier="Silver")], {1: GOLD, 2: SILVER})
    assert [(line.tier, line.paise, line.list_paise) for line in bill.lines] == [
        ("Gold", 118_000, 118_000),
        ("Silver", 60_000, 70_000),
    ]
    assert bill.taxes == [("CGST", 9_000), ("SGST", 9_000), ("IGST", 9_152), ("Entertainment tax", 500)]


def test_neighbours_are_one_group_and_an_aisle_makes_two() -> None:
    together = bill_of([seat(1), seat(2), seat(3)], dict.fromkeys((1, 2, 3), GOLD))
    gap = bill_of([seat(1), seat(3)], dict.fromkeys((1, 3), GOLD))
    aisle = bill_of([seat(1), seat(2, run=2)], dict.fromkeys((1, 2), GOLD))
    assert (together.groups, together.is_split) == (["A 1, A 2, A 3"], False)
    assert (gap.groups, gap.is_split) == (["A 1", "A 3"], True)
    assert aisle.is_split


def test_standing_places_have_no_neighbours_and_no_numbers() -> None:
    places = [Seat(n, "Floor", "", str(n), "General", 0, 0, False, False, False) for n in (1, 2)]
    bill = bill_of(places, dict.fromkeys((1, 2), GOLD))
    assert [(line.where, line.count) for line in bill.lines] == [("Floor", 2)]
    assert not bill.is_split


def test_what_is_special_about_a_place_stands_on_its_line() -> None:
    assert bill_of([seat(9)], {9: GOLD}).lines[0].notes == ("restricted view",)
