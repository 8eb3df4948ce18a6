"""What a buyer pays by, over real HTTP: made, found again, closed, and the money that came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Opened, Status, Way


def soon(minutes: int = 5) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)


def opened(way: Way, receipt: str = "R1", closes_at: datetime | None = None) -> Opened:
    return gateway().open(
        way, amount_paise=118_000, receipt=receipt, closes_at=closes_at or soon(), about="Rang Mandir, two seats"
    )


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
    assert (made["receipt"], made["amount"], made["notes"]) == ("R1", 118_000, {"receipt": "R1"})


def test_money_by_a_code_names_the_code_and_hides_the_payer(sandbox: Sandbox) -> None:
    code = opened(Way.QR)
    payment_id = sandbox.pay(code)

    [money] = gateway().money_of(qr_id=code.qr_id)

    assert (money.payment_id, money.status, money.amount_paise) == (payment_id, Status.CAPTURED, 118_000)
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


def test_closing_twice_is_closing_once(sandbox: Sandbox) -> None:
    code = opened(Way.QR)

    gateway().close(qr_id=code.qr_id)
    gateway().close(qr_id=code.qr_id)

    assert [webhook.kind for webhook in sandbox.take_webhooks()] == ["qr_code.closed"]
