"""What is on and what is left of it, in words that are true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inventory.acts import By
from inventory.models import Channel, Show, Tier
from inventory.services.freezes import freeze
from tests.houses import make_show, rows, seat, standing
from tests.ticketing.books import lock, make_priced_show
from tests.ticketing.storefront.browser import Browser
from ticketing.services.pricing import except_price


def test_the_start_page_lists_shows_with_their_lowest_price(buyer: Browser) -> None:
    make_priced_show(rows("A", 4), paise=118_000)
    buyer.open("/")
    assert "Hamlet" in buyer.text
    assert "from ₹1,180" in buyer.text
    assert "Playhouse, Pune" in buyer.text


def test_the_start_page_says_where_nothing_is_on(buyer: Browser) -> None:
    buyer.open("/")
    assert "Nothing is on sale yet." in buyer.text


def test_a_draft_is_no_show(buyer: Browser) -> None:
    make_show(rows("A", 4), state=Show.State.DRAFT)
    buyer.open("/")
    assert "Hamlet" not in buyer.text
    assert buyer.open("/shows/hamlet/").status_code == 404


@pytest.mark.parametrize(("path", "most"), [("/", 2), ("/shows/hamlet/", 7), ("/shows/hamlet/seats/", 7)])
def test_pages_need_few_statements_however_many_shows_there_are(
    path: str, most: int, buyer: Browser, django_assert_max_num_queries: Any
) -> None:
    make_priced_show(rows("A", 4))
    for others in range(2):
        with django_assert_max_num_queries(most):
            buyer.open(path)
        make_priced_show(rows("A", 4), slug=f"other-{others}")


def test_a_show_tells_total_prices_and_what_is_left_by_section_and_price(buyer: Browser) -> None:
    make_priced_show(rows("AB", 10), paise=236_000)
    buyer.open("/shows/hamlet/")
    assert "Gold ₹2,360 20 left" in buyer.text
    assert "Stalls 20 left" in buyer.text
    assert "taxes and all charges are in them" in buyer.text


def test_another_price_of_this_channel_stands_beside_the_list_price(buyer: Browser, admin_user: Any) -> None:
    show = make_priced_show(paise=236_000)
    web = Channel.objects.get(code="web")
    price = Tier.objects.get(show=show).prices.get()
    except_price(
        tier_id=price.tier_id, channel_id=web.pk, paise=200_000, reason_code="early_bird", note="First week.",
        approver_id=admin_user.pk, begins_at=price.from_at, ends_at=price.from_at + timedelta(days=7),
        by=By("user:1"), now=price.from_at,
    )  # fmt: skip
    buyer.open("/shows/hamlet/")
    assert "₹2,000 instead of ₹2,360" in buyer.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Show.State.PAUSED, "Sales are stopped for the moment. The show is not sold out."),
        (Show.State.CANCELLED, "This show is cancelled. Whoever has paid gets the money back"),
        (Show.State.CLOSED, "Sales are closed."),
    ],
)
def test_a_show_that_is_not_on_sale_says_why(state: str, words: str, buyer: Browser) -> None:
    show = make_priced_show()
    Show.objects.filter(pk=show.pk).update(state=state)
    buyer.open("/shows/hamlet/")
    assert words in buyer.text
    assert not any(action.endswith("/basket") for action in buyer.actions)


def test_a_show_without_prices_is_not_on_sale_yet(buyer: Browser) -> None:
    make_show(rows("A", 4))
    buyer.open("/shows/hamlet/")
    assert "Not on sale yet." in buyer.text
    assert not any(action.endswith("/basket") for action in buyer.actions)


def test_places_in_baskets_are_not_called_sold(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 2))
    lock(show, 2)
    buyer.open("/shows/hamlet/")
    assert "baskets. It is not sold" in buyer.text
    assert "House full" not in buyer.text.replace("Housefull", "")


def test_the_last_few_are_counted(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 5))
    lock(show, 2)
    buyer.open("/shows/hamlet/")
    assert "3 left" in buyer.text


def test_a_frozen_tier_is_stopped_and_not_sold_out(buyer: Browser) -> None:
    show = make_priced_show(standing(5))
    freeze(show_id=show.pk, tier_id=Tier.objects.get().pk, by=By("user:1", reason_code="sync_lag"))
    buyer.open("/shows/hamlet/")
    assert "Selling is stopped for the moment. The show is not sold out." in buyer.text


def test_the_map_starts_from_prices_and_ones_own_seats(buyer: Browser) -> None:
    show = make_priced_show(rows("A", 6))
    buyer.open("/shows/hamlet/")
    buyer.send("/basket", quantity="1")
    page = buyer.open("/shows/hamlet/seats/")
    assert page.context["facts"]["tiers"] == [{"code": "gold", "name": "Gold", "paise": 118_000}]
    assert page.context["facts"]["mine"] == [seat(show, "A-1").pk]
    assert "You have 1 place in your basket." in buyer.text
    assert f"/api/v1/shows/hamlet/seats?v={show.manifest_version}" in page.content.decode()


def test_a_standing_show_has_no_map(buyer: Browser) -> None:
    make_priced_show(standing(5))
    buyer.open("/shows/hamlet/")
    assert "Choose seats on the map" not in buyer.text
    assert "How many places" in buyer.text
