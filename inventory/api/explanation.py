"""Why can't I buy this? In a few words for a buyer, in all of them for staff."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api import docs_reads as docs
from inventory.api.asking import Asker
from inventory.api.reading import ReadingDoor
from inventory.api.serializers_reads import ExplanationIn, ReasonOut, ReasonWholeOut
from inventory.queries.doors import Ground
from inventory.queries.stock import Reason, availability, explain_channel, explain_place, explain_tier
from inventory.services.refusals import PlacesUnknown, TierUnknown


class ShowExplanation(ReadingDoor):
    @docs.EXPLANATION
    def get(self, request: Request, slug: str) -> Response:
        serializer = ExplanationIn(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        about: dict[str, Any] = serializer.validated_data
        asker, here = self.ground(slug, tiers=[about["tier"]] if "tier" in about else [])
        reasons = _reasons(about, asker, here)
        told = ReasonWholeOut if asker.is_staff else ReasonOut
        return Response(
            {
                "channel": asker.channel,
                "is_sellable": not reasons or ("place" not in about and _has_some_left(about, here)),
                "reasons": told(reasons, many=True).data,
            }
        )


def _has_some_left(about: dict[str, Any], here: Ground) -> bool:
    """Reasons of a tier, or of everything, are of the places that cannot be sold; others of it may well be."""
    stock = availability(here.show_id, channel_id=here.channel_id or 0)
    if stock is None:
        return False
    left = stock.by_tier[here.tiers[about["tier"]]] if "tier" in about else stock.total
    return left.sellable > 0


def _reasons(about: dict[str, Any], asker: Asker, here: Ground) -> list[Reason]:
    show_id, channel_id, public = here.show_id, here.channel_id or 0, not asker.is_staff
    if "place" in about:
        of_place = explain_place(about["place"], show_id, channel_id, public=public)
        if of_place is None:
            raise PlacesUnknown(place_ids=[about["place"]])
        return of_place
    if "tier" in about:
        tier_id = here.tiers.get(about["tier"])
        of_tier = tier_id and explain_tier(show_id, tier_id, channel_id, public=public)
        if not isinstance(of_tier, list):
            raise TierUnknown(codes=[about["tier"]])
        return of_tier
    return explain_channel(show_id, channel_id, public=public) or []
