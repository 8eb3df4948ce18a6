"""What people make and edit: venues, shows, sections, tiers, channels, allocations. Saving any of it moves no place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Now
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import CatalogAdmin, TabularInline
from inventory.admin import stock, words
from inventory.admin.filters import ByShow
from inventory.admin.links import head_of, link, list_of
from inventory.models import (
    Allocation,
    AllocationChannel,
    Channel,
    Claim,
    Entry,
    Movement,
    Place,
    Section,
    Show,
    Tier,
    Venue,
)
from inventory.models.ledger import Verb

BUILT_IN = ("web", "counter")
STATE_LABELS = {
    Show.State.DRAFT: "",
    Show.State.ON_SALE: "success",
    Show.State.PAUSED: "warning",
    Show.State.CLOSED: "info",
    Show.State.CANCELLED: "danger",
}
FIXED = (
    "The show's house is loaded, so this code is fixed: every place and its history point at it. "
    "Name, order and colour may change."
)


def has_house(show: Show | None) -> bool:
    """Whether the show has places; every load of a manifest raises its version."""
    return show is not None and show.manifest_version > 0


@admin.register(Venue)
class VenueAdmin(CatalogAdmin):
    list_display = ("name", "city", "state_code")
    search_fields = ("name", "city")
    prepopulated_fields = {"slug": ("name",)}

    def why_kept(self, obj: Venue) -> str:
        return "This venue has shows, so it is kept." if obj.shows.exists() else ""


class PartInline(TabularInline):
    """Sections or tiers of a show: made by hand before the house is loaded, by its manifest afterwards."""

    extra = 0
    fixed: tuple[str, ...] = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Show | None = None) -> tuple[str, ...]:
        return self.fixed if has_house(obj) else ()

    def has_add_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        return not has_house(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        return not has_house(obj) and super().has_delete_permission(request, obj)


class SectionInline(PartInline):
    model = Section
    fields = ("code", "name", "is_ga", "ordinal")
    fixed = ("code", "is_ga")


class TierInline(PartInline):
    model = Tier
    fields = ("code", "name", "colour", "ordinal")


@admin.register(Show)
class ShowAdmin(CatalogAdmin):
    list_display = ("title", "when", "place", "state_label", "stock_bar", "ways")
    list_select_related = ("venue",)
    sortable_by = ()
    list_filter = ("state", "venue")
    list_per_page = 25
    date_hierarchy = "starts_at"
    # What is on tonight or next comes first, what is over last, the latest of it first.
    is_over = Case(When(starts_at__lt=Now() - timedelta(hours=12), then=Value(1)), default=Value(0))
    over_since = Case(When(starts_at__lt=Now() - timedelta(hours=12), then=F("starts_at")))
    ordering = (is_over.asc(), over_since.desc(), "starts_at", "title")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SectionInline, TierInline)
    change_form_before_template = "inventory/admin/stock.html"
    fieldsets = (
        (None, {"fields": ("title", "slug", "venue", "starts_at", "state")}),
        ("The clock of a lock", {"fields": ("lock_for_s", "lock_cap_s", "retry_for_s")}),
        ("How many places one buyer may keep locked", {
            "fields": ("cap_per_session", "cap_per_address", "cap_per_contact"),
        }),
    )  # fmt: skip

    def why_kept(self, obj: Show) -> str:
        if has_house(obj):
            return "This show has places, and places keep their history. Close it or cancel it instead."
        return ""

    def prepare_rows(self, rows: QuerySet[Show]) -> None:
        stocks = stock.stock_of([show.pk for show in rows])
        for show in rows:
            show.stock = stocks.get(show.pk)  # type: ignore[attr-defined]  # for the columns alone

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        show: Show | None = self.get_object(request, object_id)
        counted = stock.stock_of([show.pk]).get(show.pk) if show else None
        return super().change_view(
            request, object_id, form_url, head_of(show, counted, lockable=True) | (extra_context or {})
        )

    @admin.display(description="when", ordering="starts_at")
    def when(self, show: Show) -> str:
        return f"{timezone.localtime(show.starts_at):%a %d %b %Y, %H:%M}"

    @admin.display(description="venue", ordering="venue__name")
    def place(self, show: Show) -> str:
        return str(show.venue)

    @admin.display(description="state", ordering="state")
    def state_label(self, show: Show) -> SafeString:
        return words.label(show.get_state_display(), STATE_LABELS[Show.State(show.state)])

    @admin.display(description="stock")
    def stock_bar(self, show: Show) -> SafeString | str:
        counted: stock.Stock | None = getattr(show, "stock", None)
        return stock.bar(counted) if counted else "no house yet"

    @admin.display(description="look at")
    def ways(self, show: Show) -> SafeString | str:
        if not has_house(show):
            return "-"
        ways = {"places": Place, "claims": Claim, "movements": Movement}
        return words.joined(link(list_of(model, show=show.pk), word) for word, model in ways.items())


class OfAShowForm(ModelForm):  # type: ignore[type-arg]  # at run time Django's takes none
    """A row of a show, which stays of that show. Its name or code is compared with the show's others all the same."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"show"}  # type: ignore[misc,no-any-return]


