"""Tickets, read-only. Their code is never shown here: whoever has it is let in."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin.filters import whole
from inventory.admin.links import to
from inventory.admin.words import clock, seat
from ticketing.admin import filters, tables, words
from ticketing.models import Ticket
from ticketing.queries.links import ticket_number


@admin.register(Ticket)
class TicketAdmin(FactAdmin):
    ordering = ("-id",)
    list_display = ("name", "show", "where", "of_order", "state", "issued", "voided")
    list_select_related = ("show", "place__section", "order")
    list_filter = (filters.ByShow, filters.IsVoid, ("issued_at", filters.OnDates))
    search_fields = ("id",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "Its number, or its order's: T-12, HF-34"
    fieldsets = (
        (None, {"fields": (("show", "state"), ("where", "of_order"), ("serial", "its_sale"))}),
        ("When", {"fields": (("issued", "voided"),)}),
    )
    readonly_fields = ("state", "where", "of_order", "its_sale", "issued", "voided")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        if not search_term.strip():
            return queryset, False
        term = search_term.strip().upper()
        ticket, order = whole(term.removeprefix("T-")) or 0, whole(term.removeprefix("HF-")) or 0
        return queryset.filter(Q(pk=ticket) | Q(order_id=order)), False

    @admin.display(description="ticket")
    def name(self, ticket: Ticket) -> str:
        return ticket_number(ticket.pk)

    @admin.display(description="place")
    def where(self, ticket: Ticket) -> SafeString | str:
        return to(ticket.place, seat(ticket.place))

    @admin.display(description="order")
    def of_order(self, ticket: Ticket) -> SafeString | str:
        return words.of_order(ticket.order)

    @admin.display(description="state")
    def state(self, ticket: Ticket) -> SafeString | str:
        state: SafeString = tables.ticket_state(ticket)
        return state

    @admin.display(description="sale")
    def its_sale(self, ticket: Ticket) -> SafeString | str:
        return to(ticket.sale)

    @admin.display(description="issued")
    def issued(self, ticket: Ticket) -> str:
        return clock(ticket.issued_at)

    @admin.display(description="void since")
    def voided(self, ticket: Ticket) -> str:
        return clock(ticket.voided_at)
