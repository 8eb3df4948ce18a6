"""A show's own page says what its tiers cost, too, and leads to whoever may change that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from inventory.admin.of_a_show import has_house
from inventory.admin.shows import ShowAdmin
from inventory.models import Show
from ticketing.admin.price_board import context_of, price_board

admin.site.unregister(Show)


@admin.register(Show)
class PricedShowAdmin(ShowAdmin):
    change_form_after_template = "ticketing/admin/prices.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        show: Show | None = self.get_object(request, object_id)
        priced: dict[str, Any] = {}
        if has_house(show) and request.user.has_perm("ticketing.view_price"):
            assert show
            priced = context_of(price_board(show), request.user.has_perm)
        return super().change_view(request, object_id, form_url, priced | (extra_context or {}))
