from __future__ import annotations

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Channel
from inventory.queries.stock import SectionShape, TierShape, geometry, seat_states
from inventory.services.manifests import add_places
from tests.houses import MANAGER, make_show, rows, standing

HOUSE = House(
    [SectionSpec("stalls", "Stalls"), SectionSpec("lawn", "Lawn", is_ga=True)],
    [TierSpec("gold", "Gold", "#ffcc00"), TierSpec("grass", "Grass")],
    [
        Spot("stalls", "gold", "A", "1", 1, 1, 1, x=1.0, y=2.5, is_accessible=True),
        Spot("stalls", "grass", "A", "2", 1, 2, 2, is_companion=True, is_restricted_view=True),
        Spot("lawn", "grass", "", "1", 0, 0, 3),
        Spot("lawn", "grass", "", "2", 0, 0, 4),
    ],
)


def test_seats_come_in_columns_and_admissions_as_a_number(web: Channel) -> None:
    show = make_show(HOUSE)
    seats = list(show.places.filter(section__is_ga=False).order_by("id"))
    stalls, lawn = show.sections.all()
    gold, grass = show.tiers.all()

    house = geometry(show.pk)

    assert house is not None
    assert house.manifest_version == show.manifest_version
    assert house.sections == [
        SectionShape(stalls.pk, "stalls", "Stalls", False, 2),
        SectionShape(lawn.pk, "lawn", "Lawn", True, 2),
    ]
    assert house.tiers == [TierShape(gold.pk, "gold", "Gold", "#ffcc00"), TierShape(grass.pk, "grass", "Grass", "")]
    assert (house.ids, house.section) == ([seat.pk for seat in seats], [stalls.pk] * 2)
    assert (house.tier, house.row, house.number) == ([gold.pk, grass.pk], ["A", "A"], ["1", "2"])
    assert (house.x, house.y, house.flags) == ([1.0, None], [2.5, None], [1, 6])


def test_seats_and_their_states_are_in_one_order_also_after_places_were_added(web: Channel) -> None:
    show = make_show(rows("A", 3))
    add_places(show_id=show.pk, house=standing(2), by=MANAGER)
    add_places(show_id=show.pk, house=rows("B", 2), by=MANAGER)

    house = geometry(show.pk)
    states = seat_states(show.pk, channel_id=web.pk)

    assert house and states
    assert house.manifest_version == states.manifest_version == 3
    assert [f"{row}-{number}" for row, number in zip(house.row, house.number, strict=True)] == [
        "A-1", "A-2", "A-3", "B-1", "B-2",
    ]  # fmt: skip
    assert states.letters == "ooooo"


def test_a_show_without_a_house_has_an_empty_one_and_no_show_has_none(web: Channel) -> None:
    show = make_show()

    house = geometry(show.pk)
    assert house and (house.ids, house.sections, house.tiers) == ([], [], [])
    assert geometry(show.pk + 1) is None
