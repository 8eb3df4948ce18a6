"""A gateway for tests: the sandbox over HTTP, a process of its own for each test process, emptied before each test.

    def test_a_late_payment_is_given_back(sandbox: Sandbox, client: Client) -> None:
        opened = gateway().open(Way.QR, amount_paise=118_000, receipt="R1", closes_at=..., about="Two seats")
        payment_id = sandbox.pay(opened)                    # the buyer approves on the phone
        for webhook in sandbox.take_webhooks():             # nothing is delivered by itself: the test does it,
            webhook.post(client)                            # in any order, twice, or not at all

The fixture `sandbox` points the settings `RAZORPAY_…` at it, so `ticketing.gateways.gateway()` is the real adapter over
real HTTP. Nothing happens by itself: webhooks wait for `take_webhooks`, refunds stay pending until `process_refund`.

Plays of a payer, by `Opened` or by the id of a QR code or an order; each returns the id of the payment:

    sandbox.pay(opened)                         captured; by an order too, while it is in time
    sandbox.pay(opened, amount_paise=1_00)      a wrong amount
    sandbox.pay(opened, "decline")              failed; `reason=` as Razorpay names it
    sandbox.pay(opened, "pending")              begun, and nothing more is heard of it
    sandbox.pay(opened, "authorize_only")       by an order: later than it captures by itself
    sandbox.move(payment_id, "captured")        a failed or pending one succeeds late
    sandbox.pay_twice(opened)                   two successes
    sandbox.expire(opened)                      a QR code's time runs out, in silence; it can still be paid, late

A second success on an order that is paid goes back at once, as at Razorpay; `keeps_second=True` leaves it captured.
By a QR code both stay captured. `sandbox.refund_by_gateway(payment_id)` is a refund that nobody asked for.

What goes wrong, by operation (`qr.create`, `qr.payments`, `qr.close`, `order.create`, `order.payments`,
`payment.create_upi`, `payment.fetch`, `payment.capture`, `refund.create`, … or a pattern such as `refund.*`), a number
of times:

    sandbox.fault("qr.create", "429")           too many requests; also "500", "html_502"
    sandbox.fault("refund.create", "lost_after")   it was done, and the answer breaks off; "lost_before": not done
    sandbox.fault("refund.create", "timeout_after", value=30)   the same, by waiting so long (slow: prefer `lost_…`)
    sandbox.fault("refund.create", "409")       the first is still in progress
    sandbox.fault("qr.create", "refused", value="The feature is not enabled")
    sandbox.fault("webhook.payment.captured", "drop")   also "copies" (value), "hold", "wrong_signature", "old_secret",
                                                "non_ascii_signature", "no_signature"; held: `release_webhooks`
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
import urllib3
from django.conf import settings as django_settings
from django.test import Client

KEY_ID, KEY_SECRET, WEBHOOK_SECRET = "rzp_test_housefull", "a-secret-of-tests", "a-webhook-secret-of-tests"
WEBHOOKS_AT = "/api/v1/webhooks/razorpay"


class Made(Protocol):
    """What a buyer can pay by: `Opened`, or a row of ours that keeps the same ids."""

    @property
    def qr_id(self) -> str: ...
    @property
    def order_id(self) -> str: ...


@dataclass(frozen=True)
class Webhook:
    """One event as the gateway would send it."""

    kind: str
    event_id: str
    raw: bytes
    headers: dict[str, str]

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(self.raw)["payload"]
        return payload

    def post(self, client: Client, path: str = WEBHOOKS_AT) -> Any:
        """Deliver it to Django's test client; returns the answer."""
        headers = {name: value for name, value in self.headers.items() if name != "Content-Type"}
        return client.generic("POST", path, self.raw, content_type="application/json", headers=headers)

    def tampered(self) -> Webhook:
        """The same under the same signature, but for one digit of the body."""
        at = self.raw.index(b'"amount":') + len(b'"amount":')
        digit = b"9" if self.raw[at : at + 1] != b"9" else b"8"
        return replace(self, raw=self.raw[:at] + digit + self.raw[at + 1 :])


