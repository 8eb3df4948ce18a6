"""The manager's first page: it keeps itself fresh, leads to what is to be done, and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Page, expect

from inventory.acts import By
from inventory.models import Freeze, FreezeRule, Show
from inventory.services.freezes import freeze
from tests.houses import rows
from tests.inventory.admin import pages
from tests.journeys.conftest import PHONE
from tests.journeys.staff import picture
from tests.journeys.test_access import RULES
from tests.ticketing.admin.selling import nobodys_money, sold
from tests.ticketing.books import lock, make_priced_show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    show = make_priced_show(rows("ABC", 8), starts_at=timezone.now() + timedelta(hours=3))
    sold(show, 2)
    return show


def test_the_page_takes_in_what_happens_and_keeps_the_focus_and_what_is_unfolded(
    manager: Callable[..., Page], show: Show
) -> None:
    page = manager("/admin/")
    stock = page.locator("stock-board")
    expect(stock.get_by_text("22 open").first).to_be_visible()
    page.get_by_role("link", name="Stock Hamlet").focus()

    lock(show, 3)
    stock.evaluate("board => { board.everyMs = 300 }")

    expect(stock.get_by_text("19 open").first).to_be_visible()
    expect(page.get_by_role("link", name="Stock Hamlet")).to_be_focused()
    picture(page, "9-the-start-page")


def test_a_tab_that_nobody_looks_at_asks_for_nothing(manager: Callable[..., Page], show: Show) -> None:
    page = manager("/admin/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")

    page.locator("stock-board").evaluate("board => { board.everyMs = 300 }")
    page.wait_for_timeout(1500)

    assert [url for url in asked if "/admin/start/" in url] == []


def test_from_the_first_page_a_thaw_is_two_clicks_away(manager: Callable[..., Page], show: Show) -> None:
    freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=By(actor="user:1", reason_code="safety"))
    page = manager("/admin/", **PHONE)

    picture(page, "9-the-start-page-phone")
    page.get_by_role("link", name="Thaw Gold on all channels, Hamlet").first.click()
    page.get_by_label("Reason").select_option("cause_is_gone")
    page.get_by_role("button", name="Thaw now").click()

    expect(page.get_by_text("Nothing is frozen")).to_be_visible()
    assert not Freeze.objects.filter(thawed=None).exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_on_the_way_has_a_barrier(manager: Callable[..., Page], show: Show, scheme: str) -> None:
    FreezeRule.objects.create(show=show, margin=2)
    nobodys_money()
    lock(show, 2)
    frozen = freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=By(actor="user:1", reason_code="safety"))
    page = manager("/admin/", color_scheme=scheme)
    found = barriers(page, "stock-board")
    for path, part in {
        pages.of(show, "stock"): "stock-board",
        pages.of(show, "freeze"): "form[method=post]",
        pages.of(frozen, "thaw"): "form[method=post]",
        "/admin/ticketing/payment/work-list/": "#work-list",
    }.items():
        page.goto(path)
        found += barriers(page, part)
    assert found == []


def barriers(page: Page, part: str) -> list[str]:
    found: Any = Axe().run(page, context=part, options=RULES).response["violations"]
    return [f"{page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
