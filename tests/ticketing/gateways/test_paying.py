"""What a buyer pays by, over real HTTP: made, found again, closed, and the money that came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.ticketing.gateways.paying import PRICE, opened, soon
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Status, Way


def test_a_code_is_made_by_one_request_and_tells_its_link_and_its_end(sandbox: Sandbox) -> None:
    closes_at = soon()

    code = opened(Way.QR, closes_at=closes_at)

    assert code.qr_id.startswith("qr_")
    assert code.link.startswith("upi://pay?pa=")
    assert "&am=1180.00&cu=INR" in code.link
    assert "+" not in code.link
    assert (code.order_id, code.closes_at) == ("", closes_at)
    [made] = sandbox.made("qr_codes")
    assert made["notes"] == {"receipt": "R1"}


@pytest.mark.parametrize(("asked_min", "given_min"), [(1, 2), (300, 120)])
def test_a_code_ends_when_the_gateway_says_so(sandbox: Sandbox, asked_min: int, given_min: int) -> None:
    began = datetime.now(UTC)

    code = opened(Way.QR, closes_at=soon(asked_min))

    assert code.closes_at is not None
    assert abs(code.closes_at - began - timedelta(minutes=given_min)) < timedelta(seconds=30)


def test_an_account_that_does_not_tell_links_is_refused_with_what_to_do(sandbox: Sandbox) -> None:
    sandbox.account(has_image_content=False)

    with pytest.raises(GatewayRefused, match="image_content") as refused:
        opened(Way.QR)

    assert "enable" in refused.value.description


def test_an_intent_is_an_order_and_a_link(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)

    assert order.order_id.startswith("order_")
    assert order.link.startswith("upi://pay?")
    assert (order.qr_id, order.closes_at) == ("", None)
    [made] = sandbox.made("orders")
    assert (made["receipt"], made["amount"], made["notes"]) == ("R1", PRICE, {"receipt": "R1"})


def test_money_by_a_code_names_the_code_and_hides_the_payer(sandbox: Sandbox) -> None:
    code = opened(Way.QR)
    payment_id = sandbox.pay(code)

    [money] = gateway().money_of(qr_id=code.qr_id)

    assert (money.payment_id, money.status, money.amount_paise) == (payment_id, Status.CAPTURED, PRICE)
    assert (money.qr_id, money.order_id, money.method) == (code.qr_id, "", "upi")
    assert money.payer == "ga***@okhdfcbank"
    assert money.bank_reference.startswith("00") and len(money.bank_reference) == 12
    assert money.fee_paise == 2785 and money.fee_tax_paise == 425
    assert gateway().money(payment_id).qr_id == code.qr_id
    assert gateway().money(payment_id).receipt == "R1"


def test_money_by_an_order_names_the_order_and_the_receipt(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)
    payment_id = sandbox.pay(order)

    [money] = gateway().money_of(order_id=order.order_id)

    assert (money.payment_id, money.status, money.receipt) == (payment_id, Status.CAPTURED, "R1")
    assert gateway().money(payment_id) == money


@pytest.mark.parametrize("way", Way)
def test_what_was_made_though_the_answer_was_lost_is_found(sandbox: Sandbox, way: Way) -> None:
    assert gateway().find_opened(way, receipt="R1") is None
    first = opened(way)

    found = gateway().find_opened(way, receipt="R1")

    assert found is not None
    assert (found.qr_id, found.order_id, found.closes_at) == (first.qr_id, first.order_id, first.closes_at)


def test_a_code_whose_answer_was_lost_may_have_been_made(sandbox: Sandbox) -> None:
    sandbox.fault("qr.create", "lost_after")

    with pytest.raises(GatewayUnreachable) as unreachable:
        opened(Way.QR)

    assert unreachable.value.may_have_happened
    found = gateway().find_opened(Way.QR, receipt="R1")
    assert found is not None and found.qr_id == sandbox.made("qr_codes")[0]["id"]


def test_an_order_whose_answer_was_lost_is_not_made_again(sandbox: Sandbox) -> None:
    sandbox.account(receipts_are_unique=False)
    sandbox.fault("order.create", "lost_after")

    order = opened(Way.INTENT)

    assert [one["id"] for one in sandbox.made("orders")] == [order.order_id]
    assert opened(Way.INTENT, "R2").order_id != order.order_id


def test_a_receipt_leads_to_the_order_that_has_it(sandbox: Sandbox) -> None:
    first = opened(Way.INTENT)

    again = opened(Way.INTENT)

    assert (again.order_id, len(sandbox.made("orders"))) == (first.order_id, 1)
    with pytest.raises(GatewayRefused) as refused:
        gateway().open(Way.INTENT, amount_paise=PRICE + 100, receipt="R1", closes_at=soon(), about="")
    assert refused.value.field == "receipt"


def test_a_code_that_is_closed_has_no_link_any_more(sandbox: Sandbox) -> None:
    sandbox.expire(opened(Way.QR))

    found = gateway().find_opened(Way.QR, receipt="R1")

    assert found is not None
    assert (bool(found.qr_id), found.link) == (True, "")
    assert sandbox.take_webhooks() == []


def test_when_nobody_can_say_whether_an_order_was_made_that_is_said(sandbox: Sandbox) -> None:
    sandbox.fault("order.create", "lost_before")
    sandbox.fault("order.list", "500")

    with pytest.raises(GatewayUnreachable) as unreachable:
        opened(Way.INTENT)

    assert unreachable.value.may_have_happened


def test_an_order_is_granted_however_near_or_far_its_end_is(sandbox: Sandbox) -> None:
    assert opened(Way.INTENT, "R1", soon(1)).order_id
    assert opened(Way.INTENT, "R2", soon(60)).order_id
    assert opened(Way.INTENT, "R3", soon(60 * 24 * 30)).order_id


def test_closing_twice_is_closing_once(sandbox: Sandbox) -> None:
    code = opened(Way.QR)

    gateway().close(qr_id=code.qr_id)
    gateway().close(qr_id=code.qr_id)

    assert [webhook.kind for webhook in sandbox.take_webhooks()] == ["qr_code.closed"]


# Money that is not simply there


def test_a_declined_payment_says_why_and_may_yet_succeed(sandbox: Sandbox) -> None:
    code = opened()
    payment_id = sandbox.pay(code, "decline")

    declined = gateway().money_of(qr_id=code.qr_id)
    sandbox.move(payment_id, "captured")
    [late] = gateway().money_of(qr_id=code.qr_id)

    assert [(one.status, one.failure, one.fee_paise) for one in declined] == [(Status.FAILED, "payment_declined", None)]
    assert (late.payment_id, late.status, late.failure) == (payment_id, Status.CAPTURED, "")


def test_a_payment_in_flight_is_seen_and_arrives_after_the_code_is_closed(sandbox: Sandbox) -> None:
    code = opened()
    payment_id = sandbox.pay(code, "pending")
    gateway().close(qr_id=code.qr_id)

    [in_flight] = gateway().money_of(qr_id=code.qr_id)
    sandbox.move(payment_id, "captured")
    [arrived] = gateway().money_of(qr_id=code.qr_id)

    assert (in_flight.status, arrived.status) == (Status.CREATED, Status.CAPTURED)


def test_two_payments_by_one_code_are_two(sandbox: Sandbox) -> None:
    code = opened()
    both = sandbox.pay_twice(code)

    found = gateway().money_of(qr_id=code.qr_id)

    assert {one.payment_id for one in found} == set(both)
    assert [one.status for one in found] == [Status.CAPTURED, Status.CAPTURED]


def test_a_wrong_amount_is_told_as_it_came(sandbox: Sandbox) -> None:
    code = opened()
    sandbox.pay(code, amount_paise=PRICE - 100)

    assert [one.amount_paise for one in gateway().money_of(qr_id=code.qr_id)] == [PRICE - 100]


def test_more_payments_than_fit_a_page_are_all_told(sandbox: Sandbox) -> None:
    code = opened()
    for _ in range(101):
        sandbox.pay(code)

    assert len(gateway().money_of(qr_id=code.qr_id)) == 101


def test_a_late_payment_by_an_order_waits_until_it_is_captured(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)
    payment_id = sandbox.pay(order, "authorize_only")
    [waiting] = gateway().money_of(order_id=order.order_id)

    captured = gateway().capture(payment_id, PRICE)
    again = gateway().capture(payment_id, PRICE)

    assert waiting.status == Status.AUTHORIZED
    assert (captured.status, captured.order_id) == (Status.CAPTURED, order.order_id)
    assert again == captured


def test_what_is_not_authorized_cannot_be_captured(sandbox: Sandbox) -> None:
    payment_id = sandbox.pay(opened(Way.INTENT), "decline")

    with pytest.raises(GatewayRefused) as refused:
        gateway().capture(payment_id, PRICE)

    assert refused.value.status == 400
    assert gateway().money(payment_id).status == Status.FAILED


def test_an_order_that_is_paid_has_no_link_any_more(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)
    sandbox.pay(order)

    found = gateway().find_opened(Way.INTENT, receipt="R1")

    assert found is not None
    assert (found.order_id, found.link) == (order.order_id, "")


def test_an_order_to_which_a_payment_is_on_its_way_has_no_second_link(sandbox: Sandbox) -> None:
    order = opened(Way.INTENT)
    sandbox.pay(order, "authorize_only")

    found = gateway().find_opened(Way.INTENT, receipt="R1")

    assert found is not None
    assert (found.order_id, found.link) == (order.order_id, "")


def test_all_payments_of_a_time_are_told_page_by_page(sandbox: Sandbox) -> None:
    began = soon(0)
    known = {sandbox.pay(opened(receipt=f"R{number}")) for number in range(3)}
    stray = [sandbox.pay(opened(receipt=f"S{number}")) for number in range(99)]

    first = gateway().payments_between(began, soon(1))
    assert first.next_skip == 100
    second = gateway().payments_between(began, soon(1), skip=first.next_skip)

    assert (len(first.items), len(second.items), second.next_skip) == (100, 2, None)
    assert {one.payment_id for one in first.items + second.items} == known | set(stray)
    assert gateway().payments_between(began - timedelta(hours=2), began - timedelta(hours=1)).items == []
