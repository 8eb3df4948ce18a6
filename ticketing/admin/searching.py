"""What the admin's one search box finds of money: an order by HF-34, a ticket by T-12. Each for who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest

from inventory.admin.filters import whole
from inventory.admin.links import page_of
from inventory.admin.searching import Found, on
from inventory.admin.words import seat
from ticketing.models import Order, Ticket
from ticketing.queries.links import order_reference, ticket_number

_NUMBER = re.compile(r"(hf|t|order|ticket)[\s#-]*(\d+)", re.IGNORECASE)


def of_money(request: HttpRequest, term: str) -> Iterator[Found]:
    """In one statement at most."""
    named = _NUMBER.fullmatch(term)
    pk = whole(named[2]) if named else None
    if not named or not pk:
        return
    kind = named[1].lower()
    if kind in ("hf", "order") and request.user.has_perm("ticketing.view_order"):
        for order in Order.objects.select_related("show").filter(pk=pk):
            about = f"Order, {order.get_state_display().lower()}, {order.show}, {on(order.show)}"
            yield Found(order_reference(order.pk), about, page_of(order), "shopping_bag")
    if kind in ("t", "ticket") and request.user.has_perm("ticketing.view_ticket"):
        for ticket in Ticket.objects.select_related("show", "place__section").filter(pk=pk):
            state = "void" if ticket.voided_at else "good"
            about = f"Ticket, {state}, {seat(ticket.place)}, {ticket.show}, {on(ticket.show)}"
            yield Found(ticket_number(ticket.pk), about, page_of(ticket), "confirmation_number")
