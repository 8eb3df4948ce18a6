"""What money does when it comes: one state machine, and webhook, poll and sweep are its inputs.

It only moves forward. Money ends as tickets, as a refund, or as a line on the work-list. Sources: docs/adr/0017, after
the gateway's own words that failed is not final and that success may come late, twice, or in another amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils.crypto import get_random_string

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Incident
from inventory.queries import moves
from inventory.services.incidents import note_money_incident
from inventory.services.locks import end_payment, retake_places
from ticketing.gateways.words import Money, Status
from ticketing.models import Letter, Order, Payment, Terms
from ticketing.queries import orders, payments
from ticketing.services.ending import end_order, tell
from ticketing.services.returning import ask_refund

GATEWAY = By(actor="system:gateway")
LATE_LOOK = timedelta(hours=1)
_OPEN = {"new", "pending"}
_WAITING = {"new", "pending", "failed", "lapsed"}
_log = structlog.get_logger(__name__)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of some news: one word, and whose it was.

    known, nothing, failed, authorized, voided, confirmed, late_confirmed, short, excess, surplus, late, cancelled,
    in_review, unmatched; and untied for money that says nothing of what it was paid by.
    """

    word: str
    payment_id: int | None = None
    order_id: int | None = None


def take_money(*, money: Money, gateway: str, is_looked_up: bool = False, now: datetime | None = None) -> Outcome:
    """Take in what the gateway says of one payment. Safe to repeat, to reorder and to race with itself.

    `is_looked_up` says that the gateway was asked just now; a webhook is a snapshot, and may be an old one. A payment
    by a QR code does not itself say by which: one that we cannot tie to anything is left to the news of its code and
    to the sweep, which looks that up. Only then is it money that nobody knows.
    """
    if money.status is Status.CAPTURED and (due := payments.take_what_is_due(gateway, money, GATEWAY.actor, now)):
        return Outcome("confirmed", *due)
    return _decide(money, gateway, is_looked_up, now)


@transaction.atomic
def _decide(money: Money, gateway: str, is_looked_up: bool, now: datetime | None) -> Outcome:
    """Whatever is not the straight way: late, short, twice, failed, unknown."""
    payment, order = payments.find_and_lock(gateway, money)
    if payment is None:
        if not (is_looked_up or money.qr_id or money.order_id):
            return Outcome("untied")
        return _unmatched(money, gateway, now)
    if payment["gateway_payment_id"] not in ("", money.payment_id):
        if money.status not in (Status.AUTHORIZED, Status.CAPTURED, Status.REFUNDED):
            return Outcome("nothing", payment["id"], payment["order_id"])
        # Another payment by the same code or order: money of its own.
        payment = _another(payment, money, gateway, now)
    if payment["state"] == Payment.State.VOIDED and money.status is Status.CAPTURED and not is_looked_up:
        # All of it had gone back. What tells otherwise is old, or a refund has failed: the next look knows.
        payments.move_on(payment["id"], next_look_at=now or moves.database_now())
        return Outcome("known", payment["id"], payment["order_id"])
    return _NEWS[money.status](payment, order, money, now)


def _nothing(payment: Row, order: Row | None, money: Money, now: datetime | None) -> Outcome:
    return Outcome("nothing", payment["id"], payment["order_id"])


def _failed(payment: Row, order: Row | None, money: Money, now: datetime | None) -> Outcome:
    """It failed for now. The buyer may try again while the places are kept, and so may the bank, for days."""
    if payment["state"] not in _OPEN:
        return Outcome("known", payment["id"], payment["order_id"])
    at = now or moves.database_now()
    # Looked at again at once, since its code must be closed before the next is opened.
    payments.move_on(payment["id"], state="failed", failure=(money.failure or "failed")[:60], next_look_at=at)
    _let_try_again(payment, order, now)
    return Outcome("failed", payment["id"], payment["order_id"])


def _let_try_again(payment: Row, order: Row | None, now: datetime | None) -> None:
    """This attempt is waited for no longer. Where no other is, the places are kept for the show's time to try again."""
    if order is None or order["state"] != Order.State.AWAITING_PAYMENT or payment["has_others"]:
        return
    try:
        with transaction.atomic():
            end_payment(claim_id=order["lock_id"], by=GATEWAY, now=now)
    except DomainError as refusal:
        _log.info("the lock is over", order=order["id"], why=refusal.code)


def _authorized(payment: Row, order: Row | None, money: Money, now: datetime | None) -> Outcome:
    """The bank has set it aside for us. Whether we accept it is decided by whoever looks next, outside of here."""
    if payment["state"] not in _WAITING:
        return Outcome("known", payment["id"], payment["order_id"])
    at = now or moves.database_now()
    columns = {"state": "authorized", "gateway_payment_id": money.payment_id, "method": money.method[:20]}
    payments.move_on(payment["id"], **columns, next_look_at=at + timedelta(seconds=5))
    return Outcome("authorized", payment["id"], payment["order_id"])


