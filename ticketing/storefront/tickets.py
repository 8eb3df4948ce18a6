"""The tickets of an order, for whoever has the link: nobody can guess it, and no login stands before a gate."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from ticketing.models import Order
from ticketing.queries import shop
from ticketing.queries.links import order_of_ticket_page, order_reference, ticket_number
from ticketing.queries.shop import Pass
from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key
from ticketing.tickets.qr import qr_svg

VOID = {
    "by_buyer": "You gave this ticket back.",
    "refunded_by_gateway": "Its money went back.",
}


@require_safe
def tickets(request: HttpRequest, page_id: str) -> HttpResponse:
    order_id = order_of_ticket_page(page_id)
    order = order_id and Order.objects.select_related("show__venue", "show__terms__seller").filter(pk=order_id).first()
    if not order:
        raise Http404
    passes = shop.passes_of(order.pk)
    told = {
        "order": order,
        "number": order_reference(order.pk),
        "show": order.show,
        "terms": getattr(order.show, "terms", None),
        "passes": [_shown(one) for one in passes],
        "address": request.build_absolute_uri(request.path),
    }
    # The link is a key: it goes to no other site, and into no cache on the way.
    page = render(request, "storefront/tickets.html", told)
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
