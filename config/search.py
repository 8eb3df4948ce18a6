"""One box in the admin for everything: a place, an order, a ticket, a show, a page of the menu.

It stands at the address of unfold's own search, which keeps what it found for five minutes: a state of a place, or what
somebody may see, would be as old. Here every answer is of this second. The menu's box sends a form and gets a page;
unfold's overlay (Ctrl+K) asks for the list alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from inventory.admin.searching import Found, of_the_house
from ticketing.admin.searching import of_money

LONGEST, MOST = 80, 40


def search(request: HttpRequest) -> HttpResponse:
    """What is found, at most forty lines; the number of statements does not depend on it."""
    term = " ".join(request.GET.get("s", "").replace("\0", "").split())[:LONGEST]
    found = list(_found(request, term))[:MOST] if term else []
    if "extended" not in request.GET:
        context = {**admin.site.each_context(request), "title": "Search", "term": term, "found": found}
        return TemplateResponse(request, "core/search.html", context)
    return TemplateResponse(request, "core/search_overlay.html", {"term": term, "results": found})


def _found(request: HttpRequest, term: str) -> Iterator[Found]:
    yield from of_money(request, term)
    yield from of_the_house(request, term)
    yield from _menu(request, term)


def _menu(request: HttpRequest, term: str) -> Iterator[Found]:
    """Entries of the menu that its reader may see."""
    groups: list[dict[str, Any]] = admin.site.get_sidebar_list(request)  # type: ignore[attr-defined]  # unfold's site
    for group in groups:
        for entry in group["items"]:
            if len(term) > 1 and entry.get("has_permission") and term.lower() in str(entry["title"]).lower():
                yield Found(str(entry["title"]), str(group["title"]), str(entry["link"]), str(entry["icon"]))
