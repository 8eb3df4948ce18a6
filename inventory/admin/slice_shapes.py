"""Three ready shapes of a slice, which prefill its form and bind to nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inventory.admin.slice_forms import How, Measure
from inventory.models import Channel, Place, Show
from inventory.queries.picking import Order

TOMORROW = timedelta(days=1)
OPENING_HOUR = 10
COUNTER_LADDER = ((timedelta(hours=48), 50), (timedelta(hours=2), 100))


@dataclass(frozen=True, slots=True)
class Shape:
    """What the forms of a slice begin with, each by the names of its fields. `steps` are moments and per cents."""

    key: str
    title: str
    told: str
    times: dict[str, Any] = field(default_factory=dict)
    choice: dict[str, Any] = field(default_factory=dict)
    steps: list[tuple[datetime, int]] = field(default_factory=list)
    reason: str = ""


def shapes(show: Show, channels: list[Channel]) -> list[Shape]:
    """The shapes, as they fit this show today: what would lie in the past is left out."""
    return [_web_first(show, channels), _counter(show, channels), _partner(show, channels)]


def _web_first(show: Show, channels: list[Channel]) -> Shape:
    return Shape(
        "web_first",
        "Web first",
        "The web alone sells these places; everybody does from a moment that you name.",
        times={"name": "Web first", **_sell(channels, Channel.Kind.WEB), "closes_at": _tomorrow(show)},
        choice={"how": How.PART},
        reason="presale",
    )


def _counter(show: Show, channels: list[Channel]) -> Shape:
    now = timezone.now()
    ladder = [(show.starts_at - span, share) for span, share in COUNTER_LADDER]
    some = (show.places.filter(status=Place.Status.OPEN).count() + 9) // 10
    return Shape(
        "counter",
        "Counter slice for walk-ins",
        "Some places for the counter alone. Half of what it has not sold comes back 48 hours before the show, the rest "
        "2 hours before it.",
        times={"name": "Counter slice", **_sell(channels, Channel.Kind.COUNTER)},
        choice={"how": How.NUMBER, "quantity": some or None, "unit": Measure.PLACES, "order": Order.SPREAD},
        steps=[(at, share) for at, share in ladder if at > now],
        reason="walk_ins",
    )


def _partner(show: Show, channels: list[Channel]) -> Shape:
    partner = next((channel for channel in channels if channel.kind == Channel.Kind.PARTNER), None)
    ends_at = show.starts_at - TOMORROW
    return Shape(
        "partner",
        "A tier or section for a partner",
        "A whole tier or section that a partner sells with a key of its own. What is left counts as the pool a day "
        "before the show.",
        times={
            "name": partner.name[:60] if partner else "Partner",
            **({f"sells_{partner.pk}": True} if partner else {}),
            "closes_at": ends_at if ends_at > timezone.now() else None,
        },
        choice={"how": How.PART},
        reason="partner_agreement",
    )


def _sell(channels: list[Channel], kind: str) -> dict[str, bool]:
    return {f"sells_{channel.pk}": True for channel in channels if channel.kind == kind}


def _tomorrow(show: Show) -> datetime | None:
    """Tomorrow as the box office opens, if the show has not begun by then."""
    at = (timezone.localtime() + TOMORROW).replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
    return at if at < show.starts_at else None
