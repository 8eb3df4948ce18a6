"""Waiting for money: asking the gateway in growing gaps, giving up on time, and looking again for days.

The very same code takes in what a poll finds and what a webhook says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Claim
from inventory.queries import moves
from inventory.services.locks import LockCommitted, LockNotPaying, lapse_payment, stop_watching
from ticketing.gateways.words import Gateway, GatewayRefused, GatewayUnreachable, Money, Status, Way
from ticketing.models import Order, Payment, Terms
from ticketing.queries import orders, payments
from ticketing.services.ending import end_order
from ticketing.services.paying import look_up
from ticketing.services.returning import take_refund
from ticketing.services.settling import LATE_LOOK, Outcome, return_short_money, take_money

WATCHER = By(actor="system:watcher", reason_code="payment_lapsed")
# Seconds from one look to the next: a gateway that is asked more often knows no more (facts 1.4, 5.6).
GAPS_S = (10, 20, 30, 60, 60, 120, 120, 180, 300)
SIX_HOURS = timedelta(hours=6)
OPENING_TAKES = timedelta(seconds=60)
# So long after it began, a payment that failed or was given up is looked at as often as one that is waited for.
FRESH = timedelta(minutes=20)
_OPEN = ("new", "pending")
_ENDED = ("failed", "lapsed")
_log = structlog.get_logger(__name__)


def look_at_payments(*, gateway: Gateway, most: int = 100, now: datetime | None = None) -> int:
    """Ask about every payment whose time has come; how many were asked about."""
    at = now or moves.database_now()
    looked = 0
    for payment_id in payments.due_to_look(at, most):
        try:
            looked += look_at_payment(payment_id=payment_id, gateway=gateway, now=now)
        except (DomainError, DatabaseError) as error:
            # Busy, or a bug with this one; its next look is set. The others do not wait for it.
            _log.error("look left for later", payment=payment_id, why=f"{type(error).__name__}: {error}")
    return looked


def look_at_payment(*, payment_id: int, gateway: Gateway, now: datetime | None = None) -> bool:
    """Ask the gateway about one payment that is due to be asked about, and act on what it says. Whether it was due."""
    at = now or moves.database_now()
    payment = Payment.objects.select_related("order__show").get(pk=payment_id)
    if not payments.claim_look(payment_id, at, _gap_s(payment)):
        return False
    try:
        _LOOKS[Payment.State(payment.state)](payment, gateway, at, now)
    except GatewayUnreachable as error:
        _log.warning("gateway unreachable", doing="look", payment=payment_id, why=str(error))
        _without_an_answer(payment, at, now)
    except GatewayRefused as error:
        _log.error("gateway refused", doing="look", payment=payment_id, why=str(error))
        _without_an_answer(payment, at, now)
    return True


def check_now(*, payment_id: int, gateway: Gateway, now: datetime | None = None) -> None:
    """Somebody says that the money has been sent: ask at once. Raises GatewayUnreachable and GatewayRefused."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != Payment.State.CAPTURED:
        _take_all(payment, gateway, now)


def _take_all(payment: Payment, gateway: Gateway, now: datetime | None) -> list[Outcome]:
    # What is captured first, so that an attempt's earlier failure cannot hide it.
    found: list[Money] = sorted(look_up(gateway, payment), key=lambda money: money.status is not Status.CAPTURED)
    return [_take(money, gateway, now) for money in found]


def _take(money: Money, gateway: Gateway, now: datetime | None) -> Outcome:
    """What the gateway was asked just now, with what of it has gone back and nobody told us."""
    outcome = take_money(money=money, gateway=gateway.name, is_looked_up=True, now=now)
    known = payments.known_money(gateway.name, money.payment_id)
    if known and known.is_ours and money.amount_refunded_paise > known.refunding_paise:
        for told in gateway.refunds_of(money.payment_id):
            take_refund(told=told, gateway=gateway.name, now=now)
    return outcome


