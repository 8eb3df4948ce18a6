"""Paying for an order: through the gateway, or by a tender that is certain at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from core.queries import Kept
from core.refusals import DomainError, broken_rule
from inventory.acts import By
from inventory.queries import moves
from inventory.services.locks import LockCommitted, LockExpired, end_payment
from inventory.services.refusals import ClaimUnknown, ShowNotOnSale
from ticketing.gateways.words import Gateway, GatewayRefused, GatewayUnreachable, Opened, Way
from ticketing.models import Order, Payment
from ticketing.queries import orders, payments
from ticketing.queries.payments import Attempt, Payer
from ticketing.services import refusals
from ticketing.services.settling import take_money

MOST_ATTEMPTS = 10
MOST_CASH_PAISE = 199_999_99
# Its code is closed, and money that was on the way then is here soon or late.
FIRST_LOOK_AFTER = timedelta(seconds=20)
_log = structlog.get_logger(__name__)


class TooManyAttempts(DomainError):
    code, status, message = "too_many_attempts", 429, "This order was tried to be paid too often. Choose again."


class TooLateToPay(DomainError):
    code, message = (
        "too_late_to_pay",
        "Too little time is left to pay for these places. Give them back and choose again.",
    )


class CashTooMuch(DomainError):
    """Income-tax Act 2025, s.186: no receipt of two lakh rupees or more in cash for one transaction or event.

    `had_paise` is what this contact has paid in cash for the show before.
    """

    code, message = "cash_too_much", "Two lakh rupees or more are not taken in cash. Take another tender."


class TenderNotTaken(DomainError):
    code, status, message = "tender_not_taken", 403, "You may not take money in this way."


class ReferenceUsed(DomainError):
    code, message = "reference_used", "This slip or transfer has paid for an order already."


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that waits for its buyer. `is_new` where this call opened it."""

    payment_id: int
    way: str
    link: str
    amount_paise: int
    closes_at: datetime
    at: datetime
    is_new: bool


def start_payment(
    *,
    order_id: int,
    way: Way,
    gateway: Gateway,
    by: By,
    payer: Payer | None = None,
    pay_for_s: int | None = None,
    about: str = "",
    kept: Kept | None = None,
    answer: Callable[[Started], Any] = lambda started: None,
    now: datetime | None = None,
) -> Started:
    """Open a payment, or tell of the one that is open: an order has one at a time.

    The row comes first, then the gateway, then what it made; no transaction is open meanwhile. If the gateway's answer
    is lost, the next call looks for what was made before making another. With `kept` the answer is kept as it is
    written, and AnsweredBefore is raised where there is one. With `payer` the order must be theirs. The code or link
    lives for `pay_for_s` seconds, or as long as the show's terms say.

    Raises OrderUnknown, OrderPaid, OrderExpired, OrderCancelled, OrderInReview, ShowNotOnSale, LockExpired,
    PaymentBeingChecked, TooLateToPay, TooManyAttempts, GatewayDown and GatewaySaysNo.
    """

    def begin() -> Attempt:
        attempt = payments.begin(
            order_id,
            payer=payer,
            way=way,
            gateway=gateway.name,
            pay_for_s=pay_for_s,
            most=MOST_ATTEMPTS,
            actor=by.actor,
            kept=kept,
            now=now,
        )
        if attempt.verdict not in {"new", "unanswered", "open", "other_open"}:
            raise _REFUSALS.get(attempt.verdict, refusals.OrderUnknown)
        return attempt

    attempt = begin()
    if attempt.verdict == "other_open":
        cancel_payment(payment_id=_known(attempt), gateway=gateway, by=by, now=now)
        attempt = begin()
    if attempt.verdict == "other_open":  # again: somebody else pays for it in another window
        raise refusals.PaymentBeingChecked
    if attempt.verdict == "open":
        return _open_already(attempt)
    assert attempt.closes_at
    made = _ask(attempt, way, gateway, about or attempt.about, now)
    started = Started(
        _known(attempt), way, made.link, attempt.amount_paise, made.closes_at or attempt.closes_at, attempt.at, True
    )
    if not payments.opened(started.payment_id, made, kept, answer(started) if kept else None):
        # A twin was quicker, or the attempt was given up meanwhile: what the row says holds.
        _shut_unseen(made, started.payment_id, gateway)
        return _open_already(attempt)
    return started


