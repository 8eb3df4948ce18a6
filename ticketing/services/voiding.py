"""Tickets that die: their places are open again, and a gate refuses them from this second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from inventory.acts import By
from inventory.models import Incident
from inventory.services.incidents import note_money_incident
from inventory.services.sales import return_sold
from ticketing.models import Order, Ticket
from ticketing.queries import refunds
from ticketing.services.ending import end_order


def void_tickets(*, order: Order, tickets: Sequence[Ticket], by: By, at: datetime, now: datetime | None) -> int:
    """Void these live tickets of an order whose row is locked; by how much less it is worth, in paise."""
    paise = sum(ticket.line.paise for ticket in tickets)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(voided_at=at, void_reason=by.reason_code)
    return_sold(show_id=order.show_id, place_ids=[ticket.place_id for ticket in tickets], by=by, now=now)
    Order.objects.filter(pk=order.pk).update(returned_paise=F("returned_paise") + paise)
    if not Ticket.objects.filter(order=order, voided_at__isnull=True).exists():
        end_order(order_id=order.pk, state=Order.State.CANCELLED, reason_code=by.reason_code, at=at)
    return paise


def void_what_went_back(*, order_id: int, at: datetime, now: datetime | None) -> bool:
    """All that paid for this order, whose row is locked, has gone back: its tickets die. Whether any did.

    Nobody is let in for money that we no longer have. Where only a part went back, the work-list shows it to a person.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != Order.State.CONFIRMED or refunds.going_back(order_id) < order.total_paise:
        return False
    by = By(actor="system:gateway", channel_id=order.channel_id, reason_code="refunded_by_gateway")
    alive = list(Ticket.objects.filter(order=order, voided_at=None).select_related("line").order_by("id"))
    void_tickets(order=order, tickets=alive, by=by, at=at, now=now)
    note_money_incident(
        kind=Incident.Kind.REFUNDED_BY_GATEWAY, show_id=order.show_id, subject=f"order:{order.pk}", at=at
    )
    return True
