"""Webhooks over HTTP, as in the demo: signed, tried again, and as wrong as a test wants them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from tests.ticketing.gateways.paying import soon
from tests.ticketing.sandboxed import Sandbox, running_sandbox
from ticketing.gateways.razorpay import Razorpay
from ticketing.gateways.words import Opened, Way


@dataclass
class Merchant:
    """Somebody who receives webhooks, and answers with these statuses first, then with 200."""

    address: str = ""
    got: Queue[tuple[str, bytes, dict[str, str]]] = field(default_factory=Queue)
    statuses: list[int] = field(default_factory=list)

    def next(self) -> tuple[str, bytes, dict[str, str]]:
        return self.got.get(timeout=30)


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    found = Merchant()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.statuses.pop(0) if found.statuses else 200)
            self.end_headers()
            found.got.put((self.path, raw, dict(self.headers)))

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        found.address = f"http://127.0.0.1:{server.server_port}/api/v1/webhooks/razorpay"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def delivering(merchant: Merchant) -> Iterator[Sandbox]:
    with running_sandbox(webhook_url=merchant.address) as sandbox:
        yield sandbox


def theirs(sandbox: Sandbox) -> Razorpay:
    return Razorpay(
        base_url=sandbox.base_url,
        key_id=sandbox.key_id,
        key_secret=sandbox.key_secret,
        webhook_secrets=[sandbox.webhook_secret],
    )


def code(sandbox: Sandbox) -> Opened:
    return theirs(sandbox).open(Way.QR, amount_paise=50_000, receipt="R1", closes_at=soon(), about="")


def until(sandbox: Sandbox, *statuses: str) -> list[dict[str, Any]]:
    """The webhooks, once their statuses are these."""
    give_up = time.monotonic() + 30
    while sorted(one["status"] for one in sandbox.webhooks()) != sorted(statuses):
        assert time.monotonic() < give_up, sandbox.webhooks()
        time.sleep(0.01)
    return sandbox.webhooks()


def test_each_event_is_brought_signed_and_with_its_id(delivering: Sandbox, merchant: Merchant) -> None:
    delivering.pay(code(delivering))

    brought = [merchant.next(), merchant.next()]

    kinds = {theirs(delivering).read_event(raw).kind for _, raw, _ in brought}
    assert kinds == {"payment.captured", "qr_code.credited"}
    assert all(theirs(delivering).is_genuine(raw, headers) for _, raw, headers in brought)
    assert {theirs(delivering).event_id(headers) for _, _, headers in brought} == {
        one["id"] for one in delivering.webhooks()
    }
    assert {path for path, _, _ in brought} == {"/api/v1/webhooks/razorpay"}


def test_what_was_not_taken_is_brought_again_under_the_same_id(delivering: Sandbox, merchant: Merchant) -> None:
    merchant.statuses = [500, 500]
    delivering.pay(code(delivering), "decline")

    brought = [merchant.next(), merchant.next(), merchant.next()]

    assert len({theirs(delivering).event_id(headers) for _, _, headers in brought}) == 1
    [told] = until(delivering, "delivered")
    assert told["answers"] == ["500", "500", "200"]


def test_a_webhook_can_be_lost_doubled_held_and_forged(delivering: Sandbox, merchant: Merchant) -> None:
    delivering.fault("webhook.payment.captured", "drop")
    delivering.fault("webhook.qr_code.credited", "copies", value=2)
    delivering.pay(code(delivering))
    twice = [merchant.next(), merchant.next()]
    delivering.fault("webhook.*", "hold", times=2)
    delivering.pay(code(delivering))
    held = [one["id"] for one in until(delivering, "delivered", "dropped", "held", "held") if one["status"] == "held"]
    delivering.release_webhooks(held[::-1])
    released = [merchant.next(), merchant.next()]
    delivering.fault("webhook.payment.failed", "non_ascii_signature")
    delivering.pay(code(delivering), "decline")
    _, raw, headers = merchant.next()

    assert twice[0][1] == twice[1][1]
    assert {theirs(delivering).event_id(headers) for _, _, headers in released} == set(held)
    assert not theirs(delivering).is_genuine(raw, headers)


def test_an_event_can_be_sent_once_more(delivering: Sandbox, merchant: Merchant) -> None:
    delivering.pay(code(delivering), "decline")
    first = merchant.next()
    [told] = until(delivering, "delivered")
    delivering.redeliver(told["id"])

    assert merchant.next()[1] == first[1]


def test_a_later_payment_and_a_refund_come_by_themselves(merchant: Merchant) -> None:
    with running_sandbox(webhook_url=merchant.address, refunds_take_s="0.1") as sandbox:
        sandbox.pay(code(sandbox), after_s=0.1)
        kinds = {theirs(sandbox).read_event(merchant.next()[1]).kind for _ in range(2)}
        [payment] = sandbox.made("payments")
        theirs(sandbox).refund(payment["id"], 50_000, key="refund-0001")
        kinds |= {theirs(sandbox).read_event(merchant.next()[1]).kind for _ in range(2)}

        assert kinds == {"payment.captured", "qr_code.credited", "refund.created", "refund.processed"}
        assert sandbox.made("refunds")[0]["status"] == "processed"


def test_a_quiet_sandbox_says_nothing(merchant: Merchant) -> None:
    with running_sandbox(webhook_url=merchant.address, quiet="1") as sandbox:
        sandbox.pay(code(sandbox))

        assert (sandbox.webhooks(), merchant.got.empty()) == ([], True)
        assert sandbox.made("payments")[0]["status"] == "captured"