_REFUSALS: dict[str, type[DomainError]] = {
    "order_unknown": refusals.OrderUnknown,
    "order_confirmed": refusals.OrderPaid,
    "order_expired": refusals.OrderExpired,
    "order_cancelled": refusals.OrderCancelled,
    "order_in_review": refusals.OrderInReview,
    "show_cancelled": ShowNotOnSale,
    "lock_expired": LockExpired,
    "checking": refusals.PaymentBeingChecked,
    "too_late": TooLateToPay,
    "too_many": TooManyAttempts,
}


def _ask(attempt: Attempt, way: Way, gateway: Gateway, about: str, now: datetime | None) -> Opened:
    """Have the gateway make what the buyer pays by; look first where this attempt may have been made before."""
    assert attempt.closes_at
    try:
        lost = gateway.find_opened(way, receipt=attempt.receipt) if attempt.verdict == "unanswered" else None
        return lost or gateway.open(
            way,
            amount_paise=attempt.amount_paise,
            receipt=attempt.receipt,
            closes_at=attempt.closes_at,
            about=about,
        )
    except GatewayUnreachable as error:
        _log.warning("gateway unreachable", doing="open", payment=attempt.payment_id, why=str(error))
        raise refusals.GatewayDown from error
    except GatewayRefused as error:
        _log.error("gateway refused", doing="open", payment=attempt.payment_id, why=str(error))
        _never_opened(_known(attempt), error.code or "refused", gateway, now)
        raise refusals.GatewaySaysNo from error


@transaction.atomic
def _never_opened(payment_id: int, why: str, gateway: Gateway, now: datetime | None) -> None:
    """The gateway would not make it. The buyer may try again; the places are not kept until the cap for nothing."""
    payments.lock(payment_id)
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != Payment.State.NEW or payment.order_id is None:
        return
    payments.move_on(payment_id, state="failed", failure=why[:60], next_look_at=None)
    _keep_for_another_try(payment.order_id, By(actor=f"system:{gateway.name}"), now)


def _shut_unseen(made: Opened, payment_id: int, gateway: Gateway) -> None:
    """A code that the books do not name was shown to nobody. Should it not close now, it does by its time."""
    if made.qr_id and not Payment.objects.filter(pk=payment_id, qr_id=made.qr_id).exists():
        try:
            gateway.close(qr_id=made.qr_id)
        except (GatewayUnreachable, GatewayRefused) as error:
            _log.warning("unseen code not closed", payment=payment_id, why=str(error))


def _open_already(attempt: Attempt) -> Started:
    row = Payment.objects.get(pk=_known(attempt))
    if row.state != Payment.State.PENDING:
        raise refusals.PaymentBeingChecked
    assert row.closes_at
    return Started(row.pk, row.way, row.link, row.amount_paise, row.closes_at, attempt.at, False)


def _known(attempt: Attempt) -> int:
    assert attempt.payment_id is not None
    return attempt.payment_id


def cancel_payment(*, payment_id: int, gateway: Gateway, by: By, now: datetime | None = None) -> bool:
    """The buyer wants to pay in another way: close this one, look once, give it up. Whether it was given up.

    Where money has come after all, it is taken; where it comes later, it is late. Raises PaymentUnknown, GatewayDown
    and GatewaySaysNo.
    """
    payment = Payment.objects.filter(pk=payment_id, tender=Payment.Tender.GATEWAY).first()
    if payment is None or payment.order_id is None:
        raise refusals.PaymentUnknown
    if payment.state not in {Payment.State.NEW, Payment.State.PENDING}:
        return False
    try:
        if payment.qr_id:
            gateway.close(qr_id=payment.qr_id)
        for money in look_up(gateway, payment):
            take_money(money=money, gateway=gateway.name, is_looked_up=True, now=now)
    except GatewayUnreachable as error:
        raise refusals.GatewayDown from error
    except GatewayRefused as error:
        _log.error("gateway refused", doing="cancel", payment=payment_id, why=str(error))
        raise refusals.GatewaySaysNo from error
    return give_up(payment_id=payment_id, order_id=payment.order_id, by=by, now=now)


