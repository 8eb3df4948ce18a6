"""Every rule holds at its very second with nothing running: a microsecond before, and at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from inventory.acts import By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Show
from inventory.queries.stock import availability, by_channel, counts_of, explain_place, seat_states
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment
from tests.houses import MANAGER, NOON, make_show, rows, seconds
from tests.inventory.stock import rules

pytestmark = pytest.mark.django_db(transaction=True)
JUST_BEFORE = seconds(-0.000001)
SOON = NOON + seconds(600)


@pytest.fixture
def show(web: Channel) -> Show:
    return make_show(rows("A", 4), lock_for_s=600, lock_cap_s=1200)


@pytest.fixture
def ids(show: Show) -> list[int]:
    return list(show.places.order_by("pk").values_list("pk", flat=True))


def held(show: Show, channel: Channel, at: datetime) -> tuple[int, str, dict[str, int]]:
    """What is sellable, seat by seat, and by status: three reads that must agree."""
    seen = availability(show.pk, channel_id=channel.pk, at=at)
    states = seat_states(show.pk, channel_id=channel.pk, at=at)
    assert seen and states and states.letters
    (line,) = [line for line in by_channel(show.pk, at=at) if line.channel_id == channel.pk]
    assert seen.total.sellable == line.sellable == states.letters.count("o")
    for place_id, letter in zip(show.places.order_by("pk").values_list("pk", flat=True), states.letters, strict=True):
        assert (explain_place(place_id, show.pk, channel.pk, at) == []) is (letter == "o")
    return seen.total.sellable, states.letters, counts_of([show.pk], at)[show.pk]


def test_a_browsing_lock_is_over_at_its_second(show: Show, web: Channel, ids: list[int]) -> None:
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids[:2]), by=MANAGER, now=NOON)

    assert held(show, web, SOON + JUST_BEFORE) == (2, "lloo", {"locked": 2, "open": 2})
    assert held(show, web, SOON) == (4, "oooo", {"open": 4})


def test_a_paying_lock_is_over_at_its_cap(show: Show, web: Channel, ids: list[int]) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)
    begin_payment(claim_id=lock.claim_id, by=MANAGER, now=NOON)
    cap = NOON + seconds(1200)

    assert held(show, web, cap + JUST_BEFORE) == (3, "pooo", {"locked": 1, "open": 3})
    assert held(show, web, cap) == (4, "oooo", {"open": 4})


def test_a_hold_ends_at_its_second(show: Show, web: Channel, ids: list[int]) -> None:
    hold(show, ids[:3], until=SOON)

    assert held(show, web, SOON + JUST_BEFORE) == (1, "hhho", {"held": 3, "open": 1})
    assert held(show, web, SOON) == (4, "oooo", {"open": 4})


def test_an_allocation_opens_for_a_channel_at_its_second(show: Show, web: Channel, ids: list[int]) -> None:
    presale = rules.slice_for(show, web, opens_at=SOON)
    allocate_places(allocation_id=presale.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)

    assert held(show, web, SOON + JUST_BEFORE) == (3, "nooo", {"open": 4})
    assert held(show, web, SOON) == (4, "oooo", {"open": 4})


def test_an_allocation_closes_into_the_pool_at_its_second(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    slice_ = rules.slice_for(show, counter)
    Allocation.objects.filter(pk=slice_.pk).update(closes_at=SOON)
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)

    assert held(show, web, SOON + JUST_BEFORE) == (3, "nooo", {"open": 4})
    assert held(show, counter, SOON + JUST_BEFORE) == (4, "oooo", {"open": 4})
    assert held(show, web, SOON) == (4, "oooo", {"open": 4})


def test_a_step_of_an_allocation_gives_its_share_at_its_second_the_worst_places_first(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    slice_ = rules.slice_for(show, counter)
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids), by=MANAGER, now=NOON)
    rules.step(show, SOON, allocation=slice_, share_percent=50)

    assert held(show, web, SOON + JUST_BEFORE) == (0, "nnnn", {"open": 4})
    assert held(show, web, SOON) == (2, "nnoo", {"open": 4})


def test_a_step_of_a_hold_opens_its_places_at_its_second_under_its_label(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    slice_ = rules.slice_for(show, counter)
    rules.step(show, SOON, hold=hold(show, ids, until=None), quantity=1, to_allocation=slice_)

    assert held(show, web, SOON + JUST_BEFORE) == (0, "hhhh", {"held": 4})
    assert held(show, counter, SOON) == (1, "hhho", {"held": 3, "open": 1})
    assert held(show, web, SOON) == (0, "hhhn", {"held": 3, "open": 1})


def hold(show: Show, ids: list[int], until: datetime | None) -> object:
    return place_hold(
        show_id=show.pk, wanted=Seats(ids), purpose="press", party="Daily", by=MANAGER, until=until, now=NOON
    )


Arrange = Callable[[Show, Channel, list[int]], datetime]


def a_presale(show: Show, web: Channel, ids: list[int]) -> datetime:
    allocate_places(
        allocation_id=rules.slice_for(show, web, opens_at=SOON).pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON
    )
    return SOON


def a_hold_with_an_end(show: Show, web: Channel, ids: list[int]) -> datetime:
    hold(show, ids[:1], until=SOON)
    return SOON


def a_hold_whose_allocation_opens_later(show: Show, web: Channel, ids: list[int]) -> datetime:
    a_hold_with_an_end(show, web, ids)
    presale = rules.slice_for(show, web, opens_at=SOON + seconds(60))
    allocate_places(allocation_id=presale.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)
    return SOON + seconds(60)


def a_ladder_of_two_steps(show: Show, web: Channel, ids: list[int]) -> datetime:
    first, second = rules.slice_for(show, name="First"), rules.slice_for(show, name="Second")
    allocate_places(allocation_id=first.pk, wanted=Seats(ids), by=MANAGER, now=NOON)
    rules.step(show, NOON + seconds(60), allocation=first, to_allocation=second)
    rules.step(show, SOON, allocation=second)
    return SOON


def steps_in_a_circle_at_one_moment(show: Show, web: Channel, ids: list[int]) -> datetime | None:
    first, second = rules.slice_for(show, name="First"), rules.slice_for(show, name="Second")
    allocate_places(allocation_id=first.pk, wanted=Seats(ids), by=MANAGER, now=NOON)
    rules.step(show, SOON, allocation=first, to_allocation=second)
    rules.step(show, SOON, allocation=second, to_allocation=first)
    return None


def a_slice_for_another_channel(show: Show, web: Channel, ids: list[int]) -> datetime | None:
    other = Channel.objects.get(code="counter")
    slice_ = rules.slice_for(show)
    AllocationChannel.objects.create(allocation=slice_, channel=other, opens_at=SOON)
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids), by=MANAGER, now=NOON)
    return None


@pytest.mark.parametrize(
    "arrange",
    [
        a_presale,
        a_hold_with_an_end,
        a_hold_whose_allocation_opens_later,
        a_ladder_of_two_steps,
        steps_in_a_circle_at_one_moment,
        a_slice_for_another_channel,
    ],
    ids=lambda arrange: arrange.__name__,
)
def test_the_next_release_is_when_more_can_be_sold_here(
    show: Show, web: Channel, ids: list[int], arrange: Arrange
) -> None:
    expected = arrange(show, web, ids)

    now = availability(show.pk, channel_id=web.pk, at=NOON)
    assert now and now.total.next_release == expected
    if expected:
        before = availability(show.pk, channel_id=web.pk, at=expected + JUST_BEFORE)
        then = availability(show.pk, channel_id=web.pk, at=expected)
        assert before and then
        assert before.total.sellable < then.total.sellable


def test_without_a_time_the_databases_clock_decides(show: Show, web: Channel, ids: list[int]) -> None:
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids[:1]), by=By(actor="session:1"))

    seen = availability(show.pk, channel_id=web.pk)

    assert seen and (seen.total.locked, seen.total.sellable) == (1, 3)


@pytest.mark.parametrize("scope", ["tier", "section", "show"])
@pytest.mark.parametrize("take", ["lock", "hold"])
def test_a_rule_counts_as_open_what_is_over_at_its_second(
    show: Show, web: Channel, ids: list[int], take: str, scope: str
) -> None:
    if take == "lock":
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)
    else:
        hold(show, ids[:1], until=SOON)
    targets: dict[str, dict[str, Any]] = {
        "tier": {"tier": show.tiers.get()},
        "section": {"section": show.sections.get()},
        "show": {},
    }
    rules.rule(show, 3, **targets[scope])

    def seen(at: datetime) -> tuple[int, str | None]:
        left = availability(show.pk, channel_id=web.pk, at=at)
        states = seat_states(show.pk, channel_id=web.pk, at=at)
        assert left and states
        return left.total.sellable, states.letters

    assert seen(SOON + JUST_BEFORE) == (0, f"{take[0]}nnn")
    assert seen(SOON) == (1, "oooo")
