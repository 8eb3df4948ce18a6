"""The ledger itself, read-only: movements, and their entries place by place."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin import filters, reasons, tables, words
from inventory.admin.links import to
from inventory.models import Entry, Movement


@admin.register(Movement)
class MovementAdmin(FactAdmin):
    list_display = ("name", "when", "show", "quantity", "of_claim", "channel", "by_whom", "why")
    list_select_related = ("show", "channel", "claim", "note")
    list_filter = (filters.ByShow, filters.ByVerb, filters.ByChannel, ("at", filters.OnDates))
    search_fields = ("actor",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "Its number, an actor or a reason"
    change_form_after_template = "inventory/admin/below.html"
    fieldsets = (
        (None, {"fields": (("show", "verb"), ("quantity", "of_claim"))}),
        ("By whom, when and why", {
            "fields": (("by_whom", "actor"), ("channel", "when"), ("reason", "note_text")),
        }),
    )  # fmt: skip
    readonly_fields = ("of_claim", "when", "by_whom", "reason", "note_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movement]:
        movements: QuerySet[Movement] = super().get_queryset(request)
        return movements.select_related(*self.list_select_related).annotate(who=words.who("actor"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Movement], search_term: str
    ) -> tuple[QuerySet[Movement], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = Q(actor__iexact=term) | Q(reason_code__in=reasons.codes_of(term)) | Q(who__iexact=term)
        return queryset.filter(wanted | Q(pk=filters.whole(term) or 0)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        movement = self.get_object(request, object_id)
        context = {} if movement is None else {"below": tables.entries_of(movement), "title": str(movement)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="act")
    def name(self, movement: Movement) -> str:
        return str(movement)

    @admin.display(description="when")
    def when(self, movement: Movement) -> str:
        return words.clock(movement.at)

    @admin.display(description="claim")
    def of_claim(self, movement: Movement) -> SafeString | str:
        return to(movement.claim)

    @admin.display(description="by")
    def by_whom(self, movement: Movement) -> str:
        return getattr(movement, "who", None) or movement.actor

    @admin.display(description="why")
    def why(self, movement: Movement) -> str:
        return words.reason(movement)

    @admin.display(description="reason", empty_value="-")
    def reason(self, movement: Movement) -> str | None:
        return reasons.in_words(movement.reason_code) or None

    @admin.display(description="note", empty_value="-")
    def note_text(self, movement: Movement) -> str | None:
        note = getattr(movement, "note", None)
        return note and note.text


@admin.register(Entry)
class EntryAdmin(FactAdmin):
    list_display = ("name", "when", "act", "show", "place_label", "section", "from_to", "by_whom")
    list_select_related = ("movement__show", "place__section")
    list_filter = (filters.ByMovementsShow, filters.ByMovementsVerb, ("movement__at", filters.OnDates))
    fieldsets = (
        (None, {"fields": (("place_label", "section"), ("from_to", "under_what"))}),
        ("By which act", {"fields": (("act", "when"), "by_whom")}),
    )
    readonly_fields = ("act", "when", "by_whom", "place_label", "section", "from_to", "under_what")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        entries: QuerySet[Entry] = super().get_queryset(request)
        return entries.select_related(*self.list_select_related).annotate(who=words.who("movement__actor"))

    @admin.display(description="entry")
    def name(self, entry: Entry) -> str:
        return str(entry.pk)

    @admin.display(description="when")
    def when(self, entry: Entry) -> str:
        return words.clock(entry.movement.at)

    @admin.display(description="act")
    def act(self, entry: Entry) -> SafeString | str:
        return to(entry.movement)

    @admin.display(description="show")
    def show(self, entry: Entry) -> str:
        return str(entry.movement.show)

    @admin.display(description="place")
    def place_label(self, entry: Entry) -> SafeString | str:
        return to(entry.place)

    @admin.display(description="section")
    def section(self, entry: Entry) -> str:
        return str(entry.place.section)

    @admin.display(description="from → to")
    def from_to(self, entry: Entry) -> SafeString:
        return words.from_to(entry)

    @admin.display(description="under what")
    def under_what(self, entry: Entry) -> SafeString | str:
        return tables.Changes([entry]).of(entry)

    @admin.display(description="by")
    def by_whom(self, entry: Entry) -> str:
        return getattr(entry, "who", None) or entry.movement.actor
