"""The phone on which a person plays the payer: reached by the link that an UPI app would open, worked by forms."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from tests.ticketing.gateways.paying import opened, soon
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import Opened, Way
from ticketing.sandbox.app import Sandbox as Application
from ticketing.sandbox.configuration import Configuration


class Browser:
    """Follows no redirect, so that a test sees where it goes."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def get(self, path: str) -> tuple[int, str]:
        answer = urllib3.request("GET", self._base_url + path, redirect=False)
        return answer.status, answer.headers.get("Location") or answer.data.decode()

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        answer = urllib3.request("POST", self._base_url + path, body=urlencode(fields), redirect=False)
        return answer.status, answer.headers.get("Location") or answer.data.decode()


@pytest.fixture
def browser(sandbox: Sandbox) -> Browser:
    return Browser(sandbox.base_url)


def phone(made: Opened) -> str:
    return f"/phone/{made.qr_id or made.order_id}"


@pytest.mark.parametrize("way", Way)
def test_a_link_leads_to_its_phone_which_shows_what_is_asked(browser: Browser, way: Way) -> None:
    made = opened(way)

    found = browser.get("/phone?" + urlencode({"link": made.link}))
    status, page = browser.get(phone(made))

    assert found == (303, phone(made))
    assert (status, page.count("Approve ₹1,180.00")) == (200, 1)


@pytest.mark.parametrize("way", Way)
def test_to_approve_is_to_pay(browser: Browser, way: Way) -> None:
    made = opened(way)

    assert browser.post(phone(made), action="approve") == (303, phone(made))

    [money] = gateway().money_of(qr_id=made.qr_id, order_id=made.order_id)
    assert money.status == "captured"
    assert money.payment_id in browser.get(phone(made))[1]


@pytest.mark.parametrize(
    ("form", "came"),
    [
        ({"action": "decline"}, [("failed", 118_000)]),
        ({"action": "pending"}, [("created", 118_000)]),
        ({"action": "approve", "twice": "1"}, [("captured", 118_000)] * 2),
        ({"action": "approve", "rupees": "19.99"}, [("captured", 1_999)]),
        ({"action": "expired"}, [("captured", 118_000)]),
    ],
)
def test_the_unusual_can_be_played(browser: Browser, form: dict[str, str], came: list[tuple[str, int]]) -> None:
    code = opened()

    browser.post(phone(code), **form)

    assert [(one.status, one.amount_paise) for one in gateway().money_of(qr_id=code.qr_id)] == came


def test_a_code_whose_time_ran_out_says_nothing_and_is_paid_late(browser: Browser, sandbox: Sandbox) -> None:
    code = opened()

    browser.post(phone(code), action="expired")

    assert [one.kind for one in sandbox.take_webhooks()] == ["payment.captured", "qr_code.credited"]
    assert [(one["status"], one["close_reason"]) for one in sandbox.made("qr_codes")] == [("closed", None)]


def test_a_late_approval_is_waited_for(browser: Browser) -> None:
    code = opened()

    status, to = browser.post(phone(code), action="approve", after_s="10")

    assert (status, to.startswith(f"{phone(code)}?until=")) == (303, True)
    assert 'http-equiv="refresh"' in browser.get(to)[1]
    assert gateway().money_of(qr_id=code.qr_id) == []


def test_money_moves_on_by_hand(browser: Browser, sandbox: Sandbox) -> None:
    code = opened()
    payment_id = sandbox.pay(code, "decline")
    late = browser.post(f"/payments/{payment_id}", to="captured", back=phone(code))
    refund = gateway().refund(payment_id, 50_000, key="refund-0001")
    shown = browser.get("/money")[1]

    assert late == (303, phone(code))
    assert (payment_id in shown, refund.refund_id in shown) == (True, True)
    assert browser.post(f"/refunds/{refund.refund_id}", to="processed") == (303, "/money")
    assert gateway().refunds_of(payment_id)[0].status == "processed"
    assert browser.post("/settlements") == (303, "/money")
    assert browser.post(f"/payments/{payment_id}", to="refunded", back="//elsewhere.example") == (303, "/money")
    assert gateway().money(payment_id).status == "refunded"


def test_everything_to_be_paid_is_on_the_first_page(browser: Browser) -> None:
    made = [opened(way, receipt=f"R-{way}") for way in Way]

    page = browser.get("/")[1]

    assert all(f'href="{phone(one)}"' in page for one in made)


def test_what_was_sent_is_shown_and_can_be_sent_again(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.pay(opened(), "decline")
    [webhook] = sandbox.take_webhooks()

    assert webhook.event_id in browser.get("/webhooks")[1]
    assert browser.post(f"/webhooks/{webhook.event_id}") == (303, "/webhooks")
    assert sandbox.take_webhooks() == [webhook]


def test_words_of_the_merchant_are_shown_as_words(browser: Browser) -> None:
    code = gateway().open(Way.QR, amount_paise=100, receipt="R1", closes_at=soon(), about="<script>alert(1)</script>")

    for path in (phone(code), "/"):
        page = browser.get(path)[1]
        assert "&lt;script&gt;" in page and "<script" not in page


@pytest.mark.parametrize("path", ["/phone/qr_00000000000000", "/phone?link=nonsense", "/phone?link=upi://pay?tr=RZPx"])
def test_what_is_not_known_is_said_in_words(browser: Browser, path: str) -> None:
    status, page = browser.get(path)

    assert (status, "is not known here" in page) == (404, True)


@pytest.mark.parametrize("form", [{}, {"action": "dance"}, {"action": "approve", "rupees": "much"}])
def test_a_form_that_says_nothing_changes_nothing(browser: Browser, form: dict[str, str]) -> None:
    code = opened()

    assert browser.post(phone(code), **form)[0] == 400

    assert gateway().money_of(qr_id=code.qr_id) == []


@pytest.mark.parametrize(("caller", "status"), [("127.0.0.1", 200), ("192.0.2.7", 403)])
def test_the_control_is_for_this_machine_only(caller: str, status: int) -> None:
    # In a thread of its own: a browser that ran here before has left its loop to this one.
    with ThreadPoolExecutor(1) as another:
        assert another.submit(lambda: asyncio.run(_ask("/sandbox/made", caller))).result() == status


async def _ask(path: str, caller: str) -> int:
    """The status that a caller from there would get."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "client": (caller, 1)}
    await Application(Configuration())(scope, receive, send)
    return int(sent[0]["status"])
