"""Taking back an order: one that is not paid gives its places back; of a paid one tickets die and money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Incident
from inventory.queries import moves
from inventory.services.incidents import note_money_incident
from inventory.services.locks import LockCommitted, LockExpired, end_payment, release_lock
from inventory.services.refusals import ClaimUnknown
from inventory.services.sales import return_sold
from ticketing.models import Letter, Order, Payment, Refund, Ticket
from ticketing.queries import orders
from ticketing.services import refusals
from ticketing.services.returning import ask_refund
from ticketing.services.settling import end_order, return_short_money, tell


class TicketsUnknown(DomainError):
    code, status, message = "tickets_unknown", 404, "Some of these tickets are not of this order."


class TicketsVoid(DomainError):
    code, message = "tickets_void", "Some of these tickets are void already."


class ReasonMissing(DomainError):
    code, status, message = "reason_missing", 400, "Say why: a reason code is needed."


@transaction.atomic
def cancel_unpaid(*, order_id: int, by: By, now: datetime | None = None) -> Order:
    """The buyer does not want it: the order is cancelled and its places are open at once. Twice is once.

    A payment must be given up first, since its money may be on the way. Raises OrderUnknown, OrderPaid, OrderInReview
    and PaymentBeingChecked.
    """
    orders.lock_order(order_id)
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise refusals.OrderUnknown
    if order.state in (Order.State.CANCELLED, Order.State.EXPIRED):
        return order
    if order.state != Order.State.AWAITING_PAYMENT:
        raise refusals.OrderPaid if order.state == Order.State.CONFIRMED else refusals.OrderInReview
    if order.payments.filter(state__in=["new", "pending", "authorized"]).exists():
        raise refusals.PaymentBeingChecked
    at = now or moves.database_now()
    _let_go(order, by, now)
    return_short_money(order_id=order_id, reason_code="cancelled", at=at)
    end_order(order_id=order_id, state=Order.State.CANCELLED, reason_code=by.reason_code or "by_buyer", at=at)
    order.refresh_from_db()
    return order


def _let_go(order: Order, by: By, now: datetime | None) -> None:
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
    paise = _void(order, tickets, by, at, now)
    asked = _give_back(order, paise, by, at)
    if asked:
        tell(order_id=order_id, kind=Letter.Kind.REFUND, about=asked[0].pk, at=at)
    return asked


def _void(order: Order, tickets: Sequence[Ticket], by: By, at: datetime, now: datetime | None) -> int:
    """Tickets die, their places are open again, and the order is worth so much less; in paise."""
    paise = sum(ticket.line.paise for ticket in tickets)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(voided_at=at, void_reason=by.reason_code)
    return_sold(show_id=order.show_id, place_ids=[ticket.place_id for ticket in tickets], by=by, now=now)
    Order.objects.filter(pk=order.pk).update(returned_paise=F("returned_paise") + paise)
    if not Ticket.objects.filter(order=order, voided_at__isnull=True).exists():
        end_order(order_id=order.pk, state=Order.State.CANCELLED, reason_code=by.reason_code, at=at)
    return paise


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
        gone = sum(refund.amount_paise for refund in payment.refunds.filter(of_aside=False).exclude(state="failed"))
        part = min(paise, payment.allocated_paise - gone)
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


@transaction.atomic
def void_what_went_back(*, gateway: str, gateway_payment_id: str, now: datetime | None = None) -> bool:
    """The gateway has given back by itself what paid for an order: its tickets die. Whether any did.

    Nobody is let in for money that we no longer have. Where only a part went back, the work-list shows it to a person.
    """
    payment = Payment.objects.filter(gateway=gateway, gateway_payment_id=gateway_payment_id).first()
    if payment is None or payment.order_id is None:
        return False
    orders.lock_order(payment.order_id)
    order = Order.objects.get(pk=payment.order_id)
    if order.state != Order.State.CONFIRMED:
        return False
    gone = sum(refund.amount_paise for refund in order.refunds.filter(of_aside=False).exclude(state="failed"))
    if gone < order.total_paise:
        return False
    at = now or moves.database_now()
    by = By(actor="system:gateway", channel_id=order.channel_id, reason_code="refunded_by_gateway")
    _void(order, _chosen(order, None), by, at, now)
    note_money_incident(
        kind=Incident.Kind.REFUNDED_BY_GATEWAY, show_id=order.show_id, subject=f"order:{order.pk}", at=at
    )
    return True
