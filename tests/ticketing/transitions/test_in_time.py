"""Rows 1 to 4 and 22: places are locked, a payment starts, its money comes in time; or cash on the counter."""

from __future__ import annotations

import pytest

from inventory.models import Claim
from tests.houses import rows
from tests.ticketing.books import BUYER, make_priced_show, opened, state_of
from tests.ticketing.transitions.scene import Scene, live_tickets, of, refused
from ticketing.gateways.words import Way
from ticketing.models import Letter, Order, Payment, Ticket
from ticketing.services.paying import (
    MOST_CASH_PAISE,
    CashTooMuch,
    ReferenceUsed,
    TenderNotTaken,
    pay_by_tender,
)

CASH, SLIP = Payment.Tender.CASH, Payment.Tender.CARD_SLIP


def lock_of(order_id: int) -> Claim:
    return Order.objects.select_related("lock").get(pk=order_id).lock


def test_an_order_keeps_its_places_locked_and_sells_nothing(scene: Scene) -> None:
    order_id = scene.order(2)

    assert state_of(order_id) == "awaiting_payment"
    assert scene.stock() == {"locked": 2, "open": 18}
    assert Ticket.objects.count() == 0


def test_a_payment_that_starts_keeps_the_places_beyond_their_expiry(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)

    assert (payment.state, payment.qr_id[:3], payment.link[:10]) == ("pending", "qr_", "upi://pay?")
    assert (lock_of(order_id).phase, lock_of(order_id).due_at) == ("paying", lock_of(order_id).hard_until)
    assert state_of(order_id) == "awaiting_payment"


def test_the_row_is_there_before_the_gateway_is_asked(scene: Scene) -> None:
    """The gateway has our receipt on what it made, so whatever is lost can be found by it."""
    payment = scene.start(scene.order())

    (code,) = scene.sandbox.made("qr_codes")
    assert code["notes"] == {"receipt": payment.receipt}


@pytest.mark.parametrize("way", [Way.QR, Way.INTENT])
def test_money_in_time_makes_tickets(scene: Scene, way: Way) -> None:
    order_id = scene.order(2)
    payment = scene.start(order_id, way)
    payment_id = scene.sandbox.pay(opened(payment))
    scene.tell()

    order = Order.objects.get(pk=order_id)
    assert (order.state, order.is_late, live_tickets(order_id)) == ("confirmed", False, 2)
    assert scene.stock() == {"sold": 2, "open": 18}
    row = of(payment)
    assert (row.state, row.received_paise, row.allocated_paise, row.aside_as) == ("captured", 236_000, 236_000, "")
    assert (row.gateway_payment_id, row.payer, row.next_look_at) == (payment_id, "ga***@okhdfcbank", None)
    assert order.sale == lock_of(order_id).outcomes.get()


def test_money_that_is_only_authorized_is_accepted_by_us(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    assert (of(payment).state, state_of(order_id)) == ("authorized", "awaiting_payment")

    scene.passes(5)
    scene.watch()

    assert (of(payment).state, state_of(order_id)) == ("captured", "confirmed")


def test_whoever_starts_to_pay_twice_gets_the_same_code(scene: Scene) -> None:
    order_id = scene.order()
    first = scene.start(order_id)
    scene.passes(3)

    assert scene.start(order_id) == first
    assert len(scene.sandbox.made("qr_codes")) == 1


def test_a_buyer_with_a_contact_is_sent_the_tickets_once(scene: Scene) -> None:
    order_id = scene.paid(contact="+919000000001")
    scene.tell()

    assert list(Letter.objects.values_list("order_id", "kind", "about")) == [(order_id, "tickets", 0)]


def test_cash_makes_tickets_at_once(scene: Scene) -> None:
    order_id = scene.order(2)
    payment = pay_by_tender(order_id=order_id, tender=CASH, by=BUYER, now=scene.now)

    assert (payment.state, payment.allocated_paise, state_of(order_id)) == ("captured", 236_000, "confirmed")
    assert (live_tickets(order_id), scene.stock()["sold"]) == (2, 2)


def test_one_slip_pays_for_one_order(scene: Scene) -> None:
    first, second = scene.order(1), scene.order(1)
    pay_by_tender(order_id=first, tender=SLIP, reference="TID1/000123", by=BUYER, now=scene.now)

    with refused(ReferenceUsed):
        pay_by_tender(order_id=second, tender=SLIP, reference="TID1/000123", by=BUYER, now=scene.now)


def test_money_by_the_gateway_is_what_the_gateway_says(scene: Scene) -> None:
    order_id = scene.order()

    with refused(TenderNotTaken):
        pay_by_tender(order_id=order_id, tender=Payment.Tender.GATEWAY, by=BUYER, now=scene.now)


def test_two_lakh_rupees_are_not_taken_in_cash_and_one_paisa_less_is(scene: Scene) -> None:
    """Income-tax Act 2025, s.186: two lakh rupees *or more*."""
    at_the_line = Scene(scene.sandbox, make_priced_show(rows("A", 1), paise=MOST_CASH_PAISE, slug="gala"))
    over_it = Scene(scene.sandbox, make_priced_show(rows("A", 1), paise=MOST_CASH_PAISE + 1, slug="opera"))
    taken, not_taken = at_the_line.order(1), over_it.order(1)

    pay_by_tender(order_id=taken, tender=CASH, by=BUYER, now=scene.now)
    with refused(CashTooMuch):
        pay_by_tender(order_id=not_taken, tender=CASH, by=BUYER, now=over_it.now)
    assert (MOST_CASH_PAISE, state_of(taken)) == (19_999_999, "confirmed")


def test_cash_of_one_contact_for_one_show_is_added_up(scene: Scene) -> None:
    dear = Scene(scene.sandbox, make_priced_show(rows("A", 3), paise=100_000_00, slug="gala"))
    first, second = (dear.order(1, contact="+919000000001") for _ in range(2))
    stranger = dear.order(1, contact="+919000000002")
    pay_by_tender(order_id=first, tender=CASH, by=BUYER, now=dear.now)

    with refused(CashTooMuch):
        pay_by_tender(order_id=second, tender=CASH, by=BUYER, now=dear.now)
    pay_by_tender(order_id=stranger, tender=CASH, by=BUYER, now=dear.now)
    assert (state_of(second), state_of(stranger)) == ("awaiting_payment", "confirmed")
