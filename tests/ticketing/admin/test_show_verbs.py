"""Putting a show on sale, pausing, closing and cancelling it, from its page in the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from inventory.models import Show
from tests.houses import make_show, rows
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show
from ticketing.models import ShowChange
from ticketing.services.shows import refund_cancelled_shows

WHY = {"reason": "organiser_request", "other": "", "note": "They rang."}
VERBS = ("publish", "pause", "close", "cancel")


def state() -> str:
    return Show.objects.get().state


def offered(browser: Client, show: Show) -> list[str]:
    html = browser.get(pages.of(show)).content.decode()
    return [verb for verb in VERBS if f'href="{pages.of(show, verb)}"' in html]


def test_a_show_is_put_on_sale_and_its_page_tells_who_did_it_and_why(manager: Client) -> None:
    show = make_priced_show()
    Show.objects.update(state="draft")
    assert offered(manager, show) == ["publish", "cancel"]

    answer = manager.post(pages.of(show, "publish"), WHY | {"reason": "sale_begins"}, follow=True)

    assert "Hamlet is now: on sale." in pages.words(answer)
    assert "on sale, by manager, the sale begins: They rang." in pages.words(answer)
    assert (state(), offered(manager, show)) == ("on_sale", ["pause", "close", "cancel"])


def test_what_is_missing_is_said_before_and_after(manager: Client) -> None:
    show = make_show(rows("A", 4), state="draft")

    asked = manager.get(pages.of(show, "publish"))
    sent = manager.post(pages.of(show, "publish"), WHY | {"reason": "sale_begins"})

    for answer in (asked, sent):
        assert "No price is set for Gold." in pages.words(answer)
    assert "Something is missing before this show can go on sale." in pages.words(sent)
    assert state() == "draft"


@pytest.mark.parametrize(("verb", "after"), [("pause", "paused"), ("close", "closed")])
def test_a_sale_is_stopped(manager: Client, verb: str, after: str) -> None:
    show = make_priced_show()

    manager.post(pages.of(show, verb), WHY)

    assert state() == after


def test_a_show_is_cancelled_and_its_page_says_how_far_giving_back_is(manager: Client) -> None:
    show = make_priced_show()
    sold(show)
    sold(show, 1, contact="ann@example.com")
    assert "2 orders paid for, 0 complimentary; tickets for ₹3,540.00 are good." in pages.words(
        manager.get(pages.of(show, "cancel"))
    )

    sent = WHY | {"title": "hamlet", "gives_back": "on"}
    answer = manager.post(pages.of(show, "cancel"), sent, follow=True)

    assert "Giving back: 0 of 2 orders" in pages.words(answer)
    refund_cancelled_shows(most=1)
    assert "Giving back: 1 of 2 orders" in pages.words(manager.get(pages.of(show)))
    assert offered(manager, show) == []


@pytest.mark.parametrize(
    ("title", "said"), [("", "Type the title of the show"), ("Macbeth", "This page cancels “Hamlet”.")]
)
def test_the_wrong_show_is_not_cancelled(manager: Client, title: str, said: str) -> None:
    show = make_priced_show()

    answer = manager.post(pages.of(show, "cancel"), WHY | {"title": title, "gives_back": "on"})

    assert said in pages.words(answer)
    assert (state(), ShowChange.objects.count()) == ("on_sale", 0)


def test_switched_off_no_money_goes_back(manager: Client) -> None:
    show = make_priced_show()

    manager.post(pages.of(show, "cancel"), WHY | {"title": "Hamlet"})

    assert not ShowChange.objects.get().gives_back


def test_a_step_somebody_else_took_first_is_refused_in_words(manager: Client) -> None:
    show = make_priced_show()
    Show.objects.update(state="closed")

    answer = manager.post(pages.of(show, "pause"), WHY)

    assert "The show is in another state meanwhile." in pages.words(answer)


def test_the_form_of_a_show_does_not_change_its_state(manager: Client) -> None:
    show = make_priced_show()
    page = manager.get(pages.of(show))

    answer = manager.post(pages.of(show), pages.filled_in(page) | {"state": "cancelled"})

    assert (answer.status_code, state()) == (302, "on_sale")


def test_each_has_its_permission(may: Callable[..., Client]) -> None:
    show = make_priced_show()
    clerk = may("inventory.view_show", "ticketing.publish_show")

    assert offered(clerk, show) == ["pause", "close"]
    assert clerk.post(pages.of(show, "cancel"), WHY | {"title": "Hamlet"}).status_code == 403
    assert state() == "on_sale"
