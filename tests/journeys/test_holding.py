"""A manager chooses on the map and holds: by mouse, by finger, by keyboard; and without scripts by number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from inventory.acts import Seats
from inventory.models import Place, Show
from inventory.services.holds import place_hold
from tests.houses import MANAGER, make_show, rows, seat
from tests.journeys.conftest import PHONE
from tests.journeys.staff import picture
from tests.journeys.test_access import RULES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    show = make_show(rows("ABC", 4))
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-2").pk]), purpose="press", party="The Daily", by=MANAGER)
    return show


def held(show: Show) -> list[str]:
    places = Place.objects.filter(show=show, status="held", claim__hold__party="Chai Co").order_by("rank")
    return [str(place) for place in places]


def fill_in_and_hold(page: Page, button: str) -> None:
    page.get_by_label("Purpose").select_option("sponsor")
    page.get_by_label("Party").fill("Chai Co")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Held for Chai Co")).to_be_visible()


@pytest.mark.parametrize("how", [{}, PHONE], ids=["desktop", "phone"])
def test_a_rectangle_over_the_map_holds_what_is_open_in_it(
    manager: Callable[..., Page], show: Show, how: dict[str, Any]
) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/hold/", **how)
    page.get_by_text("On the map", exact=True).click()
    line = page.locator("[data-part=line]")
    expect(line).to_contain_text("Click a seat")

    page.get_by_role("button", name="Rectangle").click()
    canvas = page.locator("hold-map canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    page.mouse.up()

    expect(line).to_have_text("11 seats chosen. 1 seat in it is not open and left out.")
    picture(page, f"2-holding-on-the-map-{'phone' if how else 'desktop'}")
    fill_in_and_hold(page, "Hold now")
    assert len(held(show)) == 11
    assert "A-2" not in held(show)


def test_a_row_is_chosen_by_keyboard_and_looked_at_before_it_is_held(manager: Callable[..., Page], show: Show) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/hold/")
    page.get_by_text("On the map", exact=True).click()
    line = page.locator("[data-part=line]")
    expect(line).to_contain_text("Click a seat")

    page.get_by_role("button", name="Row").press("Enter")
    canvas = page.locator("hold-map canvas")
    canvas.press("ArrowRight")
    for _ in range(4):
        canvas.press("ArrowUp")
    canvas.press("Enter")
    expect(line).to_have_text("3 seats chosen. 1 seat in it is not open and left out.")
    page.get_by_role("button", name="Look first").click()

    expect(page.get_by_text("3 places would be held:")).to_be_visible()
    expect(page.locator("[data-part=sum]")).to_have_text("3 seats chosen")
    fill_in_and_hold(page, "Hold these 3 places")
    assert held(show) == ["A-1", "A-3", "A-4"]


def test_a_rectangle_is_chosen_by_keyboard_by_two_of_its_corners(manager: Callable[..., Page], show: Show) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/hold/")
    page.get_by_text("On the map", exact=True).click()
    line = page.locator("[data-part=line]")
    expect(line).to_contain_text("Click a seat")

    page.get_by_role("button", name="Rectangle").press("Enter")
    canvas = page.locator("hold-map canvas")
    canvas.press("ArrowRight")
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter"):
        canvas.press(key)
    expect(line).to_have_text("From Stalls, C 1: now the opposite corner.")
    for key in ("ArrowUp", "ArrowRight", "Enter"):
        canvas.press(key)
    expect(line).to_have_text("4 seats chosen.")
    canvas.press("Enter")
    expect(line).to_contain_text("now the opposite corner")
    fill_in_and_hold(page, "Hold now")
    assert held(show) == ["B-1", "B-2", "C-1", "C-2"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_has_no_barrier_with_its_map_its_ladder_and_its_errors(
    manager: Callable[..., Page], show: Show, scheme: str
) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/hold/", color_scheme=scheme)
    page.get_by_text("On the map", exact=True).click()
    expect(page.locator("[data-part=line]")).to_contain_text("Click a seat")
    page.get_by_role("button", name="Hold now").click()
    page.get_by_text("Release ladder").click()
    expect(page.get_by_text("Choose at least one seat on the map.")).to_be_visible()

    found: Any = Axe().run(page, context="form.hold-page", options=RULES).response["violations"]

    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []


def test_without_scripts_places_are_held_by_number_and_no_map_is_offered(
    manager: Callable[..., Page], show: Show
) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/hold/", java_script_enabled=False)

    expect(page.get_by_text("By number", exact=True)).to_be_visible()
    expect(page.get_by_text("On the map", exact=True)).not_to_be_visible()
    page.get_by_label("How many").first.fill("2")
    page.get_by_role("button", name="Look first").click()
    expect(page.get_by_text("2 places would be held:")).to_be_visible()
    page.get_by_label("Purpose").select_option("sponsor")
    page.get_by_label("Party").fill("Chai Co")
    page.get_by_role("button", name="Hold these 2 places").click()
    expect(page).to_have_url(re.compile("/claim/"))
    assert held(show) == ["A-1", "A-3"]
