"""Orders, read-only: who bought what for how much, how it was paid, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from core.contacts import ContactInvalid, read_contact
from core.opaque import opaque, revealed
from inventory.acts import Holder
from inventory.admin.filters import whole
from inventory.admin.links import to
from inventory.admin.noted import noted
from inventory.admin.reasons import in_words
from inventory.admin.words import clock, who
from ticketing.admin import filters, order_verbs, tables, words
from ticketing.models import Order, Payment
from ticketing.queries.links import order_reference
from ticketing.tickets.paper import price_in_words


@admin.register(Order)
class OrderAdmin(FactAdmin):
    list_display = ("name", "show", "state_label", "quantity", "total", "buyer_reached", "channel", "placed", "sold")
    list_select_related = ("show", "channel", "contact", "contact_erasure")
    list_filter = (filters.ByShow, filters.ByOrderState, filters.ByChannel, ("placed_at", filters.OnDates))
    search_fields = ("id",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "Its number, a contact, or a payment's id or bank reference"
    change_form_after_template = "ticketing/admin/below.html"
    fieldsets = (
        (None, {"fields": (("show", "state_label"), ("total", "quantity"), ("returned", "buyer_reached"), "verbs")}),
        ("When, where and by whom", {
            "fields": (("placed", "sold"), ("ended", "reason"), ("channel", "by_whom"), ("reference", "noted_of_it")),
        }),
        ("In the stock ledger", {"fields": (("its_lock", "its_sale"),)}),
    )  # fmt: skip
    readonly_fields = (
        *("state_label", "total", "returned", "buyer_reached", "placed", "sold", "ended", "reason", "by_whom"),
        *("reference", "its_lock", "its_sale", "verbs", "noted_of_it", "given_to"),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """Of a complimentary order also to whom it was given, and what it would have cost."""
        first, *others = super().get_fieldsets(request, obj)
        if obj is None or not hasattr(obj, "complimentary"):
            return [first, *others]
        return [first, ("Complimentary", {"fields": ("given_to",)}), *others]

    def get_urls(self) -> list[URLPattern]:
        return order_verbs.urls(self) + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        orders: QuerySet[Order] = super().get_queryset(request)
        return orders.select_related(*self.list_select_related, "lock", "sale", "complimentary").annotate(
            who=who("actor"), sees_guests=Value(request.user.has_perm(words.SEE_GUESTS))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        paid = Payment.objects.filter(
            Q(receipt=term) | Q(gateway_payment_id=term) | Q(bank_reference=term) | Q(reference=term)
        )
        number = whole(term.upper().removeprefix("HF-"))
        found = Q(pk__in=[number or 0, revealed("order", term) or 0]) | Q(pk__in=paid.values("order"))
        try:
            digest = Holder(contact=read_contact(term)).digests()["contact"]
        except ContactInvalid:
            return queryset.filter(found), False
        return queryset.filter(found | Q(contact_digest=digest)), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        order: Order | None = super().get_object(request, object_id, from_field)
        if order is not None:
            order.ways = order_verbs.ways_of(order, request.user.has_perm)  # type: ignore[attr-defined]
        return order

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        context = {} if order is None else {"tables": tables.of_order(order), "title": self.name(order)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="order")
    def name(self, order: Order) -> str:
        return order_reference(order.pk)

    @admin.display(description="state")
    def state_label(self, order: Order) -> SafeString:
        return words.order_state(order)

    @admin.display(description="total")
    def total(self, order: Order) -> str:
        return price_in_words(order.total_paise)

    @admin.display(description="given to")
    def given_to(self, order: Order) -> str:
        return words.gift(order, order.sees_guests)  # type: ignore[attr-defined]

    @admin.display(description="returned of that")
    def returned(self, order: Order) -> str:
        return words.amount(order.returned_paise)

    @admin.display(description="contact")
    def buyer_reached(self, order: Order) -> str:
        return words.contact(order, order.sees_guests)  # type: ignore[attr-defined]

    @admin.display(description="placed")
    def placed(self, order: Order) -> str:
        return clock(order.placed_at)

    @admin.display(description="confirmed")
    def sold(self, order: Order) -> str:
        return clock(order.confirmed_at)

    @admin.display(description="ended")
    def ended(self, order: Order) -> str:
        return clock(order.ended_at)

    @admin.display(description="why", empty_value="-")
    def reason(self, order: Order) -> str | None:
        return in_words(order.reason_code) or None

    @admin.display(description="by")
    def by_whom(self, order: Order) -> str:
        return getattr(order, "who", None) or order.actor

    @admin.display(description="what can be done")
    def verbs(self, order: Order) -> SafeString | str:
        return getattr(order, "ways", "-")

    @admin.display(description="noted of it")
    def noted_of_it(self, order: Order) -> SafeString | str:
        return noted(order)

    @admin.display(description="id in the API")
    def reference(self, order: Order) -> str:
        return opaque("order", order.pk)

    @admin.display(description="made of")
    def its_lock(self, order: Order) -> SafeString | str:
        return to(order.lock)

    @admin.display(description="became")
    def its_sale(self, order: Order) -> SafeString | str:
        return to(order.sale)
