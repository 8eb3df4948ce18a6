"""From when each channel sells: the whole pool and each slice; sales, reads and explanations say the same."""

from __future__ import annotations

from typing import Any

import pytest

from core.refusals import DomainError
from inventory.acts import Admissions, Best, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Movement, Show
from inventory.queries.stock import availability, by_channel, by_label, coming, explain_channel, explain_place
from inventory.services.locking import lock_places
from inventory.services.on_sale import OnSale, set_on_sale
from inventory.services.refusals import NotEnoughPlaces, PlacesNotOnSaleHere
from inventory.services.slices import Opening, OpeningInvalid, Part, Pick, Slice, SliceStep
from inventory.services.slicing import slice_pool
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing

HOUR = seconds(3600)
FRIDAY, SATURDAY = NOON + 24 * HOUR, NOON + 48 * HOUR
BY = By("user:1", reason_code="presale", note="As announced.")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 4))


def pool(show: Show) -> int:
    return show.allocations.get(is_pool=True).pk


def open_pool(show: Show, times: dict[Channel, Any], at: Any = NOON) -> None:
    openings = [Opening(channel.pk, opens_at) for channel, opens_at in times.items()]
    set_on_sale(show_id=show.pk, times=[OnSale(pool(show), openings)], by=BY, now=at)


def sells(show: Show, channel: Channel, at: Any) -> int:
    return sum(line.sellable for line in by_channel(show.pk, at) if line.channel_id == channel.pk)


def test_the_web_sells_from_friday_and_the_counter_from_saturday(show: Show, web: Channel, counter: Channel) -> None:
    open_pool(show, {web: FRIDAY, counter: SATURDAY})

    moments = (FRIDAY - seconds(1), FRIDAY, SATURDAY)
    assert [(sells(show, web, at), sells(show, counter, at)) for at in moments] == [(0, 0), (8, 0), (8, 8)]
    movement = Movement.objects.get(verb="allocate_places")
    assert (movement.quantity, movement.actor, movement.reason_code, movement.note.text) == (
        0, "user:1", "presale", "As announced.",
    )  # fmt: skip


def test_nothing_of_the_pool_is_sold_before_its_second(show: Show, web: Channel) -> None:
    open_pool(show, {web: FRIDAY})
    one = Seats([seat(show, "A-1").pk])
    early: dict[str, Any] = {"show_id": show.pk, "channel_id": web.pk, "by": MANAGER, "now": FRIDAY - seconds(1)}

    with pytest.raises(PlacesNotOnSaleHere):
        lock_places(wanted=one, **early)
    with pytest.raises(NotEnoughPlaces):
        lock_places(wanted=Best(2), **early)
    with pytest.raises(NotEnoughPlaces):
        lock_places(wanted=Admissions(show.tiers.get().pk, 2), **early)
    assert lock_places(wanted=one, **early | {"now": FRIDAY})


def test_a_buyer_and_the_staff_are_told_from_when(show: Show, web: Channel) -> None:
    open_pool(show, {web: FRIDAY})
    one = seat(show, "A-1").pk

    (reason,) = explain_place(one, show.pk, web.pk, NOON) or []
    assert reason.words == "It is in the open pool, which is on sale here from 02 Dec 17:30."
    assert (reason.code, reason.until) == ("not_on_sale_here_yet", FRIDAY)
    (public,) = explain_channel(show.pk, web.pk, NOON, public=True) or []
    assert (public.code, public.words) == ("not_on_sale_here_yet", "On sale here from 02 Dec 17:30.")
    left = availability(show.pk, channel_id=web.pk, at=NOON)
    assert left and (left.total.sellable, left.total.next_release) == (0, FRIDAY)
    assert [(one.at, one.kind, one.channel) for one in coming(show.pk, NOON, 5)] == [(FRIDAY, "opens", "Web")]


def test_what_comes_back_to_the_pool_waits_for_it_to_open(show: Show, web: Channel, counter: Channel) -> None:
    open_pool(show, {web: SATURDAY})
    step = SliceStep(FRIDAY, share_percent=100)
    slice_pool(
        show_id=show.pk,
        slices=[
            Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=2), ladder=[step]),
            Slice("Members", [Opening(counter.pk)], Pick(quantity=2), closes_at=FRIDAY),
            Slice("Web first", [Opening(web.pk)], Pick(quantity=2)),
        ],
        by=BY,
        now=NOON,
    )

    assert [sells(show, web, at) for at in (NOON, FRIDAY, SATURDAY)] == [2, 2, 8]
    members = Allocation.objects.get(name="Members").places.all()[0].pk
    (reason,) = explain_place(members, show.pk, web.pk, FRIDAY) or []
    assert reason.until == SATURDAY


def test_times_of_the_pool_and_of_slices_are_set_in_one_act(show: Show, web: Channel, counter: Channel) -> None:
    slice_pool(show_id=show.pk, slices=[Slice("Counter", [Opening(counter.pk)], Pick(quantity=3))], by=BY, now=NOON)
    slice_id = Allocation.objects.get(name="Counter").pk

    times = [
        OnSale(pool(show), [Opening(web.pk, FRIDAY)]),
        OnSale(slice_id, [Opening(counter.pk, FRIDAY), Opening(web.pk, SATURDAY)], SATURDAY + HOUR),
    ]
    set_on_sale(show_id=show.pk, times=times, by=BY, now=NOON)

    assert [(sells(show, web, at), sells(show, counter, at)) for at in (NOON, FRIDAY, SATURDAY)] == [
        (0, 5), (5, 8), (8, 8),
    ]  # fmt: skip


