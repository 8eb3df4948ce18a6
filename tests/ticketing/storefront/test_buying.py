"""A ticket bought without any script: basket, contact, UPI, tickets; and everything that may go wrong on the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from inventory.models import Claim
from inventory.queries import moves
from tests.houses import rows, seconds, statuses
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.books import lock as lock_for_somebody
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.browser import Browser
from tests.ticketing.storefront.buying import CONTACT, hear, money_comes, take, to_paying
from ticketing.gateways import gateway
from ticketing.models import Order, Payment, Ticket
from ticketing.services.watching import expire_orders, look_at_payments


def later(minutes: float) -> None:
    """So much later: what is due by then is worked on as beat would."""
    now = moves.database_now() + seconds(60 * minutes)
    look_at_payments(gateway=gateway(), now=now)
    expire_orders(now=now)


def test_a_purchase_without_scripts(buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show()
    to_paying(buyer, show, 2)
    assert "Pay ₹2,360 by UPI" in buyer.text
    assert "Scan this code with any UPI app" in buyer.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in buyer.page.content.decode()
    money_comes(sandbox)
    buyer.open(buyer.path)
    assert "Paid. Here are your tickets." in buyer.text
    assert "http-equiv" not in buyer.page.content.decode()
    buyer.open(buyer.page.context["tickets_at"])
    assert buyer.page.content.decode().count('class="qr"') == 2
    assert "Row A, seat 1" in buyer.text
    assert_books_are_true()


def test_a_phone_is_given_a_link_and_a_desk_a_code(phone: Browser, buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show()
    to_paying(phone, show, 1)
    assert 'href="upi://pay?' in phone.page.content.decode()
    to_paying(buyer, show, 1)
    assert 'href="upi://pay?' not in buyer.page.content.decode()
    assert 'class="qr"' in buyer.page.content.decode()


def test_one_may_change_from_the_link_to_a_code(phone: Browser, sandbox: Sandbox) -> None:
    to_paying(phone, make_priced_show(), 1)
    phone.send("/payment", way="qr")
    assert "Scan this code" in phone.text
    assert [(one.way, one.state) for one in Payment.objects.order_by("id")] == [("intent", "lapsed"), ("qr", "pending")]


def test_the_sandbox_is_offered_only_where_there_is_one(buyer: Browser, sandbox: Sandbox, settings: Any) -> None:
    to_paying(buyer, make_priced_show(), 1)
    assert "sandbox" not in buyer.text
    settings.SANDBOX_PUBLIC_URL = "http://phones.example"
    buyer.open(buyer.path)
    assert 'href="http://phones.example/phone?link=upi%3A%2F%2Fpay' in buyer.page.content.decode()


@pytest.mark.parametrize("contact", ["", "98200", "asha@", "not a contact"])
def test_a_contact_that_is_none_is_asked_for_again(contact: str, buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show())
    buyer.send("/order", contact=contact, name="Asha")
    assert buyer.page.status_code == 400
    assert 'aria-invalid="true"' in buyer.page.content.decode()
    assert 'value="Asha"' in buyer.page.content.decode()
    assert not Order.objects.exists()


def test_an_order_sent_twice_is_one_order_with_one_payment(buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show())
    basket = buyer.page
    buyer.send("/order", contact=CONTACT)
    first, buyer.page = buyer.path, basket
    buyer.send("/order", contact=CONTACT)
    assert buyer.path == first
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_basket_with_an_order_leads_to_it(buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show())
    basket = buyer.path
    buyer.send("/order", contact=CONTACT)
    order = buyer.path
    buyer.open(basket)
    assert buyer.path == order


def test_a_gateway_that_does_not_answer_keeps_the_places_and_is_tried_again(buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show()
    take(buyer, show)
    sandbox.fault("qr.create", "500", times=3)
    buyer.send("/order", contact=CONTACT)
    buyer.send("/payment", way="qr")
    assert buyer.page.status_code == 503
    assert "The payment service does not answer. Your places are kept" in buyer.text
    assert statuses(show)["locked"] == 2
    sandbox.reset()
    buyer.open(buyer.path.removesuffix("payment"))
    buyer.send("/payment", way="qr")
    assert "Scan this code" in buyer.text


def test_a_declined_payment_is_no_end_and_is_tried_again(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show())
    money_comes(sandbox, "decline")
    buyer.send("/check")
    assert "The payment did not go through" in buyer.text
    assert "Your places are still kept." in buyer.text
    buyer.send("/payment", way="qr")
    money_comes(sandbox)
    buyer.open(buyer.path)
    assert "Paid." in buyer.text
    assert_books_are_true()


def test_whoever_says_that_they_have_paid_is_believed_when_the_gateway_says_so(
    buyer: Browser, sandbox: Sandbox
) -> None:
    to_paying(buyer, make_priced_show())
    buyer.send("/check")
    assert "Waiting for the payment." in buyer.text
    sandbox.pay(Payment.objects.get().qr_id)
    cache.clear()  # a few seconds later; the webhook is late, and only the buyer's question finds the money
    buyer.send("/check")
    assert "Paid." in buyer.text


def test_after_the_code_has_run_out_the_bank_is_asked_and_then_the_places_go_back(
    buyer: Browser, sandbox: Sandbox
) -> None:
    show = make_priced_show(terms={"pay_for_s": 120, "grace_s": 120})
    to_paying(buyer, show)
    order = buyer.path
    Payment.objects.update(closes_at=moves.database_now() - seconds(1))
    buyer.open(order)
    assert "We are asking the bank Do not pay again yet." in buyer.text
    assert "/cancellation" not in str(buyer.actions)
    later(10)
    buyer.open(order)
    assert "The time ran out" in buyer.text
    assert "If you have paid all the same" in buyer.text
    assert statuses(show) == {"open": 20}


def test_late_money_makes_tickets_while_the_places_are_there(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show())
    later(10)
    money_comes(sandbox)
    buyer.open(buyer.path)
    assert "Paid." in buyer.text
    assert "Your payment came late, and your places were still there." in buyer.text
    assert_books_are_true()


def test_late_money_goes_back_when_the_places_are_gone(buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show(rows("A", 3))
    to_paying(buyer, show, 2)
    later(10)
    lock_for_somebody(show, 2)
    money_comes(sandbox)
    buyer.open(buyer.path)
    assert "Your payment came too late" in buyer.text
    assert "₹2,360 : on its way back, to where it came from" in buyer.text
    assert_books_are_true()


def test_too_little_money_asks_for_the_rest(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show(), 2)
    sandbox.pay(Payment.objects.get().qr_id, amount_paise=100_000)
    hear(sandbox)
    buyer.open(buyer.path)
    assert "A part is still missing ₹1,000 came, and that is less than was due." in buyer.text


def test_an_order_that_is_not_wanted_gives_its_places_back(buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show()
    to_paying(buyer, show)
    buyer.send("/cancellation")
    assert "You gave the places back." in buyer.text
    assert statuses(show) == {"open": 20}
    buyer.open(buyer.path)
    assert "Choose again" in buyer.text


def test_paid_tickets_are_given_back_where_the_terms_let_buyers(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show(terms={"buyers_cancel_until_h": 24}), 2)
    money_comes(sandbox)
    order = buyer.open(buyer.path)
    tickets = order.context["tickets_at"]
    buyer.send("/cancellation")
    assert "This order is cancelled" in buyer.text
    assert "₹2,360 : on its way back" in buyer.text
    buyer.open(tickets)
    assert buyer.text.count("VOID. You gave this ticket back. It admits nobody.") == 2
    assert 'class="qr"' not in buyer.page.content.decode()
    assert not Ticket.objects.filter(voided_at=None).exists()
    assert_books_are_true()


def test_paid_tickets_stay_bought_where_the_terms_say_nothing(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show())
    paying = buyer.page
    money_comes(sandbox)
    buyer.open(buyer.path)
    assert not any(action.endswith("/cancellation") for action in buyer.actions)
    buyer.page = paying
    buyer.send("/cancellation")
    assert buyer.page.status_code == 409
    assert "this show's tickets are not taken back" in buyer.text.replace("&#x27;", "'")


def test_a_lock_that_ran_out_before_its_order_says_so(buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show())
    Claim.objects.update(expires_at="2020-01-01T00:00Z")
    buyer.send("/order", contact=CONTACT)
    assert buyer.page.status_code == 410
    assert "Nothing was paid." in buyer.text
    assert not Order.objects.exists()


def test_one_contact_buys_only_so_many(buyer: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show(terms={"tickets_per_contact": 2})
    take(buyer, show, 3)
    buyer.send("/order", contact=CONTACT)
    assert buyer.page.status_code == 409
    assert "as many tickets were bought as one person may have" in buyer.text


def test_pages_of_an_order_need_few_statements(
    buyer: Browser, sandbox: Sandbox, django_assert_max_num_queries: Any
) -> None:
    show = make_priced_show()
    for quantity in (1, 3):
        take(buyer, show, quantity)
        with django_assert_max_num_queries(4):
            buyer.open(buyer.path)
        buyer.send("/order", contact=CONTACT)
        with django_assert_max_num_queries(3):
            buyer.open(buyer.path)
