"""Prices and their exceptions, read-only: what every tier cost since when, and who let a channel ask another price."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin.links import link, to
from inventory.admin.noted import noted
from inventory.admin.searched import FoundByReason
from inventory.admin.words import clock, label, who
from ticketing.admin import filters, parity, pricing, words
from ticketing.models import Price, PriceException


class OfATierAdmin(FactAdmin):
    """Facts about a tier that a form page makes: whoever may is offered it as adding one."""

    made_with = ""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(self.made_with))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("tier__show").annotate(who=who("actor"))
        return rows

    @admin.display(description="show")
    def show(self, row: Price | PriceException) -> SafeString | str:
        return to(row.tier.show)

    @admin.display(description="price")
    def price(self, row: Price | PriceException) -> str:
        return words.amount(row.paise)

    @admin.display(description="how it is read")
    def read_as(self, row: Price | PriceException) -> str:
        return f"{row.get_reading_display()}: {row.reading_reason}" if row.reading else "-"

    @admin.display(description="by")
    def by_whom(self, row: Price | PriceException) -> str:
        return getattr(row, "who", None) or row.actor

    @admin.display(description="written down")
    def made(self, row: Price | PriceException) -> str:
        return clock(row.made_at)


@admin.register(Price)
class PriceAdmin(OfATierAdmin):
    made_with = "ticketing.set_price"
    ordering = ("-from_at", "-id")
    list_display = ("name", "show", "price", "begins", "read_as", "by_whom", "made")
    list_filter = (filters.ByTiersShow, ("from_at", filters.OnDates))
    search_fields = ("tier__name", "tier__show__title")
    fieldsets = ((None, {"fields": (("show", "tier"), ("price", "begins"), "read_as", ("by_whom", "made"))}),)
    readonly_fields = ("show", "price", "begins", "read_as", "by_whom", "made")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return pricing.set_price_page(self, request)

    @admin.display(description="tier")
    def name(self, price: Price) -> str:
        return price.tier.name

    @admin.display(description="from")
    def begins(self, price: Price) -> str:
        return clock(price.from_at)


@admin.register(PriceException)
class PriceExceptionAdmin(OfATierAdmin, FoundByReason):
    made_with = "ticketing.approve_price_exception"
    ordering = ("-begins_at", "-id")
    list_display = ("name", "channel", "show", "price", "state", "begins", "until", "why", "approver", "end")
    list_filter = (filters.ByTiersShow, filters.ByChannel, filters.IsInForce)
    search_fields = ("tier__name", "tier__show__title", "note")
    search_help_text = "A tier, a show, a reason or words of its note"
    fieldsets = (
        (None, {"fields": (("show", "tier"), ("channel", "state"), ("price", "read_as"), ("begins", "until"))}),
        ("Why, and by whom", {"fields": (("why", "approver"), ("by_whom", "made"), "noted_of_it", "end")}),
    )
    readonly_fields = (
        *("show", "state", "price", "read_as", "begins", "until", "why", "by_whom", "made", "noted_of_it"),
        "end",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("channel", "approver")

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(partial(pricing.end_exception_page, self))
        report = self.admin_site.admin_view(partial(parity.parity_page, self))
        return [
            path("parity/", report, name="ticketing_price_parity"),
            path("<str:pk>/end/", end, name="ticketing_priceexception_end"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return pricing.except_price_page(self, request)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if request.user.has_perm(self.made_with) else self.list_display[:-1]

    def get_fieldsets(self, request: HttpRequest, obj: PriceException | None = None) -> Any:
        if request.user.has_perm(self.made_with):
            return self.fieldsets
        first, (title, options) = self.fieldsets
        return (first, (title, {**options, "fields": options["fields"][:-1]}))

    @admin.display(description="tier")
    def name(self, exception: PriceException) -> str:
        return exception.tier.name

    @admin.display(description="state")
    def state(self, exception: PriceException) -> SafeString:
        now = timezone.now()
        if exception.ends_at <= now:
            return label("over")
        return label("to come", "info") if exception.begins_at > now else label("in force", "success")

    @admin.display(description="from")
    def begins(self, exception: PriceException) -> str:
        return clock(exception.begins_at)

    @admin.display(description="until")
    def until(self, exception: PriceException) -> str:
        return clock(exception.ends_at)

    @admin.display(description="why")
    def why(self, exception: PriceException) -> str:
        return words.because(exception.reason_code, exception.note)

    @admin.display(description="noted of it")
    def noted_of_it(self, exception: PriceException) -> SafeString | str:
        return noted(exception)

    @admin.display(description="end it")
    def end(self, exception: PriceException) -> SafeString | str:
        if exception.ends_at <= timezone.now():
            return "-"
        return link(reverse("admin:ticketing_priceexception_end", args=[exception.pk]), "End it")
