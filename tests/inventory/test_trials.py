"""A change of rules tried first: what would move, and what each channel could then sell; and nothing stays."""

from __future__ import annotations

from datetime import datetime

import pytest

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Entry, Freeze, Movement, Place, ReleaseStep, Show
from inventory.queries.stock import Board
from inventory.services import refusals
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.locking import lock_places
from inventory.services.releases import run_due_releases
from inventory.services.trials import ChangedSinceTrial, make_tried, try_change
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing

SIX = NOON + seconds(6 * 3600)


def sellable(board: Board, channel: Channel) -> int:
    return board.whole_of(channel.pk).sellable


def everything(show: Show) -> tuple[object, ...]:
    return (
        list(Place.objects.order_by("pk").values()),
        Entry.objects.count(),
        Movement.objects.count(),
        Allocation.objects.count(),
        AllocationChannel.objects.count(),
        ReleaseStep.objects.count(),
        Freeze.objects.count(),
    )


def test_a_slice_with_a_ladder_tried_says_what_moves_and_who_sells_what_when(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    before = everything(show)

    def change(at: datetime) -> None:
        slice_ = Allocation.objects.create(show=show, name="Counter slice")
        AllocationChannel.objects.create(allocation=slice_, channel=counter)
        ReleaseStep.objects.create(show=show, allocation=slice_, at=SIX, share_percent=50)
        allocate_places(allocation_id=slice_.pk, wanted=Admissions(show.tiers.get().pk, 4), by=MANAGER, now=at)

    trial = try_change(show_id=show.pk, change=change, now=NOON)

    assert [move.place_id for move in trial.moves] == list(
        show.places.order_by("rank").values_list("pk", flat=True)[:4]
    )
    assert [
        (outlook.at, sellable(outlook.before, web), sellable(outlook.after, web), sellable(outlook.after, counter))
        for outlook in trial.outlooks
    ] == [(NOON, 10, 6, 10), (SIX, 10, 8, 10)]
    assert everything(show) == before


def test_a_trial_names_what_it_would_make_and_what_it_would_empty(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    old, kept = (Allocation.objects.create(show=show, name=name) for name in ("Old", "Kept"))
    two, one = Admissions(show.tiers.get().pk, 2), Admissions(show.tiers.get().pk, 1)
    for slice_, wanted in ((old, one), (kept, two)):
        allocate_places(allocation_id=slice_.pk, wanted=wanted, by=MANAGER, now=NOON)
    chosen = Seats([*old.places.values_list("pk", flat=True), *kept.places.values_list("pk", flat=True)[:1]])

    def change(at: datetime) -> None:
        new = Allocation.objects.create(show=show, name="New")
        allocate_places(allocation_id=new.pk, wanted=chosen, by=MANAGER, now=at)

    trial = try_change(show_id=show.pk, change=change, now=NOON)

    assert [label.name for label in trial.labels.values()] == ["Pool", "Old", "Kept", "New"]
    assert {trial.labels[move.to_allocation].name for move in trial.moves} == {"New"}
    assert trial.emptied == ["Old"]


def test_a_draft_is_tried_as_if_it_were_on_sale_where_that_is_asked_for(web: Channel) -> None:
    show = make_show(standing(4), state=Show.State.DRAFT)

    def change(at: datetime) -> None:
        slice_ = Allocation.objects.create(show=show, name="Nobody's")
        allocate_places(allocation_id=slice_.pk, wanted=Admissions(show.tiers.get().pk, 1), by=MANAGER, now=at)

    as_it_is, as_if = (
        try_change(show_id=show.pk, change=change, now=NOON, as_if_on_sale=on_sale).outlooks[0]
        for on_sale in (False, True)
    )

    assert (sellable(as_it_is.before, web), sellable(as_it_is.after, web)) == (0, 0)
    assert (sellable(as_if.before, web), sellable(as_if.after, web)) == (4, 3)


def test_a_freeze_tried_takes_the_channel_to_nothing(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    before = everything(show)

    trial = try_change(
        show_id=show.pk,
        change=lambda at: freeze(show_id=show.pk, channel_id=web.pk, by=By("user:1", reason_code="try"), now=at),
        now=NOON,
    )

    (outlook,) = trial.outlooks
    assert (trial.moves, sellable(outlook.after, web), sellable(outlook.after, counter)) == ([], 0, 10)
    assert everything(show) == before


def test_a_label_on_what_is_locked_is_told_and_what_ran_out_is_no_move(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 4))
    chosen = Seats([seat(show, "A-1").pk])
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=chosen, by=MANAGER, now=NOON)
    slice_ = Allocation.objects.create(show=show, name="Counter slice")

    def relabel(at: datetime) -> None:
        allocate_places(allocation_id=slice_.pk, wanted=chosen, by=MANAGER, now=at)

    (move,) = try_change(show_id=show.pk, change=relabel, now=NOON).moves
    assert (move.from_status, move.to_status, move.to_allocation) == ("locked", "locked", slice_.pk)
    (move,) = try_change(show_id=show.pk, change=relabel, now=SIX).moves
    assert (move.from_status, move.to_status) == ("open", "open")
    assert Place.objects.get(pk=move.place_id).status == "locked"


def test_a_change_that_would_be_refused_is_refused_in_trial(web: Channel) -> None:
    show = make_show(standing(2))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    before = everything(show)

    with pytest.raises(refusals.NotEnoughPlaces):
        try_change(
            show_id=show.pk,
            change=lambda at: allocate_places(
                allocation_id=slice_.pk, wanted=Admissions(show.tiers.get().pk, 3), by=MANAGER, now=at
            ),
        )
    with pytest.raises(refusals.ShowUnknown):
        try_change(show_id=0, change=lambda at: None)
    assert everything(show) == before


def test_a_change_tried_and_made_moves_what_was_seen(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    two = Admissions(show.tiers.get().pk, 2)

    def change(at: datetime) -> None:
        allocate_places(allocation_id=slice_.pk, wanted=two, by=MANAGER, now=at)

    trial = try_change(show_id=show.pk, change=change, now=NOON)
    made = make_tried(show_id=show.pk, change=change, seen=trial.fingerprint, now=NOON)

    assert (made, show.places.filter(allocation=slice_).count()) == (trial.moves, 2)


def test_a_change_that_would_move_others_by_now_is_not_made(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    two = Admissions(show.tiers.get().pk, 2)

    def change(at: datetime) -> None:
        allocate_places(allocation_id=slice_.pk, wanted=two, by=MANAGER, now=at)

    trial = try_change(show_id=show.pk, change=change, now=NOON)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Admissions(show.tiers.get().pk, 1), by=MANAGER, now=NOON)
    before = everything(show)

    with pytest.raises(ChangedSinceTrial):
        make_tried(show_id=show.pk, change=change, seen=trial.fingerprint, now=NOON)
    assert everything(show) == before


def test_what_is_due_is_no_part_of_the_change(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    two = Admissions(show.tiers.get().pk, 2)
    allocate_places(allocation_id=slice_.pk, wanted=two, by=MANAGER, now=NOON)
    ReleaseStep.objects.create(show=show, allocation=slice_, at=SIX, share_percent=100)

    trial = try_change(show_id=show.pk, change=lambda at: run_due_releases(show_id=show.pk, now=at), now=SIX)

    assert trial.moves == []


def test_what_happens_at_a_coming_moment_is_told_with_it(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")

    def change(at: datetime) -> None:
        ReleaseStep.objects.create(show=show, allocation=slice_, at=SIX, share_percent=50)
        Allocation.objects.filter(pk=slice_.pk).update(closes_at=SIX + seconds(60))

    trial = try_change(show_id=show.pk, change=change, now=NOON, most=1)

    assert [(outlook.at, [one.kind for one in outlook.coming]) for outlook in trial.outlooks] == [
        (NOON, []), (SIX, ["gives"]),
    ]  # fmt: skip
