"""The page of the split: its numbers, and what its stage asks for: the house as it stands, and the ledger in pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.models import Channel, FreezeRule, Movement, Place, Show
from inventory.services.holds import LadderStep, place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.slices import Opening, Pick, Slice, SliceStep
from inventory.services.slicing import slice_pool
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.inventory.admin.asking import BUYER, two_sections
from tests.inventory.admin.playing import address, cut, sell, whole

KILLER = By("user:1", reason_code="pillar")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 3))


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_says_in_numbers_how_the_pool_is_split(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    cut(show, counter, 2)
    sell(show, web, "B-1", "B-2")

    words = pages.words(manager.get(address(show)))

    assert "The pool every channel 2 0 2 0 0" in words
    assert "Counter slice Counter 2 0 0 0 0" in words
    assert "Web 2 0 2 Counter 4 0 0" in words


def test_the_page_says_what_a_freeze_rule_keeps_back(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    assert "freeze rule" not in pages.words(manager.get(address(show)))
    FreezeRule.objects.create(show=show, channel=web, margin=2)

    words = pages.words(manager.get(address(show)))

    assert "The pool every channel 6 0 0 0 0" in words and "Web 4 0 0 Counter 6 0 0" in words
    assert "where a freeze rule keeps places back. In force here: " in words
    assert "Web stops at 2 of the show: 6 open, 4 more may be sold." in words


def test_the_page_asks_as_often_whatever_there_is(manager: Client, show: Show, web: Channel, counter: Channel) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            manager.get(address(show))
        return len(queries)

    cut(show, counter, 1)
    asked()
    few = asked()
    for name in ("One", "Two", "Three"):
        slice_ = Slice(name, [Opening(web.pk), Opening(counter.pk)], Pick(quantity=1))
        slice_pool(show_id=show.pk, slices=[slice_], by=MANAGER)
    assert asked() == few


def test_a_show_without_a_house_says_so(manager: Client) -> None:
    show = make_show(slug="empty")

    assert "No house yet" in pages.words(manager.get(address(show)))
    assert manager.get(address(show, "house")).json()["letters"] == ""


@pytest.mark.parametrize("what", ["", "house", "history", "apply"])
def test_a_show_that_is_not_there_is_not_found(manager: Client, show: Show, what: str) -> None:
    for pk in (show.pk + 99, "x", "9" * 30):
        assert manager.get(f"/admin/inventory/show/{pk}/split/{what and what + '/'}").status_code == 404


def test_the_stage_is_for_whoever_sees_places_and_the_replay_for_whoever_sees_movements(
    may: Callable[..., Client], show: Show
) -> None:
    clerk = may("inventory.view_show", "inventory.view_place")

    assert [clerk.get(address(show, what)).status_code for what in ("", "house", "history", "apply")] == [
        200, 200, 403, 403,
    ]  # fmt: skip
    page = clerk.get(address(show)).content.decode()
    assert ('data-mode="replay"' in page, "Apply this split" in page) == (False, False)


def test_how_places_stand_is_not_told_to_whoever_sees_shows_alone(may: Callable[..., Client], show: Show) -> None:
    clerk = may("inventory.view_show", "inventory.view_movement")

    assert {clerk.get(address(show, what)).status_code for what in ("", "house", "history")} == {403}
    assert address(show) not in clerk.get(pages.of(show)).content.decode()


def test_slices_are_told_to_whoever_sees_allocations_alone(
    may: Callable[..., Client], show: Show, web: Channel, counter: Channel
) -> None:
    ladder = [SliceStep(show.starts_at - timedelta(hours=2), share_percent=100)]
    slice_ = Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=2), ladder=ladder)
    slice_pool(show_id=show.pk, slices=[slice_], by=MANAGER)
    clerk = may("inventory.view_show", "inventory.view_place", "inventory.view_movement")

    told = clerk.get(address(show, "house")).json()

    assert ([one["name"] for one in told["allocations"]], set(told["label"])) == (["Pool"], {0})
    assert set(whole(clerk, show)["label"]) == {0}
    assert "Counter slice" not in clerk.get(address(show)).content.decode()


def test_for_whom_something_will_end_is_told_to_whoever_sees_claims(may: Callable[..., Client], show: Show) -> None:
    at = timezone.now() + timedelta(days=1)
    ladder = [LadderStep(at, quantity=1)]
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk, seat(show, "B-2").pk]), purpose="press",
               party="The Daily", until=at + timedelta(hours=1), steps=ladder, by=MANAGER)  # fmt: skip

    words = pages.words(may("inventory.view_show", "inventory.view_place").get(address(show)))

    assert ("The Daily" in words, ": a hold gives 1 place" in words, ": a hold ends" in words) == (False, True, True)


def test_whoever_sees_movements_alone_sees_no_stage(may: Callable[..., Client], show: Show) -> None:
    clerk = may("inventory.view_movement", "inventory.view_place")

    assert {clerk.get(address(show, what)).status_code for what in ("", "house", "history")} == {403}


def test_the_page_offers_replay_and_apply_to_whoever_may(may: Callable[..., Client], show: Show) -> None:
    clerk = may("inventory.view_show", "inventory.view_place", "inventory.view_movement", "inventory.slice_pool")

    page = clerk.get(address(show)).content.decode()
    assert ('data-mode="replay"' in page, "Apply this split" in page) == (True, True)


# The house ------------------------------------------------------------------------------------------------------------


def test_every_place_is_told_for_what_it_is_numbered_seats_first(
    manager: Client, web: Channel, counter: Channel
) -> None:
    show = make_show(two_sections())
    floor = list(show.places.filter(section__is_ga=True).order_by("pk").values_list("pk", flat=True))
    gold = list(show.places.filter(tier__code="gold").order_by("pk").values_list("pk", flat=True))
    kill_places(show_id=show.pk, wanted=Seats(floor[:1]), by=KILLER)
    place_hold(show_id=show.pk, wanted=Seats(gold[:1]), purpose="press", party="The Daily", by=MANAGER)
    lock = lock_places(show_id=show.pk, channel_id=counter.pk, wanted=Seats(gold[1:2]), by=BUYER)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(gold[2:3]), by=BUYER)

    told = manager.get(address(show, "house")).json()

    seats = show.places.filter(section__is_ga=False).count()
    assert list(accumulate(told["ids"])) == [
        *show.places.filter(section__is_ga=False).order_by("pk").values_list("pk", flat=True), *floor,
    ]  # fmt: skip
    assert told["letters"] == "hsl" + "o" * (seats - 3) + "k" + "o" * (len(floor) - 1)
    assert len(told["standing"]["section"]) == len(floor)
    codes = [channel["code"] for channel in told["channels"]]
    assert told["seller"][:3] == [-1, codes.index("counter"), codes.index("web")]
    assert (told["run"][0], told["run"][3], told["run"][4], told["run"][-1]) == (0, 0, 1, -1)
    assert told["rank"] == list(
        Place.objects.filter(show=show).order_by("section__is_ga", "pk").values_list("rank", flat=True)
    )


def test_whose_a_slice_is_is_told_with_it(manager: Client, show: Show, counter: Channel) -> None:
    cut(show, counter, 2)

    told = manager.get(address(show, "house")).json()

    nth = [channel["code"] for channel in told["channels"]].index("counter")
    assert [(one["name"], one["channel"]) for one in told["allocations"]] == [("Pool", -1), ("Counter slice", nth)]
    assert told["label"] == [1, 1, 0, 0, 0, 0]


def test_the_crowd_asks_as_the_show_has_sold_once_that_can_be_told(manager: Client, web: Channel) -> None:
    show = make_show(rows("ABCDE", 12))

    def demand() -> dict[str, int]:
        return {one["code"]: one["demand"] for one in manager.get(address(show, "house")).json()["channels"]}

    before = demand()
    Channel.objects.filter(pk=web.pk).update(is_capped=False)
    Show.objects.filter(pk=show.pk).update(cap_per_contact=99, cap_per_session=99)
    sell(show, web, *[f"{row}-{number}" for row in "ABCDE" for number in range(1, 11)])

    assert (before["web"], before["counter"]) == (80, 25)
    assert (demand()["web"], demand()["counter"]) == (120, 2)


def test_the_modelled_sale_begins_with_the_first_real_one(manager: Client, show: Show, web: Channel) -> None:
    sell(show, web, "A-1")
    first = Movement.objects.get(verb="commit_lock").at
    show.starts_at = first + timedelta(days=9)
    show.save()

    told = manager.get(address(show, "house")).json()
    assert round(told["starts_at"] - told["begins_at"]) == 9 * 86400


def test_the_house_is_told_in_as_many_statements_whatever_its_size(manager: Client, show: Show) -> None:
    def asked(one: Show) -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get(address(one, "house"))
        return len(queries)

    asked(show)
    assert asked(show) == asked(make_show(standing(300), slug="large"))
