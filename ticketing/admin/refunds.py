"""Refunds, read-only: what goes back, why, and how far it is. One that failed is tried again; cash is handed back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from inventory.admin.links import to
from inventory.admin.noted import noted
from inventory.admin.searched import FoundByReason
from inventory.admin.words import clock, who
from ticketing.admin import filters, giving_back, words
from ticketing.models import Refund


@admin.register(Refund)
class RefundAdmin(FoundByReason):
    list_display = ("name", "when", "of_order", "show", "amount", "state_label", "of_payment", "why", "by_whom")
    list_select_related = ("order__show", "payment")
    list_filter = (filters.ByOrdersShow, filters.ByRefundState, ("requested_at", filters.OnDates))
    search_fields = ("key__exact", "gateway_refund_id__exact", "bank_reference__exact")
    search_help_text = "Its key, the gateway's id or the bank's reference of it, or a reason"
    fieldsets = (
        (None, {"fields": (("of_order", "show"), ("amount", "state_label"), ("of_payment", "of_aside"))}),
        ("Why, and by whom", {"fields": (("why", "by_whom"), "noted_of_it")}),
        ("How far it is", {
            "fields": (("when", "submitted"), ("ended", "next_try"), ("gateway_refund_id", "bank_reference"),
                       ("key", "failure")),
        }),
    )  # fmt: skip
    readonly_fields = (
        *("of_order", "show", "amount", "state_label", "of_payment", "why", "by_whom", "noted_of_it", "when"),
        *("submitted", "ended", "next_try", "acts"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        refunds: QuerySet[Refund] = super().get_queryset(request)
        return refunds.select_related(*self.list_select_related).annotate(who=who("actor"))

    def get_urls(self) -> list[URLPattern]:
        pages = (("retry", giving_back.retry_page), ("hand-back", giving_back.hand_back_page))
        return [
            path(
                f"<str:pk>/{name}/",
                self.admin_site.admin_view(partial(page, self)),
                name=f"ticketing_refund_{name.replace('-', '_')}",
            )
            for name, page in pages
        ] + super().get_urls()

    def get_fieldsets(self, request: HttpRequest, obj: Refund | None = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None or not giving_back.verb_of(obj) or not request.user.has_perm(giving_back.PERMISSION):
            return sets
        (_, first), *rest = sets
        return [(None, {"fields": (*first["fields"], "acts")}), *rest]

    @admin.display(description="refund")
    def name(self, refund: Refund) -> str:
        return f"Refund {refund.pk}"

    @admin.display(description="asked for")
    def when(self, refund: Refund) -> str:
        return clock(refund.requested_at)

    @admin.display(description="order")
    def of_order(self, refund: Refund) -> SafeString | str:
        return words.of_order(refund.order)

    @admin.display(description="show")
    def show(self, refund: Refund) -> SafeString | str:
        return to(refund.order.show) if refund.order else "-"

    @admin.display(description="amount")
    def amount(self, refund: Refund) -> str:
        return words.amount(refund.amount_paise)

    @admin.display(description="state")
    def state_label(self, refund: Refund) -> SafeString:
        return words.refund_state(refund)

    @admin.display(description="of")
    def of_payment(self, refund: Refund) -> SafeString | str:
        return words.of_payment(refund.payment)

    @admin.display(description="why")
    def why(self, refund: Refund) -> str:
        return words.because(refund.reason_code, refund.note)

    @admin.display(description="by")
    def by_whom(self, refund: Refund) -> str:
        return getattr(refund, "who", None) or refund.actor

    @admin.display(description="noted of it")
    def noted_of_it(self, refund: Refund) -> SafeString | str:
        return noted(refund)

    @admin.display(description="sent")
    def submitted(self, refund: Refund) -> str:
        return clock(refund.submitted_at)

    @admin.display(description="ended")
    def ended(self, refund: Refund) -> str:
        return clock(refund.ended_at)

    @admin.display(description="tried again")
    def next_try(self, refund: Refund) -> str:
        return clock(refund.next_try_at)

    @admin.display(description="what can be done")
    def acts(self, refund: Refund) -> SafeString | str:
        return giving_back.link_to(refund)
