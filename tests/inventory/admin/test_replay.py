"""The ledger as the split page's stage asks for it: act by act, in pieces, none of them lost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.acts import By, Seats
from inventory.models import Channel, Movement, Show
from inventory.queries.history import chapter
from inventory.queries.split import first_sale
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.manifests import load_manifest
from inventory.services.selling import HoldSale, sell_from_hold
from tests.database import let_others_end, superuser
from tests.houses import MANAGER, NOON, make_show, rows, seat, standing
from tests.inventory.admin.asking import BUYER
from tests.inventory.admin.playing import address, cut, sell, whole

KILLER = By("user:1", reason_code="pillar")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 3))


# The ledger -----------------------------------------------------------------------------------------------------------


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
