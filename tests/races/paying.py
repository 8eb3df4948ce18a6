"""Payments for races: opened without asking a gateway, and money as a gateway would tell it."""

from __future__ import annotations

import itertools
from datetime import datetime

from tests.ticketing.books import BUYER
from ticketing.gateways.words import Money, Opened, Status
from ticketing.models import Payment, Ticket
from ticketing.queries import payments

numbering = itertools.count(1)
GATEWAY = "razorpay"


def attempt(order_id: int, *, pay_for_s: int = 300, now: datetime | None = None) -> Payment:
    """A code that waits to be paid."""
    begun = payments.begin(
        order_id, payer=None, way="qr", gateway=GATEWAY, pay_for_s=pay_for_s, most=10, actor=BUYER.actor, kept=None,
        now=now,
    )  # fmt: skip
    assert begun.payment_id, begun.verdict
    payments.opened(begun.payment_id, Opened("upi://pay?", qr_id=f"qr_{next(numbering)}"))
    return Payment.objects.get(pk=begun.payment_id)


def money(payment: Payment, *, paise: int | None = None, payment_id: str = "") -> Money:
    """All that was asked for, captured."""
    return Money(
        payment_id=payment_id or f"pay_{payment.pk}",
        status=Status.CAPTURED,
        amount_paise=paise or payment.amount_paise,
        qr_id=payment.qr_id,
        method="upi",
    )


def live_tickets(order_id: int) -> int:
    return Ticket.objects.filter(order_id=order_id, voided_at=None).count()
