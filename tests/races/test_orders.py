"""Orders wanted twice at once: two for one lock, too many for one contact, two codes for one order."""

from __future__ import annotations

import threading

import pytest

from tests.houses import rows
from tests.races.together import naive_stock, refused, run, succeeded, together
from tests.ticketing.books import BUYER, assert_books_are_true, lock, make_priced_show, order
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import Way
from ticketing.models import Order, Payment
from ticketing.queries.quotes import lock_held
from ticketing.services.paying import Started, pay_by_tender, start_payment
from ticketing.services.placing import Placed, place_order

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 8


def place(lock_id: int, contact: str = "") -> Placed:
    order_id, held = lock_held(lock_id)
    assert held
    return place_order(order_id=order_id, held=held, buyer="b" * 32, actor="session:1", contact=contact)


def test_of_many_orders_for_one_lock_one_is_placed() -> None:
    made = lock(make_priced_show(), 2)

    results = together(BUYERS, lambda _: place(made.claim_id))

    assert (len(succeeded(results)), refused(results)) == (1, ["LockHasAnOrder"] * (BUYERS - 1))
    assert Order.objects.count() == 1
    assert_books_are_true()


def test_one_contact_in_many_windows_stays_within_its_tickets() -> None:
    show = make_priced_show(rows("AB", 10), terms={"tickets_per_contact": 5}, cap_per_session=99)
    locks = [lock(show, 2).claim_id for _ in range(BUYERS)]

    results = together(BUYERS, lambda n: place(locks[n], contact="+919000000001"))

    assert (len(succeeded(results)), refused(results)) == (2, ["TooManyForContact"] * (BUYERS - 2))


def test_one_contact_at_many_tills_stays_below_two_lakh_in_cash() -> None:
    show = make_priced_show(rows("AB", 10), paise=90_000_00, cap_per_session=99)
    order_ids = [order(show, 1, contact="+919000000001").order_id for _ in range(5)]

    def pay(number: int) -> Payment:
        return pay_by_tender(order_id=order_ids[number], tender=Payment.Tender.CASH, by=BUYER)

    results = together(5, pay)

    assert (len(succeeded(results)), refused(results)) == (2, ["CashTooMuch"] * 3)
    assert_books_are_true()


def test_control_who_counts_first_and_orders_later_has_too_many(transactional_db: None) -> None:
    all_have_counted = threading.Barrier(BUYERS)

    def place_one(number: int) -> bool:
        may_order = run("SELECT count(*) < 2 FROM naive_place WHERE owner = 'contact'") == [(True,)]
        all_have_counted.wait()
        if may_order:
            run("UPDATE naive_place SET owner = 'contact' WHERE id = %s", number + 1)
        return may_order

    with naive_stock(BUYERS):
        assert together(BUYERS, place_one) == [True] * BUYERS
        assert run("SELECT count(*) FROM naive_place WHERE owner = 'contact'") == [(BUYERS,)]


def test_one_slip_at_two_tills_pays_once() -> None:
    show = make_priced_show()
    order_ids = [order(show, 1).order_id for _ in range(3)]

    def pay(number: int) -> Payment:
        return pay_by_tender(
            order_id=order_ids[number], tender=Payment.Tender.CARD_SLIP, reference="TID1/000123", by=BUYER
        )

    results = together(3, pay)

    assert (len(succeeded(results)), refused(results)) == (1, ["ReferenceUsed"] * 2)
    assert_books_are_true()


def test_two_windows_that_start_to_pay_are_shown_one_code_and_no_other_stays_open(
    sandbox: Sandbox, transactional_db: None
) -> None:
    show = make_priced_show(rows("ABC", 10))
    for _ in range(4):
        order_id = order(show, 1).order_id

        def start(number: int, order_id: int = order_id) -> Started:
            return start_payment(order_id=order_id, way=Way.QR, gateway=gateway(), by=BUYER, pay_for_s=300)

        results = together(3, start)

        shown = {started.link for started in succeeded(results)}
        payment = Payment.objects.get(order_id=order_id)
        assert shown == {payment.link}
        assert set(refused(results)) <= {"PaymentBeingChecked"}
        codes = [code for code in sandbox.made("qr_codes") if code["notes"]["receipt"] == payment.receipt]
        assert [code["id"] for code in codes if code["status"] == "active"] == [payment.qr_id]
    assert_books_are_true()
