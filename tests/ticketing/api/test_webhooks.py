"""The door of the gateway: only what it signed, once, quickly; and nothing that comes in keeps the rest waiting."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from core.sealed import unseal
from inventory.models import Show
from tests.inventory.api.shop import Shop, said
from tests.races.together import succeeded, together
from tests.ticketing.api.buying import deliver, order, start
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import WEBHOOK_SECRET, WEBHOOKS_AT, Sandbox, Webhook
from ticketing.gateways import gateway
from ticketing.models import GatewayEvent, Payment, Ticket
from ticketing.services.inbox import SEALED_AS, work_on_inbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show()


@pytest.fixture
def paid(visitor: Shop, show: Show, sandbox: Sandbox) -> list[Webhook]:
    """What the gateway says of an order that was just paid."""
    placed = order(visitor, show)
    start(visitor, placed["id"])
    sandbox.pay(Payment.objects.get().qr_id)
    return sandbox.take_webhooks()


def signed(raw: bytes, secret: str = WEBHOOK_SECRET, event_id: str = "") -> Webhook:
    signature = hmac.new(secret.encode(), raw, "sha256").hexdigest()
    headers = {"X-Razorpay-Signature": signature, "x-razorpay-event-id": event_id or uuid4().hex[:14]}
    return Webhook("", "", raw, headers)


def _nothing_came() -> bool:
    work_on_inbox(gateway=gateway())
    return not GatewayEvent.objects.exists() and not Ticket.objects.exists()


def test_what_was_signed_is_taken_and_kept_sealed(client: Client, paid: list[Webhook]) -> None:
    answer = paid[-1].post(client)

    event = GatewayEvent.objects.get()
    kept = bytes(event.sealed)
    assert (answer.status_code, answer.json()) == (200, {"taken": True})
    assert (event.event_id, unseal(SEALED_AS, kept)) == (paid[-1].event_id, paid[-1].raw)
    assert [word for word in (b"gauri", b"okhdfcbank", b"captured", b"amount") if word in kept] == []


def test_whatever_the_body_is_called_and_whatever_it_would_rather_read(client: Client, paid: list[Webhook]) -> None:
    for content_type, accept in (("text/plain", "text/html"), ("application/x-www-form-urlencoded", "*/*"), ("", "")):
        headers = signed(paid[-1].raw).headers | {"accept": accept}
        answer = client.generic("POST", WEBHOOKS_AT, paid[-1].raw, content_type=content_type, headers=headers)

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "secrets", [[], [""], ["", ""], [" "], ["another"], ["none"], [WEBHOOK_SECRET[:-1]], [WEBHOOK_SECRET.upper()]]
)
def test_without_our_secret_nothing_is_taken(
    secrets: list[str], client: Client, paid: list[Webhook], settings: Any
) -> None:
    settings.RAZORPAY_WEBHOOK_SECRETS = secrets
    forged = [signed(paid[-1].raw, secret) for secret in ("", "none", "None", "0")]
    forged = [one for one in (*forged, paid[-1]) if one.headers["X-Razorpay-Signature"] not in _good(secrets, one.raw)]

    assert {said(one.post(client)) for one in forged} == {(400, "signature_invalid")}
    assert _nothing_came()


def _good(secrets: list[str], raw: bytes) -> list[str]:
    return [signed(raw, secret).headers["X-Razorpay-Signature"] for secret in secrets if secret]


def test_a_forged_signature_is_refused(client: Client, paid: list[Webhook]) -> None:
    genuine = paid[-1].headers["X-Razorpay-Signature"]
    forged = ["", "0" * 64, "\xe9" * 64, "sha256=0", "a" * 100_000]
    forged += [f"{genuine}0", genuine.upper(), genuine[:32], f" {genuine},"]

    for signature in (*({"x-razorpay-signature": each} for each in forged), {}):
        headers = {"x-razorpay-event-id": "e1", **signature}
        answer = client.generic("POST", WEBHOOKS_AT, paid[-1].raw, content_type="application/json", headers=headers)
        assert said(answer) == (400, "signature_invalid")
    assert _nothing_came()


def test_a_changed_body_is_refused(client: Client, paid: list[Webhook]) -> None:
    tampered = [paid[-1].tampered(), replace(paid[-1], raw=paid[-1].raw + b" "), replace(paid[-1], raw=b"")]

    assert {said(one.post(client)) for one in tampered} == {(400, "signature_invalid")}
    assert _nothing_came()


@pytest.mark.parametrize("event_id", [None, "", "e" * 65])
def test_an_event_has_an_id(event_id: str | None, client: Client, paid: list[Webhook]) -> None:
    headers = {**paid[-1].headers}
    del headers["x-razorpay-event-id"]
    if event_id is not None:
        headers["x-razorpay-event-id"] = event_id

    assert said(replace(paid[-1], headers=headers).post(client)) == (400, "event_id_missing")
    assert _nothing_came()


def test_a_body_that_is_too_large_is_refused_unread(client: Client, transactional_db: None, sandbox: Sandbox) -> None:
    for size, most in ((262_145, 262_144), (3_000_000, 1_048_576)):
        answer = signed(b"x" * size).post(client)
        assert (said(answer), answer.json()["facts"]) == ((413, "body_too_large"), {"most_bytes": most})
    assert signed(b'{"event": "%s"}' % (b"x" * 262_000)).post(client).status_code == 200


def test_a_body_without_a_length_is_refused_and_not_read(transactional_db: None, sandbox: Sandbox) -> None:
    """As a WSGI server hands on what came in chunks: no length, and a stream that would never end."""
    statuses = []

    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read without end")

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": WEBHOOKS_AT,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": Endless(),
        "wsgi.input_terminated": True,
        "wsgi.url_scheme": "http",
        "wsgi.errors": BytesIO(),
    }
    content = b"".join(WSGIHandler()(environ, lambda status, headers: statuses.append(status)))  # type: ignore[arg-type]

    assert (statuses, json.loads(content)["code"]) == (["411 Length Required"], "length_required")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_another_method_is_refused_in_json(method: str, client: Client, transactional_db: None) -> None:
    answer = client.generic(method, WEBHOOKS_AT)

    assert (said(answer), answer.headers["Allow"]) == ((405, "method_not_allowed"), "POST")


def test_an_event_is_taken_once_however_often_it_comes(client: Client, paid: list[Webhook], visitor: Shop) -> None:
    answers = [webhook.post(client).json()["taken"] for webhook in (*paid, *paid, *paid[::-1])]
    work_on_inbox(gateway=gateway())
    again = [webhook.post(client).json()["taken"] for webhook in paid]
    work_on_inbox(gateway=gateway())

    assert answers == [True] * len(paid) + [False] * 2 * len(paid)
    assert again == [False] * len(paid)
    assert (GatewayEvent.objects.count(), Ticket.objects.count()) == (len(paid), 2)
    assert_books_are_true()


def test_an_old_event_under_a_new_id_changes_nothing(client: Client, paid: list[Webhook], sandbox: Sandbox) -> None:
    """The signature does not cover the id. Whoever has a genuine body can bring it again, and money knows its own."""
    for number in ("first", "second", "third"):
        for webhook in paid:
            renamed = replace(webhook, headers=webhook.headers | {"x-razorpay-event-id": number + webhook.event_id})
            assert renamed.post(client).json()["taken"]
    work_on_inbox(gateway=gateway())

    assert (Payment.objects.count(), Ticket.objects.count()) == (1, 2)
    assert Payment.objects.get().received_paise == 236_000
    assert_books_are_true()


def test_the_same_event_many_times_at_once_is_taken_once(paid: list[Webhook]) -> None:
    answers = succeeded(together(4, lambda _: paid[-1].post(Client())))

    assert sorted(answer.json()["taken"] for answer in answers) == [False, False, False, True]
    assert GatewayEvent.objects.count() == 1


PAYMENT = {"id": "pay_1", "amount": 100, "status": "captured"}


def _event(**payment: Any) -> bytes:
    payload = {"payment": {"entity": PAYMENT | payment}}
    return json.dumps({"event": "payment.captured", "payload": payload}).encode()


ODD = [
    b"[" * 100_000,
    b'{"event":"payment.captured","payload":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    b"",
    b"null",
    b"\xff\xfe",
    b'{"event": "payment.captured", "created_at": 1e18}',
    b'{"event": "payment.captured", "payload": {"payment": {"entity": {"id": "p", "amount": %s}}}}' % (b"9" * 5000),
    _event(created_at=10**18),
    _event(order_id="order_1", amount=10**30),
    _event(order_id="order_1", amount=-100),
    _event(order_id="order_1", id="pay_\x00"),
    _event(order_id="order_1", id="pay_\ud800"),
    _event(order_id="order_1", id="p" * 500),
    _event(order_id="order_1", vpa="x" * 500 + "@upi", method="m" * 500),
    _event(order_id="order_1", fee=10**30),
    _event(order_id="order_1", id=["a"], notes={"receipt": ["a"]}),
    json.dumps({"event": "e" * 5000}).encode(),
    json.dumps({"event": "refund.processed", "payload": {"refund": {"entity": {"id": "r"}}}}).encode(),
]


def test_whatever_was_signed_keeps_no_other_event_waiting(client: Client, paid: list[Webhook], visitor: Shop) -> None:
    for raw in ODD:
        assert signed(raw).post(client).status_code == 200
    for webhook in paid:
        webhook.post(client)

    work_on_inbox(gateway=gateway())

    assert Ticket.objects.count() == 2
    assert GatewayEvent.objects.count() == len(ODD) + len(paid)
    assert not GatewayEvent.objects.filter(done_at=None, error="").exists()
    assert_books_are_true()


def test_what_a_broken_rule_shows_of_a_row_is_not_kept(client: Client, visitor: Shop, sandbox: Sandbox) -> None:
    signed(_event(order_id="order_1", amount=-100, vpa="gauri.kumari@okhdfcbank")).post(client)

    work_on_inbox(gateway=gateway())

    event = GatewayEvent.objects.get()
    assert "Failing row" not in event.error
    assert "\n" not in event.error


def test_money_that_nobody_asked_for_is_on_the_work_list(client: Client, visitor: Shop, sandbox: Sandbox) -> None:
    signed(_event(order_id="order_of_somebody_else")).post(client)
    deliver(sandbox)

    assert [(row.order_id, row.aside_as, row.received_paise) for row in Payment.objects.all()] == [
        (None, "unmatched", 100)
    ]
    assert_books_are_true()
