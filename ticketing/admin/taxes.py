"""What admission is to, as the tax law sees it, with its rates; and local bodies' own taxes. All of it has dates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest

from core.admin import CatalogAdmin, TabularInline
from core.money import rupees
from ticketing.admin.rupees import RupeesField
from ticketing.models import EventCategory, LocalTax, LocalTaxRate, TaxBand, Terms
from ticketing.tax.bands import BandsInvalid, contradictions
from ticketing.tax.words import Band, Basis


class BandForm(ModelForm):  # type: ignore[type-arg]  # at run time Django's takes none
    up_to_paise = RupeesField(
        label="up to (₹)", required=False, min_value=Decimal("0.01"), help_text="Empty: without an end."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_exempt") and cleaned.get("rate_bp"):
            self.add_error("rate_bp", "What is exempt has no rate.")
        return cleaned


class BandsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # as above
    """The bands of one day are a ladder: each ends above the one before, and the last has no end."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        ladders: dict[date, list[tuple[float, Band]]] = defaultdict(list)
        for form in self.forms:
            told = form.cleaned_data
            if not told or told.get("DELETE"):
                continue
            up_to = told["up_to_paise"]
            try:
                band = Band(up_to, told["rate_bp"], Basis(told["basis"]), told["is_exempt"])
            except ValueError as error:
                raise ValidationError(str(error)) from error
            ladders[told["from_on"]].append((float("inf") if up_to is None else up_to, band))
        for from_on, ladder in ladders.items():
            try:
                contradictions([band for _, band in sorted(ladder, key=lambda step: step[0])])
            except BandsInvalid as error:
                raise ValidationError(f"From {from_on:%d %b %Y}: {error}") from error


class BandInline(TabularInline):
    model = TaxBand
    form = BandForm
    formset = BandsFormSet
    fields = ("from_on", "up_to_paise", "rate_bp", "basis", "is_exempt", "source")
    extra = 0


@admin.register(EventCategory)
class EventCategoryAdmin(CatalogAdmin):
    list_display = ("name", "code", "sac", "rates")
    search_fields = ("name", "code", "sac")
    prepopulated_fields = {"code": ("name",)}
    sortable_by = ()
    inlines = (BandInline,)

    def why_kept(self, obj: EventCategory) -> str:
        return "Shows are taxed as this, so it is kept." if Terms.objects.filter(category=obj).exists() else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventCategory]:
        categories: QuerySet[EventCategory] = super().get_queryset(request)
        return categories.prefetch_related("bands")

    @admin.display(description="rates by the latest date")
    def rates(self, category: EventCategory) -> str:
        bands = list(category.bands.all())
        latest = max((band.from_on for band in bands), default=None)
        said = [_in_words(band) for band in bands if band.from_on == latest]
        return f"{', '.join(said)}, from {latest:%d %b %Y}" if latest else "none: nothing can be priced"


def _in_words(band: TaxBand) -> str:
    rate = "exempt" if band.is_exempt else f"{band.rate_bp / 100:g} %"
    return f"{rate} up to {rupees(band.up_to_paise)}" if band.up_to_paise else rate


class RateInline(TabularInline):
    model = LocalTaxRate
    fields = ("from_on", "rate_bp")
    extra = 0


@admin.register(LocalTax)
class LocalTaxAdmin(CatalogAdmin):
    list_display = ("name", "code", "rate")
    search_fields = ("name", "code")
    prepopulated_fields = {"code": ("name",)}
    sortable_by = ()
    inlines = (RateInline,)

    def why_kept(self, obj: LocalTax) -> str:
        return "Shows pay this tax, so it is kept." if Terms.objects.filter(local_tax=obj).exists() else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[LocalTax]:
        taxes: QuerySet[LocalTax] = super().get_queryset(request)
        return taxes.prefetch_related("rates")

    @admin.display(description="latest rate")
    def rate(self, tax: LocalTax) -> Any:
        return next((str(rate) for rate in tax.rates.all()), "none yet")
