"""A manifest as pretix's seating plan editor saves it (JSON, `seating-plan.schema.json` in pretix).

    {"name": "Hall", "categories": [{"name": "Gold", "color": "#d4af37"}], "zones": [
        {"name": "Stalls", "position": {"x": 0, "y": 0}, "rows": [
            {"row_number": "A", "position": {"x": 40, "y": 25}, "seats": [
                {"seat_guid": "A-1", "seat_number": "1", "position": {"x": 0, "y": 0}, "category": "Gold"}]}]}]}

A zone is a section and a category a tier. A seat's position is relative to its row's, and that to its zone's. Areas are
decoration, and keys that the schema does not name are let be, for the editor writes several. The format knows no
general admission, no aisles and no flags: gaps and numbering make the runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from inventory.manifest.faults import Faults
from inventory.manifest.house import Fault, House, ManifestRefused, SectionSpec, TierSpec
from inventory.manifest.layout import lay_out
from inventory.manifest.names import (
    COORDINATE_MAX,
    NUMBER_MAX,
    ROW_MAX,
    UNPRINTABLE,
    NameBook,
    colour_of,
    normal,
    short,
)
from inventory.manifest.runs import Seat

_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
_ORIGIN = (0.0, 0.0)

_Json = dict[str, object]
_Point = tuple[float, float]


def read_pretix_plan(source: str | bytes) -> House:
    """The house that a pretix seating plan describes, UTF-8 with or without BOM.

    A zone without a name is `Zone 1`, `Zone 2` … by its place among the zones; zones of one name are one section, and
    one without seats is none. A category's colour is taken when it is `#rrggbb`.

    Raises `ManifestRefused` with every fault and its path (`zones[0].rows[3].seats[12]`), or the line and column where
    the text stops being JSON.
    """
    reading = _Reading()
    reading.plan(_parsed(source))
    return reading.house()


def _parsed(source: str | bytes) -> object:
    try:
        text = source if isinstance(source, str) else source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1 if isinstance(source, bytes) else 1
        raise ManifestRefused([Fault(f"line {line}", "not_utf8", "the file is not UTF-8")]) from None
    try:
        parsed: object = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ManifestRefused([Fault(where, "malformed_json", f"this is not JSON: {error.msg}")]) from None
    except (ValueError, RecursionError):
        # Python reads no number of more than 4,300 digits and no nesting deeper than its stack; neither is a plan.
        message = "a number is too long or the nesting too deep for a seating plan"
        raise ManifestRefused([Fault("plan", "malformed_json", message)]) from None
    return parsed


class _Reading:
    """What has been read so far, and what was wrong with it."""

    def __init__(self) -> None:
        self._faults = Faults()
        self._sections = NameBook("section", self._faults)
        self._tiers = NameBook("tier", self._faults)
        self._categories: dict[str, str] = {}  # name: tier code
        self._colours: dict[str, str] = {}
        self._seats: list[Seat] = []
        self._guids: dict[str, str] = {}  # guid: path
        self._paths: dict[tuple[str, str, str], str] = {}  # section, row, number: path

    def house(self) -> House:
        """The house, or `ManifestRefused`."""
        if not self._seats and not self._faults:
            self._faults.add("zones", "empty_file", "the plan has no seats")
        self._faults.refuse()
        sections = [SectionSpec(code, name) for code, name in self._sections]
        tiers = [TierSpec(code, name, self._colours[code]) for code, name in self._tiers]
        return lay_out(sections, tiers, self._seats)

    def plan(self, value: object) -> None:
        """Take in the whole plan, or its faults."""
        if not isinstance(value, dict):
            self._faults.add("plan", "wrong_type", f"a seating plan is an object, and this is {_kind(value)}")
            return
        self._text(value, "name", "")
        for category, where in self._objects(value, "categories", ""):
            self._category(category, where)
        if value.get("categories") == []:
            self._faults.add("categories", "tier_missing", "the plan has no categories")
        for nth, (zone, where) in enumerate(self._objects(value, "zones", ""), start=1):
            self._zone(zone, where, nth)

    def _category(self, category: _Json, where: str) -> None:
        name = self._text(category, "name", where)
        colour = self._text(category, "color", where, default="")
        if name == "":
            self._faults.add(f"{where}.name", "tier_missing", "the category has no name")
        if not name:
            return
        if name in self._categories:
            message = f"the category {short(name)} is there twice"
            self._faults.add(f"{where}.name", "duplicate_category", message)
            return
        code = self._categories[name] = self._tiers.code(name, f"{where}.name")
        # pretix takes any CSS colour. It is paint on a map, and no reason to refuse a house.
        self._colours[code] = colour_of(colour or "") or ""

    def _zone(self, zone: _Json, where: str, nth: int) -> None:
        name = self._text(zone, "name", where, default="") or f"Zone {nth}"
        origin = self._point(zone, where)
        for row, at in self._objects(zone, "rows", where):
            label = self._label(row, "row_number", at, "row", ROW_MAX)
            start = _sum(origin, self._point(row, at, default=_ORIGIN))
            for seat, path in self._objects(row, "seats", at):
                section = self._sections.code(name, f"{where}.name")
                self._seat(seat, path, section, label, start)

    def _seat(self, seat: _Json, where: str, section: str, row: str, start: _Point) -> None:
        number = self._label(seat, "seat_number", where, "seat", NUMBER_MAX)
        if row and number:
            at = self._paths.setdefault((section, row, number), where)
            if at != where:
                message = f"row {short(row)} seat {short(number)} of section {section} is already at {at}"
                self._faults.add(where, "duplicate_seat", message)
        guid = self._text(seat, "seat_guid", where)
        if guid is not None:
            at = self._guids.setdefault(guid, where)
            if at != where:
                self._faults.add(f"{where}.seat_guid", "duplicate_guid", f"the guid {short(guid)} is already at {at}")
        category = self._text(seat, "category", where)
        tier = self._categories.get(category or "", "")
        # Of a plan without any category the list is at fault, and not each of its seats.
        if category is not None and not tier and self._categories:
            message = f"the plan has no category {short(category)}"
            self._faults.add(f"{where}.category", "unknown_category", message)
        x, y = _sum(start, self._point(seat, where))
        self._seats.append(Seat(section, tier, row, number, x, y))

    def _label(self, owner: _Json, key: str, where: str, what: str, limit: int) -> str:
        """A row's or a seat's label; empty where it is at fault."""
        label = self._text(owner, key, where)
        if label is None:
            return ""
        if not label:
            self._faults.add(f"{where}.{key}", f"{what}_missing", f"the {what} has no label")
        elif len(label) > limit:
            message = f"the {what} {short(label)} is {len(label)} characters long; the most is {limit}"
            self._faults.add(f"{where}.{key}", "name_too_long", message)
        return label

    def _text(self, owner: _Json, key: str, where: str, *, default: str | None = None) -> str | None:
        """The trimmed string at `key`; None where it is at fault. With a default it may be missing or null."""
        value = owner.get(key)
        if default is not None and value is None:
            return default
        if not isinstance(value, str):
            self._not_a(str, owner, key, where)
            return None
        if UNPRINTABLE.search(value):
            self._faults.add(_path(where, key), "control_character", f"{key} holds a control character: {short(value)}")
        return normal(value).strip()

    def _point(self, owner: _Json, where: str, *, default: _Point | None = None) -> _Point:
        """The position of `owner`, relative to what it lies in."""
        position = owner.get("position")
        if default is not None and position is None:
            return default
        if not isinstance(position, dict):
            self._not_a(dict, owner, "position", where)
            return _ORIGIN
        x, y = _coordinate(position.get("x")), _coordinate(position.get("y"))
        for axis, value in (("x", x), ("y", y)):
            if value is None:
                message = f"{axis} must be a number within {COORDINATE_MAX:,.0f}"
                self._faults.add(f"{_path(where, 'position')}.{axis}", "coordinate_invalid", message)
        return (x or 0.0, y or 0.0)

    def _objects(self, owner: _Json, key: str, where: str) -> Iterator[tuple[_Json, str]]:
        """Each object of the list at `key`, with its path."""
        values = owner.get(key)
        if not isinstance(values, list):
            self._not_a(list, owner, key, where)
            return
        for nth, value in enumerate(values):
            path = f"{_path(where, key)}[{nth}]"
            if isinstance(value, dict):
                yield value, path
            else:
                self._faults.add(path, "wrong_type", f"this must be an object and is {_kind(value)}")

    def _not_a(self, kind: type, owner: _Json, key: str, where: str) -> None:
        if key in owner:
            message = f"{key} must be {_KINDS[kind]} and is {_kind(owner[key])}"
            self._faults.add(_path(where, key), "wrong_type", message)
        else:
            self._faults.add(where or "plan", "missing_key", f"{key} is missing")


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")


def _sum(one: _Point, other: _Point) -> _Point:
    # Rounded, for 0.1 + 0.2 is not 0.3; a millionth of an editor's pixel is nothing.
    return (round(one[0] + other[0], 6), round(one[1] + other[1], 6))


def _coordinate(value: object) -> float | None:
    # The schema says integer, but the editor writes fractions. True is an int to Python, not to JSON.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= COORDINATE_MAX else None
