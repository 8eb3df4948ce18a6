"""The refusals that several verbs of money share."""

from __future__ import annotations

from core.refusals import DomainError


class OrderUnknown(DomainError):
    code, status, message = "order_unknown", 404, "You have no such order."


class OrderPaid(DomainError):
    code, message = "order_paid", "This order is paid."


class OrderExpired(DomainError):
    code, status, message = "order_expired", 410, "The time ran out and the places were given back. Choose again."


class OrderCancelled(DomainError):
    code, message = "order_cancelled", "This order was cancelled."


class OrderInReview(DomainError):
    code, message = "order_in_review", "The box office is looking at this order."


class OrderNotPaid(DomainError):
    code, message = "order_not_paid", "This order is not paid, so there is nothing to refund. Cancel it."


class PaymentUnknown(DomainError):
    code, status, message = "payment_unknown", 404, "There is no such payment."


class PaymentBeingChecked(DomainError):
    code, message = (
        "payment_being_checked",
        "The time to pay is over and the last payment is still being looked for. Wait a moment.",
    )


class GatewayDown(DomainError):
    code, status, message = (
        "gateway_down",
        503,
        "The payment service does not answer. Your places are kept; try again in a moment.",
    )


class GatewaySaysNo(DomainError):
    code, status, message = "gateway_says_no", 502, "The payment service refused. The box office has been told."


class RefundNotAllowed(DomainError):
    code, status, message = "refund_not_allowed", 403, "You may not refund this order. Ask the box office."


class ContactInvalid(DomainError):
    code, status, message = (
        "contact_invalid",
        400,
        "Give one mobile number or one e-mail address, so that the tickets can reach you.",
    )
