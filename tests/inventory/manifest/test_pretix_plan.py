from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.manifest.house import House, ManifestRefused, SectionSpec, Spot, TierSpec
from inventory.manifest.pretix_plan import read_pretix_plan

Json = Any


def seat(number: str, x: float = 0, y: float = 0, category: str = "Gold", **more: Json) -> Json:
    guid = more.pop("guid", f"guid-{number}")
    position = {"x": x, "y": y}
    return {"seat_guid": guid, "seat_number": number, "position": position, "category": category, **more}


def plan(*zones: Json, categories: Json = None) -> Json:
    categories = categories or [{"name": "Gold", "color": "#D4AF37"}, {"name": "Silver", "color": "red"}]
    return {"name": "Hall", "categories": categories, "zones": list(zones)}


def zone(*rows: Json, name: str | None = "Stalls", **more: Json) -> Json:
    return {"name": name, "position": {"x": 0, "y": 0}, "rows": list(rows), **more}


def row(label: str, *seats: Json, **more: Json) -> Json:
    return {"row_number": label, "seats": list(seats), **more}


def read(value: Json) -> House:
    return read_pretix_plan(json.dumps(value))


def faults(source: Json) -> list[tuple[str, str]]:
    """The path and code of every fault; a source that is not text is written as JSON first."""
    with pytest.raises(ManifestRefused) as refused:
        read_pretix_plan(source if isinstance(source, str | bytes) else json.dumps(source))
    return [(fault.where, fault.code) for fault in refused.value.faults]


SMALL = plan(zone(row("A", seat("1", 0), seat("2", 10)), row("B", seat("1", 0, 9, guid="b1"))))


def test_positions_add_up_from_zone_to_row_to_seat() -> None:
    stalls = zone(
        row("A", seat("1", 0, 0.1), seat("2", 25, 0.1, category="Silver"), position={"x": 40, "y": 25.2}),
        row("B", seat("1", 0, 60, guid="b")),
        position={"x": 100, "y": 200},
    )
    assert read(plan(stalls)) == House(
        [SectionSpec("stalls", "Stalls")],
        [TierSpec("gold", "Gold", "#d4af37"), TierSpec("silver", "Silver")],
        [
            Spot("stalls", "gold", "A", "1", 1, 1, 1, 140.0, 225.3),
            Spot("stalls", "silver", "A", "2", 1, 2, 2, 165.0, 225.3),
            Spot("stalls", "gold", "B", "1", 2, 1, 3, 100.0, 260.0),
        ],
    )


def test_what_the_editor_writes_beyond_the_schema_is_let_be() -> None:
    wordy = plan(
        zone(
            row("A", seat("1", radius=10, uuid="u", seat_label="Seat %s"), uuid="u", row_number_position="both",
                row_label="Row %s", start_at=1, shape="circle"),
            uuid="u", zone_id="ground", displayed=True, areas=[{"shape": "text", "text": None}, 7],
        ),
    )  # fmt: skip
    wordy |= {"size": {"width": 800, "height": 600}, "version": 3}
    assert read(wordy) == read(plan(zone(row("A", seat("1")))))


def test_a_zone_without_a_name_is_named_by_its_place() -> None:
    nameless = zone(row("A", seat("1", guid="1")), name=None)
    blank = zone(row("A", seat("1", guid="2")), name=" ")
    absent = zone(row("A", seat("1", guid="3")))
    del absent["name"]
    assert read(plan(nameless, blank, absent)).sections == [
        SectionSpec("zone-1", "Zone 1"),
        SectionSpec("zone-2", "Zone 2"),
        SectionSpec("zone-3", "Zone 3"),
    ]


def test_a_zone_without_seats_is_no_section() -> None:
    stage = zone(name="Stage", areas=[{"text": {"text": "STAGE"}}])
    assert read(plan(stage, zone(row("A", seat("1"))))).sections == [SectionSpec("stalls", "Stalls")]


def test_zones_of_one_name_are_one_section() -> None:
    left, right = zone(row("A", seat("1", 0), seat("2", 9))), zone(row("A", seat("3", 40), seat("4", 49)))
    house = read(plan(left, right))
    assert house.sections == [SectionSpec("stalls", "Stalls")]
    assert [(s.row, s.number, s.run, s.position) for s in house.spots] == [
        ("A", "1", 1, 1),
        ("A", "2", 1, 2),
        ("A", "3", 2, 1),
        ("A", "4", 2, 2),
    ]


def test_a_byte_order_mark_is_let_be() -> None:
    assert read_pretix_plan(json.dumps(SMALL).encode("utf-8-sig")) == read(SMALL)
    assert read_pretix_plan("\ufeff" + json.dumps(SMALL)) == read(SMALL)


def test_text_that_is_no_json_is_refused_with_line_and_column() -> None:
    assert faults('{"name": "Hall",\n  "zones": [}') == [("line 2, column 13", "malformed_json")]
    assert faults("") == [("line 1, column 1", "malformed_json")]


