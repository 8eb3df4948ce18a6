"""What people make and edit: venues, sections, tiers, channels. Saving any of it moves no place."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import CatalogAdmin
from inventory.admin.of_a_show import OfAShowAdmin, has_house
from inventory.models import Channel, Claim, Movement, Section, Tier, Venue

BUILT_IN = ("web", "counter")


@admin.register(Venue)
class VenueAdmin(CatalogAdmin):
    list_display = ("name", "city", "state_code")
    search_fields = ("name", "city")
    prepopulated_fields = {"slug": ("name",)}

    def why_kept(self, obj: Venue) -> str:
        return "This venue has shows, so it is kept." if obj.shows.exists() else ""


@admin.register(Section)
class SectionAdmin(OfAShowAdmin):
    list_display = ("name", "code", "show", "is_ga")
    fields = ("show", "code", "name", "is_ga", "ordinal")
    fixed = ("code", "is_ga")

    def why_kept(self, obj: Section) -> str:
        return "The show's house is loaded, so its sections are kept." if has_house(obj.show) else ""


@admin.register(Tier)
class TierAdmin(OfAShowAdmin):
    list_display = ("name", "code", "show", "swatch")
    fields = ("show", "code", "name", "colour", "ordinal")
    fixed = ("code",)

    def why_kept(self, obj: Tier) -> str:
        return "The show's house is loaded, so its tiers are kept." if has_house(obj.show) else ""

    @admin.display(description="colour")
    def swatch(self, tier: Tier) -> SafeString | str:
        if not tier.colour:
            return "-"
        square = '<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="{}"/></svg>'
        return format_html('<span class="flex flex-row gap-2 items-center">' + square + "{}</span>", *[tier.colour] * 2)


@admin.register(Channel)
class ChannelAdmin(CatalogAdmin):
    list_display = ("name", "code", "kind", "is_capped", "is_active")
    search_fields = ("name", "code")

    def why_kept(self, obj: Channel) -> str:
        if obj.code in BUILT_IN:
            return f"The {obj.code} channel is part of the program: it is kept. Untick 'may sell' to close it."
        used = Movement.objects.filter(channel=obj).exists() or Claim.objects.filter(channel=obj).exists()
        return "This channel is in the ledger: it is kept. Untick 'may sell' to close it." if used else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        return ("code", "kind") if obj is not None and obj.code in BUILT_IN else ()
