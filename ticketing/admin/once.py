"""A form acts once: whoever presses twice is led to what the first press did."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from inventory.admin.links import page_of
from ticketing.models import Order
from ticketing.queries.links import order_reference

FIELD = "once"
KEPT_S = 3600
AT_WORK = 0
TWICE = "This was sent twice, and the first press is still at work. Look among the orders before you go on."


def token() -> str:
    """What one form is known by; it travels in it as FIELD."""
    return secrets.token_hex(16)


def begin(request: HttpRequest) -> bool:
    """Whether this form may act now: no post of it has begun to."""
    key = _key(request)
    return not key or cache.add(key, AT_WORK, KEPT_S)


def done(request: HttpRequest, order: Order) -> None:
    """It has acted, and this came of it."""
    if key := _key(request):
        cache.set(key, order.pk, KEPT_S)


def take_back(request: HttpRequest) -> None:
    """It was refused: the same form may be sent again."""
    if key := _key(request):
        cache.delete(key)


def done_before(request: HttpRequest) -> HttpResponse | None:
    """The way to what an earlier post of this form did; None where there was none."""
    key = _key(request)
    order = Order.objects.select_related("show").filter(pk=(key and cache.get(key)) or 0).first()
    if order is None:
        return None
    messages.warning(
        request, f"This was done already: {order_reference(order.pk)}. For more tickets, open the page again."
    )
    may_see = request.user.has_perm("ticketing.view_order")
    return HttpResponseRedirect(page_of(order) if may_see else page_of(order.show))


def _key(request: HttpRequest) -> str:
    """Of this person's form; '' where the form has no token."""
    sent = request.POST.get(FIELD, "")
    return f"once:{request.user.pk}:{sent}" if sent.isalnum() and len(sent) <= 64 else ""
