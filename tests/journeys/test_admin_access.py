"""Every page of a verb in the admin: axe finds nothing serious on it, frame and all (WCAG 2.2 A and AA)."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from inventory.models import Show
from tests.journeys.staff import MANAGER, Staff, picture
from tests.journeys.test_access import RULES
from tests.ticketing.admin.test_roles import VERBS, addresses, world
from ticketing.models import Order

__all__ = ["addresses", "world"]  # the fixtures: a house with one of everything, and where each verb is done
pytestmark = pytest.mark.django_db(transaction=True)
GRAVE = {"serious", "critical"}
FILES = {"have an empty guest list"}


def grave(page: Page) -> list[str]:
    found: Any = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url} {one['id']}: {' '.join(map(str, node['target']))} {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def test_no_page_of_a_verb_has_a_grave_barrier(staff: Staff, addresses: dict[str, str]) -> None:
    page = staff(MANAGER)
    found = []
    for verb, address in addresses.items():
        if MANAGER in VERBS[verb] and verb not in FILES:
            page.goto(address)
            found += grave(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_to_look_at_has_a_grave_barrier(staff: Staff, addresses: dict[str, str], scheme: str) -> None:
    show = Show.objects.order_by("pk")[0]
    order = Order.objects.filter(show=show).order_by("pk")[0]
    page = staff(MANAGER, color_scheme=scheme)
    found = []
    for path in (
        "/admin/inventory/show/",
        f"/admin/inventory/show/{show.pk}/change/",
        f"/admin/inventory/show/{show.pk}/why/",
        f"/admin/inventory/show/{show.pk}/slices/",
        "/admin/ticketing/order/",
        f"/admin/ticketing/order/{order.pk}/change/",
        "/admin/ticketing/payment/work-list/",
        "/admin/ticketing/priceexception/parity/",
        "/admin/search/?s=A",
        "/admin/login/steps/",
    ):
        page.goto(path)
        found += grave(page)
    picture(page, f"0-two-step-login-{scheme}")
    assert not found, "\n".join(found)
