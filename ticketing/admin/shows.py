"""A show's own page says what its tiers cost, too, and leads to whoever may change that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from inventory.admin.filters import whole
from inventory.admin.links import page_of
from inventory.admin.of_a_show import has_house
from inventory.admin.shows import ShowAdmin
from inventory.models import Show
from ticketing.admin import show_steps, show_verbs
from ticketing.admin.price_board import context_of, price_board
from ticketing.models import Order, OrderLine, Ticket
from ticketing.queries.links import order_reference

admin.site.unregister(Show)


@admin.register(Show)
class PricedShowAdmin(ShowAdmin):
    change_form_after_template = "ticketing/admin/prices.html"
    # Its state changes by verbs alone, which say who and why.
    fieldsets = (
        (None, {"fields": ("title", "slug", "venue", "starts_at")}),
        ("On sale or not", {"fields": ("state_label", "steps", "verbs", "life")}),
        *ShowAdmin.fieldsets[1:],
    )
    readonly_fields = ("state_label", "steps", "verbs", "life")

    def get_urls(self) -> list[URLPattern]:
        return show_verbs.urls(self) + super().get_urls()

    def get_fieldsets(self, request: HttpRequest, obj: Show | None = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None:
            return [part for part in sets if "verbs" not in part[1]["fields"]]
        if obj.state == Show.State.DRAFT:
            return sets
        return [(title, {"fields": tuple(one for one in part["fields"] if one != "steps")}) for title, part in sets]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Show | None:
        show: Show | None = super().get_object(request, object_id, from_field)
        if show is not None:
            show.steps = show_steps.steps_of(show, request.user.has_perm)  # type: ignore[attr-defined]
            show.ways = show_verbs.ways_of(show, request.user.has_perm)  # type: ignore[attr-defined]
        return show

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        show: Show | None = self.get_object(request, object_id)
        priced: dict[str, Any] = {}
        if has_house(show) and request.user.has_perm("ticketing.view_price"):
            assert show
            priced = context_of(price_board(show), request.user.has_perm)
        return super().change_view(request, object_id, form_url, priced | (extra_context or {}))

    @admin.display(description="before it is sold")
    def steps(self, show: Show) -> SafeString:
        return getattr(show, "steps", SafeString(""))

    @admin.display(description="what can be done")
    def verbs(self, show: Show) -> SafeString | str:
        return getattr(show, "ways", "-")

    @admin.display(description="what was decided")
    def life(self, show: Show) -> SafeString | str:
        return show_verbs.life_of(show)

    def places_numbered(self, show: Show, said: str) -> list[int]:
        """Of a ticket T-12 or an order HF-34 of this show."""
        kind, _, number = said.upper().partition("-")
        pk = whole(number)
        if pk and kind == "T":
            return list(Ticket.objects.filter(pk=pk, show=show).values_list("place_id", flat=True))
        if pk and kind == "HF":
            return list(OrderLine.objects.filter(order=pk, order__show=show).values_list("place_id", flat=True))
        return []

    def way_of_sale(self, request: HttpRequest, reference: str) -> tuple[str, str] | None:
        """To the order that a sale names, where it is given back."""
        pk = whole(reference.removeprefix("order:"))
        if not pk or not request.user.has_perm("ticketing.view_order"):
            return None
        order = Order.objects.filter(pk=pk).first()
        return (page_of(order), f"To the order {order_reference(pk)}") if order else None

    def name_of_sale(self, reference: str) -> str:
        pk = whole(reference.removeprefix("order:"))
        return order_reference(pk) if pk else reference
