"""How an order ends without a sale, or after one; and what its buyer is told."""

from __future__ import annotations

from datetime import datetime

from inventory.services.locks import stop_watching
from ticketing.models import Letter, Order


def end_order(*, order_id: int, state: Order.State, reason_code: str, at: datetime) -> None:
    """The order, whose row is locked, ends. Once it is cancelled its money no longer wants places, however late."""
    Order.objects.filter(pk=order_id).update(state=state, reason_code=reason_code, ended_at=at)
    if state == Order.State.CANCELLED:
        stop_watching(claim_id=Order.objects.values_list("lock_id", flat=True).get(pk=order_id), now=at)


def tell(*, order_id: int, kind: Letter.Kind, about: int, at: datetime) -> None:
    """Have a letter sent to the buyer, if there is a contact; once for each thing there is to tell."""
    if Order.objects.filter(pk=order_id, contact__isnull=False).exclude(contact__contact="").exists():
        Letter.objects.get_or_create(order_id=order_id, kind=kind, about=about, defaults={"due_at": at})
