"""A hostile buyer tries what can be tried."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Channel, Claim, Show
from inventory.services.keys import make_key
from tests.houses import rows, statuses
from tests.inventory.api.shop import Shop, said
from tests.ticketing.api.buying import bought, bought_at, contact, deliver, lock, order, run_out, start
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.models import Order, Payment, Refund, Ticket
from ticketing.services.watching import expire_orders

pytestmark = pytest.mark.django_db(transaction=True)
INVALID = (400, "input_invalid")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


@pytest.fixture
def supervisor(transactional_db: None) -> Shop:
    return Shop.logged_in("vik", "use_counter", "refund_order")


def _till(shop: Shop, show: Show) -> tuple[str, str]:
    """An order that is not paid, and the address to pay it at."""
    placed = order(shop, show)
    return placed["id"], f"orders/{placed['id']}/payments"


# Prices


MORE_THAN_AN_ORDER: list[dict[str, Any]] = [
    {"total_paise": 1},
    {"lines": [{"paise": 1}]},
    {"currency": "XXX"},
    {"channel": "counter"},
    {"discount": 100},
    {"show": "lear"},
    {"buyer": "key:1"},
    {"state": "confirmed"},
]


def test_an_order_says_nothing_of_what_it_costs(visitor: Shop, show: Show) -> None:
    body = {"lock": lock(visitor, show), "contact": contact()}

    for more in MORE_THAN_AN_ORDER:
        answer = visitor.post("orders", body | more)
        assert (said(answer), list(answer.json()["facts"]["fields"])) == (INVALID, list(more))
    assert Order.objects.count() == 0


def test_a_payment_says_nothing_of_how_much(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    _, path = _till(visitor, show)

    for more in ({"amount_paise": 1}, {"state": "paid"}, {"payment_id": "pay_1"}, {"tender": "cash"}):
        assert said(visitor.post(path, {"way": "qr"} | more)) == INVALID
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("paise", [1, 117_999, 118_000])
def test_whoever_pays_less_has_no_tickets_and_may_pay_the_rest(
    paise: int, visitor: Shop, show: Show, sandbox: Sandbox
) -> None:
    reference, _ = _till(visitor, show)
    start(visitor, reference)
    sandbox.pay(Payment.objects.get().qr_id, amount_paise=paise)
    deliver(sandbox)

    assert visitor.get(f"orders/{reference}").json()["state"] == "awaiting_payment"
    assert visitor.get(f"orders/{reference}/tickets").json()["tickets"] == []
    assert start(visitor, reference).json()["amount_paise"] == 236_000 - paise
    assert_books_are_true()


# Locks


def test_a_lock_makes_one_order(visitor: Shop, show: Show) -> None:
    lock_id = lock(visitor, show)
    first = visitor.post("orders", {"lock": lock_id, "contact": contact()})

    assert first.status_code == 201
    assert said(visitor.post("orders", {"lock": lock_id, "contact": contact()})) == (409, "lock_has_an_order")


@pytest.mark.parametrize("end", ["run out", "given back"])
def test_a_lock_that_is_over_makes_no_order(end: str, visitor: Shop, show: Show) -> None:
    lock_id = lock(visitor, show)
    if end == "run out":
        run_out()
    else:
        visitor.delete(f"locks/{lock_id}")

    assert said(visitor.post("orders", {"lock": lock_id, "contact": contact()})) == (410, "lock_expired")
    assert said(visitor.get(f"locks/{lock_id}/quote")) == (410, "lock_expired")


def test_a_lock_that_was_sold_makes_no_second_order(cashier: Shop, show: Show) -> None:
    told = bought_at(cashier, show)

    assert said(cashier.post("orders", {"lock": told["lock"]})) == (409, "lock_has_an_order")
    assert said(cashier.delete(f"locks/{told['lock']}")) == (409, "lock_committed")
    assert said(cashier.get(f"locks/{told['lock']}/quote")) == (409, "lock_committed")


@pytest.mark.parametrize("body", [{"way": "qr"}, {"tender": "cash"}])
def test_an_order_whose_time_is_over_is_not_paid(
    body: dict[str, str], cashier: Shop, show: Show, sandbox: Sandbox
) -> None:
    reference, path = _till(cashier, show)
    run_out()

    assert said(cashier.post(path, body)) == (410, "lock_expired")
    expire_orders()
    assert said(cashier.post(path, body)) == (410, "order_expired")
    assert cashier.get(f"orders/{reference}").json()["state"] == "expired"
    assert (statuses(show), Ticket.objects.count()) == ({"open": 18, "locked": 2}, 0)


def test_an_order_whose_places_were_given_back_is_not_paid(cashier: Shop, show: Show) -> None:
    placed = order(cashier, show)
    cashier.delete(f"locks/{placed['lock']}")

    assert said(cashier.post(f"orders/{placed['id']}/payments", {"tender": "cash"})) == (410, "lock_expired")
    assert statuses(show) == {"open": 20}


def test_paying_makes_no_lock_last_longer_than_its_cap(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    placed = order(visitor, show)
    cap = Claim.objects.get().hard_until
    for _ in range(4):
        attempt = start(visitor, placed["id"]).json()["id"]
        visitor.post(f"payments/{attempt}/cancellation")

    assert Claim.objects.get().hard_until == cap


def test_attempts_at_one_order_come_to_an_end(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    reference, _ = _till(visitor, show)
    answers = [start(visitor, reference, ("qr", "intent")[nth % 2]) for nth in range(12)]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 2
    assert said(answers[-1]) == (429, "too_many_attempts")
    assert len([code for code in sandbox.made("qr_codes") if code["status"] == "active"]) <= 1


# Money of one's own making


def test_nobody_takes_money_in_a_way_that_is_not_theirs(visitor: Shop, partner: Shop, cashier: Shop) -> None:
    web, kiosk = (
        Shop(bearer=make_key(channel_id=Channel.objects.get(code=code).pk, name=code)[1]) for code in ("web", "counter")
    )
    tenders = [
        {"tender": "cash"},
        {"tender": "card_slip", "reference": "1"},
        {"tender": "bank_transfer", "reference": "1"},
        {"tender": "partner_account"},
    ]
    show = make_priced_show(rows("ABC", 20), slug="lear", cap_per_session=100, cap_per_address=100)
    may = {"partner": {"partner_account"}, "cashier": {"cash", "card_slip", "bank_transfer"}}
    shops = {"visitor": visitor, "web": web, "kiosk": kiosk, "partner": partner, "cashier": cashier}

    for name, shop in shops.items():
        for tender in tenders:
            if tender["tender"] not in may.get(name, set()):
                assert said(shop.post(_till(shop, show)[1], tender)) == (403, "tender_not_taken"), (name, tender)
    assert (Payment.objects.count(), Ticket.objects.count()) == (0, 0)


NO_PAYMENTS: list[Any] = [
    {},
    {"way": "qr", "tender": "cash"},
    {"way": "card"},
    {"way": None},
    {"way": ["qr"]},
    {"way": "qr", "reference": "1"},
    {"tender": "gateway"},
    {"tender": "complimentary"},
    {"tender": "card_slip"},
    {"tender": "bank_transfer", "reference": ""},
    {"tender": "card_slip", "reference": "1\n2"},
    {"tender": "card_slip", "reference": "r" * 61},
    {"tender": "card_slip", "reference": 4211},
    {"tender": "cash", "amount_paise": 236_000},
    [],
    None,
    7,
]


def test_a_payment_that_makes_no_sense_is_refused(cashier: Shop, show: Show) -> None:
    _, path = _till(cashier, show)

    for body in NO_PAYMENTS:
        assert said(cashier.post(path, body, raw=None if body is not None else b"null")) == INVALID, body
    assert Payment.objects.count() == 0


def test_two_lakh_in_cash_are_not_taken(cashier: Shop, transactional_db: None) -> None:
    show = make_priced_show(paise=100_000_00)
    _, path = _till(cashier, show)

    answer = cashier.post(path, {"tender": "cash"})

    assert (said(answer), answer.json()["facts"]) == ((409, "cash_too_much"), {"most_paise": 199_999_99})
    assert cashier.post(path, {"tender": "card_slip", "reference": "1"}).status_code == 201


def test_partners_number_their_own_transfers(partner: Shop, show: Show) -> None:
    other = Channel.objects.create(code="portal", name="Portal", kind="partner", is_capped=False)
    portal = Shop(bearer=make_key(channel_id=other.pk, name="portal")[1])

    for shop in (partner, portal):
        bought_at(shop, show, tender="partner_account", reference="1001")


# Refunds


def _tickets(shop: Shop, reference: str) -> list[dict[str, Any]]:
    tickets: list[dict[str, Any]] = shop.get(f"orders/{reference}/tickets").json()["tickets"]
    return tickets


NO_REFUNDS: list[dict[str, Any]] = [
    {"amount_paise": 10**12},
    {"amount_paise": -1},
    {"tickets": []},
    {"tickets": ["1"]},
    {"tickets": [-1]},
    {"tickets": [0]},
    {"tickets": [2**63]},
    {"tickets": [1.0]},
    {"tickets": [True]},
    {"tickets": {"0": 1}},
    {"tickets": list(range(1, 1002))},
    {"tickets": None},
    {"reason_code": ""},
    {"reason_code": " "},
    {"reason_code": "r" * 33},
    {"reason_code": "a\x00b"},
    {"reason_code": "a\nb"},
    {"reason_code": 7},
    {"note": "n" * 401},
    {"note": "a\x00b"},
    {"to": "gauri@upi"},
]


def test_a_refund_that_makes_no_sense_is_refused(supervisor: Shop, show: Show) -> None:
    told = bought_at(supervisor, show)

    for more in NO_REFUNDS:
        answer = supervisor.post(f"orders/{told['id']}/refunds", {"reason_code": "illness"} | more)
        assert said(answer) == INVALID, more
    assert (Refund.objects.count(), Ticket.objects.filter(voided_at=None).count()) == (0, 2)


def test_tickets_of_another_order_are_unknown_in_a_refund(supervisor: Shop, show: Show) -> None:
    told, other = bought_at(supervisor, show), bought_at(supervisor, show)
    own, foreign = _tickets(supervisor, told["id"])[0]["id"], _tickets(supervisor, other["id"])[0]["id"]

    for tickets in ([foreign], [own, foreign], [own, 2**63 - 1]):
        answer = supervisor.post(f"orders/{told['id']}/refunds", {"reason_code": "illness", "tickets": tickets})
        assert said(answer) == (404, "tickets_unknown")
    assert (Refund.objects.count(), Ticket.objects.filter(voided_at=None).count()) == (0, 4)


def test_no_more_goes_back_than_came(supervisor: Shop, show: Show) -> None:
    told = bought_at(supervisor, show)
    path, one = f"orders/{told['id']}/refunds", _tickets(supervisor, told["id"])[0]["id"]

    first = supervisor.post(path, {"reason_code": "illness", "tickets": [one, one, one]})
    again = supervisor.post(path, {"reason_code": "illness", "tickets": [one]})
    rest = supervisor.post(path, {"reason_code": "illness"})
    nothing = supervisor.post(path, {"reason_code": "illness"})

    assert (first.status_code, said(again), rest.status_code) == (201, (409, "tickets_void"), 201)
    assert said(nothing) == (409, "tickets_void")
    assert sorted(Refund.objects.values_list("amount_paise", flat=True)) == [118_000, 118_000]
    assert supervisor.get(f"orders/{told['id']}").json()["state"] == "cancelled"
    assert_books_are_true()


def test_an_order_that_is_not_paid_gives_nothing_back(supervisor: Shop, show: Show) -> None:
    reference, _ = _till(supervisor, show)

    assert said(supervisor.post(f"orders/{reference}/refunds", {"reason_code": "illness"})) == (409, "order_not_paid")


def test_a_paid_order_is_cancelled_by_its_buyer_only_in_time(visitor: Shop, sandbox: Sandbox) -> None:
    never = make_priced_show(slug="never", cap_per_session=100)
    soon = make_priced_show(slug="soon", terms={"buyers_cancel_until_h": 24 * 3650})
    may = make_priced_show(slug="may", terms={"buyers_cancel_until_h": 1})
    told = {show.slug: bought(visitor, sandbox, show) for show in (never, soon, may)}

    answers = {slug: visitor.post(f"orders/{one['id']}/cancellation") for slug, one in told.items()}

    assert [said(answers[slug]) for slug in ("never", "soon")] == [(409, "order_paid")] * 2
    assert (answers["may"].status_code, answers["may"].json()["refunded_paise"]) == (200, 236_000)
    assert _tickets(visitor, told["may"]["id"])[0]["code"] == ""
    assert_books_are_true()


def test_where_there_is_nothing_to_say_nothing_is_heard(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    reference, _ = _till(visitor, show)
    payment = start(visitor, reference).json()["id"]

    for path in (f"orders/{reference}/cancellation", f"payments/{payment}/cancellation", f"payments/{payment}/check"):
        for body in ({"reason": "x"}, [], [1], 0, False, "", "x"):
            assert said(visitor.post(path, body)) == INVALID
    assert visitor.get(f"orders/{reference}").json()["state"] == "awaiting_payment"


def test_a_lost_redis_refuses_no_question(visitor: Shop, show: Show, sandbox: Sandbox, settings: Any) -> None:
    reference, _ = _till(visitor, show)
    payment = start(visitor, reference).json()["id"]
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert visitor.post(f"payments/{payment}/check").json()["state"] == "waiting"
