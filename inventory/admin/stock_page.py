"""The stock of one show as it changes: a whole page, and a part of it that the page asks for again and again."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response

from inventory.admin import cards, words
from inventory.admin.form_page import number, page
from inventory.admin.links import list_of, page_of, why_page_of
from inventory.admin.safety import verdict
from inventory.models import Freeze, Incident, Show
from inventory.queries.stock import Board, board, coming

FRAGMENT = "fragment"
MOST_COMING = 3


def stock(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The page; with `?fragment` what changes of it, or 304 where it is what the asker has already.

    Three statements tell what changes, whatever the show's size. When they were made is said beside it, not in it.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now = board(number(pk))
    if now is None:
        raise Http404
    show = None if FRAGMENT in request.GET else Show.objects.select_related("venue").get(pk=now.show_id)
    changing = _changing(request, now)
    etag = f'"{sha256(changing.encode()).hexdigest()[:24]}"'
    as_of = words.clock(now.at)
    if show is not None:
        return page(
            model_admin,
            request,
            "inventory/admin/stock_page.html",
            title=f"Stock: {show.title}",
            show=show,
            show_url=page_of(show),
            why_url=why_page_of(show.pk) if request.user.has_perm("inventory.view_place") else "",
            changing=changing,
            etag=etag,
            as_of=as_of,
        )
    response = get_conditional_response(request, etag=etag, response=HttpResponse(changing, headers={"ETag": etag}))
    assert response is not None
    response["X-As-Of"] = as_of
    return response


def freezes_in_force(show_id: int, since: datetime) -> QuerySet[Freeze]:
    """What is frozen, by whom and why, and how many sales each freeze has refused since then. One statement."""
    subject = Concat(Value("freeze:"), Cast(OuterRef("pk"), CharField()))
    refused = Incident.objects.filter(
        show_id=show_id, kind=Incident.Kind.LOCK_REFUSED_BY_FREEZE, subject=subject, hour_at__gte=since
    )
    return (
        Freeze.objects.filter(show_id=show_id, thawed=None)
        .select_related("tier", "section", "channel", "rule__tier", "rule__section", "rule__channel", "frozen__note")
        .annotate(
            who=words.who("frozen__actor"),
            refused=Subquery(refused.order_by().values("subject").annotate(n=Sum("times")).values("n")),
        )
        .order_by("pk")
    )


def _changing(request: HttpRequest, now: Board) -> str:
    freezes = freezes_in_force(now.show_id, now.refused_since)
    stops = [cards.Stop(freeze, words.frozen_by(freeze), verdict(freeze, now)) for freeze in freezes]
    by_tier, by_section = cards.by_tier(now, stops), cards.by_section(now, stops)
    has = request.user.has_perm
    # Nothing comes of a cancelled show any more: neither of what lies ahead by its rules, nor of their lines.
    is_over = now.state == Show.State.CANCELLED
    return render_to_string(
        "inventory/admin/stock_now.html",
        {
            "show_id": now.show_id,
            "state": Show.State(now.state),
            "is_on_sale": now.state == Show.State.ON_SALE,
            "board": now,
            "is_over": is_over,
            "coming": []
            if is_over
            else [
                words.change(change, names_parties=has("inventory.view_claim"))
                for change in coming(now.show_id, now.at, MOST_COMING)
            ],
            "stops": stops,
            "rules": [] if is_over else [(rule.rule_id, words.rule_line(rule, now)) for rule in now.rules],
            "slug": "" if now.lines else Show.objects.values_list("slug", flat=True).get(pk=now.show_id),
            "house": cards.whole(now, stops) if now.lines else None,
            "groups": [
                (title, group, len(group) <= cards.MOST_UNFOLDED)
                for title, group in {"Tiers": by_tier, "Sections": by_section}.items()
            ],
            "refused_since": words.clock(now.refused_since).removesuffix(":00"),
            "incidents_url": list_of(Incident, show=now.show_id),
            "may_freeze": has("inventory.add_freeze"),
            "may_rule": has("inventory.change_freezerule"),
            "may_add_rule": has("inventory.add_freezerule"),
            "may_hold": has("inventory.place_hold"),
            "may_slice": has("inventory.slice_pool"),
            "may_thaw": has("inventory.change_freeze"),
            "may_load": has("inventory.change_show"),
        },
    )
