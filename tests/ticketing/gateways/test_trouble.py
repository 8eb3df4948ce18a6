"""No for good, or no answer: which it was, and what may have happened."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.ticketing.gateways.paying import PRICE, opened, paid, soon
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.razorpay import Razorpay
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Way


def adapter(base_url: str, **more: Any) -> Razorpay:
    return Razorpay(base_url=base_url, key_id="k", key_secret="s", webhook_secrets=[], **more)


@pytest.mark.parametrize(
    ("kind", "status", "may_have_happened"),
    [
        ("429", 429, False),
        ("500", 500, True),
        ("500_after", 500, True),
        ("html_502", 502, True),
        ("lost_before", None, True),
        ("lost_after", None, True),
    ],
)
def test_a_write_without_a_clear_answer_says_whether_it_may_have_happened(
    sandbox: Sandbox, kind: str, status: int | None, may_have_happened: bool
) -> None:
    sandbox.fault("qr.create", kind)

    with pytest.raises(GatewayUnreachable) as unreachable:
        opened()

    assert (unreachable.value.status, unreachable.value.may_have_happened) == (status, may_have_happened)


@pytest.mark.parametrize("kind", ["429", "500", "html_502", "lost_before"])
@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("payment.fetch", lambda payment_id: gateway().money(payment_id)),
        ("payment.refunds", lambda payment_id: gateway().refunds_of(payment_id)),
    ],
)
def test_a_read_without_a_clear_answer_changed_nothing(
    sandbox: Sandbox, kind: str, operation: str, ask: Callable[[str], object]
) -> None:
    payment_id = paid(sandbox)
    sandbox.fault(operation, kind)

    with pytest.raises(GatewayUnreachable) as unreachable:
        ask(payment_id)

    assert not unreachable.value.may_have_happened


def test_after_trouble_the_next_call_is_answered(sandbox: Sandbox) -> None:
    sandbox.fault("qr.create", "lost_after", times=2)
    for _ in range(2):
        with pytest.raises(GatewayUnreachable):
            opened()

    assert opened().qr_id


def test_a_time_limit_that_ran_out_may_have_happened(sandbox: Sandbox) -> None:
    impatient = Razorpay(
        base_url=sandbox.base_url, key_id=sandbox.key_id, key_secret=sandbox.key_secret, webhook_secrets=[], read_s=0.2
    )
    payment_id = paid(sandbox)
    sandbox.fault("refund.create", "timeout_after", value=20)

    with pytest.raises(GatewayUnreachable, match="ReadTimeout") as unreachable:
        impatient.refund(payment_id, PRICE, key="refund-0001")

    assert unreachable.value.may_have_happened
    assert [one.key for one in gateway().refunds_of(payment_id)] == ["refund-0001"]


def test_where_nobody_listens_nothing_happened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(GatewayUnreachable) as unreachable:
        adapter(f"http://127.0.0.1:{port}").refund("pay_1", 100, key="refund-0001")

    assert (unreachable.value.may_have_happened, unreachable.value.status) == (False, None)


def answering(raw: bytes) -> str:
    """The address of a server that gives one answer to its first request."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(raw)

    threading.Thread(target=serve).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def answer(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


@pytest.mark.parametrize(
    ("raw", "status", "may_have_happened"),
    [
        (answer("200 OK", b"<html>maintenance</html>"), 200, True),
        (answer("302 Found", b""), 302, True),
        (answer("403 Forbidden", b"<html>blocked</html>"), 403, False),
        (answer("200 OK", b'["no", "object"]'), 200, True),
        (answer("400 Bad Request", b'{"error": {"code": "GATEWAY_ERROR"}}'), 400, True),
        (b"", None, True),
    ],
    ids=["a page as success", "a redirect", "a wall before it", "a list", "its bank's trouble", "hung up"],
)
def test_whatever_is_no_answer_of_the_gateway_is_no_refusal(
    raw: bytes, status: int | None, may_have_happened: bool
) -> None:
    with pytest.raises(GatewayUnreachable) as unreachable:
        adapter(answering(raw)).refund("pay_1", 100, key="refund-0001")

    assert (unreachable.value.status, unreachable.value.may_have_happened) == (status, may_have_happened)


@pytest.mark.parametrize(
    "told",
    [
        b'{"items": [{"id": "pay_1", "amount": 100, "status": "levitating"}]}',
        b'{"items": [{"id": "pay_1", "status": "captured"}]}',
        b'{"items": ["pay_1"]}',
        b'{"items": null}',
        b"{}",
    ],
)
def test_an_answer_that_cannot_be_understood_is_no_refusal(told: bytes) -> None:
    with pytest.raises(GatewayUnreachable) as unreachable:
        adapter(answering(answer("200 OK", told))).money_of(order_id="order_1")

    assert not unreachable.value.may_have_happened


def test_an_order_without_an_id_may_have_been_made() -> None:
    with pytest.raises(GatewayUnreachable) as unreachable:
        adapter(answering(answer("200 OK", b'{"entity": "order"}'))).open(
            Way.INTENT, amount_paise=PRICE, receipt="R1", closes_at=soon(), about=""
        )

    assert unreachable.value.may_have_happened


def test_another_request_under_a_used_key_is_refused_for_good_whatever_its_status() -> None:
    said = b'{"error": {"code": "BAD_REQUEST_ERROR", "description": "Different request with the same idempotency key"}}'

    with pytest.raises(GatewayRefused) as refused:
        adapter(answering(answer("409 Conflict", said))).refund("pay_1", 100, key="refund-0001")

    assert refused.value.status == 409


def test_wrong_keys_are_a_refusal(sandbox: Sandbox) -> None:
    with pytest.raises(GatewayRefused) as refused:
        adapter(sandbox.base_url).money("pay_1")

    assert (refused.value.status, refused.value.code) == (401, "BAD_REQUEST_ERROR")


def test_an_id_that_is_none_is_a_refusal(sandbox: Sandbox) -> None:
    with pytest.raises(GatewayRefused) as refused:
        gateway().money("pay_00000000000000")

    assert (refused.value.status, refused.value.reason) == (400, "input_validation_failed")


def test_a_refusal_tells_what_was_wrong_and_where(sandbox: Sandbox) -> None:
    with pytest.raises(GatewayRefused) as refused:
        gateway().refund(paid(sandbox), 50, key="refund-0001")

    told = refused.value
    assert (told.status, told.code, told.reason, told.field, told.description) == (
        400, "BAD_REQUEST_ERROR", "input_validation_failed", "amount", "The amount must be at least INR 1.00",
    )  # fmt: skip