def _look_at_new(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Whoever opened it has died, or lost the gateway's answer: find what was made, or say that nothing was."""
    if at < payment.created_at + OPENING_TAKES:
        return
    made = gateway.find_opened(Way(payment.way), receipt=payment.receipt)
    if made is not None:
        payments.opened(payment.pk, made)
        payments.look_again(payment.pk, at, _OPEN)
    elif not _is_awaited(payment) or (payment.closes_at and at >= payment.closes_at):
        _lapse(payment.pk, at, now)


def _look_at_pending(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    _take_all(payment, gateway, now)
    payment.refresh_from_db(fields=["state", "next_look_at"])
    if payment.state != Payment.State.PENDING or payment.closes_at is None:
        return
    is_awaited = _is_awaited(payment)
    if is_awaited and at < payment.closes_at:
        # Never so late that its end would be missed.
        payments.look_again(payment.pk, min(at + timedelta(seconds=_gap_s(payment)), payment.closes_at), _OPEN)
        return
    if payment.qr_id:
        gateway.close(qr_id=payment.qr_id)
    ends_at = payment.closes_at + _grace(payment)
    if is_awaited and at < ends_at:
        payments.look_again(payment.pk, min(at + timedelta(seconds=20), ends_at), _OPEN)
    else:
        _lapse(payment.pk, at, now)


def _look_at_ended(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Failed or given up: what it was to be paid by is closed, and money may still come for days."""
    if payment.qr_id and at <= payment.created_at + LATE_LOOK:
        gateway.close(qr_id=payment.qr_id)
    _take_all(payment, gateway, now)
    if not _has_been_watched(payment, at, now):
        payments.look_again(payment.pk, at + timedelta(seconds=_gap_s(payment, at)), _ENDED)


def _has_been_watched(payment: Payment, at: datetime, now: datetime | None) -> bool:
    """The time is over for which the show watches its payments. With the order's last one its places are watched no
    more."""
    watch_for_s = payment.order.show.watch_payment_for_s if payment.order else 0
    if at < payment.created_at + timedelta(seconds=watch_for_s):
        return False
    payments.stop_looking(payment.pk)
    if payment.order and not payments.is_watched(payment.order.pk):
        stop_watching(claim_id=payment.order.lock_id, now=now)
    return True


def _look_at_authorized(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Accept the money if its places are ours, or could be again; else leave it, and it goes back by itself."""
    money = gateway.money(payment.gateway_payment_id)
    if money.status is Status.AUTHORIZED and payment.order and _is_wanted(payment.order, at):
        money = gateway.capture(payment.gateway_payment_id, money.amount_paise)
    _take(money, gateway, now)
    payment.refresh_from_db(fields=["state"])
    if payment.state == Payment.State.AUTHORIZED:
        _has_been_watched(payment, at, now)


def _look_at_voided(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    """Something was said of it after all of it had gone back."""
    _take(gateway.money(payment.gateway_payment_id), gateway, now)
    payments.stop_looking(payment.pk)


def _look_no_more(payment: Payment, gateway: Gateway, at: datetime, now: datetime | None) -> None:
    payments.stop_looking(payment.pk)


_LOOKS: dict[Payment.State, Callable[[Payment, Gateway, datetime, datetime | None], None]] = {
    Payment.State.NEW: _look_at_new,
    Payment.State.PENDING: _look_at_pending,
    Payment.State.FAILED: _look_at_ended,
    Payment.State.LAPSED: _look_at_ended,
    Payment.State.AUTHORIZED: _look_at_authorized,
    Payment.State.VOIDED: _look_at_voided,
    Payment.State.CAPTURED: _look_no_more,
}


def _gap_s(payment: Payment, at: datetime | None = None) -> float:
    """Seconds to the next look: growing, and long once nobody waits any more."""
    age = at - payment.created_at if at else timedelta(0)
    if age >= timedelta(days=1):
        return SIX_HOURS.total_seconds()
    if age >= FRESH:
        return LATE_LOOK.total_seconds()
    return GAPS_S[min(payment.looks, len(GAPS_S) - 1)]


def _is_awaited(payment: Payment) -> bool:
    """Whether its order still needs the money. Another payment may have been quicker."""
    awaited = Order.objects.filter(payments=payment.pk, state=Order.State.AWAITING_PAYMENT)
    return awaited.exists()


def _is_wanted(order: Order, at: datetime) -> bool:
    lock = Claim.objects.get(pk=order.lock_id)
    terms = Terms.objects.select_related("show").get(pk=order.show_id)
    order.refresh_from_db(fields=["state"])
    if terms.show.state == terms.show.State.CANCELLED:
        return False
    if order.state == Order.State.AWAITING_PAYMENT and lock.ended_at is None and lock.due_at and lock.due_at > at:
        return True
    if order.state not in (Order.State.AWAITING_PAYMENT, Order.State.EXPIRED):
        return False
    return terms.late_money == Terms.LateMoney.ACCEPT and terms.show.starts_at > at and orders.could_retake(order.pk)


def _grace(payment: Payment) -> timedelta:
    terms = payment.order and Terms.objects.filter(pk=payment.order.show_id).first()
    return timedelta(seconds=terms.grace_s if terms else 0)


def _without_an_answer(payment: Payment, at: datetime, now: datetime | None) -> None:
    """Nobody can say whether money came. Places are kept until the cap and not a second longer; nothing is for ever."""
    if payment.state not in _OPEN:
        _has_been_watched(payment, at, now)
    elif payment.order:
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
    if payment.state not in _OPEN or payment.order is None:
        return
    payments.move_on(payment_id, state="lapsed", next_look_at=at + timedelta(seconds=_gap_s(payment, at)))
    try:
        with transaction.atomic():
            lapse_payment(claim_id=payment.order.lock_id, by=WATCHER, now=now)
    except LockCommitted:
        return  # another payment was quicker
    except LockNotPaying:
        return  # the buyer has time left to pay again; without, the order expires with the lock
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
            try:
                if outcome := _sweep(money, gateway, now):
                    news.append(outcome)
            except (DomainError, DatabaseError) as error:
                # The next sweep meets it again; the rest of the account does not wait for it.
                _log.error("left for the next sweep", money=money.payment_id, why=f"{type(error).__name__}: {error}")
        skip = page.next_skip
    return news


def _sweep(money: Money, gateway: Gateway, now: datetime | None) -> Outcome | None:
    if money.status in (Status.CREATED, Status.FAILED):
        return None
    known = payments.known_money(gateway.name, money.payment_id)
    is_news = known is None or (not known.is_ours and _TOLD_AS.get(known.state) is not money.status)
    if is_news or (known and known.is_ours and money.amount_refunded_paise > known.refunding_paise):
        outcome = _take(gateway.money(money.payment_id), gateway, now)
        return outcome if is_news else None
    return None


_TOLD_AS = {"authorized": Status.AUTHORIZED, "voided": Status.REFUNDED}


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
