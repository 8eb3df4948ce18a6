"""What the admin's one search box finds of the house: places with their state, shows, claims, for who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from inventory.admin import words
from inventory.admin.filters import whole
from inventory.admin.links import page_of, why_page_of
from inventory.models import Claim, Show
from inventory.queries.moves import database_now
from inventory.queries.said import places_said
from inventory.queries.shows import coming_shows

MOST_SHOWS, MOST_PLACES, MOST_FOUND = 20, 12, 5
_WHY = re.compile(r"why\b[\s?:]*", re.IGNORECASE)
_CLAIM = re.compile(r"(?:claim|lock|hold|kill|lease|sale)\s*#?\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One line below the box, by the names that unfold's list of results knows."""

    title: str
    description: str
    link: str
    icon: str


def of_the_house(request: HttpRequest, term: str) -> Iterator[Found]:
    """In five statements at most. `why A 12` and `A 12` find places of coming shows, `why` alone the coming shows."""
    has, asked = request.user.has_perm, _WHY.sub("", term, count=1) if _WHY.match(term) else term
    if has("inventory.view_place"):
        shows = list(coming_shows(drafts=True)[:MOST_SHOWS])
        if not asked:
            for show in shows[:MOST_FOUND]:
                yield Found(f"Why can't I sell this? {show}", on(show), why_page_of(show.pk), "help")
        yield from _places(shows, asked)
    if asked and has("inventory.view_claim"):
        yield from _claims(asked)
    if len(asked) > 1 and (has("inventory.view_show") or has("inventory.change_show")):
        named = Show.objects.filter(Q(title__icontains=asked) | Q(slug=asked.lower()))
        for show in named.order_by("-starts_at", "-pk")[:MOST_FOUND]:
            yield Found(show.title, f"Show, {on(show)}, {show.get_state_display().lower()}", page_of(show), "event")


def on(show: Show) -> str:
    """When a show is, as it stands behind its title."""
    return f"{timezone.localtime(show.starts_at):%a %d %b %Y, %H:%M}"


def _places(shows: list[Show], asked: str) -> Iterator[Found]:
    now = database_now()
    places = places_said([show.pk for show in shows], asked, MOST_PLACES, any_row=False)
    for place in places:
        title = f"{words.seat(place)}, {words.status_now(place, now)}"
        yield Found(title, f"Why? {place.show}, {on(place.show)}", why_page_of(place.show_id, place), "event_seat")


def _claims(asked: str) -> Iterator[Found]:
    named = _CLAIM.fullmatch(asked)
    pk = whole(named[1]) if named else None
    if pk and (claim := Claim.objects.select_related("show").filter(pk=pk).first()):
        title = f"{claim.get_kind_display()} {claim.pk}"
        yield Found(title, f"{claim.show}, {on(claim.show)}", page_of(claim), "lock")
