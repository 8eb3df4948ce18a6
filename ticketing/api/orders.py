"""Orders: made of one's own lock, looked at, given up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import answered
from core.idempotency import answer_kept_by_act, answer_once_prepared, kept_for
from core.opaque import opaque, revealed
from core.queries import Kept
from inventory.acts import By
from inventory.api.asking import Asker, asker_of
from inventory.api.locks import WritingDoor
from inventory.api.private import told_outside
from inventory.models import Show
from inventory.queries.moves import database_now
from ticketing.api import docs
from ticketing.api.answers import order_made, order_seen
from ticketing.api.contacts import contact_of
from ticketing.api.finding import own_lock_held, own_order, own_order_told
from ticketing.api.serializers import NothingIn, OrderIn
from ticketing.gateways import gateway
from ticketing.models import Order
from ticketing.queries.doors import orders_of
from ticketing.services.cancelling import cancel_unpaid, refund_order
from ticketing.services.paying import give_up_waiting
from ticketing.services.placing import place_order
from ticketing.services.refusals import OrderPaid

PAGE, MOST = 20, 100
_LIMIT = re.compile("[1-9][0-9]{0,2}")


class Orders(WritingDoor):
    @docs.PLACE_ORDER
    def post(self, request: Request) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        body = OrderIn.read(request.data)
        answer = answer_kept_by_act(kept, lambda: _place(body, asker, kept), 201)
        headers = {}
        if answer.status == 201:
            headers["Location"] = reverse("api-order", kwargs={"reference": answer.content["id"]})
        return answered(answer, **headers)

    @docs.LIST_ORDERS
    def get(self, request: Request) -> Response:
        limit = _limit(request.query_params.get("limit", str(PAGE)))
        before = _before(request.query_params.get("cursor", ""))
        told = orders_of(asker_of(request).digest(), before, limit + 1, None)
        page = told[:limit]
        more = opaque("orders-after", page[-1]["id"]) if len(told) > limit else None
        return Response({"orders": [order_seen(one) for one in page], "next": more})


class OneOrder(WritingDoor):
    @docs.SEE_ORDER
    def get(self, request: Request, reference: str) -> Response:
        return Response(order_seen(own_order_told(reference, asker_of(request))))


class OrderCancellation(WritingDoor):
    @docs.CANCEL_ORDER
    def post(self, request: Request, reference: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        NothingIn.read(request.data)

        def close_what_it_could_be_paid_by() -> None:
            with told_outside():
                give_up_waiting(
                    order_id=own_order(reference, asker).order_id, gateway=gateway(), by=By(actor=asker.actor())
                )

        def cancel() -> Any:
            with told_outside():
                _cancel(own_order(reference, asker).order_id, asker)
            return order_seen(own_order_told(reference, asker))

        return answered(answer_once_prepared(kept, close_what_it_could_be_paid_by, cancel, 200))


def _place(body: dict[str, Any], asker: Asker, kept: Kept) -> Any:
    with told_outside():
        order_id, held = own_lock_held(body["lock"], asker)
        placed = place_order(
            order_id=order_id,
            held=held,
            buyer=asker.digest(),
            actor=asker.actor(),
            contact=contact_of(body["contact"], asker),
            name=body["name"],
            kept=kept,
            answer=order_made,
        )
        return order_made(placed)


def _cancel(order_id: int, asker: Asker) -> None:
    order = Order.objects.select_related("show").get(pk=order_id)
    by = By(actor=asker.actor(), channel_id=order.channel_id, reason_code="by_buyer")
    if order.state == Order.State.CONFIRMED:
        if not _may_cancel_paid(order.show):
            raise OrderPaid("This order is paid, and this show's tickets are not taken back. Ask the box office.")
        refund_order(order_id=order.pk, by=by)
    else:
        cancel_unpaid(order_id=order.pk, by=by)


def _may_cancel_paid(show: Show) -> bool:
    terms = getattr(show, "terms", None)
    if terms is None or terms.buyers_cancel_until_h is None:
        return False
    return database_now() < show.starts_at - timedelta(hours=terms.buyers_cancel_until_h)


def _limit(text: str) -> int:
    if not _LIMIT.fullmatch(text) or int(text) > MOST:
        raise ValidationError({"limit": [f"A number from 1 to {MOST}."]})
    return int(text)


def _before(cursor: str) -> int | None:
    before = revealed("orders-after", cursor)
    if cursor and before is None:
        raise ValidationError({"cursor": ["Not one of our cursors. Begin without."]})
    return before
