"""Seats as people write and say them: `Stalls A 1-12, B 3`, read into places and written out of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from inventory.admin import words
from inventory.models import Place
from inventory.queries.stock import Geometry

MOST_STRETCHES = 60
_PART = re.compile(r"[,;\n]+")
_NOISE = re.compile(r"\b(rows?|seats?|numbers?|nos?\.?)\b", re.IGNORECASE)
_ALL = re.compile(r"\ball( of)?\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*(?:-|\u2013|\bto\b)\s*(\d+)", re.IGNORECASE)


class NotRead(Exception):
    """What was written names no seat of this house. `str` says which part, and what is known there."""


@dataclass(slots=True)
class _House:
    """A house by its names in small letters: section, row, number, and the place's id."""

    names: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    rows: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, geometry: Geometry) -> _House:
        house = cls()
        for section in geometry.sections:
            house.titles[section.id] = section.name
            house.names |= {section.name.casefold(): section.id, section.code.casefold(): section.id}
        columns = (geometry.ids, geometry.section, geometry.row, geometry.number)
        for place_id, section_id, row, number in zip(*columns, strict=True):
            house.rows.setdefault((section_id, row.casefold()), {})[number.casefold()] = place_id
        return house


def read(text: str, geometry: Geometry) -> list[int]:
    """The ids of the seats that a text names, as `reader` reads them. Raises NotRead."""
    return reader(geometry)(text)


def reader(geometry: Geometry) -> Callable[[str], list[int]]:
    """Reads many texts about one house."""
    house = _House.of(geometry)
    return lambda text: _read(text, house)


def _read(text: str, house: _House) -> list[int]:
    """The ids of the seats that a text names, each once, ascending. Raises NotRead.

    Parts are divided by commas. A part is a section, a row and a number or a range of numbers; what a part leaves
    out, it has from the part before. `Stalls A` is the whole row, `all Stalls` the whole section. A range is of the
    seats that there are between the two numbers.
    """
    found: set[int] = set()
    section: int | None = None
    row = ""
    for part in filter(None, (part.strip() for part in _PART.split(text))):
        said = " ".join(_NOISE.sub(" ", part).split())
        is_all = _ALL.search(said) is not None
        given, rest = _section_of(_ALL.sub("", said).strip(), house)
        if given is not None:
            section, row = given, ""
        if given is not None and not rest:
            if is_all:
                found |= {seat for (of, _), seats in house.rows.items() if of == given for seat in seats.values()}
            continue
        key, numbers = _row_of(part, rest, section, row, house)
        section, row = key
        found |= _seats_of(part, numbers, house.rows[key])
    if not found:
        raise NotRead("Name at least one seat, such as: Stalls A 1-12, B 3. The whole of a section is: all Stalls.")
    return sorted(found)


def _section_of(said: str, house: _House) -> tuple[int | None, str]:
    """The section at the front of what was said, the longest name that fits, and what follows it."""
    for name in sorted(house.names, key=len, reverse=True):
        if re.match(rf"{re.escape(name)}(?![\w])", said.casefold()):
            return house.names[name], said[len(name) :].strip(" :-")
    return None, said


def _row_and_numbers(rest: str, row: str) -> Iterator[tuple[str, str]]:
    """How `A 1-12`, `A-3`, `A3`, `7` after a row, or a row alone may be meant, the likeliest first."""
    tidy = _RANGE.sub(r"\1-\2", rest).replace("\u2013", "-")
    if row and re.fullmatch(r"\d+(-\d+)?", tidy):
        yield row, tidy
    if together := re.fullmatch(r"(.+?)[\s-]+(\d+-\d+|\S+)", tidy):
        yield together[1].strip(), together[2]
    if close := re.fullmatch(r"(\D+?)(\d+)(?:-\D*?(\d+))?", tidy):
        yield close[1].strip(), f"{close[2]}-{close[3]}" if close[3] else close[2]
    yield tidy, ""


