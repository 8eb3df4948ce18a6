"""Refunds: asked for by staff who may, and by a program about its own orders; seen by whoever ordered."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import answered
from core.idempotency import answer_once, kept_for
from inventory.acts import By
from inventory.api.asking import asker_of
from inventory.api.locks import WritingDoor
from inventory.api.private import told_outside
from ticketing.api import docs
from ticketing.api.answers import refund_told
from ticketing.api.finding import own_order
from ticketing.api.serializers import RefundIn
from ticketing.queries.doors import refunds_told
from ticketing.services.cancelling import refund_order
from ticketing.services.refusals import RefundNotAllowed

MAY_REFUND = "ticketing.refund_order"


class OrderRefunds(WritingDoor):
    @docs.REFUND_ORDER
    def post(self, request: Request, reference: str) -> Response:
        asker = asker_of(request)
        kept = kept_for(request, asker)
        body = RefundIn.read(request.data)
        may = asker.kind == "key" or asker.may(MAY_REFUND)

        def refund() -> Any:
            whose = own_order(reference, asker)
            if not may:
                raise RefundNotAllowed
            by = By(actor=asker.actor(), reason_code=body["reason_code"], note=body["note"])
            with told_outside():
                refund_order(order_id=whose.order_id, by=by, ticket_ids=body.get("tickets"))
            return _told(whose.order_id)

        return answered(answer_once(kept, refund, 201))

    @docs.LIST_REFUNDS
    def get(self, request: Request, reference: str) -> Response:
        return Response(_told(own_order(reference, asker_of(request)).order_id))


def _told(order_id: int) -> dict[str, Any]:
    return {"refunds": [refund_told(refund) for refund in refunds_told(order_id)]}
