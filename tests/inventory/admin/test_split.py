"""The page of the split: its numbers, and what its stage asks for: the house as it stands, and the ledger in pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.models import Channel, FreezeRule, Movement, Place, Show
from inventory.queries.history import chapter
from inventory.queries.split import first_sale
from inventory.services.freezes import freeze
from inventory.services.holds import LadderStep, place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.manifests import load_manifest
from inventory.services.selling import HoldSale, sell_from_hold
from inventory.services.slices import Opening, Pick, Slice, SliceStep
from inventory.services.slicing import slice_pool
from tests.database import let_others_end, superuser
from tests.houses import MANAGER, NOON, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.inventory.admin.asking import BUYER, two_sections

KILLER = By("user:1", reason_code="pillar")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 3))


def address(show: Show, what: str = "") -> str:
    return f"/admin/inventory/show/{show.pk}/split/{what and what + '/'}"


def sell(show: Show, channel: Channel, *labels: str) -> None:
    wanted = Seats([seat(show, label).pk for label in labels])
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER)


def cut(show: Show, channel: Channel, quantity: int) -> None:
    slice_ = Slice("Counter slice", [Opening(channel.pk)], Pick(quantity=quantity))
    slice_pool(show_id=show.pk, slices=[slice_], by=MANAGER)


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


# The ledger -----------------------------------------------------------------------------------------------------------


def whole(client: Client, show: Show) -> dict[str, Any]:
    let_others_end()
    told: dict[str, Any] = client.get(address(show, "history")).json()
    return told


def test_the_ledger_is_told_act_by_act(manager: Client, show: Show, web: Channel, counter: Channel) -> None:
    sell(show, counter, "A-2")
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Daily", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "B-3").pk]), by=KILLER)
    cut(show, web, 2)
    freeze(show_id=show.pk, channel_id=web.pk, by=By("user:1", reason_code="sync_lag"))

    told = whole(manager, show)

    verbs = [told["verbs"][verb] for verb in told["verb"]]
    assert verbs == [
        "load_manifest", "lock_places", "commit_lock", "place_hold", "kill_places", "allocate_places", "freeze",
    ]  # fmt: skip
    assert told["quantity"] == [6, 1, 1, 1, 1, 2, 0]
    assert told["about"] == {"3": "The Daily", "4": "pillar", "6": "a till or a device is behind with its sales"}
    assert told["status"] == "oooooo" + "l" + "s" + "h" + "k" + "oo"
    assert told["label"] == [0] * 10 + [1, 1]
    channels = list(Channel.objects.order_by("pk").values_list("code", flat=True))
    sold = told["quantity"][0] + 1
    assert channels[told["taken_by"][sold]] == "counter"
    assert list(accumulate(told["place"]))[sold] == seat(show, "A-2").pk
    assert list(accumulate(told["id"])) == sorted(accumulate(told["id"]))
    assert told["after"] == ""


def test_for_whom_something_is_held_is_told_to_whoever_sees_claims(may: Callable[..., Client], show: Show) -> None:
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Daily", by=MANAGER)

    assert whole(may("inventory.view_show", "inventory.view_place", "inventory.view_movement"), show)["about"] == {}


def test_a_show_without_a_history_has_an_empty_ledger(manager: Client) -> None:
    told = whole(manager, make_show(slug="empty"))

    assert (told["id"], told["place"], told["after"]) == ([], [], "")


def test_a_long_history_comes_in_pieces_of_whole_acts_and_none_is_lost(show: Show, web: Channel) -> None:
    for label in ("A-1", "A-2", "B-1"):
        sell(show, web, label)
    acts = list(Movement.objects.filter(show=show).order_by("pk").values_list("pk", flat=True))
    let_others_end()

    for most in ({"most_entries": 1}, {"most_entries": 3}, {"most_acts": 2}, {"most_entries": 7, "most_acts": 3}, {}):
        ids, quantity, places, pieces, after = list[int](), list[int](), list[int](), 0, ""
        while True:
            told = chapter(show.pk, after=after, **most)
            ids, quantity, places = ids + told.ids, quantity + told.quantity, places + told.place
            assert sum(told.quantity) == len(told.place) == len(told.status) == len(told.label) == len(told.taken_by)
            pieces, after = pieces + 1, told.after
            if not after:
                break
        assert (ids, len(places)) == (acts, sum(quantity))
        assert pieces > 1 or most == {}


def test_the_history_of_another_show_is_not_told(show: Show, web: Channel) -> None:
    other = make_show(standing(4), slug="other")
    let_others_end()

    assert len(chapter(other.pk).place) == 4


@pytest.mark.parametrize(
    "after", ["x", "recent-1", "new-1-2", "old-1-2-3", "old--1-2", "recent-" + "9" * 30 + "-1", "recent-²-1"]
)
def test_a_piece_after_nonsense_is_the_first(manager: Client, show: Show, after: str) -> None:
    first = whole(manager, show)

    assert manager.get(address(show, "history"), {"after": after}).json() == first


def test_an_act_that_is_committed_late_is_not_passed_over(show: Show, web: Channel) -> None:
    """Its id is lower than that of one which is there already: a reader who went on by ids alone would never see it."""
    written, may_commit = Event(), Event()

    def commit_late() -> None:
        with transaction.atomic():
            lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)
            written.set()
            may_commit.wait(30)
        connection.close()

    let_others_end()
    late = Thread(target=commit_late)
    late.start()
    assert written.wait(30)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER)
    by_ids = list(Movement.objects.filter(show=show).order_by("pk").values_list("pk", flat=True))
    early = chapter(show.pk)
    may_commit.set()
    late.join()
    let_others_end()

    after_ids = list(Movement.objects.filter(show=show, pk__gt=by_ids[-1]).values_list("pk", flat=True))
    every = list(Movement.objects.filter(show=show).order_by("pk").values_list("pk", flat=True))
    assert len(by_ids) + len(after_ids) < len(every)  # the harm, without the guard
    assert early.ids == every[:1]
    assert sorted(chapter(show.pk).ids) == every


def load_elsewhere(show: Show) -> None:
    """As after a dump and a restore into another server: recorded long ago, by ids of another count."""
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute(
            """UPDATE inventory_movement SET recorded_at = recorded_at - interval '9 years',
                      xact = (xact::text::bigint + 1000000000)::text::xid8 WHERE show_id = %s""",
            [show.pk],
        )


@pytest.mark.parametrize("most", [{"most_entries": 1}, {"most_acts": 2}, {}])
def test_a_ledger_that_was_loaded_into_another_server_is_told_whole_and_before_what_came_since(
    show: Show, web: Channel, most: dict[str, int]
) -> None:
    sell(show, web, "A-1")
    load_elsewhere(show)
    sell(show, web, "B-1")
    let_others_end()

    told, after = list[int](), ""
    while True:
        piece = chapter(show.pk, after=after, **most)
        told, after = told + piece.ids, piece.after
        if not after:
            break

    assert told == list(Movement.objects.filter(show=show).order_by("pk").values_list("pk", flat=True))


def test_a_replay_asks_as_often_however_much_has_happened(manager: Client, show: Show, web: Channel) -> None:
    def asked() -> int:
        let_others_end()
        with CaptureQueriesContext(connection) as queries:
            manager.get(address(show, "history"))
        return len(queries)

    asked()
    few = asked()
    sell(show, web, "A-1")
    sell(show, web, "B-1")
    assert asked() == few


def test_what_was_done_at_another_time_is_told_with_that_time(manager: Client) -> None:
    show = make_show(slug="late")
    load_manifest(show_id=show.pk, house=rows("A", 2), by=MANAGER, now=NOON)

    assert whole(manager, show)["at"] == [NOON.timestamp()]


def test_a_sale_out_of_a_hold_is_a_first_sale_as_well(show: Show, counter: Channel) -> None:
    place_id = seat(show, "A-1").pk
    hold = place_hold(show_id=show.pk, wanted=Seats([place_id]), purpose="sponsor", party="Chai Co", by=MANAGER)
    assert first_sale(show.pk) is None

    sell_from_hold(claim_id=hold.pk, sales=[HoldSale([place_id], "order:1")], channel_id=counter.pk, by=MANAGER)

    assert first_sale(show.pk) is not None
