"""What a page may load and run: nothing inline and nothing from elsewhere; and how pages look when there is none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.browser import Browser
from tests.ticketing.storefront.buying import money_comes, take, to_paying


def test_the_policy_of_the_shop_is_strict(buyer: Browser) -> None:
    policy = buyer.open("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_admin_is_let_do_what_its_look_needs(buyer: Browser) -> None:
    policy = buyer.open("/admin/login/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval'" in policy
    assert "default-src 'none'" in policy


def test_answers_of_the_api_carry_no_policy(buyer: Browser) -> None:
    assert "Content-Security-Policy" not in buyer.open("/api/v1/shows").headers


def test_no_page_has_anything_inline_or_from_elsewhere(buyer: Browser, phone: Browser, sandbox: Sandbox) -> None:
    show = make_priced_show()
    pages = [buyer.open(path) for path in ("/", "/shows/hamlet/", "/shows/hamlet/seats/", "/privacy/", "/nothing")]
    take(buyer, show)
    pages.append(buyer.page)
    to_paying(phone, show)
    pages.append(phone.page)
    money_comes(sandbox)
    pages.append(phone.open(phone.path))
    pages.append(phone.open(phone.page.context["tickets_at"]))
    for page in pages:
        assert faults_of(page) == []


def faults_of(page: Any) -> list[str]:
    html = page.content.decode()
    scripts = [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag and "application/json" not in tag]
    styles = re.findall(r"<style[^>]*>|\sstyle=|\son[a-z]+=", html)
    elsewhere = re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', html)
    return [*scripts, *styles, *elsewhere]


@pytest.mark.parametrize("path", ["/nothing", "/shows/none/", "/tickets/none"])
def test_what_is_not_there_is_a_page_of_the_shop(path: str, buyer: Browser) -> None:
    page = buyer.open(path)
    assert page.status_code == 404
    assert "There is nothing at this address" in buyer.text
    assert 'lang="en-IN"' in page.content.decode()


def test_the_api_says_no_in_json_as_before(buyer: Browser) -> None:
    assert buyer.open("/api/v1/nothing").json()["code"] == "not_found"


def test_crawlers_are_kept_out_of_what_is_one_buyers(buyer: Browser) -> None:
    robots = buyer.open("/robots.txt").content.decode()
    assert all(f"Disallow: /{part}/" in robots for part in ("baskets", "orders", "tickets"))


def test_pages_that_belong_to_one_buyer_are_kept_by_nobody(buyer: Browser) -> None:
    take(buyer, make_priced_show())
    assert buyer.page.headers["Cache-Control"] == "private, no-store"
    assert buyer.open("/shows/hamlet/").headers["Cache-Control"] == "private, no-store"


def test_what_is_kept_about_a_buyer_is_told_in_plain_words(buyer: Browser) -> None:
    buyer.open("/privacy/")
    assert "How to have it erased" in buyer.text
    take(buyer, make_priced_show())
    assert "Ask us, and it is erased." in buyer.text
    assert "checked" not in buyer.page.content.decode()
