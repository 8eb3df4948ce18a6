"""Giving money back: a row that says so, sent by a task, and what the gateway says of it afterwards.

A refund is asked for once for each key, however often it is sent; a failed one stays, and another try is another row.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.utils.crypto import get_random_string

from core.refusals import DomainError
from inventory.acts import By
from inventory.queries import moves
from ticketing.gateways.words import Gateway, GatewayRefused, GatewayUnreachable, Returned
from ticketing.models import Order, Payment, Refund
from ticketing.queries import payments, refunds
from ticketing.services.refusals import PaymentUnknown
from ticketing.services.voiding import void_what_went_back

_log = structlog.get_logger(__name__)
# Doubling from five seconds to an hour: a gateway that is down for a day is asked some thirty times.
FIRST_TRY_S, LAST_TRY_S = 5, 3600
ASK_AGAIN = timedelta(hours=1)
# What is given back at once, since nobody hands over anything: a credit in an account, and what cost nothing.
_DONE_AT_ONCE = {Payment.Tender.PARTNER_ACCOUNT, Payment.Tender.COMPLIMENTARY}


class RefundUnknown(DomainError):
    code, status, message = "refund_unknown", 404, "There is no such refund."


class RefundNotFailed(DomainError):
    code, message = "refund_not_failed", "Only a refund that failed can be tried again."


class RefundNotOwed(DomainError):
    code, message = "refund_not_owed", "This was asked for again already, or has gone back in another way."


class RefundTooMuch(DomainError):
    code, message = "refund_too_much", "More would go back than came."


class NothingAside(DomainError):
    code, message = "nothing_aside", "Nothing of this payment waits to be given back."


def ask_refund(
    *,
    payment_id: int,
    paise: int,
    of_aside: bool,
    reason_code: str,
    by: By,
    at: datetime,
    order_id: int | None = None,
    note: str = "",
    key: str = "",
) -> Refund:
    """Write that so much of a payment goes back; its order's row is locked. Raises RefundTooMuch.

    Through the gateway it is sent by the next run of `send_refunds`. A partner's account is credited at once. Cash,
    slips and transfers wait on the work-list for a person who gives the money back (`hand_back`).
    """
    payment = Payment.objects.get(pk=payment_id)
    left = refunds.left(payment_id, of_aside=of_aside)
    if paise > left:
        raise RefundTooMuch(left_paise=left)
    is_sent = payment.tender == Payment.Tender.GATEWAY
    is_done = payment.tender in _DONE_AT_ONCE
    return Refund.objects.create(
        payment=payment,
        order_id=order_id or payment.order_id,
        amount_paise=paise,
        of_aside=of_aside,
        state=Refund.State.PROCESSED if is_done else Refund.State.REQUESTED,
        key=key or f"refund-{payment_id}-{get_random_string(16).lower()}",
        reason_code=reason_code,
        note=note,
        actor=by.actor,
        requested_at=at,
        ended_at=at if is_done else None,
        next_try_at=at if is_sent else None,
        is_document_due=is_done and not of_aside,
    )


def send_refunds(*, gateway: Gateway, most: int = 50, now: datetime | None = None) -> int:
    """Send what is due to the gateway, each claimed first and sent outside of any transaction; how many were sent."""
    at = now or moves.database_now()
    sent = 0
    for refund_id in refunds.due(at, most):
        if refunds.claim_try(refund_id, at, FIRST_TRY_S, LAST_TRY_S):
            sent += _send(refund_id, gateway, now)
    return sent


def _send(refund_id: int, gateway: Gateway, now: datetime | None) -> bool:
    """Whether the gateway has it. What it has already is taken in first: ours, if its answer was lost, and its own."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    payment_id = refund.payment.gateway_payment_id
    try:
        for told in gateway.refunds_of(payment_id):
            take_refund(told=told, gateway=gateway.name, now=now)
        refund.refresh_from_db(fields=["state"])
        if refund.state != Refund.State.REQUESTED:
            return refund.state != Refund.State.FAILED
        made = _ask(refund, gateway, now)
        return made is not None and take_refund(told=made, gateway=gateway.name, now=now) != "unknown"
    except GatewayUnreachable as error:
        _log.warning("gateway unreachable", doing="refund", refund=refund_id, why=str(error))
    except GatewayRefused as error:
        _log.error("gateway refused", doing="refunds_of", refund=refund_id, why=str(error))
    except (DomainError, DatabaseError) as error:
        # The gateway's refunds and ours do not fit together yet; the next try looks again.
        _log.error("refund left for later", refund=refund_id, why=f"{type(error).__name__}: {error}")
    return False


