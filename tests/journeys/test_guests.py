"""A manager gives a guest list: sees what is wrong, mends it, issues it, and has the list for the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from inventory.models import Show
from tests.houses import rows
from tests.journeys.conftest import PHONE
from tests.journeys.staff import picture
from tests.journeys.test_access import RULES
from tests.ticketing.books import make_priced_show
from tests.ticketing.guests.lists import as_csv, guest
from ticketing.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("ABC", 4))


def give(page: Page, *guests: Any) -> None:
    page.get_by_label("Guest list").set_input_files(
        {"name": "first-night.csv", "mimeType": "text/csv", "buffer": as_csv(*guests)}
    )
    page.get_by_label("Reason").select_option("promotion")
    page.get_by_role("button", name="Look at it first").click()


def barriers(page: Page) -> list[str]:
    found: Any = Axe().run(page, context=".hold-page", options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("how", [{}, PHONE | {"color_scheme": "dark"}], ids=["desktop", "phone in the dark"])
def test_a_list_is_mended_issued_and_taken_to_the_door(
    manager: Callable[..., Page],
    show: Show,
    how: dict[str, Any],
) -> None:
    page = manager(f"/admin/inventory/show/{show.pk}/guests/", **how)

    give(page, guest("First Guest", 2), guest("Second Guest", kind="Friend"))
    expect(page.get_by_text("'Friend' is none of")).to_be_visible()
    assert barriers(page) == []
    picture(page, f"3-a-guest-list-with-a-fault{'-phone' if how else ''}")

    give(page, guest("First Guest", 2), guest("Second Guest"))
    expect(page.get_by_text("2 guests, 3 tickets")).to_be_visible()
    assert barriers(page) == []

    picture(page, f"3-a-guest-list-looked-at{'-phone' if how else ''}")
    page.get_by_role("button", name="Issue these 3 tickets").click()
    expect(page.get_by_text("first-night is issued: 2 guests, 3 tickets.")).to_be_visible()
    picture(page, f"3-a-guest-list-issued{'-phone' if how else ''}")
    page.get_by_role("link", name="Door list").click()
    expect(page.get_by_text("Stalls A 1-2")).to_be_visible()
    assert barriers(page) == []
    assert Ticket.objects.count() == 3
