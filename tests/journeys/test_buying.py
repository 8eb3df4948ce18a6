"""From a show's page to a ticket, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inventory.models import Claim
from inventory.queries import moves
from tests.houses import rows, seat, seconds
from tests.journeys.conftest import PHONE
from tests.ticketing.books import assert_books_are_true, lock, make_priced_show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.buying import CONTACT, hear, money_comes
from ticketing.gateways import gateway
from ticketing.services.watching import expire_orders, look_at_payments

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def click_seat(page: Page, place_id: int) -> None:
    """Click where the map has drawn this place."""
    at = page.evaluate(
        """id => {
            const map = document.querySelector("seat-map"), index = map.house.indexOf.get(id);
            const { left, top } = map.canvas.getBoundingClientRect(), { view, house } = map;
            return [left + (house.x[index] - view.left) * view.scale, top + (house.y[index] - view.top) * view.scale];
        }""",
        place_id,
    )
    page.mouse.click(*at)


def to_paying(page: Page) -> None:
    page.get_by_label("Mobile number or e-mail").fill(CONTACT)
    page.get_by_role("button", name="Pay ₹").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("by UPI")


def test_seats_are_chosen_on_the_map_while_others_buy_too(visit: Visit, sandbox: Sandbox) -> None:
    show = make_priced_show(rows("ABC", 8))
    page = visit("/shows/hamlet/")
    page.get_by_role("link", name="Choose seats on the map").click()
    expect(page.get_by_text("Nothing chosen yet")).to_be_visible()
    for label in ("B-4", "B-5", "C-5"):
        click_seat(page, seat(show, label).pk)
    expect(page.get_by_text("3 places, ₹3,540").first).to_be_visible()
    lock(show, [seat(show, "C-5")])
    expect(page.get_by_text("Somebody was quicker with Stalls, C 5.")).to_be_visible()
    page.get_by_role("button", name="Keep these places").click()
    expect(page.get_by_text("Stalls, row B: 4, 5")).to_be_visible()
    to_paying(page)
    expect(page.get_by_role("img", name="UPI QR code for ₹2,360.00")).to_be_visible()
    money_comes(sandbox)
    expect(page.get_by_role("heading", name="Row B, seat 4")).to_be_visible()
    assert "/tickets/" in page.url
    assert_books_are_true()


def test_the_best_places_are_bought_on_a_phone_and_paid_on_it(visit: Visit, sandbox: Sandbox) -> None:
    make_priced_show(rows("ABC", 8))
    page = visit("/", **PHONE)
    page.get_by_role("link", name="Hamlet").click()
    page.get_by_label("How many").select_option("3")
    page.get_by_role("button", name="Take 3 places").click()
    expect(page.get_by_text("Stalls, row A: 1, 2, 3")).to_be_visible()
    to_paying(page)
    expect(page.get_by_role("link", name="Open a UPI app")).to_have_attribute(
        "href", re.compile(r"^upi://pay\?.*am=3540\.00")
    )
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open the payer’s phone (sandbox)").click()  # noqa: RUF001
    popup.value.get_by_role("button", name="Approve ₹").click()
    expect(popup.value.get_by_text("What came of it")).to_be_visible()
    expect(popup.value.get_by_role("button", name="Pay all the same")).to_be_visible()
    hear(sandbox)
    expect(page.get_by_role("heading", name="Row A, seat 1")).to_be_visible()
    assert_books_are_true()


def test_seats_are_chosen_from_the_list_by_keyboard_alone(visit: Visit) -> None:
    make_priced_show(rows("AB", 4))
    page = visit("/shows/hamlet/seats/")
    press(page, page.get_by_role("button", name="List"), "Enter")
    press(page, page.locator("summary", has_text="Row B: 4 available"), "Enter")
    press(page, page.get_by_label("B 2, Gold"), "Space")
    press(page, page.get_by_label("B 3, Gold"), "Space")
    expect(page.get_by_role("status").filter(has_text="chosen. 2 places, ₹2,360")).to_be_visible()
    press(page, page.get_by_role("button", name="Keep these places"), "Enter")
    expect(page.get_by_text("Stalls, row B: 2, 3")).to_be_visible()


def test_the_map_is_walked_by_arrow_keys(visit: Visit) -> None:
    make_priced_show(rows("AB", 4))
    page = visit("/shows/hamlet/seats/")
    expect(page.get_by_text("Nothing chosen yet")).to_be_visible()
    chart = page.get_by_role("application")
    chart.focus()
    line = page.locator("[data-part=line]")
    for key, seen in (
        ("ArrowUp", "Stalls"),
        ("ArrowUp", "Stalls, A"),
        ("ArrowUp", "Stalls, A"),
        ("ArrowLeft", "Stalls, A"),
    ):
        chart.press(key)
        expect(line).to_contain_text(seen)
    chart.press("Enter")
    expect(line).to_contain_text("chosen. 1 place, ₹1,180")


def press(page: Page, target: object, key: str) -> None:
    """Walk there by Tab, as somebody without a mouse does, and press."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return page.keyboard.press(key)
    raise AssertionError(f"{target} is not reached by Tab")


