"""Other seats for a paid order: the same tier and price; the old tickets are void, new ones issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.contacts import is_email
from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Place
from inventory.queries import moves
from inventory.services.sales import swap_places
from ticketing.models import Order, OrderContact, Ticket
from ticketing.queries import orders
from ticketing.services import refusals
from ticketing.services.cancelling import ReasonMissing, TicketsUnknown, TicketsVoid
from ticketing.services.letters import SentTooOften, resend_tickets

VOID_REASON = "reseated"


class TierDiffers(DomainError):
    code, message = "tier_differs", "Seats are changed within a tier. For another, refund the order and sell anew."


@transaction.atomic
def reseat(*, order_id: int, places: Mapping[int, int], by: By, now: datetime | None = None) -> list[Ticket]:
    """Give tickets of a paid order other open seats: `places` says which place for which ticket, by their ids.

    All or none. The old seats are open, their tickets void and the new ones issued in one transaction; whoever gave a
    mail address gets the new ones by mail. Prices, documents and lines stay. Raises OrderUnknown, OrderNotPaid,
    ReasonMissing, TicketsUnknown, TicketsVoid, TierDiffers, and what `swap_places` raises.
    """
    if not by.reason_code:
        raise ReasonMissing
    orders.lock_order(order_id)
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise refusals.OrderUnknown
    if order.confirmed_at is None or order.sale_id is None:
        raise refusals.OrderNotPaid
    old = list(Ticket.objects.filter(order=order, pk__in=places).select_related("line").order_by("id"))
    if not places or len(old) < len(places):
        raise TicketsUnknown
    if any(ticket.voided_at for ticket in old):
        raise TicketsVoid
    tiers = dict(Place.objects.filter(show_id=order.show_id, pk__in=places.values()).values_list("pk", "tier_id"))
    # A place of no tier here is of another show; the swap refuses it by name.
    wrong = [one.pk for one in old if tiers.get(places[one.pk], one.line.tier_id) != one.line.tier_id]
    if wrong:
        raise TierDiffers(tickets=wrong)
    # Alone in the show: what `swap_places` gives back on its way may change rules, which asks for that first.
    moves.seize_show(order.show_id)
    at = now or moves.database_now()
    from_ids, to_ids = [ticket.place_id for ticket in old], [places[ticket.pk] for ticket in old]
    swap_places(sale_id=order.sale_id, from_ids=from_ids, to_ids=to_ids, by=by, now=now)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in old]).update(voided_at=at, void_reason=VOID_REASON)
    new = Ticket.objects.bulk_create(
        Ticket(
            order=order,
            line=ticket.line,
            show_id=order.show_id,
            place_id=places[ticket.pk],
            sale_id=order.sale_id,
            serial=ticket.serial + 1,
            issued_at=at,
        )
        for ticket in old
    )
    _send(order, by, now)
    return new


def _send(order: Order, by: By, now: datetime | None) -> None:
    contact = OrderContact.objects.filter(order=order).first()
    if contact is None or not is_email(contact.contact):
        return
    try:
        with transaction.atomic():
            resend_tickets(order_id=order.pk, by=by, are_others=True, now=now)
    except SentTooOften:
        return  # the seats are changed all the same, and the page of the tickets shows the new ones