def test_what_python_itself_would_not_read_is_refused() -> None:
    assert faults("[" * 100_000) == [("plan", "malformed_json")]
    assert faults('{"zones": ' + "1" * 5000 + "}") == [("plan", "malformed_json")]


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    assert faults('{"name":\n"Étage"}'.encode("latin-1")) == [("line 2", "not_utf8")]


@pytest.mark.parametrize("value", [[], 1, "plan", None, True])
def test_a_plan_is_an_object(value: Json) -> None:
    assert faults(json.dumps(value)) == [("plan", "wrong_type")]


def test_a_plan_has_a_name_categories_and_zones() -> None:
    assert faults({}) == [("plan", "missing_key")] * 3


def test_a_plan_without_seats_is_refused() -> None:
    assert faults(plan(zone(row("A")))) == [("zones", "empty_file")]


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        (["name"], 5, "name", "wrong_type"),
        (["categories"], {}, "categories", "wrong_type"),
        (["categories"], [], "categories", "tier_missing"),
        (["categories", 1], "Silver", "categories[1]", "wrong_type"),
        (["categories", 1, "name"], None, "categories[1].name", "wrong_type"),
        (["categories", 1, "name"], "", "categories[1].name", "tier_missing"),
        (["categories", 1, "name"], "Gold", "categories[1].name", "duplicate_category"),
        (["categories", 1, "name"], "GOLD", "categories[1].name", "name_collision"),
        (["categories", 1, "name"], "x" * 61, "categories[1].name", "name_too_long"),
        (["categories", 1, "color"], 255, "categories[1].color", "wrong_type"),
        (["zones"], {}, "zones", "wrong_type"),
        (["zones"], None, "zones", "wrong_type"),
        (["zones", 0], None, "zones[0]", "wrong_type"),
        (["zones", 0, "name"], 1, "zones[0].name", "wrong_type"),
        (["zones", 0, "name"], "x" * 61, "zones[0].name", "name_too_long"),
        (["zones", 0, "name"], "St\u0000alls", "zones[0].name", "control_character"),
        (["zones", 0, "position"], [0, 0], "zones[0].position", "wrong_type"),
        (["zones", 0, "position", "x"], "0", "zones[0].position.x", "coordinate_invalid"),
        (["zones", 0, "rows"], "A", "zones[0].rows", "wrong_type"),
        (["zones", 0, "rows", 1], [], "zones[0].rows[1]", "wrong_type"),
        (["zones", 0, "rows", 1, "position"], 5, "zones[0].rows[1].position", "wrong_type"),
        (["zones", 0, "rows", 1, "row_number"], 2, "zones[0].rows[1].row_number", "wrong_type"),
        (["zones", 0, "rows", 1, "row_number"], "", "zones[0].rows[1].row_number", "row_missing"),
        (["zones", 0, "rows", 1, "row_number"], "x" * 13, "zones[0].rows[1].row_number", "name_too_long"),
        (["zones", 0, "rows", 1, "row_number"], "A", "zones[0].rows[1].seats[0]", "duplicate_seat"),
        (["zones", 0, "rows", 1, "seats"], None, "zones[0].rows[1].seats", "wrong_type"),
        (["zones", 0, "rows", 0, "seats", 1], 3, "zones[0].rows[0].seats[1]", "wrong_type"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_guid"], "guid-1", "zones[0].rows[0].seats[1].seat_guid",
         "duplicate_guid"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_guid"], 7, "zones[0].rows[0].seats[1].seat_guid", "wrong_type"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_number"], "1", "zones[0].rows[0].seats[1]", "duplicate_seat"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_number"], "", "zones[0].rows[0].seats[1].seat_number",
         "seat_missing"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_number"], "1" * 13, "zones[0].rows[0].seats[1].seat_number",
         "name_too_long"),
        (["zones", 0, "rows", 0, "seats", 1, "seat_number"], "\ud800", "zones[0].rows[0].seats[1].seat_number",
         "control_character"),
        (["zones", 0, "rows", 0, "seats", 1, "category"], "Bronze", "zones[0].rows[0].seats[1].category",
         "unknown_category"),
        (["zones", 0, "rows", 0, "seats", 1, "category"], "", "zones[0].rows[0].seats[1].category",
         "unknown_category"),
        (["zones", 0, "rows", 0, "seats", 1, "category"], ["Gold"], "zones[0].rows[0].seats[1].category",
         "wrong_type"),
        (["zones", 0, "rows", 0, "seats", 1, "position", "y"], True, "zones[0].rows[0].seats[1].position.y",
         "coordinate_invalid"),
        (["zones", 0, "rows", 0, "seats", 1, "position", "y"], float("nan"), "zones[0].rows[0].seats[1].position.y",
         "coordinate_invalid"),
        (["zones", 0, "rows", 0, "seats", 1, "position", "y"], 10**400, "zones[0].rows[0].seats[1].position.y",
         "coordinate_invalid"),
    ],
)  # fmt: skip
def test_a_fault_has_its_path(path: list[str | int], value: Json, where: str, code: str) -> None:
    assert faults(replaced(SMALL, path, value)) == [(where, code)]


