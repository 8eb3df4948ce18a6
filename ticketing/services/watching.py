"""Waiting for money: asking the gateway in growing gaps, giving up on time, and looking again for days.

The very same code takes in what a poll finds and what a webhook says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Claim
from inventory.queries import moves
from inventory.services.locks import lapse_payment, stop_watching
from ticketing.gateways.words import Gateway, GatewayRefused, GatewayUnreachable, Money, Status, Way
from ticketing.models import Order, Payment, Terms
from ticketing.queries import orders, payments
from ticketing.services.cancelling import void_what_went_back
from ticketing.services.paying import look_up
from ticketing.services.returning import take_refund
from ticketing.services.settling import LATE_LOOK, Outcome, end_order, return_short_money, take_money

WATCHER = By(actor="system:watcher", reason_code="payment_lapsed")
# Seconds from one look to the next: a gateway that is asked more often knows no more (facts 1.4, 5.6).
GAPS_S = (10, 20, 30, 60, 60, 120, 120, 180, 300)
SIX_HOURS = timedelta(hours=6)
OPENING_TAKES = timedelta(seconds=60)
_log = structlog.get_logger(__name__)


def look_at_payments(*, gateway: Gateway, most: int = 100, now: datetime | None = None) -> int:
    """Ask about every payment whose time has come; how many were asked about."""
    at = now or moves.database_now()
    looked = 0
    for payment_id in payments.due_to_look(at, most):
        if look_at_payment(payment_id=payment_id, gateway=gateway, now=now):
            looked += 1
    return looked


def look_at_payment(*, payment_id: int, gateway: Gateway, now: datetime | None = None) -> bool:
    """Ask the gateway about one payment that is due to be asked about, and act on what it says. Whether it was due."""
    at = now or moves.database_now()
    payment = Payment.objects.get(pk=payment_id)
    if not payments.claim_look(payment_id, at, GAPS_S[min(payment.looks, len(GAPS_S) - 1)]):
        return False
    try:
        _LOOKS[Payment.State(payment.state)](payment, gateway, at, now)
    except GatewayUnreachable as error:
        _log.warning("gateway unreachable", doing="look", payment=payment_id, why=str(error))
        _lapse_at_its_cap(payment, at, now)
    except GatewayRefused as error:
        _log.error("gateway refused", doing="look", payment=payment_id, why=str(error))
        _lapse_at_its_cap(payment, at, now)
    return True


def check_now(*, payment_id: int, gateway: Gateway, now: datetime | None = None) -> None:
    """Somebody says that the money has been sent: ask at once. Raises GatewayUnreachable and GatewayRefused."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != Payment.State.CAPTURED:
        _take_all(payment, gateway, now)


def _take_all(payment: Payment, gateway: Gateway, now: datetime | None) -> list[Outcome]:
    # What is captured first, so that an attempt's earlier failure cannot hide it.
    found: list[Money] = sorted(look_up(gateway, payment), key=lambda money: money.status is not Status.CAPTURED)
    return [take_money(money=money, gateway=gateway.name, now=now) for money in found]


