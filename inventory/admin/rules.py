"""Freeze rules: when selling stops by itself. Saving one waits for the sales in flight."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from inventory.admin import filters, words
from inventory.admin.links import link, stock_page_of
from inventory.admin.of_a_show import OfAShowAdmin
from inventory.models import FreezeRule


@admin.register(FreezeRule)
class FreezeRuleAdmin(OfAShowAdmin):
    list_display = ("name", "show", "in_force", "board")
    list_select_related = ("show", "tier", "section", "channel")
    list_filter = (filters.ByShow, filters.ByChannel, "is_active")
    search_fields = ("show__title", "tier__name", "section__name")
    fields = ("show", "tier", "section", "channel", "margin", "is_active")

    def why_kept(self, obj: FreezeRule) -> str:
        return (
            "This rule has frozen something: it is kept. Untick 'in force' to end it." if obj.freezes.exists() else ""
        )

    def get_fieldsets(self, request: HttpRequest, obj: FreezeRule | None = None) -> Any:
        about = (
            "Counted over a tier, a section, or the whole show if neither is named; it stops one channel, or all of "
            "them. The sale that reaches the line is the last one. What it has frozen stays so until a person thaws it."
        )
        ((name, options),) = super().get_fieldsets(request, obj)
        return [(name, {**options, "description": about})]

    @admin.display(description="stops")
    def name(self, rule: FreezeRule) -> str:
        return str(rule)

    @admin.display(description="in force")
    def in_force(self, rule: FreezeRule) -> SafeString:
        return words.label("in force", "success") if rule.is_active else words.label("off")

    @admin.display(description="look at")
    def board(self, rule: FreezeRule) -> SafeString:
        return link(stock_page_of(rule.show_id), "stock")
