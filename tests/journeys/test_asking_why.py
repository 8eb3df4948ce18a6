"""Why can't I sell this? From the search box to an answer in words, under the logins of those who are asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from inventory.acts import By, Seats
from inventory.models import Tier
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from tests.houses import rows, seat
from tests.journeys.staff import ASSISTANT, COUNTER, Staff, picture
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show

pytestmark = pytest.mark.django_db(transaction=True)
BY = By(actor="user:1", reason_code="sync_lag")


def test_a_seat_is_asked_for_as_people_say_it_and_answered_with_owner_time_and_remedy(staff: Staff) -> None:
    show = make_priced_show(rows("ABC", 8))
    place_hold(
        show_id=show.pk,
        wanted=Seats([seat(show, "B-4").pk]),
        purpose="press",
        party="The Daily",
        breakable_by="the festival's press desk",
        by=BY,
    )
    page = staff(ASSISTANT, "/admin/")
    page.get_by_label("Find a place, an order, a ticket or a show").fill("B 4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("B-4").or_(page.get_by_text("B 4")).first).to_be_visible()
    picture(page, "7-the-search-finds-a-place")

    page.goto(f"/admin/inventory/show/{show.pk}/why/")
    page.get_by_role("textbox", name="Place").fill("stalls b 4")
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_text("The Daily").first).to_be_visible()
    expect(page.get_by_text("the festival's press desk").first).to_be_visible()
    picture(page, "7-a-held-seat")


def test_a_tier_that_is_frozen_and_a_sold_seat_are_explained_at_the_counter(staff: Staff) -> None:
    show = make_priced_show(rows("A", 4))
    sold(show, 1)
    freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=BY)
    page = staff(COUNTER, f"/admin/inventory/show/{show.pk}/why/?channel=counter")
    expect(page.get_by_text("A till or a device is behind with its sales").first).to_be_visible()
    picture(page, "7-a-frozen-tier")
    page.get_by_role("textbox", name="Place").fill("HF-1")
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_text("sold").first).to_be_visible()
    picture(page, "7-a-sold-seat")
