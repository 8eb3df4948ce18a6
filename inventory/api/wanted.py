"""From a lock's body to what the verb takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.acts import Best, Seats
from inventory.queries.doors import Ground
from inventory.services.refusals import TierUnknown


def codes(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The codes of tiers and sections that a body names, to be looked up with the show."""
    best = body.get("best")
    return {"tiers": best["tiers"], "sections": [best["section"]] if best["section"] else []} if best else {}


def wanted(body: Mapping[str, Any], ground: Ground) -> Seats | Best:
    """Which places are wanted. Raises TierUnknown where a code names no tier or section of the show."""
    if "places" in body:
        return Seats(body["places"], accessible=body.get("accessible", False))
    best = body["best"]
    unknown = [code for code in best["tiers"] if code not in ground.tiers]
    if best["section"] and best["section"] not in ground.sections:
        unknown.append(best["section"])
    if unknown:
        raise TierUnknown(codes=unknown)
    return Best(
        quantity=best["quantity"],
        tier_ids=[ground.tiers[code] for code in best["tiers"]],
        section_id=ground.sections.get(best["section"]),
        accessible=best["accessible"],
        together=best["together"],
    )
