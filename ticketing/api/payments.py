"""Payments: started, looked at, asked about, given up."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from redis import RedisError
from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import answered
from core.idempotency import (
    answer_kept_by_act,
    answer_once,
    answer_once_prepared,
    kept_for,
    kept_or_first,
    key_of,
)
from core.opaque import revealed
from core.queries import Kept
from inventory.acts import By
from inventory.api.asking import Asker, asker_of
from inventory.api.locks import WritingDoor
from inventory.api.private import told_outside
from ticketing.api import docs
from ticketing.api.answers import payment_made, payment_seen
from ticketing.api.finding import own_order, own_payment
from ticketing.api.serializers import NothingIn, PaymentIn
from ticketing.gateways import gateway
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Way
from ticketing.models import Payment
from ticketing.queries.doors import Whose, payments_told
from ticketing.queries.payments import Payer
from ticketing.services.paying import TenderNotTaken, cancel_payment, pay_by_tender, start_payment
from ticketing.services.refusals import GatewayDown, OrderUnknown
from ticketing.services.watching import check_now

CHECK_EVERY_S = 3
TILL = {Payment.Tender.CASH, Payment.Tender.CARD_SLIP, Payment.Tender.BANK_TRANSFER}


class OrderPayments(WritingDoor):
    @docs.START_PAYMENT
    def post(self, request: Request, reference: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        body = PaymentIn.read(request.data)
        if "tender" in body:
            return answered(answer_once(kept, lambda: _by_tender(reference, body, asker), 201))
        return answered(answer_kept_by_act(kept, lambda: _start(reference, Way(body["way"]), asker, kept), 201))

    @docs.LIST_PAYMENTS
    def get(self, request: Request, reference: str) -> Response:
        now, payments = payments_told(own_order(reference, asker_of(request)).order_id)
        return Response({"payments": [payment_seen(one, now) for one in payments]})


class OnePayment(WritingDoor):
    @docs.SEE_PAYMENT
    def get(self, request: Request, payment_id: str) -> Response:
        return Response(_seen(own_payment(payment_id, asker_of(request))))


class PaymentCheck(WritingDoor):
    @docs.CHECK_PAYMENT
    def post(self, request: Request, payment_id: str) -> Response:
        asker = asker_of(request)
        key_of(request)  # a question may be asked again and is answered anew; only its form is that of every write
        NothingIn.read(request.data)
        whose = own_payment(payment_id, asker)
        if is_time_to_ask(_id(whose)):
            try:
                with told_outside():
                    check_now(payment_id=_id(whose), gateway=gateway())
            except (GatewayUnreachable, GatewayRefused) as error:
                raise GatewayDown from error
        return Response(_seen(whose))


class PaymentCancellation(WritingDoor):
    @docs.CANCEL_PAYMENT
    def post(self, request: Request, payment_id: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        NothingIn.read(request.data)

        def cancel() -> None:
            number = _id(own_payment(payment_id, asker))
            with told_outside():
                cancel_payment(payment_id=number, gateway=gateway(), by=By(actor=asker.actor()))

        return answered(answer_once_prepared(kept, cancel, lambda: _seen(own_payment(payment_id, asker)), 200))


def _start(reference: str, way: Way, asker: Asker, kept: Kept) -> Any:
    order_id = revealed("order", reference)
    if order_id is None:
        raise OrderUnknown
    with told_outside():
        started = start_payment(
            order_id=order_id,
            way=way,
            gateway=gateway(),
            by=By(actor=asker.actor()),
            payer=Payer(asker.digest(), asker.channel),
            kept=kept,
            answer=payment_made,
        )
    content = payment_made(started)
    return content if started.is_new else kept_or_first(kept, 201, content)


def _by_tender(reference: str, body: dict[str, Any], asker: Asker) -> Any:
    tender = Payment.Tender(body["tender"])
    whose = own_order(reference, asker)
    if not _may_take(tender, asker):
        raise TenderNotTaken
    with told_outside():
        payment = pay_by_tender(
            order_id=whose.order_id, tender=tender, by=By(actor=asker.actor()), reference=body.get("reference", "")
        )
    now, (told,) = payments_told(whose.order_id, payment.pk)
    return payment_seen(told, now)


def _may_take(tender: Payment.Tender, asker: Asker) -> bool:
    """Who takes which money with their own hands: a till takes what can be held, a partner has an account."""
    if tender == Payment.Tender.PARTNER_ACCOUNT:
        return asker.kind == "key" and asker.channel_kind == "partner"
    return asker.is_staff and tender in TILL


def is_time_to_ask(payment_id: int) -> bool:
    """Whether the gateway may be asked again. Where nobody can say, it may."""
    try:
        return bool(cache.add(f"ticketing:checked:{payment_id}", 1, timeout=CHECK_EVERY_S))
    except RedisError:
        return True


def _seen(whose: Whose) -> dict[str, Any]:
    now, (told,) = payments_told(whose.order_id, whose.payment_id)
    return payment_seen(told, now)


def _id(whose: Whose) -> int:
    assert whose.payment_id is not None
    return whose.payment_id
