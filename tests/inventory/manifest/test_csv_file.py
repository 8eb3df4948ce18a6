from __future__ import annotations

import csv
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.manifest.csv_file import OPTIONAL, REQUIRED, read_csv
from inventory.manifest.faults import FAULTS_MAX
from inventory.manifest.house import House, ManifestRefused, SectionSpec, Spot, TierSpec

COLUMNS = (*REQUIRED, *OPTIONAL)


def faults(source: str | bytes) -> list[tuple[str, str]]:
    """The line and code of every fault."""
    with pytest.raises(ManifestRefused) as refused:
        read_csv(source)
    return [(fault.where, fault.code) for fault in refused.value.faults]


def messages(source: str | bytes) -> list[str]:
    with pytest.raises(ManifestRefused) as refused:
        read_csv(source)
    return [fault.message for fault in refused.value.faults]


def full(*lines: str) -> str:
    """A file with every column."""
    return "\n".join([",".join(COLUMNS), *lines])


PLAIN = "section,row,seat,tier\nStalls,A,1,Gold\nStalls,A,2,Gold\n"
PLAIN_HOUSE = House(
    [SectionSpec("stalls", "Stalls")],
    [TierSpec("gold", "Gold")],
    [Spot("stalls", "gold", "A", "1", 1, 1, 1), Spot("stalls", "gold", "A", "2", 1, 2, 2)],
)


def test_a_house_of_seats_and_general_admission() -> None:
    house = read_csv(
        full(
            "Balcony Left,A,1,First Class,-1,4.5,accessible,,,#D4AF37",
            "Balcony Left,A,2,First Class,0,4.5,COMPANION | aisle,1,,",
            "Balcony Left,A,3,First Class,1,4.5,restricted,,,#d4af37",
            "Floor,,,Standing,,,accessible companion,2,,",
            "Floor,,,Standing,,,,1,,",
        )
    )
    assert house == House(
        [SectionSpec("balcony-left", "Balcony Left"), SectionSpec("floor", "Floor", is_ga=True)],
        [TierSpec("first-class", "First Class", "#d4af37"), TierSpec("standing", "Standing")],
        [
            Spot("balcony-left", "first-class", "A", "1", 1, 1, 2, -1.0, 4.5, is_accessible=True),
            Spot("balcony-left", "first-class", "A", "2", 1, 2, 1, 0.0, 4.5, is_companion=True),
            Spot("balcony-left", "first-class", "A", "3", 2, 1, 3, 1.0, 4.5, is_restricted_view=True),
            Spot("floor", "standing", "", "1", 0, 0, 4, is_accessible=True, is_companion=True),
            Spot("floor", "standing", "", "2", 0, 0, 5, is_accessible=True, is_companion=True),
            Spot("floor", "standing", "", "3", 0, 0, 6),
        ],
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(PLAIN, id="text"),
        pytest.param(PLAIN.encode(), id="bytes"),
        pytest.param(StringIO(PLAIN), id="text stream"),
        pytest.param(BytesIO(PLAIN.encode()), id="byte stream"),
        pytest.param(PLAIN.encode("utf-8-sig"), id="byte order mark"),
        pytest.param("\ufeff" + PLAIN, id="byte order mark in text"),
        pytest.param(PLAIN.replace("\n", "\r\n"), id="lines of Windows"),
        pytest.param(PLAIN.replace("\n", "\r"), id="lines of old Macs"),
        pytest.param(PLAIN.replace(",", ";"), id="semicolons"),
        pytest.param(PLAIN.replace(",", "\t"), id="tabs"),
        pytest.param(PLAIN.replace("section,row", '"Section", ROW '), id="header in any case and quoted"),
        pytest.param("seat,tier,row,section\n1,Gold,A,Stalls\n2,Gold,A,Stalls", id="columns in any order"),
        pytest.param("\n\nsection,row,seat,tier\n,,,\n\nStalls,A,1,Gold\n  \nStalls,A,2,Gold\n,,,", id="blank lines"),
        pytest.param(PLAIN.replace("Stalls", "  Stalls \u00a0").replace("Gold", "Gold "), id="blanks around cells"),
        pytest.param(PLAIN.replace("Stalls", '"Stalls"'), id="quoted cells"),
        pytest.param(PLAIN.replace("\n", ",,\n"), id="empty columns at the end"),
        pytest.param("section,row,seat,tier,rank,count\nStalls,A,1,Gold\nStalls,A,2,Gold,", id="short lines"),
    ],
)
def test_one_house_however_the_spreadsheet_saves_it(source: str | bytes | StringIO | BytesIO) -> None:
    assert read_csv(source) == PLAIN_HOUSE


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    house = read_csv('section,row,seat,tier\n"Stalls, Left",A,1,"Gold ""A"""')
    assert (house.sections, house.tiers) == (
        [SectionSpec("stalls-left", "Stalls, Left")],
        [TierSpec("gold-a", 'Gold "A"')],
    )


