"""An order: how it is paid for, how its payment stands in plain words, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from core.money import rupees
from core.opaque import opaque
from core.refusals import DomainError
from inventory.acts import By
from inventory.api.asking import Asker
from inventory.models import Show
from ticketing.api.answers import order_seen
from ticketing.api.finding import own_order, own_order_told, own_payment
from ticketing.api.payments import is_time_to_ask
from ticketing.gateways import gateway
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Way
from ticketing.queries import shop
from ticketing.queries.doors import Told, refunds_told
from ticketing.queries.links import order_reference, ticket_page_path
from ticketing.services.cancelling import cancel_unpaid, refund_order
from ticketing.services.paying import cancel_payment, start_payment
from ticketing.services.refusals import GatewayDown, GatewaySaysNo, OrderPaid
from ticketing.services.watching import check_now
from ticketing.storefront.bill import Cost, bill_of
from ticketing.storefront.door import for_a_buyer, see_other
from ticketing.storefront.words import what_to_do
from ticketing.tickets.qr import qr_svg


def order_at(order_id: int) -> str:
    return reverse("order", kwargs={"reference": opaque("order", order_id)})


@require_safe
@for_a_buyer
def order(request: HttpRequest, asker: Asker, reference: str) -> HttpResponse:
    return _page(request, own_order_told(reference, asker))


@require_POST
@for_a_buyer
def pay(request: HttpRequest, asker: Asker, reference: str) -> HttpResponse:
    """Start paying in this way, or in this way instead of another; told again where it is started already."""
    way = Way.INTENT if request.POST.get("way") == Way.INTENT else Way.QR
    return _done(request, asker, reference, lambda: _start(asker, reference, way))


@require_POST
@for_a_buyer
def cancel(request: HttpRequest, asker: Asker, reference: str) -> HttpResponse:
    """Give the places back; of a paid order the tickets too, where the show's terms let buyers do so."""
    return _done(request, asker, reference, lambda: _cancel(asker, reference))


@require_POST
@for_a_buyer
def check(request: HttpRequest, asker: Asker, payment_id: str) -> HttpResponse:
    """Ask the gateway now, at most every few seconds however often the button is pressed."""
    whose = own_payment(payment_id, asker)

    def ask() -> None:
        if whose.payment_id and is_time_to_ask(whose.payment_id):
            check_now(payment_id=whose.payment_id, gateway=gateway())

    return _done(request, asker, opaque("order", whose.order_id), ask)


def start_at_once(request: HttpRequest, asker: Asker, reference: str) -> None:
    """Start the payment that suits the buyer's device. If the gateway is down, the order's page offers another try."""
    try:
        _start(asker, reference, Way.INTENT if is_phone(request) else Way.QR)
    except (DomainError, GatewayUnreachable, GatewayRefused):
        return


def is_phone(request: HttpRequest) -> bool:
    """Whether UPI apps are likely on this very device: by the client hint, else by the browser's name."""
    hint = request.headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else "Mobi" in request.headers.get("User-Agent", "")


def _start(asker: Asker, reference: str, way: Way) -> None:
    whose = own_order(reference, asker)
    start_payment(
        order_id=whose.order_id,
        way=way,
        gateway=gateway(),
        by=By(actor=asker.actor()),
        pay_for_s=whose.pay_for_s,
        about=whose.title,
    )


def _cancel(asker: Asker, reference: str) -> None:
    told = own_order_told(reference, asker)
    by = By(actor=asker.actor(), channel_id=told["channel_id"], reason_code="by_buyer")
    if told["state"] == "confirmed":
        if not may_cancel_paid(told):
            raise OrderPaid("This order is paid, and this show's tickets are not taken back. Ask the box office.")
        refund_order(order_id=told["id"], by=by)
        return
    payment = told["payment"]
    if payment and payment["state"] in ("new", "pending"):
        cancel_payment(payment_id=payment["id"], gateway=gateway(), by=by)
    cancel_unpaid(order_id=told["id"], by=by)


def may_cancel_paid(told: Told) -> bool:
    """Whether the buyer may still give back what is paid for."""
    until_h = told["buyers_cancel_until_h"]
    now, starts_at = datetime.fromisoformat(told["now"]), datetime.fromisoformat(told["starts_at"])
    return until_h is not None and now < starts_at - timedelta(hours=until_h)


def _done(request: HttpRequest, asker: Asker, reference: str, act: Any) -> HttpResponse:
    """Do it, and on to the order's page; a refusal is told on that page."""
    try:
        act()
    except GatewayUnreachable:
        refusal: DomainError = GatewayDown()
    except GatewayRefused:
        refusal = GatewaySaysNo()
    except DomainError as error:
        refusal = error
    else:
        return see_other(reverse("order", kwargs={"reference": reference}))
    return _page(request, own_order_told(reference, asker), refusal)


def _page(request: HttpRequest, told: Told, refusal: DomainError | None = None) -> HttpResponse:
    seen = order_seen(told)
    payment = seen["payment"]
    link = payment["link"] if payment else ""
    context = {
        "order": seen,
        "number": order_reference(told["id"]),
        "pay_until": seen["pay_until"] and datetime.fromisoformat(seen["pay_until"]),
        "payment": payment,
        "link": link,
        "qr": mark_safe(qr_svg(link, label=f"UPI QR code for {rupees(payment['amount_paise'])}")) if link else "",  # noqa: S308  made of squares
        "phone": _sandbox_phone(link),
        "is_phone": is_phone(request),
        "show": Show.objects.select_related("venue").get(pk=told["show_id"]),
        "bill": bill_of(shop.seats_of_order(told["id"]), {line[0]: _cost(line) for line in told["lines"] or []}),
        "refunds": refunds_told(told["id"]) if seen["refunded_paise"] else [],
        "may_cancel_paid": told["state"] == "confirmed" and may_cancel_paid(told),
        "tickets_at": ticket_page_path(told["id"]),
        "refusal": what_to_do(refusal) if refusal else "",
        "is_waiting": seen["state"] in ("awaiting_payment", "checking")
        and bool(payment and payment["state"] in ("opening", "waiting", "checking")),
    }
    return render(request, "storefront/order.html", context, status=refusal.status if refusal else 200)


def _cost(line: list[Any]) -> Cost:
    return Cost(line[5], line[6], (line[9], line[10], line[11], line[12]))


def _sandbox_phone(link: str) -> str:
    """The page on which whoever tries the shop plays the payer; '' with a real gateway."""
    base = settings.SANDBOX_PUBLIC_URL
    return f"{base}/phone?{urlencode({'link': link})}" if base and link else ""
