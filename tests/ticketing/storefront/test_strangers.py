"""The shop's pages in the wrong hands: somebody else's browser, another site's form, a script that asks too often."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client
from redis import Redis

from core.opaque import opaque
from inventory.models import Claim
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.browser import Browser
from tests.ticketing.storefront.buying import CONTACT, money_comes, take, to_paying
from ticketing.models import Order, OrderContact, Payment

TOKEN = "t" * 32


@pytest.fixture
def pages(buyer: Browser, sandbox: Sandbox) -> dict[str, list[str]]:
    """Everything that is one buyer's: a basket, and an order that waits for its money."""
    show = make_priced_show()
    to_paying(buyer, show, 2)
    take(buyer, show, 1)
    basket = f"/baskets/{opaque('lock', Claim.objects.latest('id').pk)}/"
    order, payment = opaque("order", Order.objects.get().pk), opaque("payment", Payment.objects.get().pk)
    return {
        "GET": [basket, f"/orders/{order}/"],
        "POST": [
            *(f"{basket}{verb}" for verb in ("extension", "return", "order")),
            *(f"/orders/{order}/{verb}" for verb in ("payment", "cancellation")),
            f"/payments/{payment}/check",
        ],
    }


def _states() -> list[Any]:
    return [
        list(Order.objects.values_list("id", "state")),
        list(Payment.objects.values_list("id", "state")),
        list(Claim.objects.values_list("id", "ended_at", "expires_at")),
    ]


def _stranger(buyer: str = "") -> Client:
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.10")
    client.cookies["csrftoken"] = TOKEN
    if buyer:
        client.cookies["hf_buyer"] = buyer
    return client


@pytest.mark.parametrize("cookie", ["", "d" * 32, "nonsense"])
def test_what_is_somebody_elses_is_not_there(pages: dict[str, list[str]], cookie: str) -> None:
    before, stranger = _states(), _stranger(cookie)

    answers = [stranger.get(path) for path in pages["GET"]]
    answers += [
        stranger.post(path, {"csrfmiddlewaretoken": TOKEN, "contact": CONTACT, "way": "qr"}) for path in pages["POST"]
    ]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert _states() == before


def test_another_sites_form_does_nothing_in_the_buyers_browser(pages: dict[str, list[str]], buyer: Browser) -> None:
    before = _states()

    answers = [buyer.client.post(path, {"contact": CONTACT, "way": "qr"}) for path in pages["POST"]]
    answers.append(buyer.client.post("/shows/hamlet/basket", {"quantity": "1"}))

    assert [answer.status_code for answer in answers] == [403] * 7
    assert _states() == before


def test_a_page_is_looked_at_and_a_form_is_sent(pages: dict[str, list[str]], buyer: Browser) -> None:
    answers = [buyer.client.get(path) for path in pages["POST"]]
    answers += [buyer.client.post(path, {"csrfmiddlewaretoken": "x"}) for path in ("/privacy/", "/robots.txt")]

    assert [answer.status_code for answer in answers[:6]] == [405] * 6
    assert {answer.status_code for answer in answers[6:]} <= {403, 405}


def test_one_buyers_pages_are_kept_by_nobody(pages: dict[str, list[str]], buyer: Browser) -> None:
    answers = [buyer.client.get(path) for path in pages["GET"]]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"same-origin"}


@pytest.mark.parametrize("name", ["Asha\nBcc: all@example.com", "\u202eahsA", "a\tb"])
def test_a_name_is_one_line(name: str, buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show(), 1)

    buyer.send("/order", contact=CONTACT, name=name)

    assert (buyer.page.status_code, Order.objects.count()) == (400, 0)
    assert "Write the name on one line." in buyer.text


def test_markup_in_a_name_stays_text(buyer: Browser, sandbox: Sandbox) -> None:
    take(buyer, make_priced_show(), 1)

    buyer.send("/order", contact=CONTACT, name="<script>alert(1)</script>")
    money_comes(sandbox)
    pages = [buyer.open(buyer.path), buyer.open(buyer.page.context["tickets_at"])]

    assert OrderContact.objects.get().name == "<script>alert(1)</script>"
    assert not any(b"<script>alert" in page.content for page in pages)


def test_a_lost_redis_refuses_no_question(buyer: Browser, sandbox: Sandbox, settings: Any) -> None:
    to_paying(buyer, make_priced_show(), 1)
    path = f"/payments/{opaque('payment', Payment.objects.get().pk)}/check"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    token = buyer.client.cookies["csrftoken"].value

    assert buyer.client.post(path, {"csrfmiddlewaretoken": token}).status_code == 303
    assert_books_are_true()


def test_tickets_are_drawn_only_so_often_for_one_address(buyer: Browser, sandbox: Sandbox, settings: Any) -> None:
    """Whoever has a link has the tickets, and may not keep the house busy printing them."""
    to_paying(buyer, make_priced_show(), 1)
    money_comes(sandbox)
    at = buyer.open(buyer.path).context["tickets_at"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.REDIS_URL = settings.REDIS_URL.rpartition("/")[0] + f"/{1 + int(worker) % 15}"
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.flushdb()
    settings.THROTTLES = {"visitor_read_address": 2}

    answers = [Client(REMOTE_ADDR="203.0.113.44").get(f"{at}/tickets.pdf").status_code for _ in range(6)]

    # A new minute may begin meanwhile.
    assert answers[:2] == [200, 200]
    assert 429 in answers[2:]
