"""Freezes and incidents as facts: what was stopped, by whom and why, until when, and what that has refused."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin import filters, freezing, words
from inventory.admin.links import link, page_of, to
from inventory.admin.safety import safety_of
from inventory.models import Freeze, Incident


@admin.register(Freeze)
class FreezeAdmin(FactAdmin):
    list_display = ("name", "show", "state", "since", "by_whom", "why", "thawed_when", "thawed_by", "thaw")
    list_select_related = ("show", "tier", "section", "channel", "rule", "frozen__note", "thawed__note")
    list_filter = (filters.ByShow, filters.IsThawed, filters.ByChannel)
    fieldsets = (
        (None, {"fields": (("show", "state"), ("tier", "section"), ("channel", "of_rule"))}),
        ("Frozen", {"fields": (("since", "by_whom"), "why")}),
    )
    thawed_by_now = ("Thawed", {"fields": (("thawed_when", "thawed_by"), "why_thawed")})
    readonly_fields = (
        *("state", "of_rule", "since", "by_whom", "why", "safe", "thaw"),
        *("thawed_when", "thawed_by", "why_thawed"),
    )

    def get_urls(self) -> list[URLPattern]:
        thaw = self.admin_site.admin_view(partial(freezing.thaw_page, self))
        return [path("<str:pk>/thaw/", thaw, name="inventory_freeze_thaw"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Freeze]:
        freezes: QuerySet[Freeze] = super().get_queryset(request)
        related = (*self.list_select_related, "rule__tier", "rule__section", "rule__channel")
        return freezes.select_related(*related).annotate(
            who=words.who("frozen__actor"), who_thawed=words.who("thawed__actor")
        )

    def get_list_display(self, request: HttpRequest) -> Any:
        may = request.user.has_perm("inventory.change_freeze")
        return self.list_display if may else self.list_display[:-1]

    def get_fieldsets(self, request: HttpRequest, obj: Freeze | None = None) -> Any:
        if obj is None or obj.thawed_id:
            return (*super().get_fieldsets(request, obj), self.thawed_by_now)
        fields = ("safe", "thaw") if request.user.has_perm("inventory.change_freeze") else ("safe",)
        return (*super().get_fieldsets(request, obj), ("When it is safe to thaw", {"fields": fields}))

    @admin.display(description="what")
    def name(self, freeze: Freeze) -> str:
        return str(freeze)

    @admin.display(description="state")
    def state(self, freeze: Freeze) -> SafeString:
        return words.label("thawed") if freeze.thawed_id else words.label("frozen", "danger")

    @admin.display(description="since")
    def since(self, freeze: Freeze) -> SafeString | str:
        return to(freeze.frozen, words.clock(freeze.frozen.at))

    @admin.display(description="by")
    def by_whom(self, freeze: Freeze) -> str:
        return "a rule" if freeze.rule_id else getattr(freeze, "who", None) or freeze.frozen.actor

    @admin.display(description="why")
    def why(self, freeze: Freeze) -> str:
        return str(freeze.rule) if freeze.rule else words.reason(freeze.frozen)

    @admin.display(description="rule")
    def of_rule(self, freeze: Freeze) -> SafeString | str:
        return to(freeze.rule)

    @admin.display(description="thawed")
    def thawed_when(self, freeze: Freeze) -> SafeString | str:
        return to(freeze.thawed, words.clock(freeze.thawed.at)) if freeze.thawed else "-"

    @admin.display(description="thawed by")
    def thawed_by(self, freeze: Freeze) -> str:
        return getattr(freeze, "who_thawed", None) or (freeze.thawed.actor if freeze.thawed else "-")

    @admin.display(description="why thawed")
    def why_thawed(self, freeze: Freeze) -> str:
        return words.reason(freeze.thawed) if freeze.thawed else "-"

    @admin.display(description="by the rules")
    def safe(self, freeze: Freeze) -> SafeString | str:
        return words.lines(("", line) for line in safety_of(freeze))

    @admin.display(description="let it be sold again")
    def thaw(self, freeze: Freeze) -> SafeString | str:
        return "-" if freeze.thawed_id else link(reverse("admin:inventory_freeze_thaw", args=[freeze.pk]), "Thaw")


@admin.register(Incident)
class IncidentAdmin(FactAdmin):
    list_display = ("name", "show", "of_channel", "about", "often", "last")
    list_select_related = ("show", "channel")
    list_filter = (filters.ByShow, filters.ByChannel, ("last_at", filters.OnDates))
    fieldsets = ((None, {"fields": (("name", "show"), ("of_channel", "about"), ("often", "last"))}),)
    readonly_fields = ("name", "of_channel", "about", "often", "last")

    def prepare_rows(self, rows: QuerySet[Incident]) -> None:
        pks = [pk for incident in rows if (pk := _freeze_of(incident))]
        freezes = Freeze.objects.select_related("tier", "section", "channel").in_bulk(pks)
        for incident in rows:
            incident.freeze = freezes.get(_freeze_of(incident) or 0)  # type: ignore[attr-defined]  # for a column

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Incident | None:
        incident: Incident | None = super().get_object(request, object_id, from_field)
        if incident is not None:
            self.prepare_rows([incident])  # type: ignore[arg-type]
        return incident

    @admin.display(description="what")
    def name(self, incident: Incident) -> SafeString:
        return words.label(incident.get_kind_display(), "warning")

    @admin.display(description="channel", empty_value="-")
    def of_channel(self, incident: Incident) -> str | None:
        return str(incident.channel) if incident.channel else None

    @admin.display(description="about")
    def about(self, incident: Incident) -> SafeString | str:
        freeze: Freeze | None = getattr(incident, "freeze", None)
        return incident.subject if freeze is None else link(page_of(freeze), freeze)

    @admin.display(description="times")
    def often(self, incident: Incident) -> str:
        return f"{incident.times:,} in the hour from {words.clock(incident.hour_at).removesuffix(':00')}"

    @admin.display(description="the last")
    def last(self, incident: Incident) -> str:
        return words.clock(incident.last_at)


def _freeze_of(incident: Incident) -> int | None:
    kind, _, pk = incident.subject.partition(":")
    return filters.whole(pk) if kind == "freeze" else None
