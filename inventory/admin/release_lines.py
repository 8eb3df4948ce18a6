"""The start page's list of what is given back soon: when, by whom, how many places, and to whom they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from core.words import counted
from inventory.admin import words
from inventory.admin.board import May
from inventory.admin.links import stock_page_of
from inventory.queries.stock import Releasing, releasing

SOON = timedelta(hours=48)
MOST = 12


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release in words. `url` is its hold's or its slice's page, '' for whoever may not see that."""

    at: str
    ahead: str
    what: str
    gives: str
    url: str
    show: str
    show_url: str


@dataclass(frozen=True, slots=True)
class ReleaseLines:
    """The next ones, and how many more there are within the time."""

    lines: list[ReleaseLine]
    more: int


def release_lines(may: May, at: datetime) -> ReleaseLines:
    """What is released within two days, in one statement."""
    found = releasing(at, at + SOON)
    return ReleaseLines([_line(may, one, at) for one in found[:MOST]], max(0, len(found) - MOST))


def _line(may: May, one: Releasing, at: datetime) -> ReleaseLine:
    url = ""
    if one.claim_id and may("inventory.view_claim"):
        url = reverse("admin:inventory_claim_change", args=[one.claim_id])
    elif one.allocation_id and may("inventory.view_allocation"):
        url = reverse("admin:inventory_allocation_change", args=[one.allocation_id])
    return ReleaseLine(
        at=words.clock(one.at).removesuffix(":00"),
        ahead=words.in_words(one.at - at),
        what=_what(one),
        gives=_gives(one),
        url=url,
        show=one.show,
        show_url=stock_page_of(one.show_id),
    )


def _what(one: Releasing) -> str:
    if one.kind == "ends":
        return f"The hold for {one.name} ends"
    if one.kind == "closes":
        return f"{one.name} closes"
    of = f"The hold for {one.name}" if one.claim_id else one.name
    return f"{of} gives {words.much(one.share_percent, None)}" if one.share_percent else f"{of} gives some back"


def _gives(one: Releasing) -> str:
    if not one.targets:
        return "no open place, as it stands"
    to = [f"{target.places:,} to {target.name or 'the pool'}" for target in one.targets]
    return f"{counted(one.places, 'place')} to {one.targets[0].name or 'the pool'}" if len(to) == 1 else ", ".join(to)
