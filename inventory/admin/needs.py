"""What needs a person now, as far as the ledger knows: what is frozen, and what was refused within a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils.safestring import SafeString

from core.words import counted
from inventory.admin import words
from inventory.admin.board import May
from inventory.admin.links import list_of, stock_page_of
from inventory.models import Freeze, Incident, Show
from inventory.queries.stock.releasing import ON_FOR

DAY = timedelta(days=1)
MOST, LOOKED_AT = 5, 100


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what it is, a sentence, and the one way to where it is done. `key` is for the page's ids, and `about`
    for whoever hears the way alone: `Thaw` Gold on all channels, Hamlet.
    """

    key: str
    what: SafeString
    text: str
    url: str
    verb: str
    about: str


def frozen_now(at: datetime) -> list[Freeze]:
    """What is frozen on shows that are not over or cancelled, the latest first. One statement."""
    rows = Freeze.objects.filter(thawed=None, show__starts_at__gt=at - ON_FOR).exclude(show__state=Show.State.CANCELLED)
    parts = ("tier", "section", "channel", "rule__tier", "rule__section", "rule__channel")
    return list(
        rows.select_related("show", "frozen__note", *parts)
        .annotate(who=words.who("frozen__actor"))
        .order_by("-frozen__at", "-pk")[:LOOKED_AT]
    )


def of_freezes(may: May, freezes: Sequence[Freeze]) -> list[Need]:
    """Each freeze in force, with the way to thaw it for whoever may; many of them end in one line that leads on."""
    may_thaw = may("inventory.change_freeze")
    found = [
        Need(
            key=f"freeze-{freeze.pk}",
            what=words.label("Frozen", "danger"),
            text=f"{freeze.show}: {freeze}. {words.frozen_by(freeze)}",
            url=reverse("admin:inventory_freeze_thaw", args=[freeze.pk]) if may_thaw else stock_page_of(freeze.show_id),
            verb="Thaw" if may_thaw else "See",
            about=f"{freeze}, {freeze.show}",
        )
        for freeze in freezes[:MOST]
    ]
    if len(freezes) > MOST:
        more = f"{len(freezes) - MOST}{' or more' if len(freezes) == LOOKED_AT else ''} others are frozen, too."
        found.append(
            Need(
                "freezes", words.label("Frozen", "danger"), more, list_of(Freeze, state="frozen"), "See all", "freezes"
            )
        )
    return found


def of_incidents(at: datetime) -> list[Need]:
    """What was refused or went wrong within a day: a line a kind. One statement."""
    rows = (
        # By the hour, which has an index: the last one of an hour is at most an hour later.
        Incident.objects.filter(hour_at__gte=at - DAY - timedelta(hours=1), last_at__gte=at - DAY)
        .order_by()
        .values("kind")
        .annotate(often=Sum("times"), shows=Count("show", distinct=True), last=Max("last_at"))
        .order_by("-last")
    )
    return [
        Need(
            key=f"incident-{row['kind']}",
            what=words.label("Incident", "warning"),
            text=f"{Incident.Kind(row['kind']).label}: {counted(row['often'], 'time')}, "
            f"at {counted(row['shows'], 'show')}, the last at {words.clock(row['last'])}.",
            url=list_of(Incident),
            verb="See",
            about=Incident.Kind(row["kind"]).label,
        )
        for row in rows
    ]