def test_the_delimiter_is_told_from_the_header_alone() -> None:
    house = read_csv("section;row;seat;tier\nStalls,,,, left;A;1;Gold")
    assert house.sections == [SectionSpec("stalls-left", "Stalls,,,, left")]


def test_a_name_that_ascii_cannot_spell_has_a_code_of_its_own() -> None:
    house = read_csv("section,row,seat,tier\nबालकनी,A,1,सोना\nÉtage,A,1,सोना")
    assert [(s.code, s.name) for s in house.sections] == [("856ebbc3", "बालकनी"), ("etage", "Étage")]


def test_given_ranks_are_put_in_order_and_general_admission_follows() -> None:
    house = read_csv(full("S,A,1,T,,,,,20,", "S,A,2,T,,,,,10,", "F,,,T,,,,1,,"))
    assert [(spot.number, spot.rank) for spot in house.spots] == [("1", 2), ("2", 1), ("1", 3)]


def test_an_empty_file_is_refused() -> None:
    assert faults("") == [("line 1", "empty_file")]
    assert faults(" \n\n") == [("line 1", "empty_file")]


def test_a_header_alone_is_refused() -> None:
    assert faults("section,row,seat,tier\n\n") == [("line 1", "empty_file")]


def test_missing_columns_are_each_named() -> None:
    assert faults("\nsection,seat\nStalls,1") == [("line 2", "missing_column"), ("line 2", "missing_column")]
    assert messages("section,seat\nStalls,1") == ["the column row is missing", "the column tier is missing"]


def test_unknown_columns_are_each_named_and_the_lines_are_still_checked() -> None:
    source = "section,row,seat,tier,color,,price\nStalls,A,1,,red,,5"
    assert faults(source) == [
        ("line 1", "unknown_column"),
        ("line 1", "unknown_column"),
        ("line 1", "unknown_column"),
        ("line 2", "tier_missing"),
    ]
    assert messages(source)[0] == (
        "the column 'color' is not known; the columns are section, row, seat, tier, x, y, flags, count, rank, colour"
    )


def test_a_column_that_is_there_twice_is_refused() -> None:
    assert faults("section,row,seat,tier,Row\nStalls,A,1,Gold,B") == [("line 1", "duplicate_column")]


def test_every_fault_of_a_line_is_found() -> None:
    assert faults(full(",A,,,x,,loud aisle wide,3,0,red")) == [
        ("line 2", "section_missing"),
        ("line 2", "tier_missing"),
        ("line 2", "seat_missing"),
        ("line 2", "count_invalid"),
        ("line 2", "coordinate_invalid"),
        ("line 2", "coordinate_invalid"),
        ("line 2", "rank_invalid"),
        ("line 2", "unknown_flag"),
        ("line 2", "unknown_flag"),
    ]


