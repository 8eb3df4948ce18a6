"""Release ladders: what holds and allocations give back, at its very second, with no worker and no beat running."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Hold, Movement, ReleaseStep, Show
from inventory.queries.stock import availability
from inventory.queries.verify import verify
from inventory.services import refusals
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.releases import run_all_due_releases, run_due_releases
from inventory.services.sales import return_sold
from inventory.tasks import run_due_releases as task
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.plain_sql import rule_of

BUYER = By(actor="session:buyer")
SIX = NOON + seconds(6 * 3600)
A_MOMENT = timedelta(microseconds=1)


def cut(show: Show, channel: Channel, quantity: int, name: str = "Counter slice") -> Allocation:
    allocation = Allocation.objects.create(show=show, name=name)
    AllocationChannel.objects.create(allocation=allocation, channel=channel)
    wanted = Admissions(show.tiers.get().pk, quantity)
    allocate_places(allocation_id=allocation.pk, wanted=wanted, by=MANAGER, now=NOON)
    return allocation


def step(show: Show, at: datetime = SIX, **fields: Any) -> ReleaseStep:
    return ReleaseStep.objects.create(show=show, at=at, **fields)


def left(show: Show, channel: Channel, at: datetime) -> int:
    seen = availability(show.pk, channel_id=channel.pk, at=at)
    assert seen is not None
    return seen.total.sellable


def buy(show: Show, channel: Channel, quantity: int, now: datetime) -> list[int]:
    wanted = Admissions(show.tiers.get().pk, quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, now=now).place_ids


def test_half_of_a_slice_goes_to_the_pool_at_its_second_and_the_rest_later(web: Channel, counter: Channel) -> None:
    show = make_show(standing(20))
    slice_ = cut(show, counter, 10)
    step(show, SIX, allocation=slice_, share_percent=50)
    step(show, SIX + seconds(60), allocation=slice_, share_percent=100)

    assert [left(show, web, at) for at in (SIX - A_MOMENT, SIX, SIX + seconds(59), SIX + seconds(60))] == [
        10, 15, 15, 20,
    ]  # fmt: skip
    # Reading moved nothing: the sale itself does, at the same second.
    assert not Movement.objects.filter(verb="run_due_releases").exists()
    with pytest.raises(refusals.NotEnoughPlaces):
        buy(show, web, 11, SIX - A_MOMENT)
    assert len(buy(show, web, 10, SIX)) == 10
    assert len(buy(show, web, 5, SIX)) == 5
    assert left(show, counter, SIX) == 5
    assert verify(show).is_sound


def test_a_share_is_of_what_is_unsold_at_that_moment(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = cut(show, counter, 10)
    step(show, allocation=slice_, share_percent=50)
    buy(show, counter, 5, SIX - seconds(60))

    assert left(show, web, SIX) == 3  # half of five, rounded up
    assert run_due_releases(show_id=show.pk, now=SIX) == 3
    assert left(show, web, SIX) == 3


def test_the_worst_places_go_first(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = cut(show, counter, 10)
    step(show, allocation=slice_, quantity=4)

    run_due_releases(show_id=show.pk, now=SIX)

    assert sorted(show.places.filter(allocation=slice_).values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_step_for_more_than_there_is_takes_what_there_is(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    step(show, allocation=cut(show, counter, 3), quantity=50)

    assert run_due_releases(show_id=show.pk, now=SIX) == 3


def test_a_step_may_lead_to_another_channels_allocation(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    target = cut(show, web, 2, "Web first")
    step(show, allocation=cut(show, counter, 4), quantity=1, to_allocation=target)

    assert (left(show, web, SIX - A_MOMENT), left(show, web, SIX)) == (6, 7)


def test_the_last_step_also_takes_what_is_sold_for_when_it_returns(web: Channel, counter: Channel) -> None:
    show = make_show(standing(2))
    slice_ = cut(show, counter, 2)
    step(show, allocation=slice_, share_percent=100)
    lock = lock_places(
        show_id=show.pk, channel_id=counter.pk, wanted=Admissions(show.tiers.get().pk, 1), by=BUYER, now=NOON
    )
    commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    run_due_releases(show_id=show.pk, now=SIX)
    return_sold(show_id=show.pk, place_ids=lock.place_ids, by=By("user:1", reason_code="refund"), now=SIX)

    assert left(show, web, SIX) == 2
    assert verify(show).is_sound


def test_a_hold_gives_back_by_its_ladder_to_the_label_it_names(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 6))
    hold = hold_of(show, "A-1", "A-2", "A-3", "A-4")
    target = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=target, channel=counter)
    step(show, SIX, hold=hold, share_percent=50, to_allocation=target)
    step(show, SIX + seconds(60), hold=hold, quantity=1)

    assert (left(show, web, SIX), left(show, counter, SIX)) == (2, 4)
    assert (left(show, web, SIX + seconds(60)), left(show, counter, SIX + seconds(60))) == (3, 5)
    run_due_releases(show_id=show.pk, now=SIX + seconds(60))
    assert statuses(show) == {"open": 5, "held": 1}
    assert hold.claim.places.count() == 1
    assert verify(show).is_sound


def hold_of(show: Show, *labels: str, until: datetime | None = None) -> Hold:
    return place_hold(
        show_id=show.pk,
        wanted=Seats([seat(show, label).pk for label in labels]),
        purpose="sponsor",
        party="Peacock Paints",
        by=MANAGER,
        until=until,
        now=NOON,
    )


def test_a_holds_own_end_gives_everything_back_at_its_second(web: Channel) -> None:
    show = make_show(rows("A", 4))
    hold = hold_of(show, "A-2", "A-3", until=SIX)

    assert (left(show, web, SIX - A_MOMENT), left(show, web, SIX)) == (2, 4)
    lock = lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER, now=SIX + seconds(1)
    )

    assert lock.place_ids == [seat(show, "A-2").pk]
    hold.claim.refresh_from_db()
    assert hold.claim.ended_at == SIX + seconds(1)
    assert verify(show).is_sound


def test_steps_that_fell_due_together_see_each_other_in_their_order(web: Channel, counter: Channel) -> None:
    """A hold's places go to the counter's slice, and from there half of the slice goes on to the pool."""
    show = make_show(rows("A", 6))
    hold = hold_of(show, "A-1", "A-2", "A-3", "A-4")
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=slice_, channel=counter)
    step(show, SIX, hold=hold, share_percent=100, to_allocation=slice_)
    step(show, SIX + seconds(60), allocation=slice_, share_percent=50)
    late = SIX + seconds(3600)

    assert (left(show, web, late), left(show, counter, late)) == (4, 6)
    run_due_releases(show_id=show.pk, now=late)
    assert (left(show, web, late), left(show, counter, late)) == (4, 6)
    assert verify(show).is_sound


def test_the_ledger_names_each_step_and_carrying_out_twice_is_once(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    due = step(show, allocation=cut(show, counter, 4), share_percent=50)

    assert [run_due_releases(show_id=show.pk, now=SIX) for _ in range(2)] == [2, 0]

    due.refresh_from_db()
    assert due.done_at == SIX
    assert due.movement is not None
    assert (due.movement.verb, due.movement.quantity, due.movement.actor, due.movement.at) == (
        "run_due_releases", 2, "system:housekeeping", SIX,
    )  # fmt: skip


def test_what_has_run_out_is_unsold_too(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    slice_ = cut(show, counter, 4)
    step(show, allocation=slice_, share_percent=50)
    buy(show, counter, 4, NOON)

    assert left(show, web, SIX) == 2
    assert run_due_releases(show_id=show.pk, now=SIX) == 2
    assert verify(show).is_sound


def test_a_step_with_nothing_left_to_give_is_done_all_the_same(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    hold = place_hold(
        show_id=show.pk,
        wanted=Admissions(show.tiers.get().pk, 1),
        purpose="press",
        party="Daily",
        by=MANAGER,
        until=SIX,
        now=NOON,
    )
    late = step(show, SIX + seconds(5), hold=hold, share_percent=100)

    assert run_due_releases(show_id=show.pk, now=SIX + seconds(10)) == 1

    late.refresh_from_db()
    assert (late.done_at, late.movement) == (SIX + seconds(10), None)


def test_the_worker_carries_out_every_show_that_is_due_and_no_other(web: Channel, counter: Channel) -> None:
    shows = [make_show(standing(4), slug=slug) for slug in ("hamlet", "othello", "lear")]
    for show, at in zip(shows, (SIX, SIX, SIX + seconds(1)), strict=True):
        step(show, at, allocation=cut(show, counter, 2), share_percent=100)

    assert run_all_due_releases(now=SIX) == 4
    assert [left(show, web, SIX) for show in shows] == [4, 4, 2]


def test_beats_task_runs_by_the_databases_clock(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    step(show, NOON - timedelta(days=3650), allocation=cut(show, counter, 2), share_percent=100)

    assert task() == 2


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"share_percent": 50}, "release_step_is_of_an_allocation_or_a_hold"),
        ({"allocation": "slice"}, "release_step_is_a_share_or_a_number"),
        ({"allocation": "slice", "share_percent": 50, "quantity": 1}, "release_step_is_a_share_or_a_number"),
        ({"allocation": "slice", "share_percent": 101}, "release_step_share_is_a_percentage"),
        ({"allocation": "slice", "quantity": 0}, "release_step_is_some"),
        ({"allocation": "slice", "quantity": 1, "to_allocation": "slice"}, "release_step_leads_elsewhere"),
        ({"allocation": "foreign", "quantity": 1}, "release_step_allocation_is_of_its_show"),
        ({"allocation": "slice", "quantity": 1, "to_allocation": "foreign"}, "release_step_leads_within_its_show"),
    ],
)
def test_an_odd_step_is_refused_by_name(web: Channel, counter: Channel, fields: dict[str, Any], rule: str) -> None:
    show, other = make_show(standing(4)), make_show(standing(4), slug="othello")
    named = {"slice": cut(show, counter, 1), "foreign": cut(other, counter, 1)}

    assert rule_of(lambda: step(show, **{key: named.get(value, value) for key, value in fields.items()})) == rule
