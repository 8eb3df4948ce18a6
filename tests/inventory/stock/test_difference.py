from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.acts import Seats
from inventory.models import Channel, Show
from inventory.queries.stock import SeatStates, seat_states
from inventory.services.holds import extend_hold, place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, extend_lock, release_lock
from inventory.services.manifests import add_places
from tests.database import superuser
from tests.houses import MANAGER, NOON, make_show, rows, seconds, standing
from tests.inventory.stock import rules

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + seconds(10)


@pytest.fixture
def show(web: Channel) -> Show:
    return make_show(rows("A", 4), lock_for_s=60, lock_cap_s=600)


@pytest.fixture
def ids(show: Show) -> list[int]:
    return list(show.places.order_by("pk").values_list("pk", flat=True))


def look(
    show: Show, channel: Channel, since: SeatStates | None = None, at: datetime = LATER, *, public: bool = False
) -> SeatStates:
    seen = seat_states(show.pk, channel_id=channel.pk, at=at, since=since.version if since else None, public=public)
    assert seen
    return seen


def lock(show: Show, channel: Channel, ids: list[int], now: datetime = NOON) -> int:
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=Seats(ids), by=MANAGER, now=now).claim_id


def test_while_nothing_changes_the_version_stays_and_nothing_is_told(show: Show, web: Channel) -> None:
    first = look(show, web)
    make_show(rows("A", 2), slug="other")

    again = look(show, web, first, LATER + seconds(30))

    assert (again.version, again.letters, again.changes) == (first.version, None, {})


def test_what_has_changed_is_told_by_index_and_only_that(show: Show, web: Channel, ids: list[int]) -> None:
    first = look(show, web)
    lock(show, web, ids[1:3], LATER)

    second = look(show, web, first)

    assert (second.letters, second.changes) == (None, {1: "l", 2: "l"})
    assert second.version != first.version
    assert look(show, web, second).version == second.version


def test_a_payment_that_begins_and_a_lock_that_gets_longer_are_told_too(
    show: Show, web: Channel, ids: list[int]
) -> None:
    claim_id = lock(show, web, ids[:1])
    first = look(show, web)
    begin_payment(claim_id=claim_id, by=MANAGER, now=LATER)
    assert look(show, web, first).changes == {0: "p"}

    other = lock(show, web, ids[1:2])
    seen_over = look(show, web, at=NOON + seconds(60))
    assert seen_over.letters == "pooo"
    extend_lock(claim_id=other, for_s=300, by=MANAGER, now=NOON + seconds(59))
    assert look(show, web, seen_over, NOON + seconds(60)).changes == {1: "l"}


def test_a_lock_that_runs_out_is_told_at_its_second_with_nothing_running(
    show: Show, web: Channel, ids: list[int]
) -> None:
    lock(show, web, ids[:1])
    first = look(show, web)

    assert look(show, web, first, NOON + seconds(59.999999)).changes == {}
    assert look(show, web, first, NOON + seconds(60)).changes == {0: "o"}


def test_a_hold_that_ends_or_gets_longer_is_told(show: Show, web: Channel, ids: list[int]) -> None:
    hold = place_hold(
        show_id=show.pk, wanted=Seats(ids[:1]), purpose="press", party="Daily", by=MANAGER, until=NOON + seconds(60),
        now=NOON,
    )  # fmt: skip
    first = look(show, web)
    ended = look(show, web, first, NOON + seconds(60))
    assert ended.letters == "oooo"

    extend_hold(claim_id=hold.pk, until=NOON + seconds(90), by=MANAGER, now=NOON + seconds(59))
    longer = look(show, web, ended, NOON + seconds(60))
    assert longer.letters == "hooo"


def test_a_step_that_stays_due_is_told_once(show: Show, web: Channel, counter: Channel, ids: list[int]) -> None:
    rules.step(show, NOON + seconds(60), allocation=show.allocations.get(), share_percent=50,
               to_allocation=rules.slice_for(show, counter))  # fmt: skip
    first = look(show, web)
    due = look(show, web, first, NOON + seconds(60))

    assert due.letters == "oonn"
    assert look(show, web, due, NOON + seconds(70)).version == due.version


