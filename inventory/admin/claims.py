"""Claims, read-only: why places are not open, since when, until when, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin import filters, hold_acts, hold_map, tables, words
from inventory.admin.burn_down import burn_down
from inventory.admin.ladders import adding_step, ladder_of
from inventory.admin.links import link, to
from inventory.models import Claim, Place


@admin.register(Claim)
class ClaimAdmin(FactAdmin):
    list_display = ("name", "show", "state", "in_words", "place_count", "channel", "created", "due", "ended")
    list_select_related = ("show", "channel", "hold")
    list_filter = (filters.ByShow, filters.ByKind, filters.ByLife, filters.ByChannel)
    search_fields = ("reference",)
    search_help_text = "Its number, a reference or a party"
    change_form_before_template = "inventory/admin/hold_head.html"
    change_form_after_template = "inventory/admin/below.html"
    # Whose lock it is stays out of sight: the digests of session, address and contact serve counting alone.
    fieldsets = (
        (None, {"fields": (("show", "state"), ("in_words", "channel"), ("created", "ended"))}),
        ("Where it came from, what became of it", {"fields": (("came_from", "became"), "acts")}),
    )
    facts_of_kind: dict[str, tuple[str, dict[str, Any]]] = {
        Claim.Kind.LOCK: ("The clock", {"fields": (("expires", "cap"), "reference")}),
        Claim.Kind.HOLD: (
            "For whom",
            {"fields": (("purpose", "party"), ("contact_of_party", "breakable_by"), "expires", "ladder")},
        ),
        Claim.Kind.LEASE: ("The clock", {"fields": ("expires",)}),
        Claim.Kind.SALE: ("The order", {"fields": ("reference",)}),
    }
    readonly_fields = (
        *("state", "in_words", "created", "expires", "cap", "ended", "came_from", "became", "acts"),
        *("purpose", "party", "contact_of_party", "breakable_by", "ladder", "add_step"),
    )

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "extend": hold_acts.extend_page,
            "give": hold_acts.give_page,
            "break": hold_acts.break_page,
            "seats": hold_map.seats_of_hold,
        }
        return [
            path(f"<str:pk>/{name}/", self.admin_site.admin_view(partial(page, self)), name=f"inventory_claim_{name}")
            for name, page in pages.items()
        ] + super().get_urls()

    def ways_of_hold(self, request: HttpRequest, claim: Claim) -> list[dict[str, str]]:
        """What an app above lets this person do with a hold: buttons before ours, each a `text` and a `url`."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        places = Place.objects.filter(claim=OuterRef("pk")).order_by().values("claim").annotate(n=Count("pk"))
        ran_out = Q(kind=Claim.Kind.LOCK, ended_at__isnull=True, due_at__lte=Now())
        claims: QuerySet[Claim] = super().get_queryset(request)
        return claims.select_related(*self.list_select_related, "origin").annotate(
            has_run_out=Case(When(ran_out, then=Value(True)), default=Value(False), output_field=BooleanField()),
            because=words.because("pk"),
            places_now=Subquery(places.values("n")),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(
            Q(reference__iexact=term) | Q(hold__party__icontains=term) | Q(pk=filters.whole(term) or 0)
        ), False

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        sets = list(super().get_fieldsets(request, obj))
        more = self.facts_of_kind.get(Claim.Kind(obj.kind)) if obj is not None else None
        if obj is None or more is None:
            return sets
        title, options = more
        gives_back = obj.kind == Claim.Kind.HOLD and obj.ended_at is None and not obj.reference
        if gives_back and request.user.has_perms(["inventory.add_releasestep", hold_acts.MAY_BREAK]):
            options = {"fields": (*options["fields"], "add_step")}
        return [*sets[:1], (title, options), *sets[1:]]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self.get_object(request, object_id)
        context: dict[str, Any] = {} if claim is None else {"below": tables.places_of(claim), "title": self.name(claim)}
        if claim is not None and claim.kind == Claim.Kind.HOLD:
            counted, acts = burn_down(claim)
            ways = [*self.ways_of_hold(request, claim), *hold_acts.ways_of(request, claim)]
            context |= {"hold": claim.hold, "burn_down": counted, "hold_acts": acts, "hold_ways": ways}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="claim")
    def name(self, claim: Claim) -> str:
        return f"{claim.get_kind_display()} {claim.pk}"

    @admin.display(description="state")
    def state(self, claim: Claim) -> SafeString:
        if claim.ended_at is not None:
            return words.label("ended")
        if getattr(claim, "has_run_out", False):
            return words.label("ran out", "warning")
        return words.label("live", "success")

    @admin.display(description="what it is")
    def in_words(self, claim: Claim) -> str:
        if getattr(claim, "has_run_out", False):
            return "open to everybody, awaiting the sweep"
        return words.claim_in_words(claim, getattr(claim, "because", "") or "")

    @admin.display(description="places", empty_value="-")
    def place_count(self, claim: Claim) -> int | None:
        count: int | None = getattr(claim, "places_now", None)
        return count

    @admin.display(description="created")
    def created(self, claim: Claim) -> str:
        return words.clock(claim.created_at)

    @admin.display(description="due")
    def due(self, claim: Claim) -> str:
        return words.clock(claim.due_at or claim.expires_at)

    @admin.display(description="ended")
    def ended(self, claim: Claim) -> str:
        return words.clock(claim.ended_at)

    @admin.display(description="expires")
    def expires(self, claim: Claim) -> str:
        return words.clock(claim.expires_at)

    @admin.display(description="ends at the latest")
    def cap(self, claim: Claim) -> str:
        return words.clock(claim.hard_until)

    @admin.display(description="came from")
    def came_from(self, claim: Claim) -> SafeString | str:
        return to(claim.origin)

    @admin.display(description="became")
    def became(self, claim: Claim) -> SafeString | str:
        return words.joined(to(outcome) for outcome in claim.outcomes.order_by("pk")[:20])

    @admin.display(description="acts")
    def acts(self, claim: Claim) -> SafeString | str:
        return words.joined(words.act(movement) for movement in claim.movements.order_by("pk")[:20])

    @admin.display(description="purpose")
    def purpose(self, claim: Claim) -> str:
        return claim.hold.get_purpose_display()

    @admin.display(description="party")
    def party(self, claim: Claim) -> str:
        return claim.hold.party

    @admin.display(description="contact", empty_value="-")
    def contact_of_party(self, claim: Claim) -> str | None:
        return claim.hold.contact or None

    @admin.display(description="may be broken by")
    def breakable_by(self, claim: Claim) -> str:
        return claim.hold.breakable_by or "any manager"

    @admin.display(description="release ladder")
    def ladder(self, claim: Claim) -> SafeString | str:
        return ladder_of(hold=claim.pk)

    @admin.display(description="")
    def add_step(self, claim: Claim) -> SafeString:
        return link(adding_step(show=claim.show_id, hold=claim.pk), "Add a step")
