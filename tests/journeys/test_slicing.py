"""A manager slices the pool by keyboard alone, and on a phone by the map; sees first, then saves just that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Page, expect

from inventory.models import Place, Show
from tests.houses import make_show, rows
from tests.journeys.conftest import PHONE
from tests.journeys.staff import picture
from tests.journeys.test_access import RULES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("ABC", 4), starts_at=timezone.now() + timedelta(days=9))


def sliced(show: Show) -> list[str]:
    places = Place.objects.filter(show=show, allocation__name="Counter slice").order_by("rank")
    return [str(place) for place in places]


def test_a_ready_shape_is_seen_and_saved_by_keyboard_alone(manager: Callable[..., Page], show: Show) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/slices/")
    page.get_by_role("link", name="Counter slice for walk-ins").focus()
    page.keyboard.press("Enter")
    page.get_by_label("How many", exact=True).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("6")
    page.get_by_role("button", name="Look first").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("6 places would join Counter slice")).to_be_visible()
    expect(page.get_by_role("row", name="Now").get_by_text("6 fewer")).to_be_visible()
    picture(page, "4-a-slice-looked-at")
    assert sliced(show) == []
    found: Any = Axe().run(page, context="form.hold-page", options=RULES).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
    page.get_by_role("button", name="Slice just so").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("6 places are in Counter slice now")).to_be_visible()
    assert len(sliced(show)) == 6


def test_on_a_phone_seats_are_chosen_on_the_map_and_shown_on_it(manager: Callable[..., Page], show: Show) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/slice/?shape=counter", **PHONE)
    page.get_by_text("On the map", exact=True).click()
    expect(page.locator("hold-map [data-part=line]")).to_contain_text("Click a seat")
    page.get_by_role("button", name="Row", exact=True).click()
    canvas = page.locator("hold-map canvas")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("hold-map [data-part=sum]")).to_have_text("4 seats chosen")

    page.get_by_role("button", name="Look first").click()
    expect(page.get_by_text("4 places would join Counter slice")).to_be_visible()
    expect(page.locator("places-shown canvas")).to_be_visible()
    picture(page, "4-a-slice-looked-at-phone")
    page.get_by_role("button", name="Slice just so").click()

    expect(page.get_by_text("4 places are in Counter slice now")).to_be_visible()
    assert len(sliced(show)) == 4