def _ask(refund: Refund, gateway: Gateway, now: datetime | None) -> Returned | None:
    try:
        return gateway.refund(refund.payment.gateway_payment_id, refund.amount_paise, key=refund.key)
    except GatewayRefused as error:
        _log.error("gateway refused", doing="refund", refund=refund.pk, why=str(error))
        _refused(refund.pk, error.description or str(error), now or moves.database_now())
        return None


@transaction.atomic
def _refused(refund_id: int, why: str, at: datetime) -> None:
    if refunds.lock(refund_id) == Refund.State.REQUESTED:
        refunds.end(refund_id, "failed", at, failure=why)


@transaction.atomic
def take_refund(*, told: Returned, gateway: str, now: datetime | None = None) -> str:
    """Take in what the gateway says of one refund, ours or not. Safe to repeat and to reorder.

    Tickets whose money has gone back in full, unasked, die with it. Returns `submitted`, `processed`, `failed`,
    `external`, `known`; `unknown` where the payment is none of ours, and `early` where we have not seen its money yet.
    """
    at = now or moves.database_now()
    found = refunds.find_and_lock(gateway, told)
    if found is None:
        return "unknown"
    if found.payment_state != Payment.State.CAPTURED:
        return _of_money_not_seen(found, told, at)
    # One that failed with us, and was made nevertheless: its answer was lost.
    is_another = found.state == Refund.State.FAILED and found.gateway_refund_id != told.refund_id
    if found.refund_id is None or (is_another and told.status != "failed"):
        word = _external(found, told, at)
        if word == "external" and found.order_id:
            void_what_went_back(order_id=found.order_id, at=at, now=now)
        return word
    if found.state in (Refund.State.PROCESSED, Refund.State.FAILED):
        return "known"
    if told.status == "pending":
        refunds.submitted(found.refund_id, told.refund_id, at)
        return "submitted"
    is_done = told.status == "processed"
    failure = "" if is_done else "the gateway could not pay it out"
    state = "processed" if is_done else "failed"
    refunds.end(
        found.refund_id,
        state,
        at,
        gateway_refund_id=told.refund_id,
        bank_reference=told.bank_reference,
        failure=failure,
    )
    if found.rest_id:
        refunds.end(found.rest_id, state, at, bank_reference=told.bank_reference, failure=failure)
    return state


def _of_money_not_seen(found: refunds.Found, told: Returned, at: datetime) -> str:
    """Of an authorized payment, or of one that went back before we knew that it was captured: the next look settles."""
    if found.payment_state == Payment.State.VOIDED and told.status != "failed":
        return "known"
    payments.move_on(found.payment_id, next_look_at=at)
    return "early"


def _external(found: refunds.Found, told: Returned, at: datetime) -> str:
    """A refund that we never asked for. What of ours was still to be sent for the same money is not sent any more."""
    if told.status == "failed":
        return "known"
    payment = Payment.objects.get(pk=found.payment_id)
    mine = list(Refund.objects.filter(payment=payment).exclude(state=Refund.State.FAILED).order_by("id"))
    aside = _open(payment.received_paise - payment.allocated_paise, mine, of_aside=True)
    sale = _open(payment.allocated_paise, mine, of_aside=False)
    if told.amount_paise > aside + sale:
        raise RefundTooMuch(left_paise=aside + sale)
    # Of one part, if it fits there; else all that was set aside, and the rest of what had paid for the order.
    of_aside = told.amount_paise if told.amount_paise <= aside else 0 if told.amount_paise <= sale else aside
    of_sale = told.amount_paise - of_aside
    _make_room(mine, aside - of_aside, at, of_aside=True)
    _make_room(mine, sale - of_sale, at, of_aside=False)
    if of_sale:
        _record(payment, told, of_sale, at, of_aside=False)
    if of_aside:
        _record(payment, told, of_aside, at, of_aside=True, is_rest=bool(of_sale))
    return "external"


def _open(paise: int, mine: list[Refund], *, of_aside: bool) -> int:
    """What of a part has not gone back yet; what only waits to be sent has not."""
    return paise - sum(
        one.amount_paise for one in mine if one.of_aside == of_aside and one.state != Refund.State.REQUESTED
    )


