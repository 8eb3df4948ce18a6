"""Places as people say them: "Stalls A 12", "A-12", "A12", "row A seat 12", "Floor 512", "#512"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from inventory.models import Place, Section

_BETWEEN = re.compile(r"[\s,;/:·-]+")
_FILLERS = {"row", "seat", "place", "no", "no.", "nr"}
_JOINED = re.compile(r"([a-z]+)(\d+)|(\d+)([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was said. An empty `section` is any; an empty `row` is of an admission, None is any row."""

    section: str
    row: str | None
    number: str


def readings(text: str) -> list[Reading]:
    """All the places that somebody may mean; none where it is no place's name at all."""
    words = [word for word in _words(text.replace("#", " ")) if word.lower() not in _FILLERS]
    if not words:
        return []
    *before, last = words
    if "#" in text:
        return [Reading(" ".join(before), "", last)]
    found = []
    if joined := _JOINED.fullmatch(last):
        row, number = (part for part in joined.groups() if part)
        found.append(Reading(" ".join(before), row, number))
    if before:
        *section, row = before
        found += [Reading(" ".join(section), row, last), Reading(" ".join(before), "", last)]
    elif last.isdecimal():
        found.append(Reading("", None, last))
    return found


def places_said(show_ids: Collection[int], text: str, most: int, *, any_row: bool = True) -> list[Place]:
    """The places of these shows that somebody may mean, in the house's order, at most so many. Two statements.

    Rows and numbers are looked for as typed and in small, large and capital letters, so that one index finds them.
    Without `any_row` a number alone is an admission's.
    """
    said = readings(text)
    if not said or not show_ids:
        return []
    wanted, sections = Q(pk__in=[]), list(Section.objects.filter(show_id__in=show_ids))
    for one in said:
        row = one.row if any_row or one.row is not None else ""
        place = Q(section_id__in=_called(sections, one.section), number__in=_spelled(one.number))
        wanted |= place if row is None else place & Q(row__in=_spelled(row))
    # A section's show is its places' show: said so, for the index begins with it.
    places = Place.objects.filter(wanted, show_id=F("section__show_id"), show_id__in=show_ids)
    return list(
        places.select_related("section", "tier", "show", "claim").order_by(
            "show__starts_at", "show_id", "section__ordinal", "section_id", "run", "position", "id"
        )[:most]
    )


def _called(sections: Iterable[Section], begins: str) -> list[int]:
    """Those whose name or code begins so."""
    return [
        section.pk
        for section in sections
        if any(" ".join(_words(name.lower())).startswith(begins.lower()) for name in (section.name, section.code))
    ]


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(text) if word]


def _spelled(word: str) -> list[str]:
    return sorted({word, word.lower(), word.upper(), word.capitalize()})
