"""What the API's description says of each operation on orders, payments and tickets."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from core.errors import Unavailable
from core.json_in import BodyTooLarge, LengthRequired
from core.openapi import ALWAYS, IDEMPOTENCY_KEY, OF_BODIES, OF_WRITES, Refusal, refused, shown
from inventory.api.asking import BUYER, CsrfFailed, KeyUnknown, LoginNeeded, StaffOnly
from inventory.api.docs import ANY_CREDENTIAL, SLUG
from inventory.api.private import LockUnknown
from inventory.services.locks import LockCommitted, LockExpired
from inventory.services.refusals import Busy, ShowNotOnSale, ShowUnknown
from ticketing.api import examples
from ticketing.api import serializers as wire
from ticketing.services import cancelling, inbox, paying, placing, quoting, refusals

_ANYBODY: Any = [{"key": []}, {"login": []}, {}]
_KNOWN: Any = [{"key": []}, {"login": []}]
_NOBODY: Any = [{}]
_MAKER: list[Refusal] = [*ALWAYS, KeyUnknown, StaffOnly]
_READER: list[Refusal] = [*_MAKER, LoginNeeded]
_WRITER: list[Refusal] = [*_MAKER, *OF_WRITES, *OF_BODIES, CsrfFailed]
_PRICED: list[Refusal] = [quoting.NotPriced, quoting.PriceBetweenBands, quoting.TaxUnsettled]
_PAYABLE: list[Refusal] = [
    refusals.OrderPaid,
    refusals.OrderExpired,
    refusals.OrderCancelled,
    refusals.OrderInReview,
    refusals.PaymentBeingChecked,
    LockExpired,
    ShowNotOnSale,
]
# Whatever asks the gateway may find money there, and money that is late takes its places again.
_OF_GATEWAY: list[Refusal] = [refusals.GatewayDown, Busy]
_REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201],
    enum=["true"],
    description="There where this answer was given before.",
)
_LOCATION = OpenApiParameter(
    "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[201], description="Where to look at it."
)


def _named(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.PATH, description=description)


_ORDER = _named("reference", "The id an order was answered with.")
_PAYMENT = _named("payment_id", "The id a payment was answered with.")
_LOCK = _named("lock_id", "The id a lock was answered with.")
_OWN = [*_MAKER, refusals.OrderUnknown]
_NOTHING = OpenApiExample("nothing more to say", {}, request_only=True)

PRICES = extend_schema(
    operation_id="prices",
    auth=_ANYBODY,
    tags=["prices"],
    summary="What each tier costs on your channel, all charges included",
    parameters=[
        SLUG,
        OpenApiParameter("view", OpenApiTypes.STR, enum=["staff"], description="`staff`: the counter's."),
    ],
    responses={200: shown(wire.PricesOut, the_prices=examples.PRICES)} | refused([*_READER, ShowUnknown]),
)
QUOTE = extend_schema(
    operation_id="quote",
    auth=ANY_CREDENTIAL,
    tags=["prices"],
    summary="What the places of one's own lock cost, at the prices of when it was made",
    parameters=[_LOCK],
    responses={200: shown(wire.QuoteOut, a_quote=examples.QUOTE)}
    | refused([*_MAKER, LockUnknown, LockExpired, LockCommitted, *_PRICED]),
)
PLACE_ORDER = extend_schema(
    operation_id="place_order",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="Make an order of one's own lock",
    description="At the prices of the second in which the lock was made. The order is its maker's: a visitor's by the "
    f"cookie `{BUYER}`, a program's by its key, a cashier's by login. On the web it needs a contact.",
    parameters=[IDEMPOTENCY_KEY, _REPLAYED, _LOCATION],
    request=wire.OrderIn,
    responses={201: shown(wire.OrderOut, an_order=examples.PLACED)}
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
        OpenApiExample("an order", {"lock": examples.LOCK, "contact": "asha@example.com"}, request_only=True),
        OpenApiExample(
            "for somebody", {"lock": examples.LOCK, "contact": "98200 12345", "name": "Asha"}, request_only=True
        ),
        OpenApiExample("at a counter", {"lock": examples.LOCK}, request_only=True),
    ],
)
LIST_ORDERS = extend_schema(
    operation_id="list_orders",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="One's own orders, the newest first",
    description="A cashier sees those that were made under that login, a program those of its key.",
    parameters=[
        OpenApiParameter("cursor", OpenApiTypes.STR, description="`next` of the page before."),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            description="How many at most.",
        ),
    ],
    responses={200: shown(wire.OrdersOut, a_page=examples.ORDERS)} | refused(_MAKER),
)
SEE_ORDER = extend_schema(
    operation_id="see_order",
    auth=ANY_CREDENTIAL,
    tags=["orders"],
    summary="One's own order as it stands",
    parameters=[_ORDER],
    responses={200: shown(wire.OrderOut, a_paid_order=examples.CONFIRMED)} | refused(_OWN),
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
    responses={200: shown(wire.OrderOut, a_cancelled_order=examples.CANCELLED)}
    | refused(
        [
            *_WRITER,
            *_OF_GATEWAY,
            refusals.OrderUnknown,
            refusals.OrderPaid,
            refusals.OrderInReview,
            refusals.PaymentBeingChecked,
            refusals.GatewaySaysNo,
            cancelling.TicketsVoid,
        ]
    ),
    examples=[_NOTHING],
)
START_PAYMENT = extend_schema(
    operation_id="start_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="Start to pay for an order",
    description="Through the gateway (`way`), one payment at a time: where one is open in the same way, that is the "
    "answer; one in another way is given up first. A till takes cash, slips and transfers itself, a partner pays from "
    "its account (`tender`).",
    parameters=[_ORDER, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.PaymentIn,
    responses={201: shown(wire.PaymentOut, waiting_for_the_buyer=examples.WAITING, taken_by_a_till=examples.IN_CASH)}
    | refused(
        [
            *_WRITER,
            *_PAYABLE,
            *_OF_GATEWAY,
            refusals.OrderUnknown,
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
        OpenApiExample("a partner's account", {"tender": "partner_account", "reference": "A-2291"}, request_only=True),
    ],
)
LIST_PAYMENTS = extend_schema(
    operation_id="list_payments",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="All attempts to pay for one's own order, the newest first",
    parameters=[_ORDER],
    responses={200: shown(wire.PaymentsOut, the_attempts=examples.PAYMENTS)} | refused(_OWN),
)
SEE_PAYMENT = extend_schema(
    operation_id="see_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="One payment as it stands",
    parameters=[_PAYMENT],
    responses={200: shown(wire.PaymentOut, a_paid_payment=examples.PAID)} | refused([*_MAKER, refusals.PaymentUnknown]),
)
CHECK_PAYMENT = extend_schema(
    operation_id="check_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="The buyer says it is paid: ask the gateway now",
    description="At most every three seconds; sooner, the answer is what is known already. It is a question, and so "
    "the one write whose answer is not kept: the same key may ask again, and is answered anew.",
    parameters=[_PAYMENT, IDEMPOTENCY_KEY],
    request=wire.NothingIn,
    responses={200: shown(wire.PaymentOut, a_paid_payment=examples.PAID)}
    | refused([*_WRITER, *_OF_GATEWAY, refusals.PaymentUnknown]),
    examples=[_NOTHING],
)
CANCEL_PAYMENT = extend_schema(
    operation_id="cancel_payment",
    auth=ANY_CREDENTIAL,
    tags=["payments"],
    summary="Pay in another way: give this payment up",
    description="The gateway is asked once more first. Money that has come is taken, and the answer says so.",
    parameters=[_PAYMENT, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.NothingIn,
    responses={200: shown(wire.PaymentOut, given_up=examples.CANCELLED_PAYMENT)}
    | refused([*_WRITER, *_OF_GATEWAY, refusals.PaymentUnknown, refusals.GatewaySaysNo]),
    examples=[_NOTHING],
)
TICKETS = extend_schema(
    operation_id="tickets",
    auth=ANY_CREDENTIAL,
    tags=["tickets"],
    summary="The tickets of one's own order, with their codes",
    parameters=[_ORDER],
    responses={200: shown(wire.TicketsOut, the_tickets=examples.TICKETS)} | refused(_OWN),
)
TICKET_KEYS = extend_schema(
    operation_id="ticket_keys",
    auth=_ANYBODY,
    tags=["tickets"],
    summary="The public keys by which a gate knows a ticket",
    responses={200: shown(wire.TicketKeysOut, the_keys=examples.TICKET_KEYS)} | refused(_READER),
)
REFUND_ORDER = extend_schema(
    operation_id="refund_order",
    auth=_KNOWN,
    tags=["refunds"],
    summary="Void tickets of a paid order and give back what they cost",
    description="For staff who may refund, and for a program, each about its own orders. The tickets die and the "
    "places are open at once; the money goes back the way it came.",
    parameters=[_ORDER, IDEMPOTENCY_KEY, _REPLAYED],
    request=wire.RefundIn,
    responses={201: shown(wire.RefundsOut, the_refunds=examples.REFUNDS)}
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
    examples=[
        OpenApiExample("one ticket", {"tickets": [4711], "reason_code": "illness"}, request_only=True),
        OpenApiExample("all that are valid", {"reason_code": "illness"}, request_only=True),
    ],
)
LIST_REFUNDS = extend_schema(
    operation_id="list_refunds",
    auth=ANY_CREDENTIAL,
    tags=["refunds"],
    summary="What of one's own order went back, or is on its way",
    parameters=[_ORDER],
    responses={200: shown(wire.RefundsOut, the_refunds=examples.REFUNDS)} | refused(_OWN),
)
TAKE_WEBHOOK = extend_schema(
    operation_id="take_razorpay_webhook",
    auth=_NOBODY,
    tags=["webhooks"],
    summary="For Razorpay, to say what happened to money",
    description="Set this address and a secret at the gateway. Whatever was signed with the secret is taken, once for "
    "each event id, and answered before it is worked on. Deliver it again until the answer is a 200.",
    parameters=[
        OpenApiParameter(
            "X-Razorpay-Signature",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            required=True,
            description="The hexadecimal HMAC-SHA256 of the body's very bytes, under one of the secrets.",
        ),
        OpenApiParameter(
            "X-Razorpay-Event-Id",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            required=True,
            description="By which a second delivery is known.",
        ),
    ],
    request={"application/json": {"type": "object"}},
    responses={200: shown(wire.WebhookOut, new={"taken": True}, told_before={"taken": False})}
    | refused([inbox.SignatureInvalid, inbox.EventIdMissing, BodyTooLarge, LengthRequired, Unavailable]),
    examples=[OpenApiExample("a code was paid", examples.WEBHOOK, request_only=True)],
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
