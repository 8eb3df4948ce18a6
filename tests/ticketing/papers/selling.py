"""Orders that are paid for at the counter, in one step, for whatever is due afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from inventory.acts import By
from inventory.models import Place, Show
from tests.ticketing.books import BUYER, order
from ticketing.models import Order, Payment
from ticketing.services.numbering import issue_due_documents
from ticketing.services.paying import pay_by_tender

LATER = timedelta(seconds=5)
CASHIER = By(actor="user:7")


def sold(show: Show, wanted: int | list[Place] = 2, *, contact: str = "", now: datetime | None = None) -> Order:
    """An order that is confirmed, its document due."""
    placed = order(show, wanted, contact=contact, now=now)
    pay_by_tender(
        order_id=placed.order_id,
        tender=Payment.Tender.CARD_SLIP,
        by=BUYER,
        reference=f"slip {placed.order_id}",
        now=now,
    )
    return Order.objects.get(pk=placed.order_id)


def documented(show: Show, wanted: int | list[Place] = 2, *, contact: str = "", now: datetime | None = None) -> Order:
    """An order that is confirmed and has its document."""
    made = sold(show, wanted, contact=contact, now=now)
    assert made.confirmed_at
    issue_due_documents(now=made.confirmed_at + LATER)
    return made