def test_line_numbers_count_the_blank_lines() -> None:
    assert faults("\r\nsection,row,seat,tier\r\n\r\n,,,\r\nStalls,,1,Gold") == [("line 5", "row_missing")]


def test_a_seat_that_is_there_twice_names_the_first_line() -> None:
    source = PLAIN + "Balcony,A,1,Gold\nStalls,B,1,Gold\n\nStalls,A,1,Gold\nStalls,A,1,Gold"
    assert faults(source) == [("line 7", "duplicate_seat"), ("line 8", "duplicate_seat")]
    assert messages(source)[1] == "row 'A' seat '1' of section stalls is already on line 2"


@pytest.mark.parametrize("count", ["", "0", "-1", "1.5", "100001", "ten", "1,000", "9" * 5000, "१२"])
def test_general_admission_without_a_whole_count_is_refused(count: str) -> None:
    assert faults(f'section,row,seat,tier,count\nFloor,,,Gold,"{count}"\n') == [("line 2", "count_invalid")]


def test_the_most_a_line_can_count() -> None:
    assert len(read_csv("section,row,seat,tier,count\nFloor,,,Gold,100000").spots) == 100_000


def test_a_seat_is_one_place() -> None:
    assert faults("section,row,seat,tier,count\nStalls,A,1,Gold,2") == [("line 2", "count_invalid")]


def test_reading_stops_past_a_million_places() -> None:
    source = "section,row,seat,tier,count\n" + "Floor,,,Gold,100000\n" * 10
    assert faults(source + "Floor,,,Gold,1\nFloor,,,,0") == [("line 12", "too_many_places")]


def test_reading_stops_at_the_hundred_thousandth_fault() -> None:
    found = faults("section,row,seat,tier\n" + "Floor,A,,Gold\n" * (FAULTS_MAX + 5))
    assert (len(found), found[-2:]) == (
        FAULTS_MAX + 1,
        [(f"line {FAULTS_MAX + 1}", "seat_missing"), (f"line {FAULTS_MAX + 1}", "too_many_faults")],
    )


def test_a_section_is_either_seated_or_general_admission() -> None:
    source = full("S,,,T,,,,5,,", "S,A,1,T,,,,,,", "S,A,2,T,,,,,,", "F,A,1,T,,,,,,", "F,,,T,,,,5,,")
    assert faults(source) == [("line 3", "mixed_section"), ("line 6", "mixed_section")]
    assert messages(source) == [
        "the section s has numbered seats here and general admission on line 2; it can have only one",
        "the section f has general admission here and numbered seats on line 5; it can have only one",
    ]


def test_two_spellings_of_a_name_are_refused_once_each() -> None:
    source = "section,row,seat,tier\nBalcony Left,A,1,Gold\nBalcony-left,A,2,GOLD\nBalcony-left,A,3,GOLD"
    assert faults(source) == [("line 3", "name_collision"), ("line 3", "name_collision")]
    assert messages(source)[0] == (
        "the section names 'Balcony-left' and 'Balcony Left' (line 2) would share the code balcony-left: "
        "spell them alike"
    )


def test_names_and_labels_have_a_greatest_length() -> None:
    longest = f"{'s' * 60},{'r' * 12},{'1' * 12},{'t' * 60}"
    too_long = f"{'s' * 61},{'r' * 13},{'1' * 13},{'t' * 61}"
    house = read_csv(f"section,row,seat,tier\n{longest}")
    assert (len(house.sections[0].code), len(house.tiers[0].code)) == (40, 40)
    assert faults(f"section,row,seat,tier\n{too_long}") == [("line 2", "name_too_long")] * 4


def test_two_long_names_that_begin_alike_have_two_codes() -> None:
    house = read_csv(f"section,row,seat,tier\n{'s' * 59}a,A,1,T\n{'s' * 59}b,A,1,T")
    assert len({section.code for section in house.sections}) == 2


