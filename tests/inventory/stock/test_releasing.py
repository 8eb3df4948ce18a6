"""What is released soon: the right moments, how many open places each gives, and to whom they go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, Channel, Claim, Show
from inventory.queries.stock import Target, releasing
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold, release_hold
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from tests.houses import MANAGER, NOON, make_show, standing
from tests.inventory.stock.rules import slice_for, step

HOUR = timedelta(hours=1)
BUYER = By(actor="session:buyer")


def soon(at: Any = NOON) -> list[tuple[str, str, int, list[Target]]]:
    told = releasing(at, at + 48 * HOUR)
    return [(one.kind, one.name, int((one.at - at) / HOUR), one.targets) for one in told]


def hold(show: Show, quantity: int, *, until: Any = None, party: str = "The Ferry") -> Claim:
    wanted = Admissions(show.tiers.get().pk, quantity)
    made = place_hold(show_id=show.pk, wanted=wanted, purpose="press", party=party, until=until, by=MANAGER, now=NOON)
    return made.claim


def fill(show: Show, slice_: Allocation, quantity: int) -> None:
    wanted = Admissions(show.tiers.get().pk, quantity)
    allocate_places(allocation_id=slice_.pk, wanted=wanted, by=MANAGER, now=NOON)


def test_a_hold_that_ends_gives_what_it_has_to_the_pool(transactional_db: None) -> None:
    show = make_show(standing(10))
    hold(show, 4, until=NOON + 5 * HOUR)

    assert soon() == [("ends", "The Ferry", 5, [Target("", 4)])]


def test_a_ladder_is_counted_step_by_step_each_after_the_ones_before(web: Channel, counter: Channel) -> None:
    show = make_show(standing(20))
    slice_, other = slice_for(show, counter, name="Counter slice"), slice_for(show, web, name="Web first")
    fill(show, slice_, 8)
    step(show, NOON + 2 * HOUR, allocation=slice_, share_percent=50)
    step(show, NOON + 3 * HOUR, allocation=slice_, quantity=3, to_allocation=other)
    step(show, NOON + 4 * HOUR, allocation=slice_)

    assert soon() == [
        ("gives", "Counter slice", 2, [Target("", 4)]),
        ("gives", "Counter slice", 3, [Target("Web first", 3)]),
        ("gives", "Counter slice", 4, [Target("", 1)]),
    ]


def test_a_holds_ladder_and_its_end_are_told_apart(transactional_db: None) -> None:
    show = make_show(standing(10))
    claim = hold(show, 6, until=NOON + 20 * HOUR)
    step(show, NOON + 2 * HOUR, hold_id=claim.pk, quantity=4)

    assert soon() == [("gives", "The Ferry", 2, [Target("", 4)]), ("ends", "The Ferry", 20, [Target("", 2)])]


def test_places_of_a_hold_go_back_each_to_its_own_slice(counter: Channel) -> None:
    show = make_show(standing(6))
    slice_ = slice_for(show, counter, name="Counter slice")
    claim = hold(show, 6, until=NOON + HOUR)
    allocate_places(allocation_id=slice_.pk, wanted=_some_of(claim, 2), by=MANAGER, now=NOON)

    assert soon() == [("ends", "The Ferry", 1, [Target("", 4), Target("Counter slice", 2)])]


def test_a_slice_that_closes_tells_what_is_open_of_it(counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = slice_for(show, counter, name="Counter slice")
    fill(show, slice_, 3)
    Allocation.objects.filter(pk=slice_.pk).update(closes_at=NOON + 7 * HOUR)

    assert soon() == [("closes", "Counter slice", 7, [Target("", 3)])]


def test_what_is_sold_of_a_slice_is_not_counted(counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = slice_for(show, counter, name="Counter slice")
    fill(show, slice_, 5)
    step(show, NOON + HOUR, allocation=slice_)
    wanted = Admissions(show.tiers.get().pk, 2)
    lock = lock_places(show_id=show.pk, channel_id=counter.pk, wanted=wanted, by=BUYER, now=NOON)
    commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert soon() == [("gives", "Counter slice", 1, [Target("", 3)])]


def test_a_slice_with_nothing_left_says_so_by_giving_nothing(counter: Channel) -> None:
    show = make_show(standing(3))
    step(show, NOON + HOUR, allocation=slice_for(show, counter, name="Counter slice"))

    assert soon() == [("gives", "Counter slice", 1, [])]


def test_what_is_past_far_off_ended_over_or_cancelled_is_left_out(transactional_db: None) -> None:
    show = make_show(standing(10))
    hold(show, 1, until=NOON + 49 * HOUR)
    broken = hold(show, 1, until=NOON + 2 * HOUR)
    release_hold(claim_id=broken.pk, by=MANAGER)
    hold(make_show(standing(3), slug="gone", state="cancelled"), 1, until=NOON + HOUR)
    hold(make_show(standing(3), slug="over", starts_at=NOON - 13 * HOUR), 1, until=NOON + HOUR)
    hold(show, 2, until=NOON + HOUR, party="Past by then")

    assert soon() == [("ends", "Past by then", 1, [Target("", 2)])]
    assert [name for _, name, _, _ in soon(NOON + HOUR)] == ["The Ferry"]


def test_all_shows_are_told_in_one_list_the_earliest_first(transactional_db: None) -> None:
    for nth, slug in ((3, "hamlet"), (1, "othello"), (2, "lear")):
        hold(make_show(standing(3), slug=slug), 1, until=NOON + nth * HOUR)

    assert [one.show for one in releasing(NOON, NOON + 48 * HOUR)] == ["Othello", "Lear", "Hamlet"]


def _some_of(claim: Claim, count: int) -> Seats:
    return Seats(list(claim.places.order_by("pk").values_list("pk", flat=True)[:count]))
