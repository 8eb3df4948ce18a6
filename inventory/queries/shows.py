"""Shows as a door tells of them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from inventory.models import Show

MOST = 500
STILL_ON_FOR = timedelta(hours=12)


def coming_shows(*, drafts: bool) -> QuerySet[Show]:
    """Shows that are to come or began a few hours ago, the next one first; drafts only where they may be seen."""
    return _visible(drafts).filter(starts_at__gt=Now() - STILL_ON_FOR).order_by("starts_at", "id")[:MOST]


def show_whole(slug: str, *, drafts: bool) -> Show | None:
    """One show with its venue, sections and tiers."""
    return _visible(drafts).filter(slug=slug).prefetch_related("sections", "tiers").first()


def _visible(drafts: bool) -> QuerySet[Show]:
    shows = Show.objects.select_related("venue")
    return shows if drafts else shows.exclude(state=Show.State.DRAFT)
