"""Every page of the shop, light and dark: nothing that axe can find stands in anybody's way (WCAG 2.2 A and AA)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from inventory.models import Claim
from tests.houses import rows
from tests.journeys.conftest import PHONE
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.buying import CONTACT, money_comes

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def barriers(page: Page) -> list[str]:
    found: Any = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(scheme: str, visit: Callable[..., Page], sandbox: Sandbox) -> None:
    make_priced_show(rows("ABC", 8))
    found = []
    page = visit("/", color_scheme=scheme, **PHONE)
    found += barriers(page)
    for path in ("/shows/hamlet/", "/privacy/", "/nothing"):
        page.goto(path)
        found += barriers(page)
    page.goto("/shows/hamlet/seats/")
    expect(page.get_by_text("Nothing chosen yet")).to_be_visible()
    found += barriers(page)
    page.get_by_role("button", name="List").click()
    page.locator("summary", has_text="Row B").click()
    page.get_by_label("B 2, Gold").check()
    found += barriers(page)
    page.get_by_role("button", name="Keep these places").click()
    expect(page.get_by_text("Kept for you until")).to_be_visible()
    found += barriers(page)
    page.get_by_label("Mobile number or e-mail").fill(CONTACT)
    page.get_by_role("button", name="Pay ₹").click()
    expect(page.get_by_text("Waiting for the payment.")).to_be_visible()
    found += barriers(page)
    page.get_by_role("button", name="Use a QR code instead").click()
    expect(page.get_by_role("img", name="UPI QR code")).to_be_visible()
    found += barriers(page)
    money_comes(sandbox)
    expect(page.get_by_role("heading", name="Row B, seat 2")).to_be_visible()
    found += barriers(page)
    page.go_back()
    page.goto("/shows/hamlet/")
    page.get_by_role("button", name="Take 2 places").click()
    expect(page.get_by_text("Kept for you until")).to_be_visible()
    Claim.objects.filter(ended_at=None).update(expires_at="2020-01-01T00:00Z")
    page.goto(page.url)
    expect(page.get_by_role("heading", name="The time ran out")).to_be_visible()
    found += barriers(page)
    assert found == []
