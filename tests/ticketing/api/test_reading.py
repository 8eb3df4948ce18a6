"""Reading orders: pages that hold still while more come, and what each read and each write costs the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.models import Show
from tests.inventory.api.shop import Shop, said
from tests.ticketing.api.buying import bought_at, contact, lock, order, pay, start
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import Sandbox
from ticketing.models import Payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


def _page(shop: Shop, query: str = "") -> tuple[list[str], str | None]:
    answer = shop.get(f"orders{query}")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["orders"]], answer.json()["next"]


def test_pages_hold_still_while_orders_arrive(visitor: Shop, show: Show) -> None:
    first_five = [order(visitor, show, 1)["id"] for _ in range(5)]

    page, cursor = _page(visitor, "?limit=2")
    latest = order(visitor, show, 1)["id"]
    order(Shop(address="203.0.113.8"), show, 1)
    pages = [page]
    while cursor:
        page, cursor = _page(visitor, f"?limit=2&cursor={cursor}")
        pages.append(page)

    newest_first = first_five[::-1]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    assert _page(visitor) == ([latest, *newest_first], None)


@pytest.mark.parametrize(("count", "limit", "has_next"), [(0, 1, False), (2, 2, False), (3, 2, True), (3, 100, False)])
def test_a_page_says_whether_there_is_another(
    count: int, limit: int, has_next: bool, visitor: Shop, show: Show
) -> None:
    for _ in range(count):
        order(visitor, show, 1)

    page, cursor = _page(visitor, f"?limit={limit}")

    assert (len(page), cursor is not None) == (min(count, limit), has_next)


NO_LIMITS = ["0", "-1", "101", "1.5", "", "ten", "1e2", "٣", "0x10", "00000000199999", "1" * 5000, "%00", "1_0", " 1"]


def test_a_limit_is_a_number_from_1_to_100(visitor: Shop, show: Show) -> None:
    for limit in NO_LIMITS:
        answer = visitor.get(f"orders?limit={limit}")
        assert (said(answer), list(answer.json()["facts"]["fields"])) == ((400, "input_invalid"), ["limit"]), limit


def test_a_cursor_that_is_none_of_ours_is_refused(visitor: Shop, show: Show) -> None:
    for cursor in ("1", "a" * 26, "é", "%00", "a" * 5000, "null", "A" * 26):
        answer = visitor.get(f"orders?cursor={cursor}")
        assert (said(answer), list(answer.json()["facts"]["fields"])) == ((400, "input_invalid"), ["cursor"]), cursor


def test_another_buyers_cursor_shows_ones_own_orders_only(visitor: Shop, show: Show) -> None:
    other = Shop(address="203.0.113.8")
    own = order(visitor, show, 1)["id"]
    for _ in range(3):
        order(other, show, 1)
    _, cursor = _page(other, "?limit=1")

    assert _page(visitor, f"?cursor={cursor}") == ([own], None)


def _statements(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = act()
    assert answer.status_code in (200, 201), answer.content
    return len(seen)


READS = {
    "shows/{slug}/prices": 3,
    "locks/{lock}/quote": 1,
    "orders": 1,
    "orders/{order}": 1,
    "orders/{order}/payments": 2,
    "orders/{order}/refunds": 2,
    "orders/{order}/tickets": 1,
    "payments/{payment}": 2,
}


def test_a_read_costs_the_same_for_one_and_for_three(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    names = {"slug": show.slug}
    for quantity in (1, 3):
        placed = [order(visitor, show, quantity) for _ in range(quantity)][-1]
        for _ in range(quantity - 1):
            attempt = start(visitor, placed["id"]).json()["id"]
            visitor.post(f"payments/{attempt}/cancellation")
        pay(visitor, sandbox, placed["id"])
        payment = visitor.get(f"orders/{placed['id']}").json()["payment"]["id"]
        names |= {"lock": lock(visitor, show, quantity), "order": placed["id"], "payment": payment}
        addresses = {path: path.format(**names) for path in READS}
        assert {path: _statements(partial(visitor.get, address)) for path, address in addresses.items()} == READS


def test_a_purchase_costs_seven_statements(visitor: Shop, show: Show, sandbox: Sandbox) -> None:
    """Counted as a visitor makes them; a key is one more each."""
    lock(visitor, show)  # the show is known from here on
    counts = {"lock": _statements(lambda: visitor.lock(show, best={"quantity": 2}))}
    lock_id = lock(visitor, show)
    counts["order"] = _statements(lambda: visitor.post("orders", {"lock": lock_id, "contact": contact()}))
    order_id = visitor.get("orders").json()["orders"][0]["id"]
    counts["payment"] = _statements(lambda: start(visitor, order_id))
    sandbox.pay(Payment.objects.get().qr_id)
    webhook = sandbox.take_webhooks()[-1]
    counts["webhook"] = _statements(lambda: webhook.post(Client()))
    counts["tickets"] = _statements(lambda: visitor.get(f"orders/{order_id}/tickets"))

    assert counts == {"lock": 1, "order": 2, "payment": 2, "webhook": 1, "tickets": 1}


def test_a_key_costs_one_statement_more(partner: Shop, show: Show) -> None:
    told = bought_at(partner, show, tender="partner_account")

    assert _statements(lambda: partner.get(f"orders/{told['id']}/tickets")) == 2
