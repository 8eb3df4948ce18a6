"""The tickets of an order, for whoever has the link: nobody can guess it, and no login stands before a gate."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from core.refusals import DomainError
from ticketing.models import Order
from ticketing.queries import shop
from ticketing.queries.links import order_of_ticket_page, order_reference, ticket_number
from ticketing.queries.shop import Pass
from ticketing.services import printing
from ticketing.storefront.door import for_anybody, refused
from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key
from ticketing.tickets.qr import qr_svg

VOID = {
    "by_buyer": "You gave this ticket back.",
    "refunded_by_gateway": "Its money went back.",
    "reseated": "You have another seat: its ticket is here too.",
}


@require_safe
@for_anybody
def tickets(request: HttpRequest, page_id: str) -> HttpResponse:
    order = _order(page_id)
    passes = [_shown(one) for one in shop.passes_of(order.pk)]
    told = {
        "order": order,
        "number": order_reference(order.pk),
        "show": order.show,
        "terms": getattr(order.show, "terms", None),
        "passes": passes,
        "has_valid": any(qr for _, _, qr, _ in passes),
        "page_id": page_id,
        "address": request.build_absolute_uri(request.path),
    }
    return _private(render(request, "storefront/tickets.html", told))


@require_safe
@for_anybody
def tickets_file(request: HttpRequest, page_id: str) -> HttpResponse:
    """The tickets that are still good, a page each, to keep on the phone or to print."""
    return _file(request, page_id, printing.tickets_pdf, "tickets.pdf", "application/pdf")


@require_safe
@for_anybody
def calendar_file(request: HttpRequest, page_id: str) -> HttpResponse:
    return _file(request, page_id, printing.calendar_of, "show.ics", "text/calendar")


def _file(request: HttpRequest, page_id: str, draw: Callable[[int], bytes], name: str, media_type: str) -> HttpResponse:
    order = _order(page_id)
    try:
        content = draw(order.pk)
    except DomainError as refusal:
        back = reverse("tickets", kwargs={"page_id": page_id})
        return _private(refused(request, refusal.text, refusal.status, back=back, back_words="Back to the tickets"))
    headers = {"Content-Disposition": f'inline; filename="{order_reference(order.pk)}-{name}"'}
    return _private(HttpResponse(content, content_type=media_type, headers=headers))


def _order(page_id: str) -> Order:
    """The order of a link. Raises Http404."""
    order_id = order_of_ticket_page(page_id)
    orders = Order.objects.select_related("show__venue", "show__terms__seller")
    order = None if order_id is None else orders.filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def _private(page: HttpResponse) -> HttpResponse:
    """The link is a key: it goes to no other site, and into no cache on the way."""
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _shown(one: Pass) -> tuple[Pass, str, SafeString | str, str]:
    return one, ticket_number(one.id), _qr(one), VOID.get(one.void_reason, "It was taken back.")


def _qr(one: Pass) -> SafeString | str:
    """The code that a gate reads; none for a void ticket."""
    if one.void_reason:
        return ""
    code = sign(Content(one.show_id, one.id, one.serial, one.place_id), signing_key())
    where = f"{one.section}, row {one.row}, seat {one.number}" if one.row else one.section
    return mark_safe(qr_svg(code, label=f"QR code of the ticket for {where}"))  # noqa: S308  made of squares
