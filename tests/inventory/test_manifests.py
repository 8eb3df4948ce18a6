"""A house becomes places: whole or not at all, and every place in the ledger from its first day."""

from __future__ import annotations

import pytest
from django.db import DataError

from inventory.acts import Best, Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Channel, Entry, Movement, Place, Show
from inventory.queries.verify import verify
from inventory.services.locking import lock_places
from inventory.services.manifests import (
    ManifestAlreadyLoaded,
    ManifestEmpty,
    PlacesExist,
    SectionKindDiffers,
    add_places,
    load_manifest,
)
from inventory.services.refusals import ShowUnknown
from tests.houses import MANAGER, make_show, rows, seat, standing, statuses


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show()


def test_a_loaded_house_is_open_in_the_pool_and_written_down(show: Show) -> None:
    heard: list[int] = []

    act = load_manifest(show_id=show.pk, house=rows("AB", 3), by=MANAGER, progress=heard.append)

    show.refresh_from_db()
    assert (statuses(show), show.manifest_version, heard[-1]) == ({"open": 6}, 1, 6)
    assert (act.verb, act.quantity, Entry.objects.filter(movement=act).count()) == ("load_manifest", 6, 6)
    assert set(show.places.values_list("allocation__is_pool", flat=True)) == {True}
    assert verify(show).is_sound


def test_every_fact_of_a_seat_arrives(show: Show) -> None:
    spot = Spot("box-1", "box", "B", "7", 2, 3, 9, 1.5, -2.25, True, False, True)
    house = House([SectionSpec("box-1", "Box 1")], [TierSpec("box", "Box", "#aa3355")], [spot])

    load_manifest(show_id=show.pk, house=house, by=MANAGER)

    place = show.places.get()
    assert (place.section.name, place.tier.colour, place.row, place.number, place.run, place.position, place.rank) == (
        "Box 1", "#aa3355", "B", "7", 2, 3, 9,
    )  # fmt: skip
    assert (place.x, place.y, place.is_accessible, place.is_companion, place.is_restricted_view) == (
        1.5, -2.25, True, False, True,
    )  # fmt: skip


def test_a_house_is_loaded_once(show: Show) -> None:
    load_manifest(show_id=show.pk, house=rows("A", 2), by=MANAGER)

    with pytest.raises(ManifestAlreadyLoaded):
        load_manifest(show_id=show.pk, house=rows("B", 2), by=MANAGER)
    assert (statuses(show), Movement.objects.count()) == ({"open": 2}, 1)


def test_a_house_without_places_is_refused(show: Show) -> None:
    with pytest.raises(ManifestEmpty):
        load_manifest(show_id=show.pk, house=House(), by=MANAGER)


def test_a_show_that_does_not_exist_gets_no_house(transactional_db: None) -> None:
    with pytest.raises(ShowUnknown):
        load_manifest(show_id=404, house=rows("A", 1), by=MANAGER)


def test_a_load_that_fails_half_way_leaves_nothing(show: Show) -> None:
    good = rows("A", 5)
    bad = House(good.sections, good.tiers, [*good.spots, Spot("stalls", "gold", "far too long a row", "1", 9, 1, 99)])

    with pytest.raises(DataError):
        load_manifest(show_id=show.pk, house=bad, by=MANAGER)

    show.refresh_from_db()
    assert (Place.objects.count(), show.sections.count(), show.allocations.count(), Movement.objects.count()) == (
        0, 0, 0, 0,
    )  # fmt: skip
    assert show.manifest_version == 0


def test_an_extra_row_is_added_behind_the_rest(show: Show, web: Channel) -> None:
    load_manifest(show_id=show.pk, house=rows("A", 3), by=MANAGER)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)

    act = add_places(show_id=show.pk, house=rows("B", 2), by=MANAGER)

    show.refresh_from_db()
    assert (act.verb, statuses(show), show.manifest_version) == ("add_places", {"locked": 1, "open": 4}, 2)
    assert list(show.places.order_by("rank").values_list("row", flat=True)) == ["A", "A", "A", "B", "B"]
    assert (verify(show).capacity, verify(show).is_sound) == (5, True)


def test_more_standing_room_goes_on_counting(show: Show) -> None:
    load_manifest(show_id=show.pk, house=standing(3), by=MANAGER)

    add_places(show_id=show.pk, house=standing(2), by=MANAGER)

    assert list(show.places.order_by("rank").values_list("number", flat=True)) == ["1", "2", "3", "4", "5"]
    assert show.sections.count() == show.tiers.count() == show.allocations.count() == 1


def test_a_seat_that_is_there_already_refuses_all_and_is_named(show: Show) -> None:
    load_manifest(show_id=show.pk, house=rows("A", 3), by=MANAGER)

    with pytest.raises(PlacesExist) as refused:
        add_places(show_id=show.pk, house=rows("BA", 1), by=MANAGER)

    assert (refused.value.facts, statuses(show)) == ({"places": ["stalls A-1"]}, {"open": 3})


def test_a_numbered_section_does_not_turn_into_standing_room(show: Show) -> None:
    load_manifest(show_id=show.pk, house=rows("A", 3), by=MANAGER)

    with pytest.raises(SectionKindDiffers):
        add_places(show_id=show.pk, house=standing(3, section="stalls"), by=MANAGER)
    assert statuses(show) == {"open": 3}


def test_an_extra_row_is_nobodys_neighbour(web: Channel) -> None:
    show = make_show(rows("A", 2))
    add_places(show_id=show.pk, house=rows("B", 2), by=MANAGER)

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Best(3), by=MANAGER)

    assert list(show.places.order_by("row", "number").values_list("row", "run", "position")) == [
        ("A", 1, 1), ("A", 1, 2), ("B", 2, 1), ("B", 2, 2),
    ]  # fmt: skip
    assert [len(group) for group in lock.groups] == [2, 1]
