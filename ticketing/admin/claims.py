"""A hold's own page leads to what money does with it, too: its places are given, or sold."""

from __future__ import annotations

from functools import partial

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from inventory.admin.claims import ClaimAdmin
from inventory.admin.links import page_of
from inventory.models import Claim, Show
from ticketing.admin import giving, guests, selling
from ticketing.models import Order
from ticketing.queries.links import order_reference

admin.site.unregister(Claim)
PAGES = {"complimentary": giving.give_from_hold_page, "sell": selling.sell_page}


@admin.register(Claim)
class SellingClaimAdmin(ClaimAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            path(f"<str:pk>/{name}/", self.admin_site.admin_view(partial(page, self)), name=f"inventory_claim_{name}")
            for name, page in PAGES.items()
        ] + super().get_urls()

    def ways_of_hold(self, request: HttpRequest, claim: Claim) -> list[dict[str, str]]:
        if claim.ended_at is not None:
            return []
        if claim.reference:
            return self._way_to_order(request, claim)
        if claim.show.state == Show.State.CANCELLED:
            return []
        ways = []
        if request.user.has_perm(giving.PERMISSION):
            url = reverse("admin:inventory_claim_complimentary", args=[claim.pk])
            ways.append({"text": "Give complimentary tickets…", "url": url})
        if request.user.has_perm(selling.PERMISSION):
            url = reverse("admin:inventory_claim_sell", args=[claim.pk])
            ways.append({"text": "Sell, paid later…", "url": url})
        if request.user.has_perm(guests.PERMISSION):
            url = reverse("admin:inventory_show_guests", args=[claim.show_id])
            ways.append({"text": "Guest list…", "url": f"{url}?hold={claim.pk}"})
        return ways

    def _way_to_order(self, request: HttpRequest, claim: Claim) -> list[dict[str, str]]:
        """Of what is ordered and not paid yet, everything is done on the order's page."""
        order = Order.objects.filter(lock=claim).first()
        if order is None or not request.user.has_perm("ticketing.view_order"):
            return []
        return [{"text": f"To the order {order_reference(order.pk)}", "url": page_of(order)}]
