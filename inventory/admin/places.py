"""Places, read-only: what is left of a show, seat by seat, and why the rest is not open."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin import filters, tables, words
from inventory.admin.links import head_of, list_of
from inventory.admin.stock import RAN_OUT, stock_of
from inventory.models import Place, Show


def asked_for(term: str) -> Q:
    """The places somebody means by "A 12", "A-12", "A12", "Stalls A 12", "Floor 512", "#512" or a section's name."""
    wanted = Q(section__name__icontains=term)
    *before, number = re.split(r"[\s-]+", term.replace("#", " ").strip())
    if before:
        *section, row = before
        seat = Q(row__iexact=row, number__iexact=number, section__name__istartswith=" ".join(section))
        return wanted | seat | Q(row="", number=number, section__name__iexact=" ".join(before))
    if joined := re.fullmatch(r"([a-z]+)(\d+)", number, re.IGNORECASE):
        wanted |= Q(row__iexact=joined[1], number=joined[2])
    return wanted | Q(number__iexact=number)


@admin.register(Place)
class PlaceAdmin(FactAdmin):
    list_display = ("label", "section", "tier", "state", "why", "allocation", "last_movement")
    list_select_related = ("section", "tier", "allocation", "movement", "claim__channel", "claim__hold")
    list_filter = (
        filters.ByTheOneShow,
        filters.BySection,
        filters.ByTier,
        filters.ByStatus,
        filters.ByAllocation,
    )
    list_before_template = change_form_before_template = "inventory/admin/stock.html"
    change_form_after_template = "inventory/admin/below.html"
    search_fields = ("row",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "A 12, A-12, #512 or a section"
    # As the house is built: section by section, along each row. No index serves it, and one show is few enough.
    ordering = ("section__ordinal", "section_id", "run", "position", "id")
    fieldsets = (
        (None, {"fields": (("section", "label"), ("tier", "rank"), "marks")}),
        ("Now", {"fields": (("state", "why"), ("allocation", "last_movement"))}),
    )
    readonly_fields = ("label", "state", "why", "last_movement", "marks")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        ran_out = Case(When(RAN_OUT, then=Value(True)), default=Value(False), output_field=BooleanField())
        places: QuerySet[Place] = super().get_queryset(request)
        return places.annotate(ran_out=ran_out, because=words.because("claim"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Place | None:
        pk = filters.whole(object_id)
        related = ("show__venue", *self.list_select_related)
        return self.get_queryset(request).select_related(*related).filter(pk=pk).first() if pk else None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Place], search_term: str
    ) -> tuple[QuerySet[Place], bool]:
        term = " ".join(search_term.split())
        return (queryset.filter(asked_for(term)) if term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        show_id = filters.whole(request.GET.get("show"))
        is_asked_for = show_id is not None or {"claim", "e"} & set(request.GET)
        if not is_asked_for and (nearest := _nearest_show()):
            also = {key: request.GET[key] for key in request.GET if key != "show"}
            return HttpResponseRedirect(list_of(Place, show=nearest.pk, **also))
        show = Show.objects.select_related("venue").filter(pk=show_id).first() if show_id else None
        stock = stock_of([show.pk]).get(show.pk) if show else None
        context = head_of(show, stock) | {"show_missing": not is_asked_for}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        place = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if place is not None:
            stock = stock_of([place.show_id]).get(place.show_id)
            context = head_of(place.show, stock, place=place)
            context |= {"below": tables.history_of(place), "title": words.seat(place)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="place")
    def label(self, place: Place) -> str:
        return str(place)

    @admin.display(description="status")
    def state(self, place: Place) -> SafeString:
        return words.place_status(place)

    @admin.display(description="why")
    def why(self, place: Place) -> SafeString | str:
        return words.why(place)

    @admin.display(description="last movement")
    def last_movement(self, place: Place) -> SafeString | str:
        return words.act(place.movement)

    @admin.display(description="marks")
    def marks(self, place: Place) -> str:
        return ", ".join(words.marks(place))


def _nearest_show() -> Show | None:
    """The show with a house that is on now or comes next; the last one of all when none is to come."""
    housed = Show.objects.filter(manifest_version__gt=0)
    coming = housed.filter(starts_at__gte=timezone.now() - timedelta(hours=4)).order_by("starts_at", "pk")
    return coming.first() or housed.order_by("-starts_at", "-pk").first()
