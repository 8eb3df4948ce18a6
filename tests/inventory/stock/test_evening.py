"""Several shows at a glance: sections that add up, and who has sold what, of one moment and in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from inventory.acts import Admissions, By, Seats
from inventory.models import Channel, Show
from inventory.queries.stock import ChannelSold, board, evening
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.sales import return_sold
from tests.houses import MANAGER, NOON, make_show, rows, seat, standing
from tests.inventory.admin.test_stock_page import blocks

BUYER = By(actor="session:buyer")
MIDNIGHT = NOON - timedelta(hours=12)
DAY = timedelta(days=1)


def buy(show: Show, channel: Channel, quantity: int, *, at: Any = NOON) -> int:
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, now=at)
    commit_lock(claim_id=lock.claim_id, by=BUYER, now=at)
    return lock.claim_id


def test_sections_are_in_the_houses_order_and_add_up_to_its_capacity(web: Channel) -> None:
    show = make_show(rows("AB", 6))
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Ferry", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "B-6").pk]), by=By("user:1", reason_code="pillar"))
    buy(show, web, 3)
    paying = lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=Admissions(show.tiers.get().pk, 2), by=BUYER, now=NOON
    )
    begin_payment(claim_id=paying.claim_id, by=BUYER, now=NOON)

    (section,) = evening([show.pk], since=MIDNIGHT, at=NOON)[show.pk].sections

    assert (section.name, sum(section.states.values())) == ("Stalls", 12)
    assert section.states == {
        "open": 5, "locked": 0, "paying": 2, "held": 1, "leased": 0, "sold": 3, "killed": 1,
    }  # fmt: skip


def test_it_agrees_with_the_board_of_each_show_section_by_section(web: Channel) -> None:
    shows = [make_show(blocks(3), slug="one"), make_show(standing(5), slug="two")]
    buy(shows[0], web, 2)

    houses = evening([show.pk for show in shows], since=MIDNIGHT, at=NOON)

    for show in shows:
        told = board(show.pk, NOON)
        assert told
        assert {one.section_id: one.states for one in houses[show.pk].sections} == {
            pk: told.states_of(line for line in told.lines if line.section_id == pk) for pk in told.sections
        }


def test_a_lock_that_ran_out_is_open_on_the_bar(web: Channel) -> None:
    show = make_show(standing(5))
    wanted = Admissions(show.tiers.get().pk, 2)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, now=NOON)

    def states(at: Any) -> tuple[int, int]:
        (section,) = evening([show.pk], since=MIDNIGHT, at=at)[show.pk].sections
        return section.states["open"], section.states["locked"]

    assert (states(NOON), states(NOON + timedelta(minutes=9))) == ((3, 2), (5, 0))


def test_each_channel_has_what_it_sold_in_all_and_today_without_what_came_back(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 10))
    buy(show, web, 3, at=NOON - DAY)
    buy(show, web, 2)
    buy(show, counter, 1)
    return_sold(show_id=show.pk, place_ids=[seat(show, "A-1").pk], by=By("user:1", reason_code="wrong_day"))

    assert evening([show.pk], since=MIDNIGHT, at=NOON)[show.pk].channels == [
        ChannelSold(web.pk, "Web", 4, 2),
        ChannelSold(counter.pk, "Counter", 1, 1),
    ]


def test_a_show_without_a_house_is_not_there(transactional_db: None) -> None:
    assert evening([make_show().pk], since=MIDNIGHT) == {}
    assert evening([], since=MIDNIGHT) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_it_is_one_statement_however_many_shows(
    web: Channel, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    shows = [make_show(standing(3), slug=f"show-{nth}") for nth in range(count)]

    with django_assert_num_queries(1):
        assert len(evening([show.pk for show in shows], since=MIDNIGHT)) == count