def test_a_clock_that_runs_out_gives_the_places_back_before_ones_eyes(visit: Visit) -> None:
    show = make_priced_show(rows("A", 4))
    page = visit("/shows/hamlet/")
    page.get_by_role("button", name="Take 2 places").click()
    expect(page.get_by_text("Kept for you until")).to_be_visible()
    Claim.objects.update(expires_at=moves.database_now() + seconds(3))
    page.reload()
    expect(page.get_by_role("heading", name="The time ran out")).to_be_visible()
    page.get_by_role("link", name="Choose again").click()
    page.get_by_role("button", name="Take 2 places").click()
    expect(page.get_by_role("heading", name="Your basket")).to_be_visible()
    assert Claim.objects.filter(show=show).count() == 2


def test_a_declined_payment_is_tried_again(visit: Visit, sandbox: Sandbox) -> None:
    make_priced_show(rows("A", 4))
    page = visit("/shows/hamlet/")
    page.get_by_role("button", name="Take 2 places").click()
    to_paying(page)
    money_comes(sandbox, "decline")
    page.get_by_role("button", name="I have paid: look now").click()
    expect(page.get_by_role("heading", name="The payment did not go through")).to_be_visible()
    page.get_by_role("button", name="Try again with a QR code").click()
    expect(page.get_by_role("img", name="UPI QR code")).to_be_visible()
    money_comes(sandbox)
    expect(page.get_by_role("heading", name="Row A, seat 1")).to_be_visible()
    assert_books_are_true()


def test_late_money_is_told_as_what_it_is(visit: Visit, sandbox: Sandbox) -> None:
    make_priced_show(rows("A", 4))
    page = visit("/shows/hamlet/")
    page.get_by_role("button", name="Take 2 places").click()
    to_paying(page)
    late = moves.database_now() + seconds(600)
    look_at_payments(gateway=gateway(), now=late)
    expire_orders(now=late)
    expect(page.get_by_role("heading", name="The time ran out")).to_be_visible()
    expect(page.get_by_text("If you have paid all the same")).to_be_visible()
    money_comes(sandbox)
    page.reload()
    expect(page.get_by_text("Your payment came late, and your places were still there.")).to_be_visible()
    assert_books_are_true()


def test_a_browser_without_scripts_buys_as_well(visit: Visit, sandbox: Sandbox) -> None:
    make_priced_show(rows("A", 4))
    page = visit("/shows/hamlet/", java_script_enabled=False, **PHONE)
    page.get_by_role("button", name="Take these places").click()
    to_paying(page)
    money_comes(sandbox)
    expect(page.get_by_role("heading", name="Paid. Here are your tickets.")).to_be_visible()  # it looks again by itself
    page.get_by_role("link", name="Show the tickets").click()
    expect(page.get_by_role("heading", name="Row A, seat 1")).to_be_visible()
    assert_books_are_true()
