"""Whom an order is for: one contact however it is spelled, one line for a name, and what is none is refused."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Channel, Show
from inventory.services.keys import make_key
from tests.inventory.api.shop import Shop, said
from tests.ticketing.api.buying import contact, lock, order
from tests.ticketing.books import make_priced_show
from ticketing.models import Order, OrderContact

pytestmark = pytest.mark.django_db(transaction=True)
INVALID = (400, "input_invalid")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(cap_per_session=100, cap_per_address=100)


NO_CONTACTS = [
    "98200",
    "asha",
    "@",
    "a@b",
    "asha@",
    "1" * 40,
    "98200 12345, 98200 12346",
    "asha@example.com\nBcc: all@b.in",
    "javascript:alert(1)",
    "ß" * 119 + "@",
    "a@" + "ﷺ" * 10 + ".in",
    "+91" + "0" * 10,
    "\u202e@example.com",
]


def test_a_contact_is_one_number_or_one_address(visitor: Shop, show: Show) -> None:
    lock_id = lock(visitor, show)

    for text in NO_CONTACTS:
        assert said(visitor.post("orders", {"lock": lock_id, "contact": text})) == (400, "contact_invalid"), text
    assert Order.objects.count() == 0


def test_a_contact_that_grows_when_it_is_written_out_is_refused(visitor: Shop, show: Show) -> None:
    """In ASCII a name of a domain is longer than it looks."""
    domain = ".".join(["क" * 12] * 6) + ".in"

    answer = visitor.post("orders", {"lock": lock(visitor, show), "contact": f"{'a' * 30}@{domain}"})

    assert said(answer) == (400, "contact_invalid")


@pytest.mark.parametrize("text", [None, "", " "])
def test_the_web_says_whom_to_write_to_and_a_till_or_a_partner_need_not(
    text: str | None, visitor: Shop, partner: Shop, cashier: Shop, show: Show
) -> None:
    """Without one there would be nobody to send tickets to, and no limit to how many one buyer has."""
    web = Shop(bearer=make_key(channel_id=Channel.objects.get(code="web").pk, name="our own shop")[1])
    said_ = {} if text is None else {"contact": text}

    answers = [shop.post("orders", {"lock": lock(shop, show)} | said_) for shop in (visitor, web, partner, cashier)]

    assert [said(answer) for answer in answers[:2]] == [(400, "contact_invalid")] * 2
    assert [answer.status_code for answer in answers[2:]] == [201, 201]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9820012345", "+91 98200-12345"),
        ("9820012345", "०९८२००१२३४५"),
        ("asha@example.com", " ASHA@Example.COM "),
        ("asha@example.com", "asha+tickets@example.com"),
        ("asha.k@gmail.com", "a.s.h.a.k+2@googlemail.com"),
    ],
)
def test_one_contact_is_one_however_it_is_spelled(one: str, other: str, transactional_db: None) -> None:
    show = make_priced_show(terms={"tickets_per_contact": 3})
    browsers = [Shop(address=f"203.0.113.{n}") for n in (8, 9)]

    first, second = (
        browser.post("orders", {"lock": lock(browser, show), "contact": text})
        for browser, text in zip(browsers, (one, other), strict=True)
    )

    assert first.status_code == 201
    assert said(second) == (409, "too_many_for_contact")
    assert second.json()["facts"] == {"asked": 2, "has": 2, "most": 3}


def test_a_lock_counts_a_contact_however_it_is_spelled(transactional_db: None) -> None:
    show = make_priced_show(cap_per_contact=2)
    browsers = [Shop(address=f"203.0.113.{n}") for n in (8, 9)]

    first, second = (
        browser.lock(show, best={"quantity": 2}, contact=text)
        for browser, text in zip(browsers, ("9820012345", "+91 98200 12345"), strict=True)
    )

    assert (first.status_code, said(second)) == (201, (429, "over_cap"))


def test_what_was_cancelled_counts_no_more(visitor: Shop, transactional_db: None) -> None:
    show = make_priced_show(terms={"tickets_per_contact": 2}, cap_per_session=100)
    placed = order(visitor, show, contact="asha@example.com")
    visitor.post(f"orders/{placed['id']}/cancellation")

    assert order(visitor, show, contact="asha@example.com")["quantity"] == 2


NO_NAMES: list[Any] = [
    "a\x00b",
    "Asha\nBcc: all@example.com",
    "\u202eahsA",
    "tab\there",
    "a\u2028b",
    "n" * 81,
    7,
    ["Asha"],
    None,
]


def test_a_name_is_one_line(visitor: Shop, show: Show) -> None:
    body = {"lock": lock(visitor, show), "contact": contact()}

    for name in NO_NAMES:
        answer = visitor.post("orders", body | {"name": name})
        assert (said(answer), list(answer.json()["facts"]["fields"])) == (INVALID, ["name"]), name


NAMES = ["आशा कुलकर्णी", "ക്‍ഷ", "Zoë O'Neil-Śmigły", "👩‍👧", "<b>Asha</b>", "'; DROP TABLE x; --"]


def test_names_of_all_scripts_are_kept_as_they_are(visitor: Shop, show: Show) -> None:
    for name in NAMES:
        order(visitor, show, name=name)

    assert list(OrderContact.objects.order_by("order_id").values_list("name", flat=True)) == NAMES
