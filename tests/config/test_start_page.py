"""The first page's shows, what is released soon, who sells; how fresh it is, and with how much work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.acts import Admissions, By, Seats
from inventory.admin.board import Board, board_of
from inventory.models import Channel, FreezeRule, Show
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locks import begin_payment
from inventory.services.refusals import Frozen
from tests.config.starting import BUYER, FRAGMENT, START, WHY, lock, read
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.inventory.admin.test_stock_page import blocks
from tests.ticketing.admin.selling import nobodys_money, sold
from tests.ticketing.books import make_priced_show

pytestmark = pytest.mark.usefixtures("nothing_is_known_of_the_sweep")
HOUR = timedelta(hours=1)


def board() -> Board:
    return board_of(lambda permission: True, timezone.now(), [])


# Shows ----------------------------------------------------------------------------------------------------------------


def test_a_show_of_today_has_a_bar_a_section_each_with_its_numbers(
    manager: Client, web: Channel, tonight: datetime
) -> None:
    show = make_priced_show(rows("AB", 6), starts_at=tonight)
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Ferry", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "B-6").pk]), by=By("user:1", reason_code="pillar"))
    sold(show, 3)
    begin_payment(claim_id=lock(show, web, 2), by=BUYER)
    lock(show, web, 1)

    response = manager.get(FRAGMENT)

    text = pages.words(response)
    assert f"{timezone.localtime(tonight):%H:%M} Hamlet On sale Playhouse, Pune Stalls" in text
    assert "4 open 1 locked 2 payment pending 1 held 3 sold 1 killed of 12" in text
    html = response.content.decode()
    assert [html.count(f"url(#mark-{mark})") for mark in ("browsing", "paying", "held", "leased", "sold")] == [
        2, 2, 2, 1, 2,
    ]  # fmt: skip  # once in the legend, and once on the bar where there is any


def test_every_bars_numbers_add_up_to_its_capacity(manager: Client, web: Channel, tonight: datetime) -> None:
    show = make_priced_show(blocks(3, each=5), starts_at=tonight)
    sold(show, 4)
    lock(show, web, 2)

    (head,) = board().today

    assert head.house
    assert [bar.stock.capacity for bar in (head.house, *head.bars)] == [15, 5, 5, 5]
    for bar in (head.house, *head.bars):
        assert sum(share.count for share in bar.stock.shares) == bar.stock.capacity
        assert sum(share.width for share in bar.stock.shares) == pytest.approx(100)


def test_today_comes_first_then_what_is_next_and_what_is_over_is_not_there(manager: Client, tonight: datetime) -> None:
    make_priced_show(standing(4), slug="tonight", starts_at=tonight)
    make_priced_show(standing(4), slug="next-week", starts_at=tonight + timedelta(days=7))
    make_priced_show(standing(4), slug="long-over", starts_at=tonight - timedelta(days=3), state="closed")

    told = board()
    text = read(manager)

    assert [[head.show.slug for head in heads] for heads in (told.today, told.coming)] == [["tonight"], ["next-week"]]
    assert "Long-Over" not in text
    assert text.index("Tonight") < text.index("Next All shows") < text.index("Next-Week")


def test_many_shows_are_few_on_the_page_and_all_of_them_one_click_away(manager: Client, tonight: datetime) -> None:
    for nth in range(14):
        make_show(slug=f"show-{nth}", starts_at=tonight, state="closed")

    told = board()
    html = manager.get(FRAGMENT).content.decode().replace("&amp;", "&")

    assert (len(told.today), told.coming, told.more_today) == (12, [], True)
    day = timezone.localtime(tonight)
    of_today = f"?starts_at__year={day.year}&starts_at__month={day.month}&starts_at__day={day.day}"
    assert f'href="{pages.listing(Show, of_today)}"' in html
    assert len(pages.rows(manager.get(pages.listing(Show, of_today)))) == 14


def test_many_sections_fold_away_below_the_whole_house(manager: Client, tonight: datetime) -> None:
    make_priced_show(blocks(7), starts_at=tonight)

    html = manager.get(FRAGMENT).content.decode()

    assert html.count("<details") == 1
    assert "7 sections" in html and "The whole house" in html


def test_a_show_without_a_house_says_so(manager: Client, tonight: datetime) -> None:
    make_show(slug="empty", starts_at=tonight)

    assert "No house is loaded yet." in read(manager)


# Released soon --------------------------------------------------------------------------------------------------------


def test_a_hold_that_ends_soon_is_told_with_how_many_and_to_whom(manager: Client) -> None:
    show = make_priced_show(starts_at=timezone.now() + timedelta(days=4))
    until = timezone.now() + timedelta(hours=5, minutes=1)
    held = place_hold(
        show_id=show.pk,
        wanted=Seats([seat(show, "A-1").pk, seat(show, "A-2").pk]),
        purpose="press",
        party="The Ferry",
        until=until,
        by=MANAGER,
    )

    response = manager.get(FRAGMENT)

    assert "in 5 hours The hold for The Ferry ends 2 places to the pool Hamlet" in pages.words(response)
    assert f'href="{pages.of(held.claim)}"' in response.content.decode()


# Who sells ------------------------------------------------------------------------------------------------------------


def test_each_channels_part_is_a_bar_and_a_table_with_today_and_in_all(manager: Client, tonight: datetime) -> None:
    sold(make_priced_show(rows("A", 10), slug="one", starts_at=tonight), 3)
    sold(make_priced_show(rows("A", 10), slug="two", starts_at=tonight), 1)
    make_priced_show(slug="three", starts_at=tonight)

    text = read(manager)

    assert "All of these Channel today in all share Web 4 4 100 %" in text
    assert "One " in text and "Web 3 3 100 %" in text and "Web 1 1 100 %" in text
    assert "Nothing sold yet: Three." in text


# How fresh, and with how much work ------------------------------------------------------------------------------------


def test_it_is_sent_once_and_then_only_when_something_has_changed(
    manager: Client, web: Channel, tonight: datetime
) -> None:
    show = make_priced_show(standing(5), starts_at=tonight)
    page = manager.get(START)
    etag = page.context["etag"]

    same = manager.get(FRAGMENT, headers={"if-none-match": etag})
    lock(show, web)
    changed = manager.get(FRAGMENT, headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed["ETag"] != etag) == (200, True)
    assert "4 open 1 locked" in pages.words(changed)
    assert "<html" not in changed.content.decode()
    assert timezone.localtime().strftime("%H:") in changed["X-As-Of"]
    assert f'src="{FRAGMENT}"' in page.content.decode() and 'data-every="15"' in page.content.decode()


def test_three_shows_and_three_of_each_trouble_take_as_many_statements_as_one(
    manager: Client, web: Channel, counter: Channel, django_assert_num_queries: Callable[..., Any], tonight: datetime
) -> None:
    def another(nth: int) -> None:
        show = make_priced_show(blocks(nth + 1), slug=f"show-{nth}", starts_at=tonight)
        sold(show, 1)
        nobodys_money(payment_id=f"pay_Stray00000000{nth}")
        frozen = freeze(show_id=show.pk, channel_id=counter.pk, by=WHY)
        FreezeRule.objects.create(show=show, channel=web, margin=1)
        with pytest.raises(Frozen):
            lock(show, counter)
        wanted = Admissions(show.tiers.get().pk, 1)
        until = timezone.now() + HOUR
        place_hold(show_id=show.pk, wanted=wanted, purpose="press", party=f"P {frozen.pk}", until=until, by=MANAGER)
        make_show(slug=f"bare-{nth}")

    another(0)
    manager.get(FRAGMENT)
    with CaptureQueriesContext(connection) as for_one:
        manager.get(FRAGMENT)
    another(1)
    another(2)

    with django_assert_num_queries(len(for_one) - 1):  # of several lines of money none is looked up by itself
        assert "Needs you now 7" in read(manager)
