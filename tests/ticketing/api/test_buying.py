"""A ticket bought over HTTP: lock, quote, order, payment, tickets."""

from __future__ import annotations

from tests.inventory.api.shop import Shop, said
from tests.ticketing.api.buying import bought, lock, order, start
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.tickets.code import read
from ticketing.tickets.keys import verifying_keys


def test_a_lock_is_quoted_with_all_charges_and_the_taxes_inside(visitor: Shop) -> None:
    show = make_priced_show()
    quote = visitor.get(f"locks/{lock(visitor, show)}/quote").json()
    assert quote["total_paise"] == 236_000
    assert [line["paise"] for line in quote["lines"]] == [118_000, 118_000]
    assert {(line["net_paise"], line["cgst_paise"], line["sgst_paise"]) for line in quote["lines"]} == {
        (100_000, 9_000, 9_000)
    }


def test_prices_are_told_before_anything_is_locked(visitor: Shop) -> None:
    show = make_priced_show()
    (gold,) = visitor.get(f"shows/{show.slug}/prices").json()["prices"]
    assert (gold["tier"], gold["paise"], gold["rate_bp"], gold["tax_paise"]) == ("gold", 118_000, 1800, 18_000)


def test_a_paid_order_has_tickets_that_a_gate_believes(visitor: Shop, sandbox: Sandbox) -> None:
    show = make_priced_show()
    told = bought(visitor, sandbox, show)
    assert told["payment"]["state"] == "paid"
    tickets = visitor.get(f"orders/{told['id']}/tickets").json()["tickets"]
    assert [ticket["state"] for ticket in tickets] == ["valid", "valid"]
    contents = [read(ticket["code"], verifying_keys()) for ticket in tickets]
    assert [content.place_id for content in contents] == [ticket["place"]["id"] for ticket in tickets]
    assert {content.show_id for content in contents} == {show.pk}
    assert_books_are_true()


def test_an_order_asked_for_twice_under_one_key_is_one(visitor: Shop) -> None:
    show = make_priced_show()
    body = {"lock": lock(visitor, show), "contact": "asha@example.com"}
    first = visitor.post("orders", body, key="the-same-key-for-the-same-order")
    again = visitor.post("orders", body, key="the-same-key-for-the-same-order")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_payment_started_twice_is_one_code(visitor: Shop, sandbox: Sandbox) -> None:
    placed = order(visitor, make_priced_show())
    first, again = start(visitor, placed["id"]), start(visitor, placed["id"])
    assert again.json()["link"] == first.json()["link"]
    assert len(sandbox.made("qr_codes")) == 1


def test_a_price_in_a_body_is_refused(visitor: Shop) -> None:
    answer = visitor.post("orders", {"lock": lock(visitor, make_priced_show()), "total_paise": 1})
    assert said(answer) == (400, "input_invalid")


def test_somebody_elses_order_is_unknown(visitor: Shop, partner: Shop, sandbox: Sandbox) -> None:
    told = bought(visitor, sandbox, make_priced_show())
    for path in ("", "/tickets", "/payments", "/refunds"):
        assert said(partner.get(f"orders/{told['id']}{path}")) == (404, "order_unknown")
        assert said(Shop().get(f"orders/{told['id']}{path}")) == (404, "order_unknown")


def test_a_till_takes_cash_and_has_tickets_at_once(cashier: Shop) -> None:
    placed = order(cashier, make_priced_show())
    answer = cashier.post(f"orders/{placed['id']}/payments", {"tender": "cash"})
    assert (answer.status_code, answer.json()["state"]) == (201, "paid")
    assert len(cashier.get(f"orders/{placed['id']}/tickets").json()["tickets"]) == 2
    assert_books_are_true()


def test_a_visitor_takes_no_cash(visitor: Shop) -> None:
    placed = order(visitor, make_priced_show())
    assert said(visitor.post(f"orders/{placed['id']}/payments", {"tender": "cash"})) == (403, "tender_not_taken")
