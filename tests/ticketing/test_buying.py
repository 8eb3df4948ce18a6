"""The straight way: a lock, an order, a payment by UPI, its money, and tickets."""

from __future__ import annotations

from tests.ticketing.books import BUYER, assert_books_are_true, make_priced_show, opened, order, state_of
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import Way
from ticketing.models import Payment, Ticket
from ticketing.services.inbox import take_event, work_on_inbox
from ticketing.services.paying import start_payment


def test_money_that_comes_in_time_makes_tickets(sandbox: Sandbox, transactional_db: None) -> None:
    show = make_priced_show()
    placed = order(show, 2)
    assert placed.total_paise == 236_000
    started = start_payment(order_id=placed.order_id, way=Way.QR, gateway=gateway(), by=BUYER, pay_for_s=300)
    sandbox.pay(opened(started.payment_id))
    for webhook in sandbox.take_webhooks():
        take_event(gateway=gateway(), raw=webhook.raw, headers=webhook.headers)
    work_on_inbox(gateway=gateway())
    assert state_of(placed.order_id) == "confirmed"
    assert Ticket.objects.filter(order_id=placed.order_id, voided_at=None).count() == 2
    assert Payment.objects.get().allocated_paise == 236_000
    assert_books_are_true()
