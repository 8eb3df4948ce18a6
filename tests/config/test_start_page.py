"""The admin's first page: what needs a person, today's shows, what is released soon, who sells; for whom, how fresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.start_page import late
from inventory.acts import Admissions, By, Seats
from inventory.admin.board import Board, board_of
from inventory.admin.mix import MOST_CHANNELS, mixes
from inventory.models import Channel, FreezeRule, Show
from inventory.queries.stock import ChannelSold
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment
from inventory.services.refusals import Frozen
from inventory.tasks import SWEPT_AT
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.inventory.admin.test_stock_page import blocks
from tests.ticketing.admin.selling import cash_to_give_back, failed_refund, nobodys_money, paid_twice, sold
from tests.ticketing.books import make_priced_show
from ticketing.models import Letter
from ticketing.roles import ASSISTANT, AUDITOR, COUNTER, FINANCE, GATE, GATE_SUPERVISOR
from ticketing.roles import MANAGER as MANAGERS

START, FRAGMENT = "/admin/", "/admin/start/"
BUYER = By(actor="session:buyer")
WHY = By(actor="user:1", reason_code="sync_lag", note="The till is behind.")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_is_known_of_the_sweep() -> None:
    cache.delete(SWEPT_AT)


@pytest.fixture
def tonight() -> Any:
    """An hour of today that is still to come, or the last one that was: what begins then is on today."""
    now = timezone.localtime()
    return min(now + HOUR, now.replace(hour=23, minute=59))


@pytest.fixture
def member(transactional_db: None, client: Client) -> Callable[[str], Client]:
    def log_in(role: str) -> Client:
        user = User.objects.create_user(f"one of {role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return log_in


def lock(show: Show, channel: Channel, quantity: int = 1) -> int:
    wanted = Admissions(show.tiers.get().pk, quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER).claim_id


def read(browser: Client) -> str:
    return pages.words(browser.get(FRAGMENT))


# What needs a person --------------------------------------------------------------------------------------------------


def test_an_empty_house_says_that_nothing_needs_anybody_and_how_to_begin(manager: Client) -> None:
    text = read(manager)

    assert text.startswith("Nothing needs you Today")
    assert "No show today." in text
    assert "No other show is coming up. Add one" in text
    assert "No hold ends and no slice gives anything back by itself within two days." in text
    assert "Nothing is sold yet of the shows above." in text


def test_what_is_frozen_is_told_with_who_and_why_and_the_way_to_thaw_it(manager: Client, tonight: Any) -> None:
    show = make_priced_show(starts_at=tonight)
    by = By(f"user:{User.objects.get().pk}", reason_code="sync_lag", note="The till.")
    frozen = freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=by)

    response = manager.get(FRAGMENT)

    text = pages.words(response)
    assert "Needs you now 1 Frozen Hamlet: Gold on all channels. Frozen by manager, since" in text
    assert "sync_lag: The till. Thaw" in text
    assert response.content.decode().count(f'href="{pages.of(frozen, "thaw")}"') == 2  # there, and at its show


def test_a_freeze_by_rule_says_the_rule(manager: Client, web: Channel, tonight: Any) -> None:
    show = make_priced_show(standing(5), starts_at=tonight)
    FreezeRule.objects.create(show=show, margin=2)
    lock(show, web, 3)

    assert "Frozen by rule (stop selling everything on every channel when 2 or fewer are open)" in read(manager)


@pytest.mark.parametrize(("age", "said"), [(None, ""), (5.0, ""), (119.0, ""), (900.0, "for 15 minutes")])
def test_it_says_when_nothing_runs_in_the_background(age: float | None, said: str) -> None:
    found = late(age)

    assert [said in need.text for need in found] == ([True] if said else [])


def test_many_freezes_end_in_one_line_that_leads_to_all(manager: Client, tonight: Any) -> None:
    show = make_priced_show(blocks(8), starts_at=tonight)
    for section in show.sections.all():
        freeze(show_id=show.pk, section_id=section.pk, by=WHY)

    text = read(manager)

    assert "Needs you now 6" in text
    assert "3 others are frozen, too. See all" in text


def test_money_is_told_by_kind_with_its_age_and_the_way_to_its_verb(manager: Client) -> None:
    show = make_priced_show()
    stray = nobodys_money()
    failed = failed_refund(paid_twice(show))
    for _ in range(2):
        cash_to_give_back(show)

    response = manager.get(FRAGMENT)

    text, html = pages.words(response), response.content.decode()
    assert "Needs you now 3" in text
    assert "Nobody knows whose ₹1,180.00, for 0 minutes." in text
    assert "To be given back by hand 2 lines, ₹2,360.00, the oldest for 0 minutes." in text
    for address in (pages.of(stray, "return"), pages.of(failed, "retry"), reverse("admin:ticketing_worklist")):
        assert f'href="{address}"' in html


def test_who_may_not_refund_is_led_to_the_work_list_instead(member: Callable[[str], Client]) -> None:
    stray = nobodys_money()

    html = member(COUNTER).get(FRAGMENT).content.decode()

    assert reverse("admin:ticketing_worklist") in html
    assert pages.of(stray, "return") not in html


def test_letters_that_reach_nobody_are_told_and_lead_to_themselves(manager: Client) -> None:
    made = sold(make_priced_show())
    Letter.objects.filter(order=made).update(error="550 unknown here", due_at=None)

    response = manager.get(FRAGMENT)
    listed = pages.rows(manager.get(pages.listing(Letter, "?state=trouble")))

    assert "Not delivered 1 letter given up: 550 unknown here." in pages.words(response)
    assert f'href="{pages.listing(Letter)}?state=trouble"' in response.content.decode()
    assert [letter.order_id for letter in listed] == [made.pk]


def test_sales_that_are_not_as_they_should_be_lead_to_what_puts_them_right(manager: Client) -> None:
    lacks = make_show(rows("A", 2), slug="unpriced")
    stopped = make_priced_show(slug="paused", state="paused", starts_at=timezone.now() + 2 * HOUR)
    over = make_priced_show(slug="yesterday", starts_at=timezone.now() - 20 * HOUR)

    response = manager.get(FRAGMENT)

    text, html = pages.words(response), response.content.decode()
    assert "is on sale and lacks terms, a price of Gold." in text
    assert "is not on sale: paused. Put on sale" in text
    assert "is long over, and on sale still. Close the sale" in text
    for address in (pages.of(lacks), pages.of(stopped, "publish"), pages.of(over, "close")):
        assert f'href="{address}"' in html


def test_incidents_of_a_day_are_told_apart_from_what_needs_somebody(manager: Client, web: Channel) -> None:
    show = make_priced_show()
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    for _ in range(3):
        with pytest.raises(Frozen):
            lock(show, web)
    manager.post(pages.of(frozen, "thaw"), {"reason": "counted", "other": "", "note": ""})

    text = read(manager)

    assert text.startswith("Nothing needs you Within a day Lock refused by a freeze: 3 times within a day, at 1 show")


# Shows ----------------------------------------------------------------------------------------------------------------


def test_a_show_of_today_has_a_bar_a_section_each_with_its_numbers(manager: Client, web: Channel, tonight: Any) -> None:
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


def test_every_bars_numbers_add_up_to_its_capacity(manager: Client, web: Channel, tonight: Any) -> None:
    show = make_priced_show(blocks(3, each=5), starts_at=tonight)
    sold(show, 4)
    lock(show, web, 2)

    (head,) = _board().today

    assert head.house
    assert [bar.stock.capacity for bar in (head.house, *head.bars)] == [15, 5, 5, 5]
    for bar in (head.house, *head.bars):
        assert sum(share.count for share in bar.stock.shares) == bar.stock.capacity
        assert sum(share.width for share in bar.stock.shares) == pytest.approx(100)


def test_today_comes_first_then_what_is_next_and_what_is_over_is_not_there(manager: Client, tonight: Any) -> None:
    make_priced_show(standing(4), slug="tonight", starts_at=tonight)
    make_priced_show(standing(4), slug="next-week", starts_at=tonight + timedelta(days=7))
    make_priced_show(standing(4), slug="long-over", starts_at=tonight - timedelta(days=3), state="closed")

    board = _board()
    text = read(manager)

    assert [[head.show.slug for head in heads] for heads in (board.today, board.coming)] == [["tonight"], ["next-week"]]
    assert "Long-Over" not in text
    assert text.index("Tonight") < text.index("Next All shows") < text.index("Next-Week")


def test_many_shows_are_few_on_the_page_and_all_of_them_one_click_away(manager: Client, tonight: Any) -> None:
    for nth in range(14):
        make_show(slug=f"show-{nth}", starts_at=tonight, state="closed")

    board = _board()
    html = manager.get(FRAGMENT).content.decode().replace("&amp;", "&")

    assert (len(board.today), board.coming, board.more_today) == (12, [], True)
    day = timezone.localtime(tonight)
    assert f"starts_at__year={day.year}&starts_at__month={day.month}&starts_at__day={day.day}" in html


def test_many_sections_fold_away_below_the_whole_house(manager: Client, tonight: Any) -> None:
    make_priced_show(blocks(7), starts_at=tonight)

    html = manager.get(FRAGMENT).content.decode()

    assert html.count("<details") == 1
    assert "7 sections" in html and "The whole house" in html


def test_a_show_without_a_house_says_so(manager: Client, tonight: Any) -> None:
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


def test_each_channels_part_is_a_bar_and_a_table_with_today_and_in_all(manager: Client, tonight: Any) -> None:
    sold(make_priced_show(rows("A", 10), slug="one", starts_at=tonight), 3)
    sold(make_priced_show(rows("A", 10), slug="two", starts_at=tonight), 1)
    make_priced_show(slug="three", starts_at=tonight)

    text = read(manager)

    assert "All of these Channel today in all share Web 4 4 100 %" in text
    assert "One " in text and "Web 3 3 100 %" in text and "Web 1 1 100 %" in text
    assert "Nothing sold yet: Three." in text


def test_a_channel_has_one_mark_in_all_mixes_and_parts_make_up_the_whole() -> None:
    whole, first, second = mixes(
        [
            ("One", "19:00", [ChannelSold(1, "Web", 6, 1), ChannelSold(2, "Counter", 2, 0)]),
            ("Two", "20:00", [ChannelSold(2, "Counter", 9, 4)]),
        ]
    )

    assert [(part.name, part.sold, part.today, part.mark) for part in whole.portions] == [
        ("Counter", 11, 4, 0),
        ("Web", 6, 1, 1),
    ]
    assert [(part.name, part.mark, part.share) for part in first.portions] == [
        ("Counter", 0, "25 %"),
        ("Web", 1, "75 %"),
    ]
    assert [(part.name, part.mark) for part in second.portions] == [("Counter", 0)]
    assert sum(part.width for part in whole.portions) == pytest.approx(100)


def test_the_smallest_of_many_channels_are_one_line_and_no_place_is_lost() -> None:
    channels = [ChannelSold(pk, f"Partner {pk}", 20 - pk, 1) for pk in range(1, 10)]

    (mix,) = mixes([("One", "19:00", channels)])

    assert len(mix.portions) == MOST_CHANNELS
    assert (mix.portions[-1].name, mix.sold, mix.today) == ("Others", sum(one.places for one in channels), 9)


# For whom -------------------------------------------------------------------------------------------------------------

PARTS = {
    "needs": 'id="needs"',
    "money": "Nobody knows whose",
    "freeze": "Thaw",
    "letter": "Not delivered",
    "incidents": "Within a day",
    "releases": "Released within two days",
    "mix": "Who sells",
    "places": "/admin/inventory/place/",
    "shows": "Hamlet",
}
SEES = {
    MANAGERS: set(PARTS),
    ASSISTANT: set(PARTS),
    COUNTER: {"needs", "money", "releases", "places", "shows"},
    GATE_SUPERVISOR: {"needs", "incidents", "releases", "mix", "places", "shows"},
    GATE: {"shows"},
    FINANCE: {"needs", "money", "letter", "releases", "mix", "places", "shows"},
    AUDITOR: set(PARTS) - {"freeze"},
}


@pytest.mark.parametrize("role", SEES)
def test_each_role_sees_what_is_its_own(member: Callable[[str], Client], role: str, web: Channel, tonight: Any) -> None:
    show = make_priced_show(starts_at=tonight)
    Letter.objects.filter(order=sold(show)).update(error="550 unknown here", due_at=None)
    nobodys_money()
    freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    with pytest.raises(Frozen):
        lock(show, web)
    browser = member(role)

    html = browser.get(START).content.decode()
    part = browser.get(FRAGMENT).content.decode()

    assert {name for name, sign in PARTS.items() if sign in part} == SEES[role]
    assert "Hamlet" in html and FRAGMENT in html


def test_who_may_see_no_show_has_unfolds_list_and_no_fragment(may: Callable[..., Client]) -> None:
    clerk = may("auth.view_group")

    assert "Groups" in pages.words(clerk.get(START))
    assert clerk.get(FRAGMENT).status_code == 404


def test_who_may_do_nothing_is_told_kindly_whom_to_ask(may: Callable[..., Client]) -> None:
    assert "Ask whoever runs the box office to give you a role." in pages.words(may().get(START))


def test_who_is_not_logged_in_is_led_to_the_login(transactional_db: None, client: Client) -> None:
    for address in (START, FRAGMENT):
        response = client.get(address)
        assert (response.status_code, response["Location"].startswith(reverse("admin:login"))) == (302, True)


# How fresh, and with how much work ------------------------------------------------------------------------------------


def test_it_is_sent_once_and_then_only_when_something_has_changed(manager: Client, web: Channel, tonight: Any) -> None:
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
    manager: Client, web: Channel, counter: Channel, django_assert_num_queries: Callable[..., Any], tonight: Any
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


def _board() -> Board:
    return board_of(lambda permission: True, timezone.now(), [])