class Sandbox:
    """The control of a running sandbox. Amounts are whole paise."""

    key_id, key_secret, webhook_secret = KEY_ID, KEY_SECRET, WEBHOOK_SECRET

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._http = urllib3.PoolManager()

    # The payer

    def pay(self, what: Made | str, action: str = "approve", *, amount_paise: int | None = None, **more: Any) -> str:
        """Play a payer; returns the id of the payment. With `after_s=…` it comes later, and the id is ''."""
        paid = self._pay(what, action, amount_paise, **more)
        return str(paid[0]["id"]) if paid else ""

    def pay_twice(self, what: Made | str, **more: Any) -> tuple[str, str]:
        first, second = self._pay(what, "approve", None, twice=True, **more)
        return first["id"], second["id"]

    def move(self, payment_id: str, to: str, **more: Any) -> None:
        """Take a payment on: to `failed`, `authorized`, `captured` or `refunded`."""
        self._post("payments/move", payment_id=payment_id, to=to, **more)

    def expire(self, what: Made | str) -> None:
        """Let the time of a QR code run out now. Nothing is said of it, and a payment may still come."""
        self._post("expire", **_ids(what))

    # Money that goes back

    def process_refund(self, refund_id: str) -> None:
        self._post("refunds/move", refund_id=refund_id, to="processed")

    def fail_refund(self, refund_id: str) -> None:
        self._post("refunds/move", refund_id=refund_id, to="failed")

    def refund_by_gateway(self, payment_id: str) -> str:
        """The gateway gives back what is left of a payment, unasked; returns the id of the refund."""
        return str(self._post("refunds/by-gateway", payment_id=payment_id)["id"])

    def settle(self) -> dict[str, Any] | None:
        """Pay out to the merchant's bank whatever has not been; None if there is nothing."""
        settled: dict[str, Any] | None = self._post("settle")
        return settled

    # What goes wrong

    def fault(self, operation: str, kind: str, *, times: int = 1, value: float | str | None = None) -> None:
        self._post("faults", operation=operation, kind=kind, times=times, value=value)

    def account(self, **settings: Any) -> None:
        """`balance=…` to refund from, `has_image_content=False`, `receipts_are_unique=False`."""
        self._post("account", **settings)

    # Webhooks

    def take_webhooks(self) -> list[Webhook]:
        """Those made since the last time, in the order in which things happened."""
        return [_webhook(told) for told in self._post("webhooks/take")]

    def release_webhooks(self, order: Sequence[str] | None = None) -> list[Webhook]:
        """Let go of those held by a fault, in this order of event ids; they can then be taken."""
        return [_webhook(told) for told in self._post("webhooks/release", order=order)]

    def redeliver(self, event_id: str) -> None:
        """Queue an event once more, with the signature that it had."""
        self._post("redeliver", event_id=event_id)

    def rotate_secret(self, secret: str) -> None:
        """Sign with another secret from now on."""
        self._post("webhooks/rotate", secret=secret)

    # Looking

    def webhooks(self) -> list[dict[str, Any]]:
        """Every webhook that was made, taken or not, with its `event`, `status` and `answers`."""
        told: list[dict[str, Any]] = self._get("webhooks")
        return told

    def made(self, kind: str) -> list[dict[str, Any]]:
        """Everything the gateway has of a kind: `orders`, `qr_codes`, `payments`, `refunds`, `settlements`."""
        entities: list[dict[str, Any]] = self._get("made")[kind]
        return entities

    def reset(self) -> None:
        """As after a start: nothing was made, nothing goes wrong, the first secret."""
        self._post("reset")

    def _pay(self, what: Made | str, action: str, amount_paise: int | None, **more: Any) -> Any:
        made_by = _ids(what)
        return self._post("pay", action=action, amount=amount_paise, **made_by, **more)

    def _post(self, path: str, **said: Any) -> Any:
        answer = self._http.request("POST", f"{self.base_url}/sandbox/{path}", json=said, retries=False)
        assert answer.status == 200, answer.data.decode()
        return answer.json()

    def _get(self, path: str) -> Any:
        return self._http.request("GET", f"{self.base_url}/sandbox/{path}", retries=False).json()


def _ids(what: Made | str) -> dict[str, str]:
    if isinstance(what, str):
        return {"qr_id" if what.startswith("qr_") else "order_id": what}
    return {"qr_id": what.qr_id} if what.qr_id else {"order_id": what.order_id}


def _webhook(told: dict[str, Any]) -> Webhook:
    return Webhook(told["event"], told["id"], told["body"].encode(), told["headers"])


@contextmanager
def running_sandbox(**told: str) -> Iterator[Sandbox]:
    """A process of the sandbox while inside, told `SANDBOX_…` by these names, such as `webhook_url=…`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = {"key_id": KEY_ID, "key_secret": KEY_SECRET, "webhook_secret": WEBHOOK_SECRET, **told}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    environment |= {f"SANDBOX_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", "ticketing.sandbox", "--port", str(port), "--with-parent"]
    with subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdin=subprocess.PIPE) as process:
        try:
            yield _when_it_answers(Sandbox(f"http://127.0.0.1:{port}"), process)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """One process, for as long as the test process lives."""
    with running_sandbox() as sandbox:
        yield sandbox


def _when_it_answers(sandbox: Sandbox, process: subprocess.Popen[bytes]) -> Sandbox:
    until = time.monotonic() + 30
    while True:
        try:
            sandbox.reset()
        except urllib3.exceptions.HTTPError:
            assert process.poll() is None, "the sandbox did not start"
            assert time.monotonic() < until, "the sandbox does not answer"
            time.sleep(0.05)
        else:
            return sandbox


@pytest.fixture
def sandbox(sandbox_server: Sandbox, settings: Any) -> Sandbox:
    """An empty sandbox, and the settings that lead to it."""
    sandbox_server.reset()
    settings.RAZORPAY_BASE_URL = sandbox_server.base_url
    settings.RAZORPAY_KEY_ID, settings.RAZORPAY_KEY_SECRET = KEY_ID, KEY_SECRET
    settings.RAZORPAY_WEBHOOK_SECRETS = [WEBHOOK_SECRET]
    return sandbox_server
