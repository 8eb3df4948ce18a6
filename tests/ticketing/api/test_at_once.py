"""The same wish many times at the same moment, over HTTP on connections of their own: one effect."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Show
from tests.inventory.api.shop import Answer, Shop, said
from tests.races.together import succeeded, together
from tests.ticketing.api.buying import bought_at, deliver, lock, order, start
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.models import Order, Payment, Refund, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, TIMES = 4, 4
BUYER = "b" * 32


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


def _browser(buyer: str = BUYER) -> Shop:
    shop = Shop()
    shop.client.cookies["hf_buyer"] = buyer
    return shop


@pytest.fixture
def tills(transactional_db: None) -> list[Shop]:
    """One cashier at so many screens."""
    first = Shop.logged_in("asha", "use_counter", "refund_order")
    return [first, *(Shop(login=first.user) for _ in range(TIMES - 1))]


def _codes(answers: list[Answer]) -> list[tuple[int, str]]:
    return sorted(said(answer) for answer in answers if answer.status_code >= 400)


def _assert_one_answer(answers: list[Answer], status: int) -> None:
    assert [answer.status_code for answer in answers] == [status] * TIMES, [answer.content for answer in answers]
    assert [answer.json() for answer in answers] == [answers[0].json()] * TIMES
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers].count(None) == 1


def test_an_order_is_one(show: Show) -> None:
    for round_ in range(ROUNDS):
        body = {"lock": lock(_browser(), show), "contact": f"buyer-{round_}@example.com"}

        def ask(_: int, key: str = f"order-{round_}", body: dict[str, str] = body) -> Answer:
            return _browser().post("orders", body, key=key)

        _assert_one_answer(succeeded(together(TIMES, ask)), 201)
    assert Order.objects.count() == ROUNDS
    assert_books_are_true()


def test_two_orders_under_one_key_are_one_and_a_refusal(show: Show) -> None:
    for round_ in range(ROUNDS):
        locks = [lock(_browser(), show) for _ in range(2)]

        def ask(nth: int, key: str = f"order-{round_}", locks: list[str] = locks) -> Answer:
            return _browser().post("orders", {"lock": locks[nth], "contact": "a@example.com"}, key=key)

        answers = succeeded(together(2, ask))
        assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Order.objects.count() == ROUNDS


def test_control_without_its_key_the_second_is_told_that_its_lock_is_used(show: Show) -> None:
    body = {"lock": lock(_browser(), show), "contact": "asha@example.com"}

    answers = succeeded(together(TIMES, lambda _: _browser().post("orders", body)))

    assert _codes(answers) == [(409, "lock_has_an_order")] * (TIMES - 1)


@pytest.mark.parametrize("way", ["qr", "intent"])
def test_a_payment_is_one_and_everybody_has_the_link_that_we_know(way: str, show: Show, sandbox: Sandbox) -> None:
    for round_ in range(ROUNDS):
        placed = order(_browser(), show)

        def ask(_: int, key: str = f"pay-{round_}", reference: str = placed["id"]) -> Answer:
            return start(_browser(), reference, way, key=key)

        answers = succeeded(together(TIMES, ask))

        _assert_one_answer(answers, 201)
        row = Payment.objects.latest("id")
        assert answers[0].json()["link"] == row.link
        again = start(_browser(), placed["id"], way, key=f"pay-{round_}")
        assert again.json()["link"] == row.link
    assert Payment.objects.count() == ROUNDS
    still_open = [code["id"] for code in sandbox.made("qr_codes") if code["status"] == "active"]
    assert sorted(still_open) == sorted(Payment.objects.exclude(qr_id="").values_list("qr_id", flat=True))


def test_a_payment_under_many_keys_is_one(show: Show, sandbox: Sandbox) -> None:
    placed = order(_browser(), show)

    answers = succeeded(together(TIMES, lambda _: start(_browser(), placed["id"])))

    assert [answer.status_code for answer in answers] == [201] * TIMES
    assert {answer.json()["link"] for answer in answers} == {Payment.objects.get().link}


def test_cash_is_taken_once(tills: list[Shop], show: Show) -> None:
    for round_ in range(ROUNDS):
        path = f"orders/{order(tills[0], show)['id']}/payments"

        def ask(nth: int, key: str = f"cash-{round_}", path: str = path) -> Answer:
            return tills[nth].post(path, {"tender": "cash"}, key=key)

        _assert_one_answer(succeeded(together(TIMES, ask)), 201)
    assert (Payment.objects.count(), Ticket.objects.count()) == (ROUNDS, 2 * ROUNDS)
    assert_books_are_true()


def test_one_slip_pays_for_one_order(tills: list[Shop], show: Show) -> None:
    placed = [order(tills[0], show) for _ in range(TIMES)]
    slip = {"tender": "card_slip", "reference": "004211"}

    answers = succeeded(together(TIMES, lambda nth: tills[nth].post(f"orders/{placed[nth]['id']}/payments", slip)))

    assert _codes(answers) == [(409, "reference_used")] * (TIMES - 1)
    assert Payment.objects.count() == 1
    assert_books_are_true()


def test_a_refund_is_one(tills: list[Shop], show: Show) -> None:
    for round_ in range(ROUNDS):
        path = f"orders/{bought_at(tills[0], show)['id']}/refunds"

        def ask(nth: int, key: str = f"refund-{round_}", path: str = path) -> Answer:
            return tills[nth].post(path, {"reason_code": "illness"}, key=key)

        _assert_one_answer(succeeded(together(TIMES, ask)), 201)
    assert Refund.objects.count() == ROUNDS
    assert_books_are_true()


def test_a_ticket_is_given_back_once_however_many_ask(tills: list[Shop], show: Show) -> None:
    told = bought_at(tills[0], show)
    ticket = tills[0].get(f"orders/{told['id']}/tickets").json()["tickets"][0]
    body = {"tickets": [ticket["id"]], "reason_code": "illness"}

    answers = succeeded(together(TIMES, lambda nth: tills[nth].post(f"orders/{told['id']}/refunds", body)))

    assert _codes(answers) == [(409, "tickets_void")] * (TIMES - 1)
    assert [refund.amount_paise for refund in Refund.objects.all()] == [ticket["paise"]]
    assert_books_are_true()


def test_a_cancellation_is_one(show: Show, sandbox: Sandbox) -> None:
    for round_ in range(ROUNDS):
        placed = order(_browser(), show)
        start(_browser(), placed["id"])

        def ask(_: int, key: str = f"cancel-{round_}", reference: str = placed["id"]) -> Answer:
            return _browser().post(f"orders/{reference}/cancellation", key=key)

        answers = succeeded(together(TIMES, ask))
        _assert_one_answer(answers, 200)
        assert answers[0].json()["state"] == "cancelled"
    assert_books_are_true()


def test_a_buyer_who_cancels_a_paid_order_many_times_gets_the_money_back_once(sandbox: Sandbox) -> None:
    show = make_priced_show(terms={"buyers_cancel_until_h": 2}, cap_per_session=100, cap_per_address=100)
    for round_ in range(ROUNDS):
        placed = order(_browser(), show)
        start(_browser(), placed["id"])
        sandbox.pay(Payment.objects.latest("id").qr_id)
        deliver(sandbox)

        def ask(_: int, key: str = f"cancel-{round_}", reference: str = placed["id"]) -> Answer:
            return _browser().post(f"orders/{reference}/cancellation", key=key)

        _assert_one_answer(succeeded(together(TIMES, ask)), 200)
    assert Refund.objects.count() == ROUNDS
    assert_books_are_true()


def test_cash_and_a_cancellation_at_once_leave_one_of_them(tills: list[Shop], show: Show) -> None:
    for _ in range(ROUNDS):
        path = f"orders/{order(tills[0], show)['id']}"

        def ask(nth: int, path: str = path) -> Answer:
            if nth % 2:
                return tills[nth].post(f"{path}/payments", {"tender": "cash"})
            return tills[nth].post(f"{path}/cancellation")

        answers = succeeded(together(2, ask))

        state = tills[0].get(path).json()["state"]
        assert [answer.status_code for answer in answers] == ([409, 201] if state == "confirmed" else [200, 409])
    assert_books_are_true()


def test_whoever_pays_while_cancelling_has_tickets_or_the_money(show: Show, sandbox: Sandbox) -> None:
    for _ in range(ROUNDS):
        placed = order(_browser(), show)
        start(_browser(), placed["id"])
        code = Payment.objects.latest("id").qr_id

        def act(nth: int, reference: str = placed["id"], code: str = code) -> Any:
            if nth:
                return _browser().post(f"orders/{reference}/cancellation")
            sandbox.pay(code)
            return deliver(sandbox)

        together(2, act)
        deliver(sandbox)
        told = _browser().get(f"orders/{placed['id']}").json()
        if told["state"] == "confirmed":
            assert len(_browser().get(f"orders/{placed['id']}/tickets").json()["tickets"]) == 2
        else:
            assert told["state"] == "cancelled"
    assert_books_are_true()


def test_one_contact_has_only_so_many_however_it_is_spelled(show: Show) -> None:
    show.terms.tickets_per_contact = 2
    show.terms.save()
    spelled = ["asha@gmail.com", "A.sha@GMAIL.com", "asha+1@googlemail.com", "a.s.h.a+2@gmail.com"]
    browsers = [_browser(str(nth) * 32) for nth in range(TIMES)]
    locks = [lock(browser, show) for browser in browsers]

    def ask(nth: int) -> Answer:
        return browsers[nth].post("orders", {"lock": locks[nth], "contact": spelled[nth]})

    assert _codes(succeeded(together(TIMES, ask))) == [(409, "too_many_for_contact")] * (TIMES - 1)
