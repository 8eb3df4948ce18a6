"""A manager who has never seen the program builds a show, sells it, copies it, pauses it and cancels it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inventory.models import Show, Venue
from tests.journeys.staff import MANAGER, Staff, picture
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show, make_seller
from ticketing.models import Refund
from ticketing.services.shows import refund_cancelled_shows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    lines = [f"Stalls,{row},{n},{'Gold' if row in 'AB' else 'Silver'}" for row in "ABCD" for n in range(1, 9)]
    file = tmp_path / "house.csv"
    file.write_text("\n".join(["section,row,seat,tier", *lines]))
    return file


def why(page: Page, reason: str) -> None:
    page.get_by_label("Reason").select_option(label=reason)


def test_from_an_empty_venue_to_a_show_that_buyers_see(staff: Staff, visit: Staff, manifest: Path) -> None:
    Venue.objects.create(name="Tin Box", slug="tin-box", city="Pune", state_code="27")
    make_seller()
    page = staff(MANAGER, "/admin/inventory/show/add/")
    page.get_by_label("Title").fill("Kathak Night")
    page.get_by_label("Venue").select_option(label="Tin Box, Pune")
    page.get_by_role("textbox", name="Date").fill("2027-01-20")
    page.get_by_role("textbox", name="Time", exact=True).fill("19:30")
    page.get_by_label("Lock lasts (seconds)").fill("300")
    page.get_by_label("Live places per contact").fill("6")
    page.get_by_role("button", name="Save and continue editing").click()
    steps = page.get_by_role("listitem").filter(has_text="To do:")
    expect(steps.get_by_role("link", name="House")).to_be_visible()
    picture(page, "1-a-draft-says-what-is-to-do")

    steps.get_by_role("link", name="House").click()
    page.locator("input[type=file]").set_input_files(manifest)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("32 places in 1 section and 2 tiers")).to_be_visible()
    page.get_by_role("button", name="Load this house").click()
    expect(page.get_by_text("Kathak Night has its house: 32 places")).to_be_visible()

    show = Show.objects.get()
    page.goto(f"/admin/inventory/show/{show.pk}/change/")
    steps.get_by_role("link", name="Terms").click()
    page.get_by_label("Seller").select_option(label="Curtain Call Productions (MUM)")
    page.get_by_label("Category").select_option(label="Theatre, dance, drama, ballet, circus, planetarium")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/admin/inventory/show/{show.pk}/change/")
    steps.get_by_role("link", name="Prices").click()
    page.get_by_label("Gold (₹)").fill("1,180")
    page.get_by_label("Silver (₹)").fill("499")
    page.get_by_role("button", name="Set these prices").click()
    expect(page.get_by_text("Gold ₹1,180.00 from")).to_be_visible()
    picture(page, "1-house-terms-and-prices-are-done")

    page.get_by_role("listitem").get_by_role("link", name="On sale").click()
    why(page, "The sale begins")
    page.get_by_role("button", name="Put on sale now").click()
    expect(page.get_by_text("Kathak Night is now: on sale.")).to_be_visible()
    picture(page, "1-on-sale")
    buyer = visit("/shows/kathak-night/")
    expect(buyer.get_by_role("heading", name="Kathak Night")).to_be_visible()
    expect(buyer.get_by_text("₹499").first).to_be_visible()


def test_a_show_is_copied_paused_and_cancelled_with_its_money_on_the_way_back(staff: Staff, visit: Staff) -> None:
    show = make_priced_show()
    order = sold(show, 2)
    page = staff(MANAGER, f"/admin/inventory/show/{show.pk}/change/")
    page.get_by_role("link", name="Copy it").click()
    page.get_by_label("Title").fill("Hamlet, second night")
    page.get_by_label("Address").fill("hamlet-2")
    page.get_by_label("Starts at").fill("2027-01-21T19:30")
    page.get_by_label("Why").fill("A second night, as agreed")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Hamlet, second night").first).to_be_visible()
    picture(page, "1-a-copy")
    copy = Show.objects.get(slug="hamlet-2")
    assert (copy.places.count(), copy.state) == (show.places.count(), "draft")

    page.goto(f"/admin/inventory/show/{show.pk}/pause/")
    why(page, "The organiser asks for it")
    page.get_by_role("button", name="Pause it now").click()
    expect(page.get_by_text("Hamlet is now: paused.")).to_be_visible()

    page.get_by_role("link", name="Cancel the show").click()
    expect(page.get_by_text("1 order paid for, 0 complimentary; tickets for ₹2,360.00 are good.")).to_be_visible()
    page.get_by_label("Type the show's title").fill("Hamlet")
    why(page, "Weather")
    picture(page, "1-cancelling")
    page.get_by_role("button", name="Cancel the show").click()
    expect(page.get_by_text("Giving back: 0 of 1 orders")).to_be_visible()
    refund_cancelled_shows()
    assert Refund.objects.get(order=order).amount_paise == 236_000
    page.reload()
    expect(page.get_by_text("Giving back: 1 of 1 orders")).to_be_visible()
    picture(page, "1-cancelled-and-given-back")