def _refunded(payment: Row, order: Row | None, money: Money, now: datetime | None) -> Outcome:
    """All of it went back. Money that we never saw captured is void; what we had is told by its refunds."""
    if payment["state"] == Payment.State.CAPTURED:
        return Outcome("known", payment["id"], payment["order_id"])
    if payment["state"] != Payment.State.VOIDED:
        columns = {"state": "voided", "gateway_payment_id": money.payment_id, "method": money.method[:20]}
        payments.move_on(payment["id"], **columns, next_look_at=None)
        _let_try_again(payment, order, now)
    return Outcome("voided", payment["id"], payment["order_id"])


def _captured(payment: Row, order: Row | None, money: Money, now: datetime | None) -> Outcome:
    if payment["state"] == Payment.State.CAPTURED:
        if payment["fee_paise"] is None and money.fee_paise is not None:
            payments.move_on(payment["id"], fee_paise=money.fee_paise, fee_tax_paise=money.fee_tax_paise)
        return Outcome("known", payment["id"], payment["order_id"])
    at = now or moves.database_now()
    came = {
        "state": "captured",
        "received_paise": money.amount_paise,
        "gateway_payment_id": money.payment_id,
        "method": money.method[:20],
        "payer": money.payer[:60],
        "bank_reference": money.bank_reference[:40],
        "fee_paise": money.fee_paise,
        "fee_tax_paise": money.fee_tax_paise,
        "captured_at": at,
        "next_look_at": None,
    }
    if money.qr_id and not payment["qr_id"]:
        came["qr_id"] = money.qr_id  # it came before the answer that would have told us its code
    if order is None:
        payments.move_on(payment["id"], **came, aside_as="unmatched")
        return Outcome("unmatched", payment["id"])
    if order["state"] in (Order.State.AWAITING_PAYMENT, Order.State.EXPIRED):
        return _pay_for(payment, order, money, came, now)
    if order["state"] == Order.State.IN_REVIEW:
        payments.move_on(payment["id"], **came, aside_as="review")
        return Outcome("in_review", payment["id"], order["id"])
    # Paid for already, or cancelled: what has come now goes back.
    word = "surplus" if order["state"] == Order.State.CONFIRMED else "cancelled"
    payments.move_on(payment["id"], **came, aside_as=word)
    _give_back(payment, money.amount_paise, word, at)
    return Outcome(word, payment["id"], order["id"])


_NEWS = {
    Status.CREATED: _nothing,
    Status.FAILED: _failed,
    Status.AUTHORIZED: _authorized,
    Status.REFUNDED: _refunded,
    Status.CAPTURED: _captured,
}


def _pay_for(payment: Row, order: Row, money: Money, came: Row, now: datetime | None) -> Outcome:
    """Money for an order that is not paid: tickets if all of it is there and the places are ours or can be again."""
    had = order["short_paise"] if money.amount_paise < order["total_paise"] else 0
    due = order["total_paise"] - had
    if money.amount_paise < due:
        return _short(payment, order, money, came, now)
    word, verdict = "confirmed", "lock_over"
    if order["state"] == Order.State.AWAITING_PAYMENT:
        verdict = _issue(order["id"], now)
    if verdict == "show_cancelled":
        return _too_late(payment, order, money, came, now, reason_code="show_cancelled")
    if verdict == "lock_over":
        sale_id = _retake(order, now)
        if sale_id is None:
            return _too_late(payment, order, money, came, now)
        orders.issue(order["id"], GATEWAY.actor, now, sale_id)
        word = "late_confirmed"
    excess = money.amount_paise - due
    payments.move_on(payment["id"], **came, allocated_paise=due, aside_as="excess" if excess else "")
    if had:
        payments.allocate_short(order["id"])
    elif order["short_paise"]:
        return_short_money(order_id=order["id"], reason_code="surplus", at=came["captured_at"])
    if excess:
        _give_back(payment, excess, "excess", came["captured_at"])
        word = "excess"
    if payment["has_others"]:
        payments.look_soon(order["id"], came["captured_at"])
    return Outcome(word, payment["id"], order["id"])


def _issue(order_id: int, now: datetime | None) -> str:
    """As `orders.issue`, but where nothing is sold no share in the show's lock is kept: a late sale has it alone."""
    with transaction.atomic():
        verdict = orders.issue(order_id, GATEWAY.actor, now)
        transaction.set_rollback(verdict != "confirmed")
    return verdict


def _give_back(payment: Row, paise: int, why: str, at: datetime) -> None:
    ask_refund(payment_id=payment["id"], paise=paise, of_aside=True, reason_code=why, by=GATEWAY, at=at)


