"""What stands behind a reason not to sell, and the way to the page where it is lifted, for whoever may lift it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from inventory.admin import words
from inventory.admin.links import list_of, page_of
from inventory.models import Allocation, Channel, Claim, Freeze, Movement, Place, Section, Show, Tier
from inventory.models.ledger import Verb
from inventory.queries.stock import Reason

# Who of the staff did it is told of these; a lock's actor is its buyer, and is not.
BY_STAFF = (Verb.PLACE_HOLD, Verb.KILL_PLACES)
STATUSES = {"locked": "browsing", "paying": "paying", "sold": "sold", "killed": "killed", "leased": "leased"}


@dataclass(frozen=True, slots=True)
class Way:
    """An address, and what is done there."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger knows about one reason. `whose` is in the place of an owner that is no name."""

    since: datetime | None = None
    whose: str = ""
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind some reasons, each by its id or name."""

    claims: dict[int, Claim] = field(default_factory=dict)
    acts: dict[int, Movement] = field(default_factory=dict)
    freezes: dict[int, Freeze] = field(default_factory=dict)
    allocations: dict[str, Allocation] = field(default_factory=dict)

    def of(self, reason: Reason) -> Told:
        if freeze := self.freezes.get(reason.facts.get("freeze_id") or 0):
            name = "" if freeze.rule_id else getattr(freeze, "who", None) or ""
            return Told(freeze.frozen.at, f"the rule {freeze.rule}" if freeze.rule_id else name or "the house",
                        why=words.reason(freeze.frozen).strip("-"))  # fmt: skip
        claim = self.claims.get(reason.facts.get("claim_id") or 0)
        if claim is None:
            return Told()
        act = self.acts.get(claim.pk)
        if act is None:
            return Told(claim.created_at)
        note = getattr(act, "note", None)
        return Told(claim.created_at, by=getattr(act, "who", None) or "", why=note.text if note else "")


def behind(show: Show, reasons: Sequence[Reason]) -> Behind:
    """Looked up once for all reasons: four statements at most, and none for what no reason names."""
    claims = {reason.facts["claim_id"] for reason in reasons if reason.facts.get("claim_id")}
    freezes = {reason.facts["freeze_id"] for reason in reasons if reason.facts.get("freeze_id")}
    names = {reason.facts["allocation"] for reason in reasons if reason.facts.get("allocation")}
    acts = Movement.objects.filter(claim__in=claims, verb__in=BY_STAFF).select_related("note")
    stops = Freeze.objects.filter(pk__in=freezes).select_related("rule__tier", "rule__section", "rule__channel")
    return Behind(
        claims=Claim.objects.in_bulk(claims) if claims else {},
        acts={act.claim_id or 0: act for act in acts.annotate(who=words.who("actor"))} if claims else {},
        freezes={
            freeze.pk: freeze
            for freeze in stops.select_related("frozen__note", "rule").annotate(who=words.who("frozen__actor"))
        }
        if freezes
        else {},
        allocations={one.name: one for one in Allocation.objects.filter(show=show, name__in=names)} if names else {},
    )


def found_for(
    model_admin: Any,
    request: HttpRequest,
    show: Show,
    channel: Channel,
    reason: Reason,
    behind: Behind,
    tier: Tier | None = None,
    section: Section | None = None,
) -> Way | None:
    """Where this is lifted, for whoever may do it there; None for others."""
    has = request.user.has_perm
    facts = reason.facts
    match reason.code:
        case "show_not_on_sale" | "over_cap" | "places_stranded" if has("inventory.change_show"):
            return Way(page_of(show), "Change the show")
        case "channel_not_selling" if has("inventory.change_channel"):
            return Way(page_of(channel), "Change the channel")
        case "frozen" if has("inventory.change_freeze"):
            return Way(reverse("admin:inventory_freeze_thaw", args=[facts["freeze_id"]]), "Thaw it")
        case "at_rules_line" | "kept_back_by_rule" if has("inventory.change_freezerule"):
            return Way(reverse("admin:inventory_freezerule_change", args=[facts["rule_id"]]), "Change the rule")
        case "not_on_sale_here_yet" if has("inventory.slice_pool"):
            return Way(reverse("admin:inventory_show_on_sale", args=[show.pk]), "Change when it is on sale")
        case "not_on_sale_here" if has("inventory.slice_pool"):
            return _of_slice(show, behind.allocations.get(facts.get("allocation", "")))
        case "not_on_sale_here" if has("inventory.change_allocation"):
            allocation = behind.allocations.get(facts.get("allocation", ""))
            return Way(page_of(allocation), f"Change the allocation {allocation}") if allocation else None
        case "sold" if facts.get("claim_id"):
            return _of_sale(model_admin, request, facts)
        case "held" | "killed" | "locked" | "paying" | "leased" if facts.get("claim_id"):
            claim = behind.claims.get(facts["claim_id"])
            if claim is None or not has("inventory.view_claim"):
                return None
            return Way(page_of(claim), f"To the {claim.get_kind_display().lower()}")
        case code if code in STATUSES:
            parts = {"tier": tier, "section": section}
            chosen = {name: part.pk for name, part in parts.items() if part}
            return Way(list_of(Place, show=show.pk, **chosen, status=STATUSES[code]), "See these places")
    return None


def _of_slice(show: Show, slice_: Allocation | None) -> Way | None:
    """To the slice's own page."""
    if slice_ is None:
        return None
    page = reverse("admin:inventory_show_slice", args=[show.pk])
    return Way(f"{page}?slice={slice_.pk}", f"Change the slice {slice_}")


def _of_sale(model_admin: Any, request: HttpRequest, facts: dict[str, Any]) -> Way | None:
    """The order behind a sale, where somebody above knows it; else the sale itself."""
    if way := model_admin.way_of_sale(request, facts.get("reference") or ""):
        return Way(*way)
    if not request.user.has_perm("inventory.view_claim"):
        return None
    return Way(reverse("admin:inventory_claim_change", args=[facts["claim_id"]]), "To the sale")
