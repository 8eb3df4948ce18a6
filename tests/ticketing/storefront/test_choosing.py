"""The best places by a form: locked once, refused with what to do, split with a word about it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import Claim, Place
from tests.houses import rows, seat, standing, statuses
from tests.ticketing.books import lock, make_priced_show
from tests.ticketing.storefront.browser import Browser
from tests.ticketing.storefront.buying import take


def test_the_best_places_go_into_a_basket_that_tells_all_about_them(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 10))
    take(buyer, show, 2)
    assert buyer.path.startswith("/baskets/")
    assert "Stalls, row A: 1, 2 Gold" in buyer.text
    assert "To pay, everything included ₹2,360 Of this CGST ₹180, SGST ₹180" in buyer.text
    assert statuses(show) == {"locked": 2, "open": 18}


def test_a_form_sent_twice_is_one_basket(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 10))
    shop = buyer.open(f"/shows/{show.slug}/")
    buyer.send("/basket", quantity="2")
    first, buyer.page = buyer.path, shop
    buyer.send("/basket", quantity="2")
    assert buyer.path == first
    assert statuses(show) == {"locked": 2, "open": 18}


def test_a_page_gone_back_to_may_ask_for_something_else(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 10))
    shop = buyer.open(f"/shows/{show.slug}/")
    buyer.send("/basket", quantity="2")
    first, buyer.page = buyer.path, shop
    buyer.send("/basket", quantity="3")
    assert buyer.path != first
    assert statuses(show) == {"locked": 5, "open": 15}


def test_a_page_gone_back_to_after_giving_back_takes_places_anew(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 10))
    shop = buyer.open(f"/shows/{show.slug}/")
    buyer.send("/basket", quantity="2")
    buyer.send("/return")
    assert statuses(show) == {"open": 20}
    buyer.page = shop
    buyer.send("/basket", quantity="2")
    assert "Your basket" in buyer.text
    assert statuses(show) == {"locked": 2, "open": 18}


def test_too_few_places_are_refused_with_how_many_there_are(buyer: Browser) -> None:
    show = make_priced_show(standing(5))
    lock(show, 3)
    take(buyer, show, 4)
    assert buyer.page.status_code == 409
    assert "Only 2 places of this kind are left. Ask for fewer." in buyer.text
    assert statuses(show) == {"locked": 3, "open": 2}


def test_a_refused_wish_can_be_sent_again_from_the_same_page(buyer: Browser) -> None:
    show = make_priced_show(standing(5))
    held = lock(show, 4)
    take(buyer, show, 2)
    assert buyer.page.status_code == 409
    Claim.objects.filter(pk=held.claim_id).update(expires_at="2020-01-01T00:00Z")
    buyer.send("/basket", quantity="2")
    assert "Your basket" in buyer.text


def test_more_than_one_buyer_may_have_is_refused(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 10), cap_per_session=3)
    take(buyer, show, 3)
    take(buyer, show, 1)
    assert buyer.page.status_code == 429
    assert "as many places in baskets as one buyer may" in buyer.text


def test_a_party_that_is_split_is_told_before_it_pays(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 2))
    take(buyer, show, 3)
    assert "You do not all sit together: A 1, A 2; B 1." in buyer.text


def test_together_or_not_at_all(buyer: Browser) -> None:
    show = make_priced_show(rows("AB", 2))
    take(buyer, show, 3, together="on")
    assert buyer.page.status_code == 409
    assert "not so many beside each other" in buyer.text
    assert statuses(show) == {"open": 4}


def test_wheelchair_places_are_for_those_who_ask(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 4))
    Place.objects.filter(pk=seat(show, "A-1").pk).update(is_accessible=True)
    take(buyer, show, 2, accessible="1")
    assert "wheelchair place" in buyer.text
    assert seat(show, "A-1").status == "locked"


def test_a_wish_that_cannot_be_read_is_no_error_of_ours(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 4))
    for said in ({"quantity": "0"}, {"quantity": "many"}, {"tier": "none"}, {"accessible": "3"}, {"key": "x"}):
        buyer.open("/shows/hamlet/")
        assert buyer.send("/basket", **said).status_code == 400
    assert statuses(show) == {"open": 4}


def test_a_form_from_elsewhere_is_refused(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 4))
    answer = Client(enforce_csrf_checks=True).post("/shows/hamlet/basket", {"quantity": "2"})
    assert answer.status_code == 403
    assert "Please send that again" in answer.content.decode()
    assert statuses(show) == {"open": 4}


@pytest.mark.parametrize("path", ["/baskets/{}/", "/orders/{}/", "/tickets/{}"])
def test_what_is_somebody_elses_is_nobodys(path: str, buyer: Browser) -> None:
    take(buyer, make_priced_show())
    lock_id = buyer.path.split("/")[2]
    assert Browser().open(path.format(lock_id)).status_code == 404
    assert Browser().open(path.format("nonsense")).status_code == 404


def test_staff_buy_in_the_shop_as_anybody(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 4))
    buyer.client.force_login(User.objects.create_user("asha", is_staff=True))
    take(buyer, show, 1)
    assert "Your basket" in buyer.text
    lock_id = buyer.path.split("/")[2]
    as_staff = buyer.client.get(f"/api/v1/locks/{lock_id}")
    as_visitor = buyer.client.get(f"/api/v1/locks/{lock_id}", headers={"x-as-visitor": "1"})
    assert (as_staff.status_code, as_visitor.status_code) == (403, 200)


def test_time_can_be_added_up_to_the_cap(buyer: Browser) -> None:
    take(buyer, make_priced_show(lock_for_s=60, lock_cap_s=90))
    buyer.send("/extension")
    assert "Your basket" in buyer.text
    Claim.objects.update(expires_at=Claim.objects.get().hard_until)
    buyer.open(buyer.path)
    assert not any(action.endswith("/extension") for action in buyer.actions)


def test_a_basket_whose_time_is_over_says_so_and_leads_back(buyer: Browser) -> None:
    take(buyer, make_priced_show())
    Claim.objects.update(expires_at="2020-01-01T00:00Z")
    assert buyer.open(buyer.path).status_code == 410
    assert "The time ran out" in buyer.text
    assert "Choose again" in buyer.text


def test_a_buyer_is_throttled_by_the_pages_as_by_the_api(buyer: Browser, settings: object) -> None:
    show = make_priced_show()
    settings.THROTTLES = {"visitor_write_address": 1}  # type: ignore[attr-defined]
    buyer.client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    take(buyer, show, 1)
    take(buyer, show, 1)
    assert buyer.page.status_code == 429
    assert "Wait a minute." in buyer.text
