"""Money back: once for one key, however often it is asked; and what the gateway says to the rest."""

from __future__ import annotations

import pytest

from tests.ticketing.gateways.paying import PRICE, opened, paid
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Status

KEY = "refund-0001"


def test_a_refund_is_pending_and_then_processed(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)

    asked = gateway().refund(payment_id, PRICE, key=KEY)
    sandbox.process_refund(asked.refund_id)
    [done] = gateway().refunds_of(payment_id)

    assert (asked.payment_id, asked.amount_paise, asked.status, asked.key) == (payment_id, PRICE, "pending", KEY)
    assert (done.refund_id, done.status, done.key) == (asked.refund_id, "processed", KEY)
    assert len(done.bank_reference) == 12
    money = gateway().money(payment_id)
    assert (money.status, money.amount_refunded_paise) == (Status.REFUNDED, PRICE)


def test_a_repeat_is_the_same_refund(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)

    first = gateway().refund(payment_id, 50_000, key=KEY)
    second = gateway().refund(payment_id, 50_000, key=KEY)

    assert second == first
    assert gateway().money(payment_id).amount_refunded_paise == 50_000


def test_after_a_lost_answer_the_same_key_finds_what_was_done(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    sandbox.fault("refund.create", "lost_after")

    with pytest.raises(GatewayUnreachable) as unreachable:
        gateway().refund(payment_id, PRICE, key=KEY)
    again = gateway().refund(payment_id, PRICE, key=KEY)

    assert unreachable.value.may_have_happened
    assert [one.refund_id for one in gateway().refunds_of(payment_id)] == [again.refund_id]


def test_one_that_is_still_in_progress_is_asked_again(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    sandbox.fault("refund.create", "409")

    with pytest.raises(GatewayUnreachable) as unreachable:
        gateway().refund(payment_id, PRICE, key=KEY)

    assert (unreachable.value.status, unreachable.value.may_have_happened) == (409, True)
    assert gateway().refund(payment_id, PRICE, key=KEY).status == "pending"


def test_another_refund_under_the_same_key_is_refused(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    gateway().refund(payment_id, 50_000, key=KEY)

    with pytest.raises(GatewayRefused) as refused:
        gateway().refund(payment_id, 40_000, key=KEY)

    assert (refused.value.status, refused.value.code) == (400, "BAD_REQUEST_ERROR")
    assert gateway().money(payment_id).amount_refunded_paise == 50_000


def test_more_than_was_paid_is_refused(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    gateway().refund(payment_id, 50_000, key=KEY)

    with pytest.raises(GatewayRefused) as refused:
        gateway().refund(payment_id, 70_000, key="refund-0002")

    assert (refused.value.status, refused.value.field) == (400, "amount")


def test_what_is_given_back_already_is_refused(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    sandbox.refund_by_gateway(payment_id)

    with pytest.raises(GatewayRefused) as refused:
        gateway().refund(payment_id, PRICE, key=KEY)

    assert (refused.value.status, refused.value.description) == (400, "The payment has been fully refunded already")


def test_a_low_balance_is_refused_and_changes_nothing(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    sandbox.account(balance=10_000)

    with pytest.raises(GatewayRefused, match="insufficient_balance"):
        gateway().refund(payment_id, PRICE, key=KEY)

    assert gateway().refunds_of(payment_id) == []


def test_a_refund_that_fails_leaves_the_money_where_it_was(sandbox: Sandbox) -> None:
    payment_id = paid(sandbox)
    refund = gateway().refund(payment_id, PRICE, key=KEY)
    sandbox.fail_refund(refund.refund_id)

    assert [one.status for one in gateway().refunds_of(payment_id)] == ["failed"]
    money = gateway().money(payment_id)
    assert (money.status, money.amount_refunded_paise) == (Status.CAPTURED, 0)


def test_a_refund_that_nobody_asked_for_has_no_key(sandbox: Sandbox) -> None:
    payment_id = sandbox.pay(opened())
    refund_id = sandbox.refund_by_gateway(payment_id)

    [found] = gateway().refunds_of(payment_id)

    assert (found.refund_id, found.status, found.key) == (refund_id, "processed", "")
