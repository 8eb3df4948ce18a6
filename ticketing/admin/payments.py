"""Payments, read-only: every attempt to pay, by every tender, and what the money that came of it means."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin.filters import whole
from inventory.admin.links import to
from inventory.admin.words import clock, who
from ticketing.admin import filters, giving_back, tables, words, worklist
from ticketing.models import Payment, Refund


@admin.register(Payment)
class PaymentAdmin(FactAdmin):
    list_display = ("name", "when", "of_order", "show", "tender", "state_label", "amount", "aside", "reached_by")
    list_select_related = ("order__show",)
    list_filter = (
        filters.ByOrdersShow,
        filters.ByTender,
        filters.ByPaymentState,
        filters.ByAside,
        ("created_at", filters.OnDates),
    )
    search_fields = ("receipt",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "Its number, receipt or reference, the gateway's id of it, or the bank's"
    change_form_after_template = "ticketing/admin/below.html"
    fieldsets = (
        (None, {
            "fields": (("of_order", "show"), ("tender", "state_label"), ("asked", "came"), ("allocated", "aside")),
        }),
        ("When and by whom", {"fields": (("when", "closes"), ("captured", "next_look"), "by_whom")}),
        ("References", {"fields": (("receipt", "reference"), ("bank_reference", "payer"))}),
    )  # fmt: skip
    of_the_gateway = (
        "At the gateway",
        {
            "fields": (
                ("gateway", "method"),
                ("gateway_payment_id", "gateway_order_id"),
                ("qr_id", "failure"),
                ("fee", "looks"),
            )
        },
    )
    readonly_fields = (
        *("of_order", "show", "state_label", "asked", "came", "allocated", "aside", "when", "closes", "captured"),
        *("next_look", "by_whom", "fee"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        payments: QuerySet[Payment] = super().get_queryset(request)
        return payments.select_related(*self.list_select_related).annotate(who=who("actor"))

    def get_urls(self) -> list[URLPattern]:
        work_list = self.admin_site.admin_view(partial(worklist.work_list_page, self))
        give_back = self.admin_site.admin_view(partial(giving_back.return_page, self))
        return [
            path("work-list/", work_list, name="ticketing_worklist"),
            path("<str:pk>/return/", give_back, name="ticketing_payment_return"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        names = ("receipt", "reference", "gateway_payment_id", "gateway_order_id", "qr_id", "bank_reference")
        found = Q(pk=whole(term) or 0)
        for name in names:
            found |= Q(**{name: term})
        return queryset.filter(found), False

    def get_fieldsets(self, request: HttpRequest, obj: Payment | None = None) -> Any:
        is_gateways = obj is not None and obj.tender == Payment.Tender.GATEWAY
        return (*self.fieldsets, self.of_the_gateway) if is_gateways else self.fieldsets

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        payment = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if payment is not None:
            refunds = tables.refunds_of(Refund.objects.filter(payment=payment))
            context = {"tables": [refunds] if refunds["table"]["rows"] else [], "title": self.name(payment)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="payment")
    def name(self, payment: Payment) -> str:
        return f"Payment {payment.pk}"

    @admin.display(description="begun")
    def when(self, payment: Payment) -> str:
        return clock(payment.created_at)

    @admin.display(description="order")
    def of_order(self, payment: Payment) -> SafeString | str:
        return words.of_order(payment.order)

    @admin.display(description="show")
    def show(self, payment: Payment) -> SafeString | str:
        return to(payment.order.show) if payment.order else "-"

    @admin.display(description="state")
    def state_label(self, payment: Payment) -> SafeString:
        return words.payment_state(payment)

    @admin.display(description="amount")
    def amount(self, payment: Payment) -> str:
        return words.amount(payment.received_paise or payment.amount_paise)

    @admin.display(description="asked for")
    def asked(self, payment: Payment) -> str:
        return words.amount(payment.amount_paise)

    @admin.display(description="came")
    def came(self, payment: Payment) -> str:
        return words.amount(payment.received_paise) if payment.received_paise else "-"

    @admin.display(description="pays for the order")
    def allocated(self, payment: Payment) -> str:
        return words.amount(payment.allocated_paise)

    @admin.display(description="set aside")
    def aside(self, payment: Payment) -> SafeString | str:
        return words.aside(payment)

    @admin.display(description="reference")
    def reached_by(self, payment: Payment) -> str:
        return payment.failure or payment.gateway_payment_id or payment.reference or "-"

    @admin.display(description="can be paid until")
    def closes(self, payment: Payment) -> str:
        return clock(payment.closes_at)

    @admin.display(description="came at")
    def captured(self, payment: Payment) -> str:
        return clock(payment.captured_at)

    @admin.display(description="looked at again")
    def next_look(self, payment: Payment) -> str:
        return clock(payment.next_look_at)

    @admin.display(description="by")
    def by_whom(self, payment: Payment) -> str:
        return getattr(payment, "who", None) or payment.actor

    @admin.display(description="fee, and the tax in it")
    def fee(self, payment: Payment) -> str:
        return f"{words.amount(payment.fee_paise)}, {words.amount(payment.fee_tax_paise)}"