class OfAShowAdmin(CatalogAdmin):
    """Rows of a show, which never change to another show's; `fixed` are what else is fixed once the house is loaded."""

    form = OfAShowForm
    list_select_related = ("show",)
    list_filter = (ByShow,)
    ordering = ("-show__starts_at", "show", "id")
    sortable_by = ()
    search_fields = ("name", "show__title")
    fixed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("show", *self.fixed) if has_house(obj.show) else ("show",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None or not self.fixed or not has_house(obj.show):
            return sets
        ((name, options),) = sets
        return [(name, {**options, "description": FIXED})]


@admin.register(Section)
class SectionAdmin(OfAShowAdmin):
    list_display = ("name", "code", "show", "is_ga")
    fields = ("show", "code", "name", "is_ga", "ordinal")
    fixed = ("code", "is_ga")

    def why_kept(self, obj: Section) -> str:
        return "The show's house is loaded, so its sections are kept." if has_house(obj.show) else ""


@admin.register(Tier)
class TierAdmin(OfAShowAdmin):
    list_display = ("name", "code", "show", "swatch")
    fields = ("show", "code", "name", "colour", "ordinal")
    fixed = ("code",)

    def why_kept(self, obj: Tier) -> str:
        return "The show's house is loaded, so its tiers are kept." if has_house(obj.show) else ""

    @admin.display(description="colour")
    def swatch(self, tier: Tier) -> SafeString | str:
        if not tier.colour:
            return "-"
        square = '<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="{}"/></svg>'
        return format_html('<span class="flex flex-row gap-2 items-center">' + square + "{}</span>", *[tier.colour] * 2)


@admin.register(Channel)
class ChannelAdmin(CatalogAdmin):
    list_display = ("name", "code", "kind", "is_capped", "is_active")
    search_fields = ("name", "code")

    def why_kept(self, obj: Channel) -> str:
        if obj.code in BUILT_IN:
            return f"The {obj.code} channel is part of the program: it is kept. Untick 'may sell' to close it."
        used = Movement.objects.filter(channel=obj).exists() or Claim.objects.filter(channel=obj).exists()
        return "This channel is in the ledger: it is kept. Untick 'may sell' to close it." if used else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        return ("code", "kind") if obj is not None and obj.code in BUILT_IN else ()


class OpeningInline(TabularInline):
    model = AllocationChannel
    extra = 0
    verbose_name = "channel that may sell"
    verbose_name_plural = "channels that may sell"


@admin.register(Allocation)
class AllocationAdmin(OfAShowAdmin):
    list_display = ("name", "show", "channels_in_words", "closes", "places")
    inlines = (OpeningInline,)

    def why_kept(self, obj: Allocation) -> str:
        if obj.is_pool:
            return "The open pool is everybody's, and every show has exactly one: it is kept."
        labelled = Entry.objects.filter(
            movement__show_id=obj.show_id,
            movement__verb__in=(Verb.ALLOCATE_PLACES, Verb.RELEASE_HOLD),
            to_allocation=obj.pk,
        )
        return (
            "Places have been under this allocation, and their history names it: it is kept."
            if labelled.exists()
            else ""
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Allocation]:
        allocations: QuerySet[Allocation] = super().get_queryset(request)
        return allocations.prefetch_related("openings__channel")

    def get_readonly_fields(self, request: HttpRequest, obj: Allocation | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "is_pool")

    def get_fields(self, request: HttpRequest, obj: Allocation | None = None) -> tuple[str, ...]:
        # The pool comes with the house and never closes; nobody makes a second one or turns it into something else.
        return ("show", "name", "is_pool" if obj is not None and obj.is_pool else "closes_at")

    def get_inlines(self, request: HttpRequest, obj: Allocation | None) -> Any:
        return () if obj is not None and obj.is_pool else self.inlines

    @admin.display(description="channels")
    def channels_in_words(self, allocation: Allocation) -> str:
        if allocation.is_pool:
            return "everybody"
        return ", ".join(str(opening) for opening in allocation.openings.all()) or "nobody yet"

    @admin.display(description="closes at")
    def closes(self, allocation: Allocation) -> str:
        return words.clock(allocation.closes_at)

    @admin.display(description="look at")
    def places(self, allocation: Allocation) -> SafeString:
        return link(list_of(Place, show=allocation.show_id, allocation=allocation.pk), "places")
