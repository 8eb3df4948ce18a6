"""A hold and its ladder are one act: saved together or not at all."""

from __future__ import annotations

import pytest

from inventory.acts import Seats
from inventory.models import Allocation, Hold, ReleaseStep, Show
from inventory.services.holds import (
    AllocationUnknown,
    HoldStepInvalid,
    LadderStep,
    place_hold,
)
from inventory.services.releases import run_due_releases
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, statuses

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = seconds(3600)


@pytest.fixture
def show() -> Show:
    return make_show(rows("A", 4))


def hold(show: Show, *steps: LadderStep, labels: str = "A-1 A-2 A-3 A-4") -> Hold:
    return place_hold(
        show_id=show.pk,
        wanted=Seats([seat(show, label).pk for label in labels.split()]),
        purpose="sponsor",
        party="Chai Co",
        by=MANAGER,
        until=NOON + 10 * HOUR,
        steps=steps,
        now=NOON,
    )


def test_a_hold_is_saved_with_its_ladder_which_gives_back_at_its_hours(show: Show) -> None:
    walk_ins = Allocation.objects.create(show=show, name="Walk-ins")

    hold(
        show,
        LadderStep(NOON + HOUR, share_percent=50, to_allocation_id=walk_ins.pk),
        LadderStep(NOON + 2 * HOUR, quantity=1),
    )

    assert statuses(show) == {"held": 4}
    run_due_releases(show_id=show.pk, now=NOON + HOUR)
    assert statuses(show) == {"held": 2, "open": 2}
    assert show.places.filter(allocation=walk_ins).count() == 2
    run_due_releases(show_id=show.pk, now=NOON + 2 * HOUR)
    assert statuses(show) == {"held": 1, "open": 3}


@pytest.mark.parametrize(
    "step",
    [
        LadderStep(NOON, quantity=1),
        LadderStep(NOON + 10 * HOUR, quantity=1),
        LadderStep(NOON + HOUR),
        LadderStep(NOON + HOUR, quantity=0),
        LadderStep(NOON + HOUR, share_percent=101),
        LadderStep(NOON + HOUR, share_percent=50, quantity=1),
    ],
    ids=["past", "after the end", "nothing", "none", "more than all", "both"],
)
def test_a_step_that_makes_no_sense_refuses_the_whole_hold(show: Show, step: LadderStep) -> None:
    with pytest.raises(HoldStepInvalid):
        hold(show, LadderStep(NOON + HOUR, quantity=1), step)

    assert statuses(show) == {"open": 4}
    assert not ReleaseStep.objects.exists()


def test_a_step_to_another_shows_allocation_refuses_the_whole_hold(show: Show) -> None:
    foreign = make_show(rows("A", 1), slug="othello").allocations.get()

    with pytest.raises(AllocationUnknown):
        hold(show, LadderStep(NOON + HOUR, quantity=1, to_allocation_id=foreign.pk))

    assert statuses(show) == {"open": 4}


def test_what_a_ladder_has_promised_is_held_again_before_a_worker_has_been(show: Show) -> None:
    hold(show, LadderStep(NOON + HOUR, share_percent=100), labels="A-1")

    again = place_hold(
        show_id=show.pk,
        wanted=Seats([seat(show, "A-1").pk]),
        purpose="press",
        party="The Daily",
        by=MANAGER,
        now=NOON + 2 * HOUR,
    )

    assert seat(show, "A-1").claim_id == again.pk
