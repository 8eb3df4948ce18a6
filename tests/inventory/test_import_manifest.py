"""`manage.py import_manifest`: a file becomes a house, whole, or every fault is named and nothing is loaded."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Place, Show
from inventory.queries.verify import verify
from tests.houses import make_show, statuses

GOOD = "section,row,seat,tier,flags,count\nStalls,A,1,Gold,,\nStalls,A,2,Gold,aisle,\nFloor,,,General,,3\n"
BAD = "section,row,seat,tier,count\nStalls,A,1,Gold,\nStalls,A,1,Gold,\nStalls,,,Gold,many\n"
PLAN = {
    "name": "Plan",
    "categories": [{"name": "Gold", "color": "#ffcc00"}],
    "zones": [
        {
            "name": "Stalls",
            "position": {"x": 0, "y": 0},
            "rows": [
                {
                    "row_number": "A",
                    "position": {"x": 0, "y": 0},
                    "seats": [
                        {"seat_guid": f"a-{n}", "seat_number": str(n), "position": {"x": n, "y": 0}, "category": "Gold"}
                        for n in (1, 2, 3)
                    ],
                }
            ],
        }
    ],
}


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show()


def run(tmp_path: Path, content: str, *options: str, name: str = "house.csv") -> tuple[str, str]:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    out, err = StringIO(), StringIO()
    try:
        call_command("import_manifest", "hamlet", str(file), *options, stdout=out, stderr=err)
    except CommandError as failed:
        return str(failed), err.getvalue()
    return out.getvalue(), err.getvalue()


def test_a_csv_house_is_loaded(show: Show, tmp_path: Path) -> None:
    said, progress = run(tmp_path, GOOD)

    assert said.startswith("hamlet: 5 places in 2 sections and 2 tiers loaded, movement ")
    assert progress == "5 of 5 places written\n"
    assert statuses(show) == {"open": 5}
    assert verify(show).is_sound


def test_a_pretix_plan_is_loaded(show: Show, tmp_path: Path) -> None:
    said, _ = run(tmp_path, json.dumps(PLAN), name="plan.json")

    assert said.startswith("hamlet: 3 places in 1 section and 1 tier loaded")
    assert list(show.places.order_by("rank").values_list("row", "number")) == [("A", "2"), ("A", "1"), ("A", "3")]
    assert set(show.places.values_list("tier__colour", flat=True)) == {"#ffcc00"}


def test_every_fault_is_named_with_its_line_and_nothing_is_loaded(show: Show, tmp_path: Path) -> None:
    said, faults = run(tmp_path, BAD)

    assert said.endswith("nothing was loaded.")
    assert "line 3" in faults
    assert "line 4" in faults
    assert (Place.objects.count(), show.sections.count()) == (0, 0)


def test_a_check_loads_nothing(show: Show, tmp_path: Path) -> None:
    said, _ = run(tmp_path, GOOD, "--check")

    assert said == "house.csv is fine: 5 places in 2 sections and 2 tiers. Nothing was loaded.\n"
    assert Place.objects.count() == 0


def test_a_second_house_is_refused_and_more_places_are_added_on_request(show: Show, tmp_path: Path) -> None:
    run(tmp_path, GOOD)

    said, _ = run(tmp_path, GOOD)
    assert "[manifest_already_loaded]" in said
    said, _ = run(tmp_path, "section,row,seat,tier,count\nFloor,,,General,2\n", "--add")
    assert "2 places" in said
    assert statuses(show) == {"open": 7}


def test_a_missing_file_and_an_unknown_show_are_said_plainly(show: Show, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_manifest", "hamlet", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match=r"There is no show 'macbeth'\. Shows: hamlet\."):
        call_command("import_manifest", "macbeth", str(tmp_path / "none.csv"))
