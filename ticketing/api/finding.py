"""What an address names, for this caller: one's own lock with its prices, one's own order or payment."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from core.opaque import revealed
from inventory.api.asking import Asker
from inventory.api.finding import owns_lock
from inventory.api.private import LockUnknown
from ticketing.queries.doors import TicketTold, Told, Whose, order_told, tickets_told, whose_order, whose_payment
from ticketing.queries.quotes import LockHeld, lock_held
from ticketing.services.refusals import OrderUnknown, PaymentUnknown


def own_lock_held(lock_id: str, asker: Asker) -> tuple[int, LockHeld]:
    """The caller's own lock with what its places cost, and the number of an order made of it. Raises LockUnknown."""
    claim_id = revealed("lock", lock_id)
    order_id, held = (0, None) if claim_id is None else lock_held(claim_id)
    if held is None or not owns_lock(asker, held.channel, held.session, held.made_by):
        raise LockUnknown
    return order_id, held


def own_order(reference: str, asker: Asker) -> Whose:
    """The caller's own order. Somebody else's is as unknown as none. Raises OrderUnknown."""
    order_id = revealed("order", reference)
    whose = None if order_id is None else whose_order(order_id)
    if whose is None or not _is_own(whose.buyer, whose.channel, asker):
        raise OrderUnknown
    return whose


def own_order_told(reference: str, asker: Asker) -> Told:
    """The same with everything a door tells of it."""
    order_id = revealed("order", reference)
    told = None if order_id is None else order_told(order_id)
    if told is None or not _is_own(told["buyer"], told["channel"], asker):
        raise OrderUnknown
    return told


def own_tickets(reference: str, asker: Asker) -> tuple[dict[str, Any], list[TicketTold]]:
    """The tickets of the caller's own order, and how that stands. Raises OrderUnknown."""
    order_id = revealed("order", reference)
    told = None if order_id is None else tickets_told(order_id)
    if told is None or not _is_own(told[0]["buyer"], told[0]["channel"], asker):
        raise OrderUnknown
    return told


def own_payment(payment_id: str, asker: Asker) -> Whose:
    """The order of the caller's own payment. Raises PaymentUnknown."""
    number = revealed("payment", payment_id)
    whose = None if number is None else whose_payment(number)
    if whose is None or not _is_own(whose.buyer, whose.channel, asker):
        raise PaymentUnknown
    return whose


def _is_own(buyer: str, channel: str, asker: Asker) -> bool:
    return channel == asker.channel and compare_digest(buyer, asker.digest())
