"""Allocations: which channels may sell these places, from when, and what is given back when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.admin import TabularInline
from inventory.admin import words
from inventory.admin.ladders import StepInline, ladder_of
from inventory.admin.links import link, list_of, slices_page_of
from inventory.admin.of_a_show import OfAShowAdmin
from inventory.models import Allocation, AllocationChannel, Entry, Place
from inventory.models.ledger import Verb


class OpeningInline(TabularInline):
    model = AllocationChannel
    extra = 0
    verbose_name = "channel that may sell"
    verbose_name_plural = "channels that may sell"


@admin.register(Allocation)
class AllocationAdmin(OfAShowAdmin):
    list_display = ("name", "show", "channels_in_words", "closes", "places")
    inlines = (OpeningInline, StepInline)

    def why_at_first(self, request: HttpRequest) -> str:
        return ""

    def why_kept(self, obj: Allocation) -> str:
        if obj.is_pool:
            return "The open pool is everybody's, and every show has exactly one: it is kept."
        labelled = Entry.objects.filter(
            movement__show_id=obj.show_id,
            movement__verb__in=(Verb.ALLOCATE_PLACES, Verb.RELEASE_HOLD),
            to_allocation=obj.pk,
        )
        return (
            "Places have been under this allocation, and their history names it: it is kept."
            if labelled.exists()
            else ""
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Allocation]:
        allocations: QuerySet[Allocation] = super().get_queryset(request)
        return allocations.prefetch_related("openings__channel")

    def get_readonly_fields(self, request: HttpRequest, obj: Allocation | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "is_pool", "done_steps")

    def get_fields(self, request: HttpRequest, obj: Allocation | None = None) -> tuple[str, ...]:
        # The pool comes with the house and never closes; nobody makes a second one or turns it into something else.
        if obj is None:
            return ("show", "name", "closes_at")
        return ("show", "name", "is_pool" if obj.is_pool else "closes_at", "done_steps")

    def get_inlines(self, request: HttpRequest, obj: Allocation | None) -> Any:
        return () if obj is not None and obj.is_pool else self.inlines

    @admin.display(description="given back so far")
    def done_steps(self, allocation: Allocation) -> SafeString | str:
        return ladder_of(allocation=allocation, done_at__isnull=False)

    @admin.display(description="channels")
    def channels_in_words(self, allocation: Allocation) -> str:
        openings = [str(opening) for opening in allocation.openings.all()]
        if allocation.is_pool:
            return ", ".join(["everybody", *openings])
        return ", ".join(openings) or "nobody yet"

    @admin.display(description="closes at")
    def closes(self, allocation: Allocation) -> str:
        return words.clock(allocation.closes_at)

    @admin.display(description="look at")
    def places(self, allocation: Allocation) -> SafeString | str:
        there = link(list_of(Place, show=allocation.show_id, allocation=allocation.pk), "places")
        return words.joined([there, link(slices_page_of(allocation.show_id), "slices of the show")])
