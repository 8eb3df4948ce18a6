"""From one page to another: a show to its places, a place to its claim, and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.admin.stock import Stock
from inventory.models import Claim, Entry, Movement, Place, Show

LINK = "text-primary-600 dark:text-primary-500"


def link(url: str, text: object) -> SafeString:
    return format_html('<a class="{}" href="{}">{}</a>', LINK, url, text)


def page_of(row: Model) -> str:
    """The address of a row's own page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def to(row: Model | None, text: object = None) -> SafeString | str:
    """A link to a row's page, or a dash where there is no row."""
    return "-" if row is None else link(page_of(row), row if text is None else text)


def list_of(model: type[Model], **filters: Any) -> str:
    """The address of a model's list, filtered."""
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{path}?{urlencode(filters)}" if filters else path


def stock_page_of(show_id: int) -> str:
    """The address of the page that shows a show's stock as it changes."""
    return reverse("admin:inventory_show_stock", args=[show_id])


def why_page_of(show_id: int, place: Place | None = None) -> str:
    """The address of the page that says why something of a show cannot be sold; of this place, if one is named."""
    path = reverse("admin:inventory_show_why", args=[show_id])
    return f"{path}?{urlencode({'id': place.pk})}" if place else path


def hold_page_of(show_id: int) -> str:
    """The address of the page on which places of a show are held."""
    return reverse("admin:inventory_show_hold", args=[show_id])


def split_page_of(show_id: int) -> str:
    """The address of the page on which a show's split between the channels is played."""
    return reverse("admin:inventory_show_split", args=[show_id])


def slices_page_of(show_id: int) -> str:
    """The address of the page with the slices of a show's pool."""
    return reverse("admin:inventory_show_slices", args=[show_id])


def head_of(
    show: Show | None, stock: Stock | None, *, lockable: bool = False, place: Place | None = None
) -> dict[str, Any]:
    """What `inventory/admin/stock.html` needs to stand at the head of a page of this show, or of a place of it."""
    if show is None:
        return {"show": None}
    return {
        "show": show,
        "show_url": page_of(show),
        "stock": stock,
        "lockable": lockable,
        "places_url": list_of(Place, show=show.pk),
        "stock_links": [
            {"text": "Stock", "url": stock_page_of(show.pk)},
            {"text": "Can't sell?", "url": why_page_of(show.pk, place)},
            {"text": "Places", "url": list_of(Place, show=show.pk)},
            {"text": "Claims", "url": list_of(Claim, show=show.pk)},
            {"text": "Movements", "url": list_of(Movement, show=show.pk)},
            {"text": "Entries", "url": list_of(Entry, show=show.pk)},
        ]
        if stock
        else [],
    }
