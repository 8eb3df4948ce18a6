"""What the API's description says of each operation on orders, payments and tickets."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from core.openapi import ALWAYS, IDEMPOTENCY_KEY, OF_BODIES, OF_WRITES, Refusal, refused
from inventory.api.asking import BUYER, CsrfFailed, KeyUnknown, LoginNeeded, StaffOnly
from inventory.api.docs import ANY_CREDENTIAL, SLUG
from inventory.api.private import LockUnknown
from inventory.services.locks import LockCommitted, LockExpired
from inventory.services.refusals import ShowUnknown
from ticketing.api import serializers as wire
from ticketing.services import cancelling, paying, placing, quoting, refusals

_ANYBODY: Any = [{"key": []}, {"login": []}, {}]
_KNOWN: Any = [{"key": []}, {"login": []}]
_NOBODY: Any = [{}]
_MAKER: list[Refusal] = [*ALWAYS, KeyUnknown, StaffOnly]
_WRITER: list[Refusal] = [*_MAKER, *OF_WRITES, *OF_BODIES, CsrfFailed]
_PRICED: list[Refusal] = [quoting.NotPriced, quoting.PriceBetweenBands, quoting.TaxUnsettled]
_PAYABLE: list[Refusal] = [
    refusals.OrderPaid,
    refusals.OrderExpired,
    refusals.OrderCancelled,
    refusals.OrderInReview,
    refusals.PaymentBeingChecked,
    LockExpired,
]
_REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201],
    enum=["true"],
    description="There where this answer was given before.",
)


def _named(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.PATH, description=description)


_ORDER = _named("reference", "The id an order was answered with.")
_PAYMENT = _named("payment_id", "The id a payment was answered with.")
_LOCK = _named("lock_id", "The id a lock was answered with.")
_OWN = [*_MAKER, refusals.OrderUnknown]

PRICES = extend_schema(
    operation_id="prices",
    auth=_ANYBODY,
    tags=["prices"],
    summary="What each tier costs on your channel, all charges included",
    parameters=[
        SLUG,
        OpenApiParameter("view", OpenApiTypes.STR, enum=["staff"], description="`staff`: the counter's."),
    ],
    responses={200: wire.PricesOut} | refused([*_MAKER, LoginNeeded, ShowUnknown]),
)
QUOTE = extend_schema(
    operation_id="quote",
    auth=ANY_CREDENTIAL,
    tags=["prices"],
    summary="What the places of one's own lock cost, at the prices of when it was made",
    parameters=[_LOCK],
    responses={200: wire.QuoteOut} | refused([*_MAKER, LockUnknown, LockExpired, LockCommitted, *_PRICED]),
)
PLACE_ORDER = extend_schema(
    operation_id="place_order",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="Make an order of one's own lock",
    description="At the prices of the second in which the lock was made. The order is its maker's: a visitor's by the "
    f"cookie `{BUYER}`, a program's by its key.",
    parameters=[IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.OrderIn,
    responses={201: wire.OrderOut}
    | refused(
        [
            *_WRITER,
            *_PRICED,
            LockUnknown,
            LockExpired,
            LockCommitted,
            placing.LockHasAnOrder,
            placing.TooManyForContact,
            refusals.ContactInvalid,
        ]
    ),
    examples=[
        OpenApiExample("an order", {"lock": "q5o2…", "contact": "asha@example.com"}, request_only=True),
        OpenApiExample("at a counter", {"lock": "q5o2…"}, request_only=True),
    ],
)
LIST_ORDERS = extend_schema(
    operation_id="list_orders",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="One's own orders, the newest first",
    parameters=[
        OpenApiParameter("cursor", OpenApiTypes.STR, description="`next` of the page before."),
        OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 100; 20 where it is not said."),
    ],
    responses={200: wire.OrdersOut} | refused(_MAKER),
)
SEE_ORDER = extend_schema(
    operation_id="see_order",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="One's own order as it stands",
    parameters=[_ORDER],
    responses={200: wire.OrderOut} | refused(_OWN),
)
CANCEL_ORDER = extend_schema(
    operation_id="cancel_order",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="Give an order up",
    description="One that is not paid gives its places back at once. A paid one is cancelled by its buyer only where "
    "the show's terms let buyers cancel, and all of its money goes back.",
    parameters=[_ORDER, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.NothingIn,
    responses={200: wire.OrderOut}
    | refused(
        [
            *_WRITER,
            refusals.OrderUnknown,
            refusals.OrderPaid,
            refusals.OrderInReview,
            refusals.PaymentBeingChecked,
            refusals.GatewayDown,
            refusals.GatewaySaysNo,
            cancelling.TicketsVoid,
        ]
    ),
)
START_PAYMENT = extend_schema(
    operation_id="start_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="Start to pay for an order",
    description="Through the gateway (`way`), one payment at a time: where one is open in the same way, that is the "
    "answer; one in another way is given up first. A till or a partner may take the money itself (`tender`).",
    parameters=[_ORDER, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.PaymentIn,
    responses={201: wire.PaymentOut}
    | refused(
        [
            *_WRITER,
            *_PAYABLE,
            refusals.OrderUnknown,
            refusals.GatewayDown,
            refusals.GatewaySaysNo,
            paying.TooManyAttempts,
            paying.TooLateToPay,
            paying.CashTooMuch,
            paying.TenderNotTaken,
            paying.ReferenceUsed,
        ]
    ),
    examples=[
        OpenApiExample("a code to scan", {"way": "qr"}, request_only=True),
        OpenApiExample("on the phone in hand", {"way": "intent"}, request_only=True),
        OpenApiExample("cash at a till", {"tender": "cash"}, request_only=True),
        OpenApiExample("a card's slip", {"tender": "card_slip", "reference": "004211"}, request_only=True),
    ],
)
LIST_PAYMENTS = extend_schema(
    operation_id="list_payments",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="All attempts to pay for one's own order, the newest first",
    parameters=[_ORDER],
    responses={200: wire.PaymentsOut} | refused(_OWN),
)
SEE_PAYMENT = extend_schema(
    operation_id="see_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="One payment as it stands",
    parameters=[_PAYMENT],
    responses={200: wire.PaymentOut} | refused([*_MAKER, refusals.PaymentUnknown]),
)
CHECK_PAYMENT = extend_schema(
    operation_id="check_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="The buyer says it is paid: ask the gateway now",
    description="At most every three seconds; sooner, the answer is what is known already.",
    parameters=[_PAYMENT, IDEMPOTENCY_KEY],
    request=wire.NothingIn,
    responses={200: wire.PaymentOut} | refused([*_WRITER, refusals.PaymentUnknown, refusals.GatewayDown]),
)
CANCEL_PAYMENT = extend_schema(
    operation_id="cancel_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="Pay in another way: give this payment up",
    description="The gateway is asked once more first. Money that has come is taken, and the answer says so.",
    parameters=[_PAYMENT, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.NothingIn,
    responses={200: wire.PaymentOut}
    | refused([*_WRITER, refusals.PaymentUnknown, refusals.GatewayDown, refusals.GatewaySaysNo]),
)
TICKETS = extend_schema(
    operation_id="tickets",
    auth=ANY_CREDENTIAL,
    tags=["tickets"],
    summary="The tickets of one's own order, with their codes",
    parameters=[_ORDER],
    responses={200: wire.TicketsOut} | refused(_OWN),
)
TICKET_KEYS = extend_schema(
    operation_id="ticket_keys",
    auth=_NOBODY,
    tags=["tickets"],
    summary="The public keys by which a gate knows a ticket",
    responses={200: wire.TicketKeysOut} | refused(ALWAYS),
)
REFUND_ORDER = extend_schema(
    operation_id="refund_order",
    auth=_KNOWN,
    tags=["refunds"],
    summary="Void tickets of a paid order and give back what they cost",
    description="For staff who may refund, and for a program about its own orders. The tickets die and the places are "
    "open at once; the money goes back the way it came.",
    parameters=[_ORDER, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.RefundIn,
    responses={201: wire.RefundsOut}
    | refused(
        [
            *_WRITER,
            refusals.OrderUnknown,
            refusals.OrderNotPaid,
            refusals.RefundNotAllowed,
            cancelling.ReasonMissing,
            cancelling.TicketsUnknown,
            cancelling.TicketsVoid,
        ]
    ),
    examples=[OpenApiExample("one ticket", {"tickets": [4711], "reason_code": "illness"}, request_only=True)],
)
LIST_REFUNDS = extend_schema(
    operation_id="list_refunds",
    auth=ANY_CREDENTIAL,
    tags=["refunds"],
    summary="What of one's own order went back, or is on its way",
    parameters=[_ORDER],
    responses={200: wire.RefundsOut} | refused(_OWN),
)


def a_file(operation_id: str, summary: str, media_type: str) -> Any:
    """The description of an operation that answers with a file."""
    return extend_schema(
        operation_id=operation_id,
        auth=ANY_CREDENTIAL,
        tags=["tickets"],
        summary=summary,
        parameters=[_ORDER],
        responses={(200, media_type): OpenApiResponse(OpenApiTypes.BINARY)}
        | refused([*_OWN, refusals.OrderNotPaid, cancelling.TicketsVoid]),
    )
