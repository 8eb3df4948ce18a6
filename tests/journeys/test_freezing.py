"""Selling is stopped for a tier, by a person with a reason, and let go when it is safe; buyers see it at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from inventory.models import Freeze
from tests.houses import two_tiers
from tests.journeys.staff import ASSISTANT, Staff, picture
from tests.ticketing.books import make_priced_show

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_tier_is_frozen_buyers_see_it_and_it_is_thawed(staff: Staff, visit: Staff) -> None:
    show = make_priced_show(two_tiers(6, 6))
    page = staff(ASSISTANT, f"/admin/inventory/show/{show.pk}/change/")
    page.get_by_role("link", name="Freeze", exact=True).click()
    page.get_by_label("Stop selling").select_option(label="Gold (tier)")
    own = page.get_by_label("A code of your own")
    expect(own).to_be_hidden()
    page.get_by_label("Reason").select_option(label="Another reason")
    expect(own).to_be_visible()
    page.get_by_label("Reason").select_option(index=1)
    picture(page, "6-freezing-a-tier")
    page.get_by_role("button", name="Freeze now").click()
    expect(page.get_by_text("frozen").first).to_be_visible()
    picture(page, "6-a-frozen-tier")
    buyer = visit("/shows/hamlet/")
    expect(buyer.get_by_text("Take 2 places").first).to_be_visible()
    assert Freeze.objects.get().thawed is None

    page.goto(f"/admin/inventory/freeze/{Freeze.objects.get().pk}/thaw/")
    expect(page.get_by_text("safe", exact=False).first).to_be_visible()
    picture(page, "6-thawing")
    page.get_by_label("Reason").select_option(index=1)
    page.get_by_role("button", name="Thaw now").click()
    expect(page.get_by_text("hawed").first).to_be_visible()
    assert Freeze.objects.get().thawed is not None
