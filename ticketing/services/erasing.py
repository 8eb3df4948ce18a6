"""Forgetting people: a buyer's contact on request, and by itself whatever names anybody and has had its time.

What an order keeps of its buyer is one contact and perhaps a name, in a row of their own (`OrderContact`). That row
goes; order, tickets, money and documents stay, since they name nobody. What else is there of a person:

- `Guest.note`, what a guest list says beside a name: it is emptied with the name.
- `Order.contact_digest`, a keyed digest by which one contact's tickets for a show are counted. It serves until the show
  is over, or a request to be forgotten would be a way around the limit; then it is emptied, for everybody.
- `GatewayEvent.sealed`, what gateways told us, enciphered: address, number and UPI id of whoever paid. The bodies are
  emptied after `GATEWAY_EVENTS_KEPT_FOR_D` days. They are not searched for one person before: the DPDP Rules (2025,
  r.8(3)) have such records kept for a year.
- `Payment.payer` is masked when it comes, and claims of the ledger hold digests only (docs/adr/0005).
- An answer kept under an Idempotency-Key says nothing of whom an order is for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from inventory.acts import By
from inventory.queries import moves
from ticketing.models import ContactErasure, Guest, Order, OrderContact
from ticketing.queries import erasing, letters, orders
from ticketing.services.refusals import OrderUnknown

# A show is over, for tickets and for limits, a day after it began.
OVER = timedelta(days=1)
ERASED, PAST = "erased", "show_is_over"
_log = structlog.get_logger(__name__)


@transaction.atomic
def erase_contact(*, order_id: int, by: By, now: datetime | None = None) -> bool:
    """Take out an order's contact and name, and send it nothing more; whether there was one. Twice is once.

    That it was done, when, by whom and why (`by.reason_code`) is kept. Raises OrderUnknown.
    """
    orders.lock_order(order_id)
    order = Order.objects.select_related("show").filter(pk=order_id).first()
    if order is None:
        raise OrderUnknown
    at = now or moves.database_now()
    deleted, _ = OrderContact.objects.filter(order=order).delete()
    Guest.objects.filter(order=order).update(note="")
    letters.give_up_for(order_id, ERASED)
    if order.show.starts_at + OVER < at:
        Order.objects.filter(pk=order_id).update(contact_digest="")
    if deleted:
        ContactErasure.objects.get_or_create(
            order=order,
            defaults={"actor": by.actor, "reason_code": by.reason_code or "asked_by_buyer", "erased_at": at},
        )
    return bool(deleted)


def purge(*, now: datetime | None = None) -> int:
    """Everything that is done once a day: how many things were forgotten or given up."""
    at = now or moves.database_now()
    done = {
        "events": purge_old_events(now=at),
        "contacts": purge_old_contacts(now=at),
        "letters": letters.give_up_tickets_of_the_past(at - OVER, PAST),
    }
    _log.info("purged", **done)
    return sum(done.values())


def purge_old_events(*, now: datetime | None = None) -> int:
    """Empty what gateways told us longer ago than it is kept; how many bodies. One not worked on by then never is."""
    at = now or moves.database_now()
    return erasing.empty_events(at - timedelta(days=settings.GATEWAY_EVENTS_KEPT_FOR_D))


def purge_old_contacts(*, now: datetime | None = None) -> int:
    """Delete the contacts of shows that are long over, and the digests of those that are over; how many of both."""
    at = now or moves.database_now()
    long_ago = at - timedelta(days=settings.CONTACTS_KEPT_FOR_D)
    return erasing.delete_contacts(long_ago) + erasing.empty_notes(long_ago) + erasing.forget_digests(at - OVER)
