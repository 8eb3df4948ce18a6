"""What is not allowed or not there, told in the admin to whoever works in it; nobody else learns that there is one."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show


def test_a_verb_of_somebody_else_says_whom_to_ask_and_leads_back(may: Callable[..., Client]) -> None:
    show = make_priced_show()

    answer = may("inventory.view_show").get(pages.of(show, "cancel"))

    said = pages.words(answer)
    assert answer.status_code == 403
    assert "clerk has no permission for it, and nothing was done. Ask a box-office manager" in said
    assert "Back to today" in said and "All shows" not in said


def test_an_address_with_nothing_at_it_keeps_staff_in_the_admin(may: Callable[..., Client]) -> None:
    answer = may("inventory.view_show").get("/admin/inventory/nothing/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in pages.words(answer) and "Back to today" in pages.words(answer)


def test_a_buyer_gets_the_shops_page(transactional_db: None, client: Client) -> None:
    answer = client.get("/shows/nowhere/")

    assert answer.status_code == 404
    assert "Back to today" not in pages.words(answer)
