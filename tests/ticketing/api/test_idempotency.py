"""Money's writes under their keys: once, the same answer again, and never half."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest

from core.models import KeptAnswer
from inventory.models import Show
from tests.inventory.api.shop import Answer, Shop, said
from tests.ticketing.api.buying import bought_at, deliver, lock, order, pay, run_out, start
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.models import Order, Payment, Refund, Ticket
from ticketing.queries import payments

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "one-key-for-one-thing"


@dataclass(frozen=True)
class Write:
    """Something to be sent, and something else that must not be taken for it."""

    shop: Shop
    path: str
    body: Any
    status: int
    other_path: str = ""
    other_body: Any = None

    def send(self, key: str = KEY) -> Answer:
        return self.shop.post(self.path, self.body, key=key)

    def send_other(self, key: str = KEY) -> Answer:
        return self.shop.post(self.other_path or self.path, self.other_body, key=key)


Prepare = Callable[[Shop, Shop, Show], Write]


def _an_order(visitor: Shop, till: Shop, show: Show) -> Write:
    body = {"lock": lock(visitor, show), "contact": "asha@example.com"}
    return Write(visitor, "orders", body, 201, other_body=body | {"contact": "vik@example.com"})


def _a_payment(visitor: Shop, till: Shop, show: Show) -> Write:
    path = f"orders/{order(visitor, show)['id']}/payments"
    return Write(visitor, path, {"way": "qr"}, 201, other_body={"way": "intent"})


def _cash(visitor: Shop, till: Shop, show: Show) -> Write:
    path = f"orders/{order(till, show)['id']}/payments"
    return Write(till, path, {"tender": "cash"}, 201, other_body={"tender": "card_slip", "reference": "4211"})


def _a_cancellation(visitor: Shop, till: Shop, show: Show) -> Write:
    first, other = order(visitor, show), order(visitor, show)
    start(visitor, first["id"])
    return Write(visitor, f"orders/{first['id']}/cancellation", {}, 200, f"orders/{other['id']}/cancellation")


def _a_payments_end(visitor: Shop, till: Shop, show: Show) -> Write:
    first, other = (start(visitor, order(visitor, show)["id"]).json() for _ in range(2))
    return Write(visitor, f"payments/{first['id']}/cancellation", {}, 200, f"payments/{other['id']}/cancellation")


def _a_refund(visitor: Shop, till: Shop, show: Show) -> Write:
    path = f"orders/{bought_at(till, show)['id']}/refunds"
    return Write(till, path, {"reason_code": "illness"}, 201, other_body={"reason_code": "weather"})


WRITES = [_an_order, _a_payment, _cash, _a_cancellation, _a_payments_end, _a_refund]


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


@pytest.fixture
def till(transactional_db: None) -> Shop:
    return Shop.logged_in("asha", "use_counter", "refund_order")


def books() -> list[Any]:
    """What a repeat may not change."""
    return [
        list(Order.objects.order_by("id").values_list("id", "state")),
        list(Payment.objects.order_by("id").values_list("id", "state", "looks")),
        list(Refund.objects.order_by("id").values_list("id", "state")),
        list(Ticket.objects.order_by("id").values_list("id", "voided_at")),
    ]


@pytest.mark.parametrize("prepare", WRITES)
def test_a_repeat_gets_the_same_answer_and_does_nothing(
    prepare: Prepare, visitor: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    write = prepare(visitor, till, show)
    first = write.send()
    done, made = books(), sandbox.made("qr_codes")

    again = write.send()

    assert (first.status_code, again.status_code) == (write.status, write.status)
    assert again.json() == first.json()
    assert again.headers.get("Location") == first.headers.get("Location")
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert (books(), sandbox.made("qr_codes")) == (done, made)
    assert_books_are_true()


@pytest.mark.parametrize("prepare", WRITES)
def test_another_request_under_the_same_key_is_refused(
    prepare: Prepare, visitor: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    write = prepare(visitor, till, show)
    write.send()
    done = books()

    assert said(write.send_other()) == (422, "idempotency_key_reused")
    assert books() == done


@pytest.mark.parametrize("prepare", WRITES)
def test_without_a_key_nothing_is_done(
    prepare: Prepare, visitor: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    write = prepare(visitor, till, show)
    before = books()

    answers = [write.shop.post(write.path, write.body, key=key) for key in (None, "two words", "k" * 201)]

    assert [said(answer)[1] for answer in answers] == ["idempotency_key_missing", *["idempotency_key_invalid"] * 2]
    assert books() == before


def _gone(visitor: Shop, till: Shop, show: Show) -> Write:
    write = _an_order(visitor, till, show)
    run_out()
    return write


def _nobodys(visitor: Shop, till: Shop, show: Show) -> Write:
    return Write(visitor, f"orders/{'a' * 26}/cancellation", {}, 404)


def _nobodys_payment(visitor: Shop, till: Shop, show: Show) -> Write:
    return Write(visitor, f"payments/{'a' * 26}/cancellation", {}, 404)


def _too_late(visitor: Shop, till: Shop, show: Show) -> Write:
    write = _a_payment(visitor, till, show)
    run_out()
    return write


def _not_theirs(visitor: Shop, till: Shop, show: Show) -> Write:
    return Write(visitor, f"orders/{order(visitor, show)['id']}/payments", {"tender": "cash"}, 403)


def _not_paid(visitor: Shop, till: Shop, show: Show) -> Write:
    return Write(till, f"orders/{order(till, show)['id']}/refunds", {"reason_code": "illness"}, 409)


@pytest.mark.parametrize(
    ("prepare", "refusal"),
    [
        (_gone, (410, "lock_expired")),
        (_nobodys, (404, "order_unknown")),
        (_nobodys_payment, (404, "payment_unknown")),
        (_too_late, (410, "lock_expired")),
        (_not_theirs, (403, "tender_not_taken")),
        (_not_paid, (409, "order_not_paid")),
    ],
)
def test_a_refusal_is_kept_too(
    prepare: Prepare, refusal: tuple[int, str], visitor: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    write = prepare(visitor, till, show)

    first, again = write.send(), write.send()

    assert said(first) == said(again) == refusal
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert_books_are_true()


def test_a_refusal_that_was_kept_holds_even_when_it_would_be_granted_now(
    till: Shop, show: Show, sandbox: Sandbox
) -> None:
    placed = order(till, show)
    path = f"orders/{placed['id']}/refunds"
    refused = till.post(path, {"reason_code": "illness"}, key=KEY)
    till.post(f"orders/{placed['id']}/payments", {"tender": "cash"})

    assert said(till.post(path, {"reason_code": "illness"}, key=KEY)) == said(refused) == (409, "order_not_paid")
    assert till.post(path, {"reason_code": "illness"}).status_code == 201


def test_the_same_key_in_other_hands_is_another_key(
    visitor: Shop, partner: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    answers = [
        shop.post("orders", {"lock": lock(shop, show), "contact": "asha@example.com"}, key=KEY)
        for shop in (visitor, Shop(address="203.0.113.8"), partner, till)
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 4


@pytest.mark.parametrize(
    ("prepare", "operation"),
    [(_a_payment, "qr.create"), (_a_cancellation, "qr.close"), (_a_payments_end, "qr.close")],
)
@pytest.mark.parametrize(("fault", "refusal"), [("500", (503, "gateway_down")), ("html_502", (503, "gateway_down"))])
def test_a_gateway_that_is_down_is_no_answer_to_keep(
    prepare: Prepare,
    operation: str,
    fault: str,
    refusal: tuple[int, str],
    visitor: Shop,
    till: Shop,
    show: Show,
    sandbox: Sandbox,
) -> None:
    write = prepare(visitor, till, show)
    sandbox.fault(operation, fault)

    refused = write.send()

    assert (said(refused), refused.headers["Retry-After"]) == (refusal, "1")
    assert write.send().status_code == write.status
    assert_books_are_true()


def test_a_gateway_that_refuses_is_no_answer_to_keep(visitor: Shop, till: Shop, show: Show, sandbox: Sandbox) -> None:
    write = _a_payment(visitor, till, show)
    sandbox.fault("qr.create", "refused", value="The feature is not enabled")

    assert said(write.send()) == (502, "gateway_says_no")
    assert write.send().status_code == 201
    assert [payment.state for payment in Payment.objects.order_by("id")] == ["failed", "pending"]


def test_a_code_that_the_gateway_will_not_close_is_told_as_such(
    visitor: Shop, till: Shop, show: Show, sandbox: Sandbox
) -> None:
    for prepare in (_a_cancellation, _a_payments_end):
        write = prepare(visitor, till, show)
        sandbox.fault("qr.*", "refused", times=2, value="No")

        assert said(write.send(key=prepare.__name__)) == (502, "gateway_says_no")
        assert write.send(key=prepare.__name__).status_code == 200


@pytest.mark.parametrize(("way", "made"), [("qr", "qr_codes"), ("intent", "orders")])
def test_an_answer_of_the_gateway_that_was_lost_is_found_under_the_same_key(
    way: str, made: str, visitor: Shop, show: Show, sandbox: Sandbox
) -> None:
    placed = order(visitor, show)
    sandbox.fault("qr.create" if way == "qr" else "payment.create_upi", "lost_after")

    assert said(start(visitor, placed["id"], way, key=KEY)) == (503, "gateway_down")
    answer = start(visitor, placed["id"], way, key=KEY)

    assert (answer.status_code, len(sandbox.made(made)), Payment.objects.count()) == (201, 1, 1)
    assert answer.json()["link"].startswith("upi://")


@pytest.mark.parametrize(("way", "made"), [("qr", "qr_codes"), ("intent", "orders")])
def test_if_we_die_over_the_gateways_answer_the_same_key_finds_what_was_made(
    way: str, made: str, visitor: Shop, show: Show, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = order(visitor, show)

    def dying(*_: Any, **__: Any) -> bool:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr(payments, "opened", dying)
        assert said(start(visitor, placed["id"], way, key=KEY)) == (500, "internal_error")
    answer = start(visitor, placed["id"], way, key=KEY)

    row = Payment.objects.get()
    assert (answer.status_code, len(sandbox.made(made)), row.state) == (201, 1, "pending")
    assert (answer.json()["link"], start(visitor, placed["id"], way, key=KEY).json()) == (row.link, answer.json())
    sandbox.pay(row.qr_id or row.gateway_order_id)
    deliver(sandbox)
    assert visitor.get(f"orders/{placed['id']}").json()["state"] == "confirmed"
    assert_books_are_true()


def test_if_we_die_over_a_cancellation_the_same_key_ends_it(
    visitor: Shop, till: Shop, show: Show, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = _a_cancellation(visitor, till, show)

    def dying(*_: Any, **__: Any) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr("ticketing.api.orders.cancel_unpaid", dying)
        assert said(write.send()) == (500, "internal_error")

    assert (write.send().json()["state"], write.send().json()["state"]) == ("cancelled", "cancelled")
    assert_books_are_true()


def test_a_question_may_be_asked_again_under_the_same_key(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    placed = order(visitor, show)
    path = f"payments/{start(visitor, placed['id']).json()['id']}/check"
    kept = KeptAnswer.objects.count()

    first = visitor.post(path, key=KEY)
    sandbox.pay(Payment.objects.get().qr_id)
    deliver(sandbox)
    again = visitor.post(path, key=KEY)

    assert (first.json()["state"], again.json()["state"]) == ("waiting", "paid")
    assert KeptAnswer.objects.count() == kept


def test_what_is_kept_names_nobody(visitor: Shop, till: Shop, show: Show, sandbox: Sandbox) -> None:
    """Answers are kept for good, and contacts are erased some day: no answer holds one, nor a digest to try it on."""
    body = {"lock": lock(visitor, show, contact="9820012345"), "contact": "98200 12345", "name": "Asha Kulkarni"}
    placed = visitor.post("orders", body).json()
    pay(visitor, sandbox, placed["id"])
    visitor.post(f"payments/{placed['id']}/cancellation")
    till.post(f"orders/{bought_at(till, show)['id']}/refunds", {"reason_code": "illness", "note": "Asha Kulkarni"})

    rows = [" ".join(str(value) for value in row) for row in KeptAnswer.objects.values_list()]
    text = " ".join(rows)
    plain = b"\n".join([b"POST", b"/api/v1/orders", json.dumps(body, sort_keys=True, separators=(",", ":")).encode()])

    assert [word for word in ("98200", "12345", "Asha", "gauri", "okhdfcbank") if word in text] == []
    assert sha256(plain).hexdigest() not in text