@pytest.mark.parametrize("cells", ["1,", ",1", "one,1", "nan,1", "1,inf", "1_0,1", "1000001,1", "1e400,1"])
def test_coordinates_are_two_numbers_or_none(cells: str) -> None:
    assert faults(f"section,row,seat,tier,x,y\nS,A,1,T,{cells}") == [("line 2", "coordinate_invalid")]


@pytest.mark.parametrize("rank", ["0", "-1", "1.5", "first", "10000001", "1" * 5000])
def test_a_rank_is_a_positive_whole_number(rank: str) -> None:
    assert faults(f"section,row,seat,tier,rank\nS,A,1,T,{rank}") == [("line 2", "rank_invalid")]


def test_either_every_seat_has_a_rank_or_none() -> None:
    source = "section,row,seat,tier,rank\nS,A,1,T,1\nS,A,2,T,\nS,A,3,T,2\nS,A,4,T,"
    assert faults(source) == [("line 3", "rank_invalid")]
    assert messages(source) == ["this seat has no rank (nor have 1 more): rank every seat of the file, or none"]


def test_general_admission_has_no_coordinates_no_rank_and_no_aisle() -> None:
    assert faults(full("F,,,T,1,2,aisle,5,3,")) == [
        ("line 2", "coordinate_invalid"),
        ("line 2", "rank_invalid"),
        ("line 2", "aisle_without_row"),
    ]


def test_an_unknown_flag_is_refused_on_every_line_it_stands() -> None:
    assert faults("section,row,seat,tier,flags\nS,A,1,T,vip\nS,A,2,T,vip") == [
        ("line 2", "unknown_flag"),
        ("line 3", "unknown_flag"),
    ]


def test_a_tier_has_one_colour_of_six_digits() -> None:
    source = full("S,A,1,T,,,,,,#fff", "S,A,2,T,,,,,,#ffffff", "S,A,3,T,,,,,,#000000", "S,A,4,T,,,,,,#000000")
    assert faults(source) == [("line 2", "colour_invalid"), ("line 4", "colour_invalid")]
    assert messages(source)[1] == "the tier t is #000000 here and #ffffff on line 3; it can have only one colour"


def test_a_file_that_is_not_utf8_names_every_line_that_is_not() -> None:
    source = "section,row,seat,tier\nÉtage,A,1,Gold\nStalls,A,1,Gold\nÉtage,A,2,Gold".encode("latin-1")
    assert faults(source) == [("line 2", "not_utf8"), ("line 4", "not_utf8")]


def test_a_text_stream_that_is_not_utf8_is_refused() -> None:
    stream = TextIOWrapper(BytesIO("section,row,seat,tier\nÉtage,A,1,Gold".encode("latin-1")), encoding="utf-8")
    with pytest.raises(ManifestRefused) as refused:
        read_csv(stream)
    assert [fault.code for fault in refused.value.faults] == ["not_utf8"]


def test_a_forgotten_quotation_mark_spoils_its_own_line_alone() -> None:
    source = 'section,row,seat,tier\n"Stalls,A,1,Gold\nStalls,A,2,\n"Stalls"x,A,3,Gold'
    assert faults(source) == [("line 2", "malformed_csv"), ("line 3", "tier_missing"), ("line 4", "malformed_csv")]


def test_a_forgotten_quotation_mark_in_the_header_is_refused() -> None:
    assert faults('section,row,seat,"tier\nStalls,A,1,Gold') == [("line 1", "malformed_csv")]


def test_an_overlong_line_is_refused_unread() -> None:
    assert faults(f"section,row,seat,tier\n{'x,' * 5001}\nStalls,A,,Gold") == [
        ("line 2", "malformed_csv"),
        ("line 3", "seat_missing"),
    ]


def test_more_cells_than_columns_are_refused() -> None:
    assert faults("section,row,seat,tier\nStalls,A,1,Gold,extra") == [("line 2", "extra_cell")]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1f", "\t", "\x85", "\u2028", "\u202e", "\ufeff"])