@pytest.mark.parametrize(
    "change",
    [
        lambda show, web: rules.freeze(show, tier=show.tiers.get()),
        lambda show, web: rules.rule(show, 4),
        lambda show, web: Show.objects.filter(pk=show.pk).update(state="paused"),
        lambda show, web: Channel.objects.filter(pk=web.pk).update(is_active=False),
    ],
    ids=["freeze", "rule at its line", "show", "channel"],
)  # fmt: skip
def test_whatever_changes_letters_without_a_movement_brings_the_whole_picture(
    show: Show, web: Channel, change: object
) -> None:
    first = look(show, web)
    assert callable(change)
    change(show, web)

    assert look(show, web, first).letters == "nnnn"


def test_a_rule_far_from_its_line_and_a_new_allocation_change_nothing(
    show: Show, web: Channel, counter: Channel
) -> None:
    first = look(show, web)
    rules.rule(show, 3, tier=show.tiers.get())
    rules.rule(show, 3, section=show.sections.get())
    rules.slice_for(show, counter)

    assert look(show, web, first).version == first.version


def test_new_places_bring_the_whole_picture(show: Show, web: Channel) -> None:
    first = look(show, web)
    add_places(show_id=show.pk, house=rows("B", 2), by=MANAGER, now=NOON)

    assert look(show, web, first).letters == "oooooo"


def test_a_version_of_another_reader_another_hour_or_another_time_brings_the_whole_picture(
    show: Show, web: Channel, counter: Channel
) -> None:
    first = look(show, web)

    assert look(show, counter, first).letters == look(show, web, first, public=True).letters == "oooo"
    assert look(show, web, first, LATER + seconds(3601)).letters == "oooo"
    assert look(show, web, first, LATER - seconds(1)).letters == "oooo"
    other = make_show(rows("A", 2), slug="other")
    assert look(other, web, first).letters == "oo"


def test_a_version_from_the_future_of_the_database_brings_the_whole_picture(show: Show, web: Channel) -> None:
    seen_so_far, *rest = look(show, web).version.split("-")
    xmin, *running = seen_so_far.split(".")
    future = "-".join([".".join([f"{int(xmin, 16) + 10**6:x}", *running]), *rest])

    seen = seat_states(show.pk, channel_id=web.pk, at=LATER, since=future)

    assert seen and seen.letters == "oooo"


def test_the_public_sees_baskets_and_what_is_on_sale_and_nothing_more(show: Show, web: Channel, ids: list[int]) -> None:
    lock(show, web, ids[:1])
    begin_payment(claim_id=lock(show, web, ids[1:2]), by=MANAGER, now=NOON)
    place_hold(show_id=show.pk, wanted=Seats(ids[2:3]), purpose="press", party="Daily", by=MANAGER, now=NOON)

    assert look(show, web).letters == "lpho"
    assert look(show, web, public=True).letters == "llxo"


def test_standing_room_is_in_no_letter_and_does_not_change_the_version(web: Channel) -> None:
    show = make_show(rows("A", 2), lock_for_s=60)
    add_places(show_id=show.pk, house=standing(3), by=MANAGER, now=NOON)
    first = look(show, web)
    floor = list(show.places.filter(section__is_ga=True).values_list("pk", flat=True))
    lock(show, web, floor[:2], LATER)

    assert first.letters == "oo"
    assert look(show, web, first).version == first.version


def test_after_much_standing_room_the_version_moves_on_so_that_looking_stays_cheap(
    web: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.queries.stock.seats.MOST_LOOKED_AT", 1)
    show = make_show(standing(3))
    first = look(show, web)
    lock(show, web, list(show.places.values_list("pk", flat=True))[:2], LATER)

    second = look(show, web, first)

    assert (second.changes, second.letters) == ({}, None)
    assert second.version != first.version


def test_somebody_elses_long_transaction_makes_no_news_of_what_was_seen(
    show: Show, web: Channel, ids: list[int]
) -> None:
    with superuser() as slow:
        slow.execute("SELECT pg_current_xact_id()")
        lock(show, web, ids[:1], LATER)
        first = look(show, web)

        again = look(show, web, first)

    assert (again.changes, again.version) == ({}, first.version)


def test_a_reader_inside_a_transaction_that_only_reads_gets_the_same_difference(
    show: Show, web: Channel, ids: list[int]
) -> None:
    first = look(show, web)
    claim_id = lock(show, web, ids[:1], LATER)
    with transaction.atomic():
        assert look(show, web, first).changes == {0: "l"}
    second = look(show, web, first)
    release_lock(claim_id=claim_id, by=MANAGER, now=LATER)

    with CaptureQueriesContext(connection) as captured:
        assert look(show, web, second).changes == {0: "o"}
    assert len(captured) == 1
