"""A basket: places that are kept for some minutes, what they cost, and where the tickets should go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.opaque import opaque
from core.refusals import DomainError
from inventory.api.asking import Asker
from inventory.api.private import told_outside
from inventory.models import Show
from inventory.services.locks import LockExpired, extend_lock, release_lock
from ticketing.api.contacts import contact_of
from ticketing.api.finding import own_lock_held
from ticketing.queries import shop
from ticketing.queries.quotes import LockHeld
from ticketing.services.placing import LockHasAnOrder, place_order
from ticketing.services.quoting import LineQuote, quote_lines
from ticketing.services.refusals import ContactInvalid
from ticketing.storefront.bill import Bill, Cost, bill_of
from ticketing.storefront.door import for_a_buyer, refused, see_other
from ticketing.storefront.forms import ContactForm
from ticketing.storefront.orders import order_at, start_at_once
from ticketing.storefront.words import what_to_do


@require_safe
@for_a_buyer
def basket(request: HttpRequest, asker: Asker, lock_id: str) -> HttpResponse:
    _, held = own_lock_held(lock_id, asker)
    if held.order_id:
        return see_other(order_at(held.order_id))
    if held.is_over:
        return _over(request, held)
    return _page(request, held, ContactForm())


@require_POST
@for_a_buyer
def extend(request: HttpRequest, asker: Asker, lock_id: str) -> HttpResponse:
    """More time, up to the lock's cap. At the cap the page says that there is no more."""
    _, held = own_lock_held(lock_id, asker)
    show = Show.objects.get(pk=held.show_id)
    try:
        extend_lock(claim_id=held.lock_id, for_s=show.lock_for_s, by=asker.by(held.channel_id))
    except LockExpired:
        return _over(request, held)
    except DomainError as refusal:
        return _page(request, held, ContactForm(), refusal.status, what_to_do(refusal))
    return see_other(reverse("basket", kwargs={"lock_id": lock_id}))


@require_POST
@for_a_buyer
def give_back(request: HttpRequest, asker: Asker, lock_id: str) -> HttpResponse:
    _, held = own_lock_held(lock_id, asker)
    if held.order_id:
        return see_other(order_at(held.order_id))
    with told_outside():
        release_lock(claim_id=held.lock_id, by=asker.by(held.channel_id))
    return see_other(reverse("show", kwargs={"slug": held.show}) + "?given-back=1")


@require_POST
@for_a_buyer
def place(request: HttpRequest, asker: Asker, lock_id: str) -> HttpResponse:
    """Make the order and start its payment, then on to paying. Sent twice, it is one order and one payment."""
    order_id, held = own_lock_held(lock_id, asker)
    if held.order_id:
        return see_other(order_at(held.order_id))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, 400)
    try:
        place_order(
            order_id=order_id,
            held=held,
            buyer=asker.digest(),
            actor=asker.actor(),
            contact=contact_of(form.cleaned_data["contact"], asker),
            name=form.cleaned_data["name"],
        )
    except LockHasAnOrder:
        _, held = own_lock_held(lock_id, asker)
        return see_other(order_at(held.order_id or order_id))
    except LockExpired:
        return _over(request, held)
    except ContactInvalid as refusal:
        form.add_error("contact", what_to_do(refusal))
        return _page(request, held, form, refusal.status)
    except DomainError as refusal:
        return _page(request, held, form, refusal.status, what_to_do(refusal))
    start_at_once(request, asker, opaque("order", order_id))
    return see_other(order_at(order_id))


def _page(
    request: HttpRequest, held: LockHeld, form: ContactForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    told = {
        "held": held,
        "lock_id": opaque("lock", held.lock_id),
        "show": Show.objects.select_related("venue").get(pk=held.show_id),
        "bill": _bill(held, quote_lines(held)),
        "form": form,
        "refusal": refusal,
        "seconds_left": max(0, int((held.due_at - held.now).total_seconds())),
        "can_extend": held.expires_at < held.hard_until,
        "leaves_one_alone": "alone" in request.GET,
    }
    return render(request, "storefront/basket.html", told, status=status)


def _bill(held: LockHeld, lines: list[LineQuote]) -> Bill:
    costs = {line.place.id: _cost(line) for line in lines}
    return bill_of([seat for seat in shop.seats_of(held.lock_id) if seat.id in costs], costs)


def _cost(line: LineQuote) -> Cost:
    split = line.split
    taxes = (split.paise("cgst"), split.paise("sgst") + split.paise("utgst"), split.paise("igst"), split.paise("local"))
    return Cost(line.paise, line.price.list_paise, taxes)


def _over(request: HttpRequest, held: LockHeld) -> HttpResponse:
    more: dict[str, Any] = {
        "heading": "The time ran out",
        "back": reverse("show", kwargs={"slug": held.show}),
        "back_words": "Choose again",
    }
    words = "These places were kept for you for some minutes and have been given back. Nothing was paid."
    return refused(request, words, 410, **more)
