"""Taking back an order: one that is not paid gives its places back; of a paid one tickets die and money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Claim, Place
from inventory.queries import moves
from inventory.services.holds import release_hold
from inventory.services.locks import LockCommitted, LockExpired, end_payment, release_lock
from inventory.services.refusals import ClaimUnknown
from inventory.services.selling import set_apart
from ticketing.models import Letter, Order, Payment, Refund, Ticket
from ticketing.queries import orders, refunds
from ticketing.services import refusals
from ticketing.services.ending import end_order, tell
from ticketing.services.returning import ask_refund
from ticketing.services.settling import return_short_money
from ticketing.services.voiding import void_tickets


class TicketsUnknown(DomainError):
    code, status, message = "tickets_unknown", 404, "Some of these tickets are not of this order."


class TicketsVoid(DomainError):
    code, message = "tickets_void", "Some of these tickets are void already."


class ReasonMissing(DomainError):
    code, status, message = "reason_missing", 400, "Say why: a reason code is needed."


@transaction.atomic
def cancel_unpaid(*, order_id: int, by: By, keeps_hold: bool = False, now: datetime | None = None) -> Order:
    """The buyer does not want it: the order is cancelled and its places are open at once. Twice is once.

    Places that were ordered out of a hold are held for its party again where `keeps_hold` says so, without an end.
    A payment must be given up first, since its money may be on the way. Of an order whose time had run out late money
    buys nothing any more. Raises OrderUnknown, OrderPaid, OrderInReview and PaymentBeingChecked.
    """
    orders.lock_order(order_id)
    order = Order.objects.select_related("lock").filter(pk=order_id).first()
    if order is None:
        raise refusals.OrderUnknown
    if order.state == Order.State.CANCELLED:
        return order
    if order.state not in (Order.State.AWAITING_PAYMENT, Order.State.EXPIRED):
        raise refusals.OrderPaid if order.state == Order.State.CONFIRMED else refusals.OrderInReview
    if order.payments.filter(state__in=["new", "pending", "authorized"]).exists():
        raise refusals.PaymentBeingChecked
    at = now or moves.database_now()
    _let_go(order, by, keeps_hold, now)
    return_short_money(order_id=order_id, reason_code="cancelled", at=at)
    end_order(order_id=order_id, state=Order.State.CANCELLED, reason_code=by.reason_code or "by_buyer", at=at)
    order.refresh_from_db()
    return order


def _let_go(order: Order, by: By, keeps_hold: bool, now: datetime | None) -> None:
    if order.lock.kind == Claim.Kind.HOLD:
        reference = f"order:{order.pk}"
        if keeps_hold:
            held = list(Place.objects.filter(claim=order.lock_id).values_list("pk", flat=True))
            set_apart(claim_id=order.lock_id, place_ids=held, reference="", was=reference, by=by, now=now)
        else:
            release_hold(claim_id=order.lock_id, by=by, reference=reference, now=now)
        return
    try:
        with transaction.atomic():
            end_payment(claim_id=order.lock_id, by=by, now=now)
    except (LockExpired, LockCommitted, ClaimUnknown):
        return
    release_lock(claim_id=order.lock_id, by=by, now=now)


@transaction.atomic
def refund_order(
    *, order_id: int, by: By, ticket_ids: Sequence[int] | None = None, now: datetime | None = None
) -> list[Refund]:
    """Void these tickets of a paid order (all that live, by default) and give back what they cost; the refunds.

    A gate refuses the tickets from this second, and the places are open again. Money goes back the way it came, never
    in cash for UPI. `by` says why. Raises OrderUnknown, OrderNotPaid, ReasonMissing, TicketsUnknown, TicketsVoid.
    """
    if not by.reason_code:
        raise ReasonMissing
    orders.lock_order(order_id)
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise refusals.OrderUnknown
    if order.confirmed_at is None:
        raise refusals.OrderNotPaid
    at = now or moves.database_now()
    tickets = _chosen(order, ticket_ids)
    paise = void_tickets(order=order, tickets=tickets, by=by, at=at, now=now)
    # What the gateway has given back by itself has gone back already.
    owed = order.returned_paise + paise - refunds.going_back(order_id)
    asked = _give_back(order, min(paise, owed), by, at)
    if asked:
        tell(order_id=order_id, kind=Letter.Kind.REFUND, about=asked[0].pk, at=at)
    elif order.total_paise == 0:
        _tell_a_guest(order, at)
    return asked


def _tell_a_guest(order: Order, at: datetime) -> None:
    """Whoever was given all of his tickets for nothing gets nothing back, and still hears that they are void."""
    if not Ticket.objects.filter(order=order, voided_at__isnull=True).exists():
        tell(order_id=order.pk, kind=Letter.Kind.CANCELLED, about=0, at=at)


def _chosen(order: Order, ticket_ids: Sequence[int] | None) -> list[Ticket]:
    tickets = Ticket.objects.filter(order=order).select_related("line").order_by("id")
    if ticket_ids is None:
        alive = [ticket for ticket in tickets if ticket.voided_at is None]
        if not alive:
            raise TicketsVoid
        return alive
    chosen = [ticket for ticket in tickets if ticket.pk in set(ticket_ids)]
    if len(chosen) < len(set(ticket_ids)) or not chosen:
        raise TicketsUnknown
    if any(ticket.voided_at for ticket in chosen):
        raise TicketsVoid
    return chosen


def _give_back(order: Order, paise: int, by: By, at: datetime) -> list[Refund]:
    """Refunds over the order's payments, the last first, together so much."""
    asked = []
    for payment in Payment.objects.filter(order=order, allocated_paise__gt=0).order_by("-id"):
        part = min(paise, refunds.left(payment.pk, of_aside=False))
        if part > 0:
            asked.append(
                ask_refund(
                    payment_id=payment.pk,
                    paise=part,
                    of_aside=False,
                    reason_code=by.reason_code,
                    by=by,
                    at=at,
                    note=by.note,
                )
            )
            paise -= part
    return asked