def _retake(order: Row, now: datetime | None) -> int | None:
    """Take the places again for late money, all of them: the sale, or None where that may not or cannot be."""
    terms = Terms.objects.select_related("show").get(pk=order["show_id"])
    at = now or moves.database_now()
    if terms.late_money != Terms.LateMoney.ACCEPT or terms.show.starts_at <= at:
        return None
    by = By(actor=GATEWAY.actor, channel_id=order["channel_id"], reason_code="late_money")
    try:
        with transaction.atomic():
            sale = retake_places(claim_id=order["lock_id"], by=by, reference=f"order:{order['id']}", now=now)
    except DomainError as refusal:
        if refusal.status >= 500:
            raise
        _log.info("late money, places gone", order=order["id"], why=refusal.code)
        return None
    return sale.pk


def _too_late(
    payment: Row, order: Row, money: Money, came: Row, now: datetime | None, reason_code: str = "paid_too_late"
) -> Outcome:
    """The places are gone, or the house takes no late money: all of it goes back, and the buyer is told."""
    at = came["captured_at"]
    payments.move_on(payment["id"], **came, aside_as="late")
    _let_try_again(payment, order, now)  # a lock that lives is kept for nobody
    end_order(order_id=order["id"], state=Order.State.CANCELLED, reason_code=reason_code, at=at)
    _give_back(payment, money.amount_paise, "late", at)
    return_short_money(order_id=order["id"], reason_code="late", at=at)
    if payment["has_others"]:
        payments.look_soon(order["id"], at)
    tell(order_id=order["id"], kind=Letter.Kind.LATE_REFUND, about=payment["id"], at=at)
    note_money_incident(kind=Incident.Kind.LATE_MONEY, show_id=order["show_id"], subject=f"order:{order['id']}", at=at)
    return Outcome("late", payment["id"], order["id"])


def _short(payment: Row, order: Row, money: Money, came: Row, now: datetime | None) -> Outcome:
    """Less than was due. The rest may still be paid while the places are kept; afterwards all of it goes back."""
    payments.move_on(payment["id"], **came, aside_as="short")
    if order["state"] == Order.State.EXPIRED:
        at = came["captured_at"]
        return_short_money(order_id=order["id"], reason_code="short", at=at)
        end_order(order_id=order["id"], state=Order.State.CANCELLED, reason_code="paid_too_little", at=at)
        tell(order_id=order["id"], kind=Letter.Kind.LATE_REFUND, about=payment["id"], at=at)
    else:
        _let_try_again(payment, order, now)
    return Outcome("short", payment["id"], order["id"])


def return_short_money(*, order_id: int, reason_code: str, at: datetime) -> None:
    """Ask back for the buyer all that came short for this order."""
    for short in Payment.objects.filter(order_id=order_id, state="captured", aside_as="short").order_by("id"):
        if left := short.received_paise - short.allocated_paise - short.refunding_paise:
            ask_refund(payment_id=short.pk, paise=left, of_aside=True, reason_code=reason_code, by=GATEWAY, at=at)


def _unmatched(money: Money, gateway: str, now: datetime | None) -> Outcome:
    """Money that no attempt of ours explains. Only what was captured is anybody's; a person then finds out whose."""
    if money.status is not Status.CAPTURED:
        return Outcome("nothing")
    at = now or moves.database_now()
    payment = _row_for(money, gateway, None, at)
    payments.move_on(
        payment.pk,
        state="captured",
        received_paise=money.amount_paise,
        captured_at=at,
        aside_as="unmatched",
        gateway_payment_id=money.payment_id,
        payer=money.payer[:60],
        bank_reference=money.bank_reference[:40],
        fee_paise=money.fee_paise,
        fee_tax_paise=money.fee_tax_paise,
        method=money.method[:20],
    )
    return Outcome("unmatched", payment.pk)


def _another(first: Row, money: Money, gateway: str, now: datetime | None) -> Row:
    made = _row_for(money, gateway, first["order_id"], now or moves.database_now())
    return {
        "id": made.pk,
        "order_id": made.order_id,
        "state": made.state,
        "gateway_payment_id": "",
        "qr_id": first["qr_id"],
        "fee_paise": None,
        "has_others": first["has_others"],
    }


def _row_for(money: Money, gateway: str, order_id: int | None, at: datetime) -> Payment:
    return Payment.objects.create(
        order_id=order_id,
        tender=Payment.Tender.GATEWAY,
        state=Payment.State.FAILED,
        amount_paise=money.amount_paise,
        aside_as="" if order_id else Payment.Aside.UNMATCHED,
        receipt=f"HF-{order_id or 0}-{get_random_string(12).lower()}",
        gateway=gateway,
        actor=GATEWAY.actor,
        created_at=at,
    )
