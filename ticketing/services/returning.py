"""Giving money back: a row that says so, sent by a task, and what the gateway says of it afterwards.

A refund is asked for once for each key, however often it is sent; a failed one stays, and another try is another row.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.crypto import get_random_string

from core.refusals import DomainError
from inventory.acts import By
from inventory.queries import moves
from ticketing.gateways.words import Gateway, GatewayRefused, GatewayUnreachable, Returned
from ticketing.models import Payment, Refund
from ticketing.queries import refunds

_log = structlog.get_logger(__name__)
# Doubling from five seconds to an hour: a gateway that is down for a day is asked some thirty times.
FIRST_TRY_S, LAST_TRY_S = 5, 3600


class RefundUnknown(DomainError):
    code, status, message = "refund_unknown", 404, "There is no such refund."


class RefundNotFailed(DomainError):
    code, message = "refund_not_failed", "Only a refund that failed can be tried again."


class RefundTooMuch(DomainError):
    code, message = "refund_too_much", "More would go back than came."


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
) -> Refund:
    """Write that so much of a payment goes back; its order's row is locked. Raises RefundTooMuch.

    Through the gateway it is sent by the next run of `send_refunds`. A partner's account is credited at once. Cash,
    slips and transfers wait on the work-list for a person who gives the money back (`hand_back`).
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.refunding_paise + paise > payment.received_paise:
        raise RefundTooMuch(left_paise=payment.received_paise - payment.refunding_paise)
    is_sent = payment.tender == Payment.Tender.GATEWAY
    is_done = payment.tender == Payment.Tender.PARTNER_ACCOUNT
    return Refund.objects.create(
        payment=payment,
        order_id=order_id or payment.order_id,
        amount_paise=paise,
        of_aside=of_aside,
        state=Refund.State.PROCESSED if is_done else Refund.State.REQUESTED,
        key=f"refund-{payment_id}-{get_random_string(16).lower()}",
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
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    payment_id = refund.payment.gateway_payment_id
    try:
        if refund.state == Refund.State.SUBMITTED:
            told = next((one for one in gateway.refunds_of(payment_id) if one.key == refund.key), None)
        else:
            known = gateway.refunds_of(payment_id)
            for other in known:
                take_refund(told=other, gateway=gateway.name, now=now)
            refund.refresh_from_db(fields=["state"])
            if refund.state == Refund.State.FAILED:
                return False  # the gateway had given it back by itself
            told = gateway.refund(payment_id, refund.amount_paise, key=refund.key)
    except GatewayUnreachable as error:
        _log.warning("gateway unreachable", doing="refund", refund=refund_id, why=str(error))
        return False
    except GatewayRefused as error:
        _log.error("gateway refused", doing="refund", refund=refund_id, why=str(error))
        refunds.end(refund_id, "failed", now or moves.database_now(), failure=error.description or str(error))
        return False
    if told is not None:
        take_refund(told=told, gateway=gateway.name, now=now)
    return told is not None


@transaction.atomic
def take_refund(*, told: Returned, gateway: str, now: datetime | None = None) -> str:
    """Take in what the gateway says of one refund, ours or not. Safe to repeat and to reorder.

    Returns `submitted`, `processed`, `failed`, `external`, `known`, or `unknown` where the payment is none of ours.
    """
    at = now or moves.database_now()
    found = refunds.find_and_lock(gateway, told)
    if found is None:
        return "unknown"
    if found.refund_id is None:
        return _external(found, told, at)
    if found.state in (Refund.State.PROCESSED, Refund.State.FAILED):
        return "known"
    if told.status == "pending":
        refunds.submitted(found.refund_id, told.refund_id, at)
        return "submitted"
    refunds.end(
        found.refund_id,
        "processed" if told.status == "processed" else "failed",
        at,
        gateway_refund_id=told.refund_id,
        bank_reference=told.bank_reference,
        failure="" if told.status == "processed" else "the gateway could not pay it out",
    )
    return told.status


def _external(found: refunds.Found, told: Returned, at: datetime) -> str:
    """A refund that we never asked for. What of ours was still to be sent for the same money is not sent any more."""
    if told.status == "failed":
        return "known"
    payment = Payment.objects.get(pk=found.payment_id)
    left = payment.received_paise - payment.refunding_paise
    for waiting in Refund.objects.filter(payment=payment, state=Refund.State.REQUESTED).order_by("id"):
        if left >= told.amount_paise:
            break
        refunds.end(waiting.pk, "failed", at, failure="the gateway gave it back by itself")
        left += waiting.amount_paise
    of_aside = payment.received_paise - payment.allocated_paise >= told.amount_paise
    Refund.objects.create(
        payment=payment,
        order_id=payment.order_id,
        amount_paise=told.amount_paise,
        of_aside=of_aside or payment.order_id is None,
        state=Refund.State.PROCESSED if told.status == "processed" else Refund.State.SUBMITTED,
        key=f"gateway-{told.refund_id}"[:40],
        gateway_refund_id=told.refund_id,
        bank_reference=told.bank_reference[:40],
        reason_code="by_gateway",
        actor="system:gateway",
        requested_at=at,
        submitted_at=at,
        ended_at=at if told.status == "processed" else None,
        is_document_due=not of_aside and payment.order_id is not None,
    )
    return "external"


@transaction.atomic
def retry_refund(*, refund_id: int, by: By, now: datetime | None = None) -> Refund:
    """Ask again for what failed, under a new key. `by` may say why now. Raises RefundUnknown, RefundNotFailed,
    RefundTooMuch."""
    at = now or moves.database_now()
    failed = Refund.objects.select_for_update(no_key=True).filter(pk=refund_id).first()
    if failed is None:
        raise RefundUnknown
    if failed.state != Refund.State.FAILED:
        raise RefundNotFailed(state=failed.state)
    return ask_refund(
        payment_id=failed.payment_id,
        paise=failed.amount_paise,
        of_aside=failed.of_aside,
        reason_code=failed.reason_code,
        by=by,
        at=at,
        order_id=failed.order_id,
        note=": ".join(filter(None, (f"again, after refund {refund_id} failed", by.reason_code, by.note)))[:400],
    )


@transaction.atomic
def hand_back(*, refund_id: int, by: By, reference: str = "", now: datetime | None = None) -> None:
    """Cash, a slip or a transfer was given back by a person. Raises RefundUnknown; twice is once."""
    at = now or moves.database_now()
    refund = Refund.objects.select_for_update(no_key=True).select_related("payment").filter(pk=refund_id).first()
    if refund is None or refund.payment.tender == Payment.Tender.GATEWAY:
        raise RefundUnknown
    if refund.state == Refund.State.REQUESTED:
        refunds.end(refund_id, "processed", at, bank_reference=reference)
