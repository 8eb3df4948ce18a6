"""What a hold becomes: given away, sold and paid later, given back; under the login of who does it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from inventory.acts import Seats
from inventory.models import Claim, Place, Show
from inventory.services.holds import place_hold
from tests.houses import MANAGER as BY
from tests.houses import rows, seat
from tests.journeys.staff import MANAGER, Staff, picture
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("ABC", 8))


@pytest.fixture
def hold(show: Show) -> Claim:
    places = [seat(show, f"A-{n}").pk for n in range(1, 7)]
    wanted = Seats(places)
    return place_hold(show_id=show.pk, wanted=wanted, purpose="sponsor", party="Chai Co", by=BY).claim


def look(page: Page, names: str) -> None:
    page.get_by_text("By their names", exact=True).click()
    page.locator("[name=names]").fill(names)
    page.get_by_role("button", name="Look first").click()


def test_a_sponsors_seats_are_given_sold_and_the_rest_given_back(staff: Staff, show: Show, hold: Claim) -> None:
    page = staff(MANAGER, f"/admin/inventory/claim/{hold.pk}/change/")
    page.get_by_role("link", name="Give complimentary tickets…").click()
    look(page, "Stalls A 1-2")
    expect(page.get_by_text("Whoever pays would pay ₹2,360.00.")).to_be_visible()
    picture(page, "3-giving-out-of-a-hold")
    page.get_by_label("Mail or mobile").fill("guest@example.com")
    page.get_by_label("Reason").select_option(index=1)
    page.get_by_role("button", name="Give these 2 tickets").click()
    expect(page.get_by_text("2 tickets given to").first).to_be_visible()
    picture(page, "3-a-complimentary-order")

    page.goto(f"/admin/inventory/claim/{hold.pk}/change/")
    page.get_by_role("link", name="Sell, paid later…").click()
    look(page, "Stalls A 3-4")
    expect(page.get_by_text("To pay: ₹2,360.00.")).to_be_visible()
    page.get_by_label("Why").fill("They pay by transfer")
    page.get_by_role("button", name="Order these 2 tickets").click()
    expect(page.get_by_text("2 tickets ordered").first).to_be_visible()
    page.get_by_role("link", name="Record its money").click()
    page.get_by_label("Paid by").select_option(label="Bank transfer")
    page.get_by_label("Reference").fill("UTR00123456789")
    page.get_by_label("Why it counts as paid").fill("On the account's statement")
    picture(page, "2-recording-a-partys-money")
    page.get_by_role("button", name="It is here: issue the tickets").click()
    expect(page.get_by_text("Confirmed", exact=False).first).to_be_visible()
    assert Ticket.objects.filter(voided_at=None).count() == 4

    page.goto(f"/admin/inventory/claim/{hold.pk}/change/")
    picture(page, "2-a-holds-burn-down")
    page.get_by_role("link", name="Break…").click()
    page.get_by_label("Reason").select_option(index=1)
    page.get_by_role("button", name="Break it now").click()
    expect(page.get_by_text("are open again")).to_be_visible()
    assert Place.objects.filter(show=show, status="held").count() == 0
    assert_books_are_true()