def test_a_time_that_has_come_may_stay_when_others_are_changed(show: Show, web: Channel, counter: Channel) -> None:
    slice_pool(
        show_id=show.pk, slices=[Slice("Counter", [Opening(counter.pk)], Part(), closes_at=FRIDAY)], by=BY, now=NOON
    )
    slice_id = Allocation.objects.get(name="Counter").pk
    open_pool(show, {web: FRIDAY})

    times = [OnSale(pool(show), [Opening(web.pk, FRIDAY)]), OnSale(slice_id, [Opening(counter.pk)], FRIDAY)]
    set_on_sale(show_id=show.pk, times=times, by=BY, now=SATURDAY)
    open_pool(show, {}, at=SATURDAY)

    assert not AllocationChannel.objects.filter(allocation=pool(show)).exists()


@pytest.mark.parametrize("opens_at", [FRIDAY, SATURDAY])
def test_no_channel_opens_after_an_end_that_stays_as_it_is(
    show: Show, web: Channel, counter: Channel, opens_at: Any
) -> None:
    slice_ = Slice("Counter", [Opening(counter.pk)], Part(), closes_at=FRIDAY)
    (made,) = slice_pool(show_id=show.pk, slices=[slice_], by=BY, now=NOON)
    late = OnSale(made.allocation.pk, [Opening(counter.pk), Opening(web.pk, opens_at)], FRIDAY)

    for at in (NOON, FRIDAY + HOUR):
        with pytest.raises(OpeningInvalid):
            set_on_sale(show_id=show.pk, times=[late], by=BY, now=at)
    assert [opening.channel for opening in made.allocation.openings.all()] == [counter]


def test_a_slice_does_not_close_before_an_opening_that_stays_as_it_is(show: Show, counter: Channel) -> None:
    opening = Opening(counter.pk, SATURDAY)
    (made,) = slice_pool(show_id=show.pk, slices=[Slice("Counter", [opening], Part())], by=BY, now=NOON)
    closed = Slice("Counter", [opening], closes_at=FRIDAY, allocation_id=made.allocation.pk)

    with pytest.raises(OpeningInvalid):
        set_on_sale(show_id=show.pk, times=[OnSale(made.allocation.pk, [opening], FRIDAY)], by=BY, now=NOON)
    with pytest.raises(OpeningInvalid):
        slice_pool(show_id=show.pk, slices=[closed], by=BY, now=NOON)

    made.allocation.refresh_from_db()
    assert made.allocation.closes_at is None


@pytest.mark.parametrize(
    ("code", "is_pool", "fields"),
    [
        ("opening_invalid", True, {"openings": [NOON]}),
        ("opening_invalid", True, {"openings": [NOON + 24 * 30 * HOUR]}),
        ("slice_incomplete", True, {"openings": [FRIDAY, FRIDAY]}),
        ("closing_invalid", True, {"openings": [FRIDAY], "closes_at": SATURDAY}),
        ("channel_unknown", True, {"openings": [FRIDAY], "channel_id": 404}),
        ("slice_incomplete", False, {"openings": []}),
        ("opening_invalid", False, {"openings": [SATURDAY], "closes_at": FRIDAY}),
        ("closing_invalid", False, {"openings": [None], "closes_at": NOON}),
        ("closing_invalid", False, {"openings": [None], "closes_at": FRIDAY}),
        ("allocation_unknown", False, {"openings": [None], "allocation_id": 404}),
    ],
)
def test_times_that_make_no_sense_are_refused_and_nothing_is_changed(
    show: Show, counter: Channel, code: str, is_pool: bool, fields: dict[str, Any]
) -> None:
    step = SliceStep(SATURDAY, share_percent=100)
    slice_ = Slice("Counter", [Opening(counter.pk)], Pick(quantity=3), ladder=[step])
    slice_pool(show_id=show.pk, slices=[slice_], by=BY, now=NOON)
    before = list(AllocationChannel.objects.values()), list(Allocation.objects.values()), Movement.objects.count()
    allocation_id = pool(show) if is_pool else Allocation.objects.get(name="Counter").pk
    channel_id = fields.get("channel_id", counter.pk)
    openings = [Opening(channel_id, opens_at) for opens_at in fields["openings"]]
    asked = OnSale(fields.get("allocation_id", allocation_id), openings, fields.get("closes_at"))

    with pytest.raises(DomainError) as refused:
        set_on_sale(show_id=show.pk, times=[OnSale(pool(show), []), asked], by=BY, now=NOON)

    assert refused.value.code == code
    assert before == (
        list(AllocationChannel.objects.values()), list(Allocation.objects.values()), Movement.objects.count(),
    )  # fmt: skip


def test_what_is_left_of_each_slice_is_counted_as_it_is_seen(web: Channel, counter: Channel) -> None:
    show = make_show(standing(6))
    step = SliceStep(FRIDAY, quantity=1)
    slice_ = Slice("Counter", [Opening(counter.pk)], Pick(quantity=3), ladder=[step])
    slice_pool(show_id=show.pk, slices=[slice_], by=BY, now=NOON)
    tier = show.tiers.get().pk
    lock_places(show_id=show.pk, channel_id=counter.pk, wanted=Admissions(tier, 1), by=MANAGER, now=NOON)
    slice_id = Allocation.objects.get(name="Counter").pk

    assert by_label(show.pk, NOON) == {pool(show): {"open": 3}, slice_id: {"locked": 1, "open": 2}}
    assert by_label(show.pk, FRIDAY) == {pool(show): {"open": 4}, slice_id: {"open": 2}}