def _row_of(part: str, rest: str, section: int | None, row: str, house: _House) -> tuple[tuple[int, str], str]:
    """Which row is meant, and what of it. Raises NotRead where none is, or more than one could be."""
    shared = ""
    for name, numbers in _row_and_numbers(rest, row):
        rows = [key for key in house.rows if key[1] == name.casefold() and section in (None, key[0])]
        if len(rows) == 1:
            return rows[0], numbers
        shared = shared or (name if rows else "")
    sections = ", ".join(house.titles[key] for key in dict.fromkeys(key for key, _ in house.rows))
    if not sections:
        raise NotRead("This house has no numbered seats: hold admissions by number.")
    if shared:
        raise NotRead(f"'{part}': more than one section has a row {shared}. Name the section first: {sections}.")
    where = house.titles[section] if section is not None else "this house"
    raise NotRead(f"'{part}' is no seat of {where}. Write section, row and numbers; the sections are {sections}.")


def _seats_of(part: str, numbers: str, seats: dict[str, int]) -> set[int]:
    if not numbers:
        return set(seats.values())
    if span := re.fullmatch(r"(\d+)-(\d+)", numbers):
        first, last = sorted(map(int, span.groups()))
        found = {place_id for number, place_id in seats.items() if number.isdigit() and first <= int(number) <= last}
    else:
        found = {seats[numbers.casefold()]} if numbers.casefold() in seats else set()
    if not found:
        known = sorted(seats, key=lambda number: (len(number), number))
        raise NotRead(f"'{part}': there is no such seat; that row has {known[0]} to {known[-1]}.")
    return found


def spoken(place_ids: Collection[int]) -> str:
    """Places in words, neighbours drawn together: `Stalls A 1-12, 14, B 3; Floor: 20 admissions`."""
    if len(place_ids) == 0:
        return "no places"
    places = Place.objects.filter(pk__in=list(place_ids)).select_related("section")
    return named(places.order_by("section__ordinal", "section_id", "run", "position", "pk"))


def named(places: Iterable[Place]) -> str:
    """The same of rows at hand, which come section by section and row by row."""
    sections: dict[str, dict[str, list[str]]] = {}
    for place in places:
        sections.setdefault(str(place.section), {}).setdefault(place.row, []).append(place.number)
    said, stretches = [], 0
    for section, rows in sections.items():
        if stretches >= MOST_STRETCHES:
            count = sum(len(numbers) for numbers in rows.values())
            said.append(f"{section}: {count:,} more")
            continue
        parts = []
        for row, numbers in rows.items():
            if not row:
                parts.append(f": {len(numbers):,} admission{'' if len(numbers) == 1 else 's'}")
                continue
            drawn = list(_drawn_together(numbers))
            stretches += len(drawn)
            parts.append(f" {row} {', '.join(drawn)}")
        said.append(f"{section}{','.join(parts)}")
    return "; ".join(said)


def _drawn_together(numbers: list[str]) -> Iterator[str]:
    ordered = sorted(numbers, key=lambda number: (0, int(number), "") if number.isdigit() else (1, 0, number))
    first = last = ordered[0]
    for number in [*ordered[1:], ""]:
        if number.isdigit() and last.isdigit() and int(number) == int(last) + 1:
            last = number
            continue
        yield first if first == last else f"{first}-{last}"
        first = last = number


def whose(show_id: int, place_ids: Collection[int]) -> str:
    """Why each of these places is not open, in words: `Stalls A 3: sold on Web; Stalls A 4: Sponsor: Chai Co`."""
    rows = (
        Place.objects.filter(show_id=show_id, pk__in=list(place_ids))
        .select_related("section", "claim__channel", "claim__hold")
        .annotate(because=words.because("claim"))
        .order_by("section__ordinal", "section_id", "run", "position", "pk")
    )
    reasons: dict[str, list[Place]] = {}
    for place in rows:
        reasons.setdefault(_state(place), []).append(place)
    return "; ".join(f"{named(places)}: {state}" for state, places in reasons.items())


def _state(place: Place) -> str:
    claim = place.claim
    if claim is None:
        return "was taken a moment ago, and is open again now"
    said = words.claim_in_words(claim, getattr(place, "because", "") or "")
    return {"lock": f"locked, {said}", "hold": f"held, {said}"}.get(claim.kind, said)