def _make_room(mine: list[Refund], left: int, at: datetime, *, of_aside: bool) -> None:
    waiting = [one for one in mine if one.of_aside == of_aside and one.state == Refund.State.REQUESTED]
    while sum(one.amount_paise for one in waiting) > left:
        refunds.end(waiting.pop(0).pk, "failed", at, failure="the gateway gave it back by itself")


def _record(
    payment: Payment, told: Returned, paise: int, at: datetime, *, of_aside: bool, is_rest: bool = False
) -> None:
    is_done = told.status == "processed"
    Refund.objects.create(
        payment=payment,
        order_id=payment.order_id,
        amount_paise=paise,
        of_aside=of_aside,
        state=Refund.State.PROCESSED if is_done else Refund.State.SUBMITTED,
        key=refunds.key_of_rest(told.refund_id) if is_rest else refunds.key_of_gateway(told.refund_id),
        gateway_refund_id="" if is_rest else told.refund_id,
        bank_reference=told.bank_reference[:40],
        reason_code="by_gateway",
        actor="system:gateway",
        requested_at=at,
        submitted_at=at,
        ended_at=at if is_done else None,
        next_try_at=None if is_done or is_rest else at + ASK_AGAIN,
        is_document_due=is_done and not of_aside,
    )


@transaction.atomic
def retry_refund(*, refund_id: int, by: By, now: datetime | None = None) -> Refund:
    """Ask again for what failed, under a new key, as far as it is still owed. `by` may say why now.

    Raises RefundUnknown, RefundNotFailed and RefundNotOwed.
    """
    at = now or moves.database_now()
    state = refunds.lock(refund_id)
    if state is None:
        raise RefundUnknown
    if state != Refund.State.FAILED:
        raise RefundNotFailed(state=state)
    failed = Refund.objects.get(pk=refund_id)
    owed = _still_owed(failed)
    # Made of the failed one's own key: a second try of it is the same row, which the database has once.
    key = f"again-{refund_id}-{failed.key.rpartition('-')[2]}"[:40]
    if owed <= 0 or Refund.objects.filter(key=key).exists():
        raise RefundNotOwed
    return ask_refund(
        payment_id=failed.payment_id,
        paise=min(failed.amount_paise, owed),
        of_aside=failed.of_aside,
        reason_code=failed.reason_code,
        by=by,
        at=at,
        order_id=failed.order_id,
        note=": ".join(filter(None, (f"again, after refund {refund_id} failed", by.reason_code, by.note)))[:400],
        key=key,
    )


def _still_owed(failed: Refund) -> int:
    left = refunds.left(failed.payment_id, of_aside=failed.of_aside)
    if failed.of_aside or failed.order_id is None:
        return left
    returned = Order.objects.values_list("returned_paise", flat=True).get(pk=failed.order_id)
    return min(left, returned - refunds.going_back(failed.order_id))


@transaction.atomic
def return_aside(*, payment_id: int, by: By, note: str = "", now: datetime | None = None) -> Refund:
    """Give back all that was set aside of a payment and is not going back yet, as a person decides on unmatched money.

    Raises PaymentUnknown and NothingAside.
    """
    at = now or moves.database_now()
    if not payments.lock(payment_id):
        raise PaymentUnknown
    left = refunds.left(payment_id, of_aside=True)
    if left <= 0:
        raise NothingAside
    reason = by.reason_code or Payment.objects.values_list("aside_as", flat=True).get(pk=payment_id)
    return ask_refund(
        payment_id=payment_id, paise=left, of_aside=True, reason_code=reason, by=by, at=at, note=note or by.note
    )


@transaction.atomic
def hand_back(*, refund_id: int, by: By, reference: str = "", now: datetime | None = None) -> bool:
    """Cash, a slip or a transfer was given back by a person. Raises RefundUnknown.

    Twice is once: False where somebody has said so before, and this word of it changes nothing.
    """
    at = now or moves.database_now()
    state = refunds.lock(refund_id)
    if state is None or Refund.objects.filter(pk=refund_id, payment__tender=Payment.Tender.GATEWAY).exists():
        raise RefundUnknown
    if state != Refund.State.REQUESTED:
        return False
    refunds.end(refund_id, "processed", at, bank_reference=reference)
    return True