def give_up_waiting(*, order_id: int, gateway: Gateway, by: By, now: datetime | None = None) -> None:
    """Close all by which this order could still be paid, before it is cancelled. As `cancel_payment` for each."""
    waiting = Payment.objects.filter(order=order_id, tender=Payment.Tender.GATEWAY, state__in=["new", "pending"])
    for payment_id in waiting.values_list("pk", flat=True):
        cancel_payment(payment_id=payment_id, gateway=gateway, by=by, now=now)


def look_up(gateway: Gateway, payment: Payment) -> list[Any]:
    """What the gateway knows of the money of this attempt; of a QR code's payments, with the code named on each."""
    if payment.qr_id:
        return [replace(money, qr_id=payment.qr_id) for money in gateway.money_of(qr_id=payment.qr_id)]
    if payment.gateway_order_id:
        return gateway.money_of(order_id=payment.gateway_order_id)
    return []


@transaction.atomic
def give_up(*, payment_id: int, order_id: int, by: By, now: datetime | None = None) -> bool:
    """Wait for this payment no longer, and let the buyer try again. Whether it was still waited for."""
    orders.lock_order(order_id)
    at = now or moves.database_now()
    payment = Payment.objects.get(pk=payment_id)
    if payment.state not in {Payment.State.NEW, Payment.State.PENDING}:
        return False
    payments.move_on(payment_id, state="lapsed", next_look_at=at + FIRST_LOOK_AFTER)
    _keep_for_another_try(order_id, by, now)
    return True


def _keep_for_another_try(order_id: int, by: By, now: datetime | None) -> None:
    try:
        with transaction.atomic():
            end_payment(claim_id=Order.objects.values_list("lock_id", flat=True).get(pk=order_id), by=by, now=now)
    except (LockExpired, LockCommitted, ClaimUnknown) as refusal:
        _log.info("the lock is over", order=order_id, why=refusal.code)


@transaction.atomic
def pay_by_tender(
    *,
    order_id: int,
    tender: Payment.Tender,
    by: By,
    reference: str = "",
    now: datetime | None = None,
) -> Payment:
    """Take the whole sum by a tender that is certain at once, and confirm the order.

    A payment through the gateway must be given up first: its money would be a second one. Raises why the order cannot
    be paid, TenderNotTaken (money by the gateway is what the gateway says), CashTooMuch, ReferenceUsed,
    PaymentBeingChecked, and LockExpired or ShowNotOnSale (take no money then).
    """
    if tender == Payment.Tender.GATEWAY:
        raise TenderNotTaken
    orders.lock_order(order_id)
    at = now or moves.database_now()
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise refusals.OrderUnknown
    if order.state != Order.State.AWAITING_PAYMENT:
        raise _REFUSALS[f"order_{order.state}"]
    waiting = order.payments.filter(state__in=["new", "pending", "authorized"])
    if waiting.exists():
        raise refusals.PaymentBeingChecked
    due = order.total_paise - payments.short_money(order_id)
    if tender == Payment.Tender.CASH:
        _refuse_too_much_cash(order, due)
    payment = _received(order, tender, due, reference, by, at)
    payments.allocate_short(order_id)
    verdict = orders.issue(order_id, by.actor, now)
    if verdict != "confirmed":
        raise _REFUSALS.get(verdict, LockExpired)
    return payment


def _refuse_too_much_cash(order: Order, due: int) -> None:
    # What is known of the person is the contact; without one the law's sum over an event cannot be reckoned.
    had = payments.cash_of_contact(order.show_id, order.contact_digest) if order.contact_digest else 0
    if had + due > MOST_CASH_PAISE:
        raise CashTooMuch(most_paise=MOST_CASH_PAISE, had_paise=had)


def _received(order: Order, tender: Payment.Tender, paise: int, reference: str, by: By, at: datetime) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.create(
                order=order,
                tender=tender,
                state=Payment.State.CAPTURED,
                amount_paise=paise,
                received_paise=paise,
                allocated_paise=paise,
                receipt=f"HF-{order.pk}-{get_random_string(12).lower()}",
                reference=reference,
                actor=by.actor,
                created_at=at,
                captured_at=at,
            )
    except IntegrityError as error:
        if broken_rule(error) == "payment_reference_is_used_once":
            raise ReferenceUsed(reference=reference) from error
        raise
