"""What gateways told us, read-only: that it came, when, and what came of it. What it says of people stays sealed."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin.words import clock, label
from ticketing.admin import filters
from ticketing.models import GatewayEvent


@admin.register(GatewayEvent)
class GatewayEventAdmin(FactAdmin):
    list_display = ("event_id", "gateway", "kind", "received", "state", "done", "tries")
    list_filter = (filters.IsDone, ("received_at", filters.OnDates))
    search_fields = ("event_id__exact", "kind__exact", "outcome__exact")
    search_help_text = "Its id, its kind or what came of it"
    fieldsets = (
        (None, {"fields": (("gateway", "event_id"), ("kind", "state"))}),
        ("When", {"fields": (("received", "done"), ("tries", "next_try"), "error")}),
    )
    readonly_fields = ("state", "received", "done", "next_try")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GatewayEvent]:
        events: QuerySet[GatewayEvent] = super().get_queryset(request)
        return events.defer("sealed")

    @admin.display(description="what came of it")
    def state(self, event: GatewayEvent) -> SafeString:
        if event.done_at:
            return label(event.outcome or "done", "danger" if event.outcome == "unreadable" else "success")
        return label("tried, and to be tried again", "danger") if event.error else label("to be worked on", "warning")

    @admin.display(description="received")
    def received(self, event: GatewayEvent) -> str:
        return clock(event.received_at)

    @admin.display(description="done")
    def done(self, event: GatewayEvent) -> str:
        return clock(event.done_at)

    @admin.display(description="tried again")
    def next_try(self, event: GatewayEvent) -> str:
        return clock(event.next_try_at)
