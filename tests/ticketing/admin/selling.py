"""Orders that are paid, and money that went astray, for pages to show."""

from __future__ import annotations

from inventory.acts import By
from inventory.models import Show
from inventory.queries.moves import database_now
from tests.ticketing.books import BUYER, order
from ticketing.gateways.words import Money, Opened, Returned, Status
from ticketing.models import Order, Payment, Refund
from ticketing.queries import payments
from ticketing.services.cancelling import refund_order
from ticketing.services.paying import pay_by_tender
from ticketing.services.returning import ask_refund, take_refund
from ticketing.services.settling import take_money

CLERK = By(actor="user:1", reason_code="customer_request")


def sold(show: Show, quantity: int = 2, *, contact: str = "gauri@example.com") -> Order:
    """An order for so many of the best places, paid in cash."""
    placed = order(show, quantity, contact=contact)
    pay_by_tender(order_id=placed.order_id, tender=Payment.Tender.CASH, by=BUYER)
    return Order.objects.get(pk=placed.order_id)


def cash_to_give_back(show: Show) -> Refund:
    """A refund that waits for a person to open the drawer."""
    (refund,) = refund_order(order_id=sold(show, 1).pk, by=CLERK)
    return refund


def nobodys_money(paise: int = 1_180_00, payment_id: str = "pay_Stray000000001") -> Payment:
    """Money by a code that none of our attempts had."""
    money = Money(payment_id, Status.CAPTURED, paise, qr_id="qr_Unknown0000001", payer="ga***@upi")
    take_money(money=money, gateway="razorpay")
    return Payment.objects.get(gateway_payment_id=payment_id)


def paid_twice(show: Show) -> Payment:
    """The second of two payments by one code: surplus, which is to go back."""
    placed = order(show, 1)
    attempt = payments.begin(
        placed.order_id,
        payer=None,
        way="qr",
        gateway="razorpay",
        pay_for_s=300,
        most=10,
        actor=BUYER.actor,
        kept=None,
        now=None,
    )
    assert attempt.payment_id
    code = f"qr_{attempt.payment_id:014}"
    payments.opened(attempt.payment_id, Opened("upi://pay", qr_id=code))
    for nth in (1, 2):
        money = Money(f"pay_{attempt.payment_id}_{nth}", Status.CAPTURED, attempt.amount_paise, qr_id=code)
        take_money(money=money, gateway="razorpay")
    return Payment.objects.get(aside_as="surplus", order=placed.order_id)


def failed_refund(payment: Payment) -> Refund:
    """All of a payment was to go back, and the gateway could not."""
    refund = payment.refunds.first() or ask_refund(
        payment_id=payment.pk,
        paise=payment.received_paise,
        of_aside=True,
        reason_code="surplus",
        by=By(actor="system:gateway"),
        at=database_now(),
    )
    told = Returned(f"rfnd_{refund.pk:014}", payment.gateway_payment_id, refund.amount_paise, "failed", key=refund.key)
    take_refund(told=told, gateway="razorpay")
    refund.refresh_from_db()
    return refund
