"""Freeze rules: when selling stops by itself. Saving one waits for the sales in flight."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from inventory.admin import filters, words
from inventory.admin.links import link, stock_page_of
from inventory.admin.of_a_show import OfAShowAdmin
from inventory.models import FreezeRule
from inventory.queries.stock import board

# The form as a sentence, field by field.
SENTENCE = {
    "tier": ("Stop selling the tier", "Empty: the section below, or everything."),
    "section": ("or the section", "Empty: the tier above, or everything. One of the two at most."),
    "channel": ("on", "Empty: on every channel."),
    "margin": (
        "when so many or fewer are open",
        "Counted over that tier or section, or the whole show, whoever may sell it. Each payment that lapsed and may "
        "come after all counts as one more.",
    ),
}


def tell_of(request: HttpRequest, rule: FreezeRule) -> None:
    """How near its line a rule is that was saved just now, and whether it stops the very next sale."""
    now = board(rule.show_id)
    if now is None:
        return
    for line in now.rules:
        if line.rule_id == rule.pk:
            tell = messages.info if line.headroom else messages.warning
            tell(request, words.rule_line(line, now))


@admin.register(FreezeRule)
class FreezeRuleAdmin(OfAShowAdmin):
    list_display = ("name", "show", "in_force", "board")
    list_select_related = ("show", "tier", "section", "channel")
    list_filter = (filters.ByShow, filters.ByChannel, "is_active")
    search_fields = ("show__title", "tier__name", "section__name")
    fields = ("show", "tier", "section", "channel", "margin", "is_active")

    def why_at_first(self, request: HttpRequest) -> str:
        return ""

    def why_kept(self, obj: FreezeRule) -> str:
        return (
            "This rule has frozen something: it is kept. Untick 'in force' to end it." if obj.freezes.exists() else ""
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        label, help_text = SENTENCE.get(db_field.name, ("", ""))
        wording = {"label": label, "help_text": help_text} if label else {}
        return super().formfield_for_dbfield(db_field, request, **kwargs | wording)

    def get_fieldsets(self, request: HttpRequest, obj: FreezeRule | None = None) -> Any:
        about = (
            "Read it as a sentence: stop selling Gold on every channel when 20 or fewer are open. The sale that gets "
            "there is the last one. What it has frozen stays so until a person thaws it."
        )
        (name, options), *rest = super().get_fieldsets(request, obj)
        return [(name, {**options, "description": about}), *rest]

    def response_add(self, request: HttpRequest, obj: FreezeRule, *args: Any, **kwargs: Any) -> HttpResponse:
        tell_of(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: FreezeRule) -> HttpResponse:
        tell_of(request, obj)
        return super().response_change(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: FreezeRule) -> HttpResponseRedirect:
        return HttpResponseRedirect(stock_page_of(obj.show_id))  # where it is told with all others of its show

    response_post_save_change = response_post_save_add

    @admin.display(description="what it does")
    def name(self, rule: FreezeRule) -> str:
        return capfirst(str(rule))

    @admin.display(description="in force")
    def in_force(self, rule: FreezeRule) -> SafeString:
        return words.label("in force", "success") if rule.is_active else words.label("off")

    @admin.display(description="look at")
    def board(self, rule: FreezeRule) -> SafeString:
        return link(stock_page_of(rule.show_id), "stock")
