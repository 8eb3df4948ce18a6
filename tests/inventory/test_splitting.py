"""A modelled split made real: a slice for each channel with its ladder, the rest for whoever sells first."""

from __future__ import annotations

from typing import Any

import pytest

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Movement, ReleaseStep
from inventory.queries.picking import Order
from inventory.queries.verify import verify
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.slicing import undo_slicing
from inventory.services.splitting import Cut, Share, Split, apply_split
from tests.houses import NOON, make_show, rows, seat, standing, statuses
from tests.inventory.test_slicing import BY, HOUR, everything, labels, sells

BUYER = By("session:1")


@pytest.fixture
def partner(transactional_db: None) -> Channel:
    return Channel.objects.create(code="partner", name="Tiffin", kind="partner")


def split(show: Any, *shares: Share, at: Any = NOON, **more: Any) -> list[Cut]:
    return apply_split(show_id=show.pk, split=Split(shares, **more), by=BY, now=at)


def test_each_channel_gets_its_share_of_the_pool_spread_over_the_rows(counter: Channel, partner: Channel) -> None:
    show = make_show(rows("ABCDE", 4))

    cuts = split(show, Share(counter.pk, 25), Share(partner.pk, 10))

    assert [(cut.allocation.name, cut.quantity) for cut in cuts] == [("Counter slice", 5), ("Tiffin slice", 2)]
    assert labels(show)["Counter slice"] == ["A-1", "B-1", "C-1", "D-1", "E-1"]
    assert verify(show).is_sound


def test_half_a_place_is_rounded_up_as_in_the_model(counter: Channel) -> None:
    show = make_show(standing(25))

    assert [cut.quantity for cut in split(show, Share(counter.pk, 10), order=Order.BEST)] == [3]


def test_a_number_that_was_looked_at_counts_and_not_the_share_any_more(counter: Channel, web: Channel) -> None:
    show = make_show(standing(10))
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([show.places.all()[0].pk]), by=BUYER, now=NOON)

    assert [cut.quantity for cut in split(show, Share(counter.pk, 50, quantity=5))] == [5]


def test_a_slice_gives_back_by_its_ladder_and_steps_that_are_past_are_left_out(counter: Channel, web: Channel) -> None:
    show = make_show(standing(10), starts_at=NOON + 24 * HOUR)
    ladder = ((48 * HOUR, 50), (2 * HOUR, 100))

    (cut,) = split(show, Share(counter.pk, 40, ladder=ladder))

    assert cut.left_out == 1
    assert [(step.at, step.share_percent) for step in ReleaseStep.objects.all()] == [(show.starts_at - 2 * HOUR, 100)]
    assert [sells(show, web, at) for at in (NOON, show.starts_at - 2 * HOUR)] == [6, 10]


def test_the_web_alone_sells_the_rest_for_its_time(counter: Channel, web: Channel) -> None:
    show = make_show(standing(10))

    cuts = split(show, Share(counter.pk, 20), first_id=web.pk, first_for=6 * HOUR)

    assert [(cut.allocation.name, cut.quantity) for cut in cuts] == [("Counter slice", 2), ("Web first", 8)]
    moments = (NOON, NOON + 6 * HOUR)
    assert [(sells(show, web, at), sells(show, counter, at)) for at in moments] == [(8, 2), (8, 10)]


def test_what_slices_have_goes_back_first_where_the_split_replaces(counter: Channel, partner: Channel) -> None:
    show = make_show(standing(10))
    split(show, Share(counter.pk, 60, ladder=((2 * HOUR, 100),)), order=Order.BEST)
    by_hand = Allocation.objects.get(name="Counter slice").pk

    split(show, Share(counter.pk, 20), Share(partner.pk, 10), order=Order.WORST, replaces=True)

    assert labels(show) == {"Counter slice": ["#9", "#10"], "Tiffin slice": ["#8"]}
    assert Allocation.objects.get(name="Counter slice").pk == by_hand
    assert not ReleaseStep.objects.exists()


def test_without_that_a_slice_keeps_what_it_had(counter: Channel) -> None:
    show = make_show(standing(10))
    split(show, Share(counter.pk, 20), order=Order.BEST)

    split(show, Share(counter.pk, 50), order=Order.WORST)

    assert labels(show)["Counter slice"] == ["#1", "#2", "#7", "#8", "#9", "#10"]


def test_nothing_that_is_sold_changes_hands(counter: Channel, web: Channel) -> None:
    show = make_show(rows("A", 10))
    sold = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER, now=NOON)
    commit_lock(claim_id=sold.claim_id, reference="HF-1", by=BUYER, now=NOON)
    before = statuses(show)

    split(show, Share(counter.pk, 100), order=Order.BEST)

    assert (labels(show)["Counter slice"][0], statuses(show)) == ("A-2", before)


def test_the_whole_split_is_undone_at_once(counter: Channel, partner: Channel) -> None:
    show = make_show(standing(10))
    split(show, Share(counter.pk, 60), order=Order.BEST)
    before = labels(show)
    split(show, Share(counter.pk, 20), Share(partner.pk, 10), order=Order.WORST, replaces=True)

    undo_slicing(movement_id=Movement.objects.filter(verb="allocate_places").latest("pk").pk, by=BY, now=NOON)

    assert labels(show) == before


@pytest.mark.parametrize(
    ("code", "shares", "more"),
    [
        ("slice_incomplete", [Share(1, 0)], {}),
        ("channel_unknown", [Share(404, 10)], {}),
        ("channel_unknown", [Share(1, 10)], {"first_id": 404, "first_for": HOUR}),
        ("not_enough_places", [Share(1, quantity=11)], {}),
        ("not_enough_places", [Share(1, 100)], {"first_id": 2, "first_for": HOUR}),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_and_nothing_is_changed(
    counter: Channel, web: Channel, code: str, shares: list[Share], more: dict[str, Any]
) -> None:
    show = make_show(standing(10))
    split(show, Share(counter.pk, 30))
    ids = {1: counter.pk, 2: web.pk}
    real = [Share(ids.get(share.channel_id, share.channel_id), share.percent, share.quantity) for share in shares]
    if "first_id" in more:
        more = more | {"first_id": ids.get(more["first_id"], more["first_id"])}
    before = everything(show)

    with pytest.raises(DomainError) as refused:
        split(show, *real, replaces=True, **more)

    assert (refused.value.code, everything(show)) == (code, before)


def test_a_show_that_is_not_there_is_refused(counter: Channel) -> None:
    with pytest.raises(DomainError) as refused:
        apply_split(show_id=404, split=Split([Share(counter.pk, 10)]), by=BY)

    assert refused.value.code == "show_unknown"