def _look_at_new(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Whoever opened it has died, or lost the gateway's answer: find what was made, or say that nothing was."""
    if at < payment.created_at + OPENING_TAKES:
        return
    made = gateway.find_opened(Way(payment.way), receipt=payment.receipt)
    if made is not None:
        payments.opened(payment.pk, made)
    elif payment.closes_at and at >= payment.closes_at:
        _lapse(payment.pk, at, now)


def _look_at_pending(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    outcomes = _take_all(payment, gateway, now)
    if any(outcome.word not in ("nothing", "known", "failed") for outcome in outcomes) or not payment.closes_at:
        return
    if at >= payment.closes_at:
        if payment.qr_id:
            gateway.close(qr_id=payment.qr_id)
        if at >= payment.closes_at + _grace(payment):
            _lapse(payment.pk, at, now)
        else:
            payments.move_on(
                payment.pk, next_look_at=min(at + timedelta(seconds=20), payment.closes_at + _grace(payment))
            )
    else:
        # Never so late that its end would be missed.
        payments.move_on(
            payment.pk,
            next_look_at=min(at + timedelta(seconds=GAPS_S[min(payment.looks, len(GAPS_S) - 1)]), payment.closes_at),
        )


def _look_at_ended(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Failed or given up: what it was to be paid by is closed, and money may still come for days."""
    if payment.qr_id and at <= payment.created_at + LATE_LOOK:
        gateway.close(qr_id=payment.qr_id)
    _take_all(payment, gateway, now)
    age = at - payment.created_at
    if age >= _watch_for(payment):
        payments.move_on(payment.pk, next_look_at=None)
        if payment.order:
            stop_watching(claim_id=payment.order.lock_id, now=now)
    else:
        payments.move_on(payment.pk, next_look_at=at + (LATE_LOOK if age < timedelta(days=1) else SIX_HOURS))


def _look_at_authorized(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Accept the money if its places are ours, or could be again; else leave it, and it goes back by itself."""
    money = gateway.money(payment.gateway_payment_id)
    if money.status is Status.AUTHORIZED and payment.order and _is_wanted(payment.order, at):
        money = gateway.capture(payment.gateway_payment_id, money.amount_paise)
    take_money(money=money, gateway=gateway.name, now=now)
    if at - payment.created_at >= _watch_for(payment):
        payments.move_on(payment.pk, next_look_at=None)


def _look_no_more(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    payments.move_on(payment.pk, next_look_at=None)


_LOOKS: dict[Payment.State, Callable[[Payment, Gateway, datetime, datetime | None], None]] = {
    Payment.State.NEW: _look_at_new,
    Payment.State.PENDING: _look_at_pending,
    Payment.State.FAILED: _look_at_ended,
    Payment.State.LAPSED: _look_at_ended,
    Payment.State.AUTHORIZED: _look_at_authorized,
    Payment.State.VOIDED: _look_no_more,
    Payment.State.CAPTURED: _look_no_more,
}


def _is_wanted(order: Order, at: datetime) -> bool:
    lock = Claim.objects.get(pk=order.lock_id)
    if order.state == Order.State.AWAITING_PAYMENT and lock.ended_at is None and lock.due_at and lock.due_at > at:
        return True
    if order.state not in (Order.State.AWAITING_PAYMENT, Order.State.EXPIRED):
        return False
    terms = Terms.objects.select_related("show").get(pk=order.show_id)
    return terms.late_money == Terms.LateMoney.ACCEPT and terms.show.starts_at > at and orders.could_retake(order.pk)


def _grace(payment: Payment) -> timedelta:
    terms = payment.order and Terms.objects.filter(pk=payment.order.show_id).first()
    return timedelta(seconds=terms.grace_s if terms else 0)


def _watch_for(payment: Payment) -> timedelta:
    order = payment.order
    return timedelta(seconds=order.show.watch_payment_for_s if order else 0)


def _lapse_at_its_cap(payment: Payment, at: datetime, now: datetime | None) -> None:
    """Nobody can say whether money came. Places are kept until the cap and not a second longer."""
    if payment.state in (Payment.State.NEW, Payment.State.PENDING) and payment.order:
        cap = Claim.objects.values_list("hard_until", flat=True).get(pk=payment.order.lock_id)
        if cap and at >= cap:
            _lapse(payment.pk, at, now)


@transaction.atomic
def _lapse(payment_id: int, at: datetime, now: datetime | None) -> None:
    """Wait no longer: the places are open again, and money that still comes is late."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    assert order_id
    orders.lock_order(order_id)
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.state not in (Payment.State.NEW, Payment.State.PENDING) or payment.order is None:
        return
    payments.move_on(payment_id, state="lapsed", next_look_at=at + LATE_LOOK)
    try:
        with transaction.atomic():
            lapse_payment(claim_id=payment.order.lock_id, by=WATCHER, now=now)
    except DomainError as refusal:
        _log.info("lapsed payment's lock", order=order_id, why=refusal.code)
    if payment.order.state == Order.State.AWAITING_PAYMENT:
        _expire(payment.order, at)


def sweep_account(*, gateway: Gateway, begin: datetime, end: datetime, now: datetime | None = None) -> list[Outcome]:
    """Go through all payments of the account in this time: whatever no webhook and no poll told us is taken in now.

    Returns what came of those that were news. Raises GatewayUnreachable and GatewayRefused.
    """
    news: list[Outcome] = []
    skip: int | None = 0
    while skip is not None:
        page = gateway.payments_between(begin, end, skip=skip)
        for money in page.items:
            if money.status in (Status.CREATED, Status.FAILED):
                continue
            known = payments.known_money(gateway.name, money.payment_id)
            if known is None or known.is_waiting:
                told = gateway.money(money.payment_id)
                news.append(take_money(money=told, gateway=gateway.name, is_looked_up=True, now=now))
            if money.amount_refunded_paise > (known.refunding_paise if known else 0):
                for returned in gateway.refunds_of(money.payment_id):
                    take_refund(told=returned, gateway=gateway.name, now=now)
                void_what_went_back(gateway=gateway.name, gateway_payment_id=money.payment_id, now=now)
        skip = page.next_skip
    return news


def expire_orders(*, most: int = 200, now: datetime | None = None) -> int:
    """End orders whose lock is over and for which no payment is under way; how many."""
    at = now or moves.database_now()
    return sum(_expire_one(order_id, at) for order_id in payments.overdue_orders(at, most))


@transaction.atomic
def _expire_one(order_id: int, at: datetime) -> bool:
    orders.lock_order(order_id)
    order = Order.objects.get(pk=order_id)
    if order.state != Order.State.AWAITING_PAYMENT or not payments.is_overdue(order_id, at):
        return False
    _expire(order, at)
    return True


def _expire(order: Order, at: datetime) -> None:
    if payments.short_money(order.pk):
        return_short_money(order_id=order.pk, reason_code="short", at=at)
        end_order(order_id=order.pk, state=Order.State.CANCELLED, reason_code="paid_too_little", at=at)
    else:
        end_order(order_id=order.pk, state=Order.State.EXPIRED, reason_code="time_ran_out", at=at)