@pytest.mark.parametrize("key", ["seat_guid", "seat_number", "position", "category"])
def test_a_seat_has_a_guid_a_number_a_position_and_a_category(key: str) -> None:
    broken = copy.deepcopy(SMALL)
    del broken["zones"][0]["rows"][0]["seats"][1][key]
    assert faults(broken) == [("zones[0].rows[0].seats[1]", "missing_key")]


def test_a_seat_of_a_broken_category_is_at_fault_with_it() -> None:
    assert faults(replaced(SMALL, ["categories", 0, "name"], 1)) == [
        ("categories[0].name", "wrong_type"),
        ("zones[0].rows[0].seats[0].category", "unknown_category"),
        ("zones[0].rows[0].seats[1].category", "unknown_category"),
        ("zones[0].rows[1].seats[0].category", "unknown_category"),
    ]


def test_every_fault_of_a_plan_is_found() -> None:
    broken = replaced(SMALL, ["zones", 0, "rows", 0, "seats", 0], {"seat_number": 1, "position": {"y": "0"}})
    broken = replaced(broken, ["zones", 0, "rows", 1, "seats", 0, "category"], "Bronze")
    assert faults(broken) == [
        ("zones[0].rows[0].seats[0].seat_number", "wrong_type"),
        ("zones[0].rows[0].seats[0]", "missing_key"),
        ("zones[0].rows[0].seats[0]", "missing_key"),
        ("zones[0].rows[0].seats[0].position.x", "coordinate_invalid"),
        ("zones[0].rows[0].seats[0].position.y", "coordinate_invalid"),
        ("zones[0].rows[1].seats[0].category", "unknown_category"),
    ]


def test_a_seat_that_is_there_twice_names_the_first() -> None:
    with pytest.raises(ManifestRefused) as refused:
        read(plan(zone(row("A", seat("1"), seat("1", guid="other")))))
    assert [fault.message for fault in refused.value.faults] == [
        "row 'A' seat '1' of section stalls is already at zones[0].rows[0].seats[0]"
    ]


def replaced(value: Json, path: list[str | int], new: Json) -> Json:
    """A copy of `value` with `new` at `path`."""
    result = copy.deepcopy(value)
    owner = result
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = new
    return result


def paths(value: Json, here: tuple[str | int, ...] = ()) -> list[list[str | int]]:
    """The path of everything inside `value`."""
    steps: list[str | int] = list(value if isinstance(value, dict) else range(len(value)))
    inside = [(*here, step) for step in steps]
    nested = [path for at in inside if isinstance(value[at[-1]], dict | list) for path in paths(value[at[-1]], at)]
    return [list(at) for at in inside] + nested


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
keys = st.sampled_from(["name", "zones", "categories", "rows", "seats", "position", "x"]) | st.text(max_size=3)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3))


def is_read_or_refused(source: str | bytes) -> bool:
    try:
        return bool(read_pretix_plan(source).spots)
    except ManifestRefused as refused:
        return bool(refused.faults)


@settings(deadline=None)
@given(st.text() | st.binary())
def test_whatever_is_in_the_file_it_is_read_or_refused(source: str | bytes) -> None:
    assert is_read_or_refused(source)


@settings(deadline=None)
@given(values)
def test_whatever_the_json_says_it_is_read_or_refused(value: Json) -> None:
    assert is_read_or_refused(json.dumps(value))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(paths(SMALL)), values)
def test_whatever_stands_in_one_place_of_a_plan_it_is_read_or_refused(path: list[str | int], value: Json) -> None:
    assert is_read_or_refused(json.dumps(replaced(SMALL, path, value)))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Stalls", "Balcony, Left", "बालकनी"]), st.sampled_from("ABC"), st.integers(1, 30)),
        st.tuples(st.integers(-99, 99), st.integers(-99, 99), st.sampled_from(["Gold", "Silver"])),
        min_size=1,
    )
)
def test_what_is_written_is_what_is_read(places: dict[tuple[str, str, int], tuple[int, int, str]]) -> None:
    zones: dict[str, dict[str, list[Json]]] = {}
    for (section, label, number), (x, y, category) in places.items():
        written = seat(str(number), x, y, category, guid=f"{section}-{label}-{number}")
        zones.setdefault(section, {}).setdefault(label, []).append(written)

    house = read(
        plan(*(zone(*(row(label, *seats) for label, seats in rows.items()), name=name) for name, rows in zones.items()))
    )

    sections = {section.code: section.name for section in house.sections}
    tiers = {tier.code: tier.name for tier in house.tiers}
    assert {
        (sections[s.section], s.row, int(s.number)): (s.x, s.y, tiers[s.tier]) for s in house.spots
    } == places  # fmt: skip
    assert sorted(spot.rank for spot in house.spots) == list(range(1, len(places) + 1))
