"""A manager plays with the split of a show, applies it, and watches the real ledger; by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Page, expect

from inventory.acts import Seats
from inventory.models import Allocation, Channel, Show
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from tests.houses import MANAGER, make_show, rows, seat, seconds
from tests.inventory.admin.asking import BUYER
from tests.journeys.conftest import PHONE
from tests.journeys.staff import picture
from tests.journeys.test_access import RULES

pytestmark = pytest.mark.django_db(transaction=True)
DAY = seconds(86400)


@pytest.fixture
def show(transactional_db: None) -> Show:
    """Forty seats ten days ahead; one is held, two are sold on the web."""
    show = make_show(rows("ABCD", 10), starts_at=timezone.now() + 10 * DAY)
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-1").pk]), purpose="press", party="The Daily", by=MANAGER)
    web = Channel.objects.get(code="web")
    wanted = Seats([seat(show, "B-1").pk, seat(show, "B-2").pk])
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER)
    return show


# The ids of the places that the model gives to one channel alone as its sale begins.
PROMISED = """channel => {
    const stage = document.querySelector("split-stage"), { told, channels, film } = stage;
    const look = 9 + channels.findIndex(({ code }) => code === channel);
    let id = 0;
    film.goTo(1);
    return told.ids.map((step) => (id += step)).filter((_, place) => film.look[place] === look);
}"""


def stage(manager: Callable[..., Page], show: Show, **how: Any) -> Page:
    page = manager(f"/admin/inventory/show/{show.pk}/split/", **how)
    expect(page.locator("split-stage.is-ready")).to_be_visible()
    return page


@pytest.mark.parametrize("how", [{}, PHONE], ids=["desktop", "phone"])
def test_a_modelled_split_is_played_applied_and_there(
    manager: Callable[..., Page], show: Show, how: dict[str, Any]
) -> None:
    page = stage(manager, show, **how)
    counter = Channel.objects.get(code="counter")
    sold, away = (page.locator(f"[data-part={what}-0]") for what in ("sold", "away"))
    expect(sold).to_have_text("0")

    page.get_by_label("Own slice").fill("50")
    page.get_by_label("Begins with").select_option("what is open now")
    expect(page.locator("[data-part=verdict]")).to_contain_text("while")
    page.get_by_label("Speed").select_option("fast")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(sold).not_to_have_text("0")
    page.get_by_role("button", name="To the end").click()
    expect(away).not_to_have_text("0")
    picture(page, f"5-a-modelled-split-{'phone' if how else 'desktop'}")
    told = page.get_by_role("row", name="Web")
    expect(told.first).to_contain_text(sold.inner_text())

    promised = page.evaluate(PROMISED, "counter")
    page.get_by_role("button", name="Apply this split").click()
    expect(page.get_by_text(re.compile(r"Counter slice: 19 places, spread over the rows"))).to_be_visible()
    assert not Allocation.objects.filter(name="Counter slice").exists()
    picture(page, f"5-applying-a-split-{'phone' if how else 'desktop'}")
    page.get_by_label("Reason").select_option("walk_ins")
    page.get_by_role("button", name="Apply this split").click()

    expect(page.get_by_text("is split: Counter slice, 19 places.")).to_be_visible()
    slice_ = Allocation.objects.get(name="Counter slice")
    assert list(slice_.places.order_by("pk").values_list("pk", flat=True)) == promised
    assert (len(promised), list(slice_.channels.all())) == (19, [counter])
    assert slice_.release_steps.count() == 2


def test_the_real_ledger_is_replayed_by_keyboard(manager: Callable[..., Page], show: Show) -> None:
    page = stage(manager, show)
    page.get_by_role("button", name="Replay").press("Enter")
    caption, sold = page.locator("[data-part=caption]"), page.locator("[data-part=sold-0]")
    expect(caption).to_have_text("The house is loaded: 40 places.")

    clock = page.get_by_role("slider", name="The clock")
    clock.press("End")
    expect(caption).to_have_text("Web: 2 places sold.")
    expect(sold).to_have_text("2")
    expect(page.locator("[data-part=count-held]")).to_have_text("1")
    expect(page.get_by_role("status").filter(has_text="Web 2 sold")).to_have_count(1)
    picture(page, "5-a-replay")
    clock.press("Home")
    expect(sold).to_have_text("0")


def test_whoever_wants_no_motion_sees_the_end_and_goes_day_by_day(manager: Callable[..., Page], show: Show) -> None:
    page = stage(manager, show, reduced_motion="reduce")
    ahead = page.locator("[data-part=ahead]")
    expect(ahead).to_have_text("the show begins")

    page.get_by_role("button", name="To the beginning").click()
    page.get_by_role("button", name="Next day").click()
    expect(ahead).to_have_text(re.compile(r"^\d+ days? before the show$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stage_has_no_barrier_nor_the_page_that_applies(
    manager: Callable[..., Page], show: Show, scheme: str
) -> None:
    page = stage(manager, show, color_scheme=scheme)
    page.get_by_role("button", name="To the end").click()
    found = barriers(page, "split-stage")
    page.get_by_role("button", name="Replay").click()
    expect(page.locator("[data-part=caption]")).to_have_text("The house is loaded: 40 places.")
    found += barriers(page, "split-stage")
    page.get_by_role("button", name="Model").click()
    page.get_by_role("button", name="Apply this split").click()
    expect(page.get_by_text("The slices", exact=True)).to_be_visible()
    found += barriers(page, "form.split")

    assert found == []


def barriers(page: Page, context: str) -> list[str]:
    found: Any = Axe().run(page, context=context, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def test_without_scripts_the_numbers_are_there_and_a_split_can_be_applied(
    manager: Callable[..., Page], show: Show
) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/split/", java_script_enabled=False)

    expect(page.get_by_text("As it is now")).to_be_visible()
    expect(page.get_by_role("row", name="The pool every channel 37 0 2 1 0")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).not_to_be_visible()
    page.get_by_role("button", name="Apply this split").click()
    expect(page.get_by_text("Counter slice: 7 places")).to_be_visible()
