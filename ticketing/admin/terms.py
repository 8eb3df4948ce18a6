"""On which terms a show is sold. Whoever changes them changes what is sold from then on, and nothing that is sold."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from inventory.admin import filters
from inventory.admin.links import page_of, to
from inventory.admin.of_a_show import OfAShowAdmin, why_at_first
from inventory.models import Show
from ticketing.models import Order, Seller, Terms

ABOUT = "What is sold already keeps its price and its taxes; what is locked is taxed as on the day it was locked."


def with_code(seller: Seller) -> str:
    """One organiser may have a registration in each state, all of one name."""
    return f"{seller} ({seller.code})"


class SellerField(ModelChoiceField):  # type: ignore[type-arg]  # at run time Django's takes none
    def label_from_instance(self, obj: Any) -> str:
        return with_code(obj)


@admin.register(Terms)
class TermsAdmin(OfAShowAdmin):
    list_display = ("name", "when", "sold_by", "category", "late_money", "tickets_per_contact")
    list_select_related = ("show", "seller", "category")
    list_filter = (filters.ByShow, "seller", "category")
    ordering = ("-show__starts_at", "show")
    search_fields = ("show__title", "seller__legal_name")
    fieldsets = (
        (None, {"fields": ("show", "seller", "category", "local_tax"), "description": ABOUT}),
        ("Buying", {"fields": ("tickets_per_contact", "buyers_cancel_until_h", "note_on_ticket")}),
        ("Paying", {"fields": ("pay_for_s", "grace_s", "late_money")}),
    )

    def why_at_first(self, request: HttpRequest) -> str:
        return why_at_first(Show.objects.filter(pk=filters.whole(request.GET.get("show")) or 0).first())

    def response_post_save_add(self, request: HttpRequest, obj: Terms) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_of(obj.show))  # where what is next to do is listed

    response_post_save_change = response_post_save_add

    def why_kept(self, obj: Terms) -> str:
        sold = Order.objects.filter(show=obj.show_id).exists()
        return "There are orders under these terms, so they are kept." if sold else ""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "seller":
            kwargs["form_class"] = SellerField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="sold by")
    def sold_by(self, terms: Terms) -> str:
        return with_code(terms.seller)

    @admin.display(description="show")
    def name(self, terms: Terms) -> str:
        return terms.show.title

    @admin.display(description="when")
    def when(self, terms: Terms) -> SafeString | str:
        return to(terms.show, f"{timezone.localtime(terms.show.starts_at):%a %d %b %Y, %H:%M}")