def test_control_characters_are_refused(character: str) -> None:
    source = f"section,row,seat,tier\nSta{character}lls,A,1,Gold\nStalls,A,2,Gold"
    assert faults(source) == [("line 2", "control_character")]


def test_the_joiners_of_indian_scripts_are_no_control_characters() -> None:
    name = "क्\u200dष"
    assert read_csv(f"section,row,seat,tier\n{name},A,1,Gold").sections[0].name == name


def test_two_ways_to_type_one_letter_are_one_name() -> None:
    house = read_csv("section,row,seat,tier\nÉtage,A,1,Gold\nE\u0301tage,A,2,Gold")
    assert house.sections == [SectionSpec("etage", "Étage")]


@settings(deadline=None)
@given(st.text() | st.binary())
def test_whatever_is_in_the_file_it_is_read_or_refused(source: str | bytes) -> None:
    assert _is_read_or_refused(source)


cells = st.sampled_from(
    ["", "Stalls", "A", "1", "2", "Gold", "-1.5", "aisle", "accessible|x", "#aabbcc", '"', "é", "\x00", "9" * 50, ";"]
)


@settings(deadline=None)
@given(
    st.permutations(COLUMNS),
    st.lists(st.lists(cells, min_size=8, max_size=11).map(",".join) | st.text(max_size=8), max_size=8),
)
def test_whatever_is_below_the_header_it_is_read_or_refused(columns: list[str], lines: list[str]) -> None:
    assert _is_read_or_refused("\n".join([",".join(columns), *lines]))


def _is_read_or_refused(source: str | bytes) -> bool:
    try:
        return bool(read_csv(source).spots)
    except ManifestRefused as refused:
        return bool(refused.faults)


labels = st.text("AB12é-", min_size=1, max_size=4)
names = st.sampled_from(["Stalls", "Balcony, Left", 'The "Pit"', "बालकनी", "Étage"])
seat_lines = st.fixed_dictionaries(
    {
        "section": names,
        "row": labels,
        "seat": labels,
        "tier": names,
        "x": st.integers(-50, 50).map(str),
        "y": st.floats(0, 90).map(str),
        "flags": st.sampled_from(["", "accessible", "companion|restricted", "aisle"]),
    }
)
standing_lines = st.fixed_dictionaries(
    {"section": st.sampled_from(["Floor", "Terrace"]), "tier": names, "count": st.integers(1, 5).map(str)}
)


@settings(deadline=None)
@given(
    st.lists(seat_lines, unique_by=lambda line: (line["section"], line["row"], line["seat"])),
    st.lists(standing_lines, min_size=1),
    st.permutations(COLUMNS),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_what_is_written_is_what_is_read(
    seats: list[dict[str, str]],
    standing: list[dict[str, str]],
    columns: list[str],
    delimiter: str,
    newline: str,
    encoding: str,
) -> None:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows([*seats, *standing])

    house = read_csv(text.getvalue().encode(encoding))

    sections = {section.code: section.name for section in house.sections}
    tiers = {tier.code: tier.name for tier in house.tiers}
    read = [
        (sections[s.section], s.row, s.number, tiers[s.tier], s.x, s.y,
         s.is_accessible, s.is_companion, s.is_restricted_view)
        for s in house.spots if s.row
    ]  # fmt: skip
    assert read == [
        (s["section"], s["row"], s["seat"], s["tier"], float(s["x"]), float(s["y"]),
         "acc" in s["flags"], "com" in s["flags"], "res" in s["flags"])
        for s in seats
    ]  # fmt: skip
    assert len(house.spots) - len(seats) == sum(int(line["count"]) for line in standing)
    assert sorted(spot.rank for spot in house.spots) == list(range(1, len(house.spots) + 1))
    assert len({(s.section, s.row, s.number) for s in house.spots}) == len(house.spots)
    seated = [(s.section, s.run, s.position) for s in house.spots if s.row]
    assert len(set(seated)) == len(seated)
