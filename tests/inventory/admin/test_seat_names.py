"""Seats as people write them: read into places, or refused with what is known there; and said back shortly."""

from __future__ import annotations

import pytest

from inventory.admin.seat_names import NotRead, read, spoken
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Place
from inventory.queries.stock import Geometry, SectionShape
from tests.houses import make_show

SECTIONS = {"stalls": "Stalls", "balcony-left": "Balcony Left"}
ROWS = {
    ("stalls", "A"): "1 2 3 4 5",
    ("stalls", "B"): "1 3 5",
    ("balcony-left", "A"): "1 2",
    ("balcony-left", "5"): "1 2 3",
    ("balcony-left", "C"): "1A",
}
SEATS = [(section, row, number) for (section, row), numbers in ROWS.items() for number in numbers.split()]


def house() -> Geometry:
    """The little house above, its seats numbered from 1 in this order."""
    ids = {code: number for number, code in enumerate(SECTIONS, start=1)}
    return Geometry(
        1,
        1,
        [SectionShape(ids[code], code, name, False, 9) for code, name in SECTIONS.items()],
        [],
        list(range(1, len(SEATS) + 1)),
        [ids[section] for section, _, _ in SEATS],
        [1] * len(SEATS),
        [row for _, row, _ in SEATS],
        [number for _, _, number in SEATS],
        [None] * len(SEATS),
        [None] * len(SEATS),
        [0] * len(SEATS),
    )


@pytest.mark.parametrize(
    ("text", "seats"),
    [
        ("Stalls A 1-3, B 3", "SA1 SA2 SA3 SB3"),
        ("Stalls A 1-2, 5", "SA1 SA2 SA5"),
        ("stalls a1-a3", "SA1 SA2 SA3"),
        ("Stalls A-2", "SA2"),
        ("Stalls row A seats 1 to 3, 5", "SA1 SA2 SA3 SA5"),
        ("B 1-4", "SB1 SB3"),
        ("B1, B3", "SB1 SB3"),
        ("Stalls A", "SA1 SA2 SA3 SA4 SA5"),
        ("all Stalls", "SA1 SA2 SA3 SA4 SA5 SB1 SB3 SB5"),
        ("Stalls, A 1", "SA1"),
        ("balcony left 5 1-2", "B51 B52"),
        ("Balcony-Left: A 2; C 1A", "BA2 BC1A"),
        ("5 2", "B52"),
        ("Stalls A 4 - 3\nB 5", "SA3 SA4 SB5"),
        ("Stalls A 1, A 1", "SA1"),
    ],
)
def test_seats_are_read_as_people_write_them(text: str, seats: str) -> None:
    found = [SEATS[number - 1] for number in read(text, house())]

    assert " ".join(f"{section[0].upper()}{row}{number}" for section, row, number in found) == seats


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Name at least one seat"),
        ("Stalls", "The whole of a section is: all Stalls."),
        ("A 1", "'A 1': more than one section has a row A. Name the section first: Stalls, Balcony Left."),
        ("Stalls Z 9", "'Stalls Z 9' is no seat of Stalls."),
        ("Circle A 1", "'Circle A 1' is no seat of this house."),
        ("Stalls A 99", "'Stalls A 99': there is no such seat; that row has 1 to 5."),
    ],
)
def test_what_is_no_seat_is_refused_with_what_is_known_there(text: str, said: str) -> None:
    with pytest.raises(NotRead, match=said.replace("(", r"\(")):
        read(text, house())


def test_places_are_said_shortly_section_by_section_in_the_houses_order(transactional_db: None) -> None:
    names = [("A", "1"), ("A", "2"), ("A", "3"), ("A", "5"), ("B", "2"), ("B", "1A")]
    spots = [Spot("stalls", "gold", row, seat, 1 + (row == "B"), n, n) for n, (row, seat) in enumerate(names, start=1)]
    spots += [Spot("floor", "gold", "", str(n), 0, 0, 90 + n) for n in (1, 2)]
    sections = [SectionSpec("stalls", "Stalls"), SectionSpec("floor", "Floor", is_ga=True)]
    show = make_show(House(sections, [TierSpec("gold", "Gold")], spots))

    ids = list(Place.objects.filter(show=show).values_list("pk", flat=True))

    assert spoken(ids) == "Stalls A 1-3, 5, B 2, 1A; Floor: 2 admissions"
    assert spoken(ids[-1:]) == "Floor: 1 admission"
    assert spoken([]) == "no places"
