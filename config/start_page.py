"""The admin's first page: what needs a person now, today's shows, what is released soon, and who sells how much.

Stock and money meet here, so it stands above both. Each part is there for whoever may see what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from config.health import broker
from inventory.admin import board, needs, words
from inventory.admin.links import list_of
from inventory.admin.release_lines import release_lines
from inventory.admin.stock import LOOKS, S
from inventory.models import Freeze, Show
from inventory.queries.moves import database_now
from ticketing.admin import needs as of_money

# What a bar of the start page tells apart, in its order; a lock that is being paid for is a state of its own there.
LEGEND = [(status, word) for status, (word, _) in LOOKS.items() if status != S.LOCKED]

# Whoever may see one of these is told what needs a person, and that nothing does.
ASKED = ("inventory.view_freeze", "ticketing.view_price", "ticketing.view_payment", "ticketing.view_letter")
# Whoever may do one of these is who is needed.
ACTS = ("inventory.change_freeze", "ticketing.refund_order", "ticketing.publish_show")
LATE_S = 120


def late(sweep_age_s: object) -> list[needs.Need]:
    """That nothing has run in the background for a while, where that is so; unknown is not late."""
    if not isinstance(sweep_age_s, float) or sweep_age_s < LATE_S:
        return []
    text = (
        f"Nothing has run in the background for {words.in_words(timedelta(seconds=sweep_age_s))}: refunds, documents "
        "and letters wait. Selling is safe. Tell whoever runs the program."
    )
    return [needs.Need("late", words.label("Late", "danger"), text, reverse("health"), "See", "what is late")]


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The index's context with the start page in it; for whoever may see no show, unfold's list of everything."""
    if not board.may_see(request.user.has_perm):
        return context | {"title": "Welcome"}
    changing, as_of = _changing(request)
    return context | {
        "title": "Today",
        "is_board": True,
        "changing": changing,
        "etag": _etag(changing),
        "as_of": as_of,
    }


def start_fragment(request: HttpRequest) -> HttpResponse:
    """What changes of the start page, or 304 where it is what the asker has already."""
    if not board.may_see(request.user.has_perm):
        raise Http404
    changing, as_of = _changing(request)
    etag = _etag(changing)
    response = get_conditional_response(request, etag=etag, response=HttpResponse(changing, headers={"ETag": etag}))
    assert response is not None
    response["X-As-Of"] = as_of
    return response


def _etag(changing: str) -> str:
    return f'"{sha256(changing.encode()).hexdigest()[:24]}"'


def _changing(request: HttpRequest) -> tuple[str, str]:
    """The part that changes, and of which moment it is. As many statements however many shows and lines there are."""
    assert not isinstance(request.user, AnonymousUser)
    may, at = request.user.has_perm, database_now()
    frozen = needs.frozen_now(at) if may("inventory.view_freeze") else []
    now = board.board_of(may, at, frozen)
    local = timezone.localtime(at)
    on_this_day = {"starts_at__year": local.year, "starts_at__month": local.month, "starts_at__day": local.day}
    told = render_to_string(
        "core/start_now.html",
        {
            "needs": _needs(may, at, frozen),
            "is_asked": any(map(may, ASKED)),
            "is_acting": any(map(may, ACTS)),
            "incidents": needs.of_incidents(at) if may("inventory.view_incident") else [],
            "legend": LEGEND,
            "today": now.today,
            "coming": now.coming,
            "more_today": now.more_today,
            "today_url": list_of(Show, **on_this_day),
            "shows_url": list_of(Show),
            "may_add": may("inventory.add_show"),
            "releases": release_lines(may, at) if may("inventory.view_claim") else None,
            "mixes": now.mixes if may("inventory.view_channel") else None,
            "unsold": now.unsold,
        },
    )
    return told, words.clock(at)


def _needs(may: board.May, at: datetime, frozen: Sequence[Freeze]) -> list[needs.Need]:
    """What stops everything first, then what stops selling, then money, then letters."""
    found = late(broker()["sweep_age_s"]) if may("inventory.view_incident") else []
    found += needs.of_freezes(may, frozen)
    if may("ticketing.publish_show") or may("ticketing.view_price"):
        found += of_money.of_sales(may, at)
    if may("ticketing.view_payment"):
        found += of_money.of_money(may, at)
    if may("ticketing.view_letter"):
        found += of_money.of_letters(at)
    return found
