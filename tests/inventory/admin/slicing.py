"""Filling in the pages that slice a show's pool, and what they bring back after a look."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import Channel, Place, Show
from tests.houses import seconds

HOUR = seconds(3600)


def address(show: Show, page: str, **query: Any) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"admin:inventory_show_{page}", args=[show.pk]) + (f"?{asked}" if asked else "")


def soon() -> Any:
    """A whole minute in an hour."""
    return timezone.now().replace(second=0, microsecond=0) + HOUR


def sliced(show: Show) -> list[str]:
    """The places that are in some slice, the best first."""
    return [str(place) for place in Place.objects.filter(show=show, allocation__is_pool=False).order_by("rank")]


def at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def asked(*sellers: str, **fields: Any) -> dict[str, Any]:
    """A new slice for these channels, by their codes: the three best places, for walk-ins."""
    times: dict[str, Any] = {"name": "Counter slice", "closes_at": ""}
    for channel in Channel.objects.all():
        times[f"from_{channel.pk}"] = ""
        if channel.code in (sellers or ("counter",)):
            times[f"sells_{channel.pk}"] = "on"
    choice = {
        "how": "number", "quantity": "3", "unit": "places", "order": "best", "tier": "", "section": "",
        "allocation": "", "names": "", "places": "",
    }  # fmt: skip
    ladder = {"steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0"}
    for nth in range(2):
        ladder |= {f"steps-{nth}-{name}": "" for name in ("at", "much", "to")} | {f"steps-{nth}-unit": "percent"}
    return times | choice | ladder | why() | {key.replace("__", "-"): value for key, value in fields.items()}


def why(reason: str = "walk_ins", note: str = "As agreed on Monday.") -> dict[str, str]:
    return {"reason": reason, "other": "", "note": note}


def look(client: Client, url: str, sent: dict[str, Any]) -> Any:
    return client.post(url, sent | {"look": ""})


def save(client: Client, url: str, sent: dict[str, Any], looked: Any = None) -> Any:
    """Press save, with what the look brought back, if there was one."""
    return client.post(url, sent | {"save": ""} | (hidden(looked) if looked else {}))


def look_and_save(client: Client, url: str, sent: dict[str, Any]) -> Any:
    return save(client, url, sent, look(client, url, sent))


def hidden(response: Any) -> dict[str, str]:
    seen = response.context["seen"]
    assert seen is not None, response.context["alert"]
    return {"seen": seen.fingerprint, "seen_for": seen.form_fingerprint, "seen_ids": seen.ids}
