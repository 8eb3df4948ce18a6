"""Shows: their clock, their limits, their sections and tiers; and the way to look at their stock."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Now
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.admin import CatalogAdmin, TabularInline
from inventory.admin import (
    freezing,
    hold_map,
    holding,
    house_page,
    on_sale,
    slice_acts,
    slice_list,
    slicing,
    split,
    split_apply,
    stock,
    stock_page,
    why,
    words,
)
from inventory.admin.links import head_of, hold_page_of, link, list_of, slices_page_of, split_page_of, stock_page_of
from inventory.admin.of_a_show import has_house
from inventory.models import Claim, Movement, Place, Section, Show, Tier

STATE_LABELS = {
    Show.State.DRAFT: "",
    Show.State.ON_SALE: "success",
    Show.State.PAUSED: "warning",
    Show.State.CLOSED: "info",
    Show.State.CANCELLED: "danger",
}


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


class ShowForm(ModelForm):  # type: ignore[type-arg]  # at run time Django's takes none
    """A show that is still to come, or that stays when it was."""

    def clean_starts_at(self) -> Any:
        at = self.cleaned_data["starts_at"]
        if "starts_at" in self.changed_data and at <= timezone.now():
            raise ValidationError("A show starts in the future.")
        return at


@admin.register(Show)
class ShowAdmin(CatalogAdmin):
    form = ShowForm
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
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "slug", "venue", "starts_at", "state")}),
        ("The clock of a lock", {"fields": ("lock_for_s", "lock_cap_s", "retry_for_s")}),
        ("How many places one buyer may keep locked", {
            "fields": ("cap_per_session", "cap_per_address", "cap_per_contact"),
        }),
        ("What is refused, and what is waited for", {"fields": ("orphan_rule", "watch_payment_for_s")}),
    )  # fmt: skip

    def why_kept(self, obj: Show) -> str:
        if has_house(obj):
            return "This show has places, and places keep their history. Close it or cancel it instead."
        return ""

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "stock": stock_page.stock,
            "why": why.why_page,
            "freeze": freezing.freeze_page,
            "house": house_page.house_page,
            "hold": holding.hold_page,
            "seats": hold_map.seats,
            "split": split.split_page,
            "split/house": split.house,
            "split/history": split.history,
            "split/apply": split_apply.apply_page,
            "slices": slice_list.slices_page,
            "slice": slicing.slice_page,
            "slice_back": slice_acts.back_page,
            "slice_undo": slice_acts.undo_page,
            "on_sale": on_sale.on_sale_page,
        }
        return [
            path(
                f"<str:pk>/{name}/",
                self.admin_site.admin_view(partial(page, self)),
                name=f"inventory_show_{name.replace('/', '_')}",
            )
            for name, page in pages.items()
        ] + super().get_urls()

    def places_numbered(self, show: Show, said: str) -> list[int]:
        """For the page that says why: the places behind a number that only an app above knows, such as a ticket's."""
        return []

    def way_of_sale(self, request: HttpRequest, reference: str) -> tuple[str, str] | None:
        """The same for a sale's reference: the address of what it names, and what is done there."""
        return None

    def name_of_sale(self, reference: str) -> str:
        """What people call it."""
        return reference

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
            request, object_id, form_url, self._head(request, show, counted) | (extra_context or {})
        )

    def _head(self, request: HttpRequest, show: Show | None, counted: stock.Stock | None) -> dict[str, Any]:
        head = head_of(show, counted, lockable=True)
        if show and not counted and request.user.has_perm("inventory.change_show"):
            head["house_url"] = reverse("admin:inventory_show_house", args=[show.pk])
        if show and counted and request.user.has_perm(holding.PERMISSION):
            head["stock_links"].append({"text": "Hold places", "url": hold_page_of(show.pk)})
        if show and counted and request.user.has_perm("inventory.add_freeze"):
            freeze = reverse("admin:inventory_show_freeze", args=[show.pk])
            head["stock_links"].append({"text": "Freeze", "url": freeze})
        if show and counted and request.user.has_perm("inventory.view_allocation"):
            head["stock_links"].append({"text": "Slices and on-sale times", "url": slices_page_of(show.pk)})
        if show and counted and request.user.has_perm("inventory.view_place"):
            head["stock_links"].append({"text": "Split and replay", "url": split_page_of(show.pk)})
        return head

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
            return link(stock_page_of(show.pk), "stock")
        ways = {"places": Place, "claims": Claim, "movements": Movement}
        lists = [link(list_of(model, show=show.pk), word) for word, model in ways.items()]
        return words.joined([link(stock_page_of(show.pk), "stock"), *lists])
