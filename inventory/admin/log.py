"""What people did in the admin: who, when, with what, and why. Also of rows that are gone. Nobody writes in it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from core.admin import FactAdmin, RangeDateFilter
from inventory.admin import words
from inventory.admin.links import link

ACTS = {ADDITION: ("made", "success"), CHANGE: ("did", "info"), DELETION: ("deleted", "danger")}


@admin.register(LogEntry)
class LogAdmin(FactAdmin):
    list_display = ("when", "user", "act", "row", "said")
    list_filter = (("action_time", RangeDateFilter), "action_flag")
    search_fields = ("user__username", "object_repr", "change_message")
    ordering = ("-pk",)
    fields = (("when", "user"), ("act", "row"), "said")
    readonly_fields = ("when", "act", "row", "said")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        entries: QuerySet[LogEntry] = super().get_queryset(request)
        return entries.select_related("user", "content_type")

    @admin.display(description="when")
    def when(self, entry: LogEntry) -> str:
        return words.clock(entry.action_time)

    @admin.display(description="act")
    def act(self, entry: LogEntry) -> SafeString:
        return words.label(*ACTS[entry.action_flag])

    @admin.display(description="with")
    def row(self, entry: LogEntry) -> SafeString | str:
        kind = entry.content_type
        named = f"{kind.name if kind else 'row'} {entry.object_repr}"
        if entry.action_flag == DELETION or kind is None:
            return named
        try:
            return link(reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[entry.object_id]), named)
        except NoReverseMatch:
            return named

    @admin.display(description="what, and why")
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message() or "-"
