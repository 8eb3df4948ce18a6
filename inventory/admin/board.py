"""The admin's first page: what is on tonight and next, and what is left of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from inventory.admin.links import head_of
from inventory.admin.stock import stock_of
from inventory.models import Show

MOST = 8


def coming_shows(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The index's context with the next shows in it, for whoever may see shows."""
    if not (request.user.has_perm("inventory.view_show") or request.user.has_perm("inventory.change_show")):
        return context
    since = timezone.now() - timedelta(hours=12)
    shows = list(Show.objects.select_related("venue").filter(starts_at__gte=since).order_by("starts_at", "pk")[:MOST])
    stocks = stock_of([show.pk for show in shows])
    heads = [head_of(show, stocks.get(show.pk)) for show in shows]
    return context | {"title": "Tonight and next", "board": heads, "is_board": True}
