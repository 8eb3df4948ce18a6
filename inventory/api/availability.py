"""What is left: to the public in a word and what can be bought, to staff in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from hashlib import sha256
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.json_in import canonical
from inventory.api import docs_reads as docs
from inventory.api.reading import ReadingDoor, etags, unchanged
from inventory.models import Show
from inventory.queries.stock import Availability, Counts, availability
from inventory.services.refusals import ShowUnknown

FEW = 10
_COUNTED = ("capacity", "open", "locked", "paying", "held", "leased", "sold", "killed", "frozen")


class ShowAvailability(ReadingDoor):
    @docs.AVAILABILITY
    def get(self, request: Request, slug: str) -> Response:
        asker, here = self.ground(slug)
        stock = availability(here.show_id, channel_id=here.channel_id or 0)
        if stock is None:
            raise ShowUnknown
        content = _told(stock, asker.channel, _to_staff if asker.is_staff else _to_public)
        version = sha256(canonical(content)).hexdigest()[:24]
        if version in etags(request):
            return unchanged(version)
        return Response(content, headers={"ETag": f'"{version}"'})


Told = Callable[[Availability, Counts], dict[str, Any]]


def _told(stock: Availability, channel: str, told: Told) -> dict[str, Any]:
    sections = {line.section_id: line for line in stock.lines}
    tiers = {line.tier_id: line for line in stock.lines}
    return {
        "channel": channel,
        "show_state": stock.state,
        "manifest_version": stock.manifest_version,
        "total": told(stock, stock.total),
        "sections": [
            {"section": sections[key].section, "name": sections[key].section_name, "is_ga": sections[key].is_ga}
            | told(stock, counts)
            for key, counts in stock.by_section.items()
        ],
        "tiers": [
            {"tier": tiers[key].tier, "name": tiers[key].tier_name} | told(stock, counts)
            for key, counts in stock.by_tier.items()
        ],
        "lines": [{"section": line.section, "tier": line.tier} | told(stock, line) for line in stock.lines],
    }


def _to_public(stock: Availability, counts: Counts) -> dict[str, Any]:
    """What can be bought here, and what may come back: never what others hold, nor how much there is in all."""
    release = counts.next_release
    return {
        "state": state_of(stock, counts),
        "left": counts.sellable,
        "in_baskets": counts.locked + counts.paying,
        "next_release": release and release.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def _to_staff(stock: Availability, counts: Counts) -> dict[str, Any]:
    whole = asdict(counts)
    return _to_public(stock, counts) | {name: whole[name] for name in _COUNTED}


def state_of(stock: Availability, counts: Counts) -> str:
    """One word. `sold_out` only where nothing can come back from a basket, and nothing is still to be released."""
    if stock.state == Show.State.PAUSED:
        return "paused"
    if stock.state != Show.State.ON_SALE or not stock.channel_is_active:
        return "not_on_sale"
    if counts.sellable:
        return "few_left" if counts.sellable <= FEW else "available"
    if counts.frozen:
        return "paused"
    if counts.locked + counts.paying:
        return "in_baskets"
    return "not_on_sale" if counts.open or counts.next_release or not counts.capacity else "sold_out"
