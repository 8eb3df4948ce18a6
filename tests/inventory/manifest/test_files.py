from __future__ import annotations

import json

import pytest

from inventory.manifest.csv_file import read_csv
from inventory.manifest.files import SIZE_MAX, read_manifest
from inventory.manifest.house import ManifestRefused
from inventory.manifest.pretix_plan import read_pretix_plan

CSV = b"section,row,seat,tier\nStalls,A,1,Gold\n"
SEAT = {"seat_guid": "a", "seat_number": "1", "position": {"x": 0, "y": 0}, "category": "Gold"}
ROWS = [{"row_number": "A", "seats": [SEAT]}]
PLAN = {"name": "Hall", "categories": [{"name": "Gold"}], "zones": [{"position": {"x": 0, "y": 0}, "rows": ROWS}]}
JSON = json.dumps(PLAN).encode()


def faults(name: str, data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ManifestRefused) as refused:
        read_manifest(name, data)
    return [(fault.where, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("name", ["hall.csv", "hall.txt", "hall", ""])
def test_a_csv_file_is_read_as_csv_whatever_its_name(name: str) -> None:
    assert read_manifest(name, CSV) == read_csv(CSV)


@pytest.mark.parametrize("name", ["hall.json", "HALL.JSON", "hall.txt", "hall.csv"])
def test_a_seating_plan_is_read_as_one_whatever_its_name(name: str) -> None:
    assert read_manifest(name, JSON) == read_pretix_plan(JSON)
    assert read_manifest(name, b"\xef\xbb\xbf \n" + JSON) == read_pretix_plan(JSON)


def test_a_file_named_json_is_never_read_as_csv() -> None:
    assert faults("hall.json", CSV) == [("line 1, column 1", "malformed_json")]


def test_an_empty_file_is_refused() -> None:
    assert faults("hall.csv", b"") == [("line 1", "empty_file")]


def test_a_workbook_is_refused_by_name() -> None:
    assert faults("hall.xlsx", b"PK\x03\x04\x14\x00") == [("file", "workbook")]


def test_a_file_over_64_mebibytes_is_refused_unread() -> None:
    assert faults("hall.csv", b"," * (SIZE_MAX + 1)) == [("file", "too_large")]
    assert faults("hall.csv", b"," * SIZE_MAX) == [("line 1", "malformed_csv")]
