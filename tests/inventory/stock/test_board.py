"""The board of a show agrees with every other read of it, and all of it is of one moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.acts import Admissions, By
from inventory.manifest.house import House
from inventory.models import Allocation, Channel, FreezeRule, ReleaseStep, Show
from inventory.queries.stock import availability, board, by_channel, coming
from inventory.queries.stock.board import STATES
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from tests.houses import MANAGER, NOON, make_show, seconds, standing

BUYER = By(actor="session:buyer")


def two_tiers() -> House:
    floor, pit = standing(10), standing(8, section="pit", tier="pit")
    moved = [type(spot)(spot.section, spot.tier, "", spot.number, 0, 0, spot.rank + 10) for spot in pit.spots]
    return House(floor.sections + pit.sections, floor.tiers + pit.tiers, floor.spots + moved)


def buy(show: Show, channel: Channel, tier: str, quantity: int) -> int:
    wanted = Admissions(show.tiers.get(code=tier).pk, quantity)
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, now=NOON)
    return lock.claim_id


@pytest.fixture
def busy_show(web: Channel, counter: Channel) -> Show:
    """A show with something in every state but lease, a slice, a rule and a freeze."""
    show = make_show(two_tiers())
    general = show.tiers.get(code="general")
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    slice_.openings.create(channel=counter)
    allocate_places(allocation_id=slice_.pk, wanted=Admissions(general.pk, 3), by=MANAGER, now=NOON)
    commit_lock(claim_id=buy(show, web, "general", 2), by=BUYER, now=NOON)
    begin_payment(claim_id=buy(show, web, "pit", 1), by=BUYER, now=NOON)
    buy(show, counter, "general", 2)
    place_hold(show_id=show.pk, wanted=Admissions(general.pk, 1), purpose="press", party="Ferry", by=MANAGER, now=NOON)
    FreezeRule.objects.create(show=show, channel=web, margin=6)
    FreezeRule.objects.create(show=show, tier=general, margin=1)
    freeze(
        show_id=show.pk, section_id=show.sections.get(code="pit").pk, channel_id=counter.pk, by=By("user:1", None, "x")
    )
    return show


def test_the_board_agrees_with_what_each_channel_is_told(busy_show: Show, web: Channel, counter: Channel) -> None:
    now = board(busy_show.pk, NOON)
    assert now is not None

    for channel in (web, counter):
        told = availability(busy_show.pk, channel_id=channel.pk, at=NOON)
        assert told is not None
        lines = [
            (line.section_id, line.tier_id, line.parts[channel.pk].sellable, *line.states.values())
            for line in now.lines
        ]
        assert lines == [
            (line.section_id, line.tier_id, line.sellable, *(getattr(line, state) for state in STATES))
            for line in told.lines
        ]
        assert now.whole_of(channel.pk).sellable == told.total.sellable
        for tier_id, counts in told.by_tier.items():
            of_tier = [line for line in now.lines if line.tier_id == tier_id]
            assert now.part_of(channel.pk, of_tier).sellable == counts.sellable
    assert sum(now.states_of(now.lines).values()) == 18
    assert (now.at, now.state) == (NOON, "on_sale")


def test_the_board_agrees_with_the_lines_by_channel(busy_show: Show) -> None:
    now = board(busy_show.pk, NOON)
    assert now is not None

    assert [
        (line.section_id, line.tier_id, channel_id, part.sellable, part.locked, part.paying, part.sold)
        for line in now.lines
        for channel_id, part in line.parts.items()
    ] == [
        (row.section_id, row.tier_id, row.channel_id, row.sellable, row.locked, row.paying, row.sold)
        for row in by_channel(busy_show.pk, NOON)
    ]


def test_a_rule_says_what_it_counts_and_what_is_left_to_its_line(busy_show: Show) -> None:
    now = board(busy_show.pk, NOON)
    assert now is not None

    assert [(rule.margin, rule.open, rule.exposure, rule.headroom) for rule in now.rules] == [
        (6, 12, 0, 6),
        (1, 5, 0, 4),
    ]


def test_what_has_run_out_is_open_on_the_board(busy_show: Show) -> None:
    now, later = board(busy_show.pk, NOON), board(busy_show.pk, NOON + seconds(3600))
    assert now is not None and later is not None

    assert [now.states_of(now.lines)[state] for state in ("open", "locked", "paying")] == [12, 2, 1]
    assert [later.states_of(later.lines)[state] for state in ("open", "locked", "paying")] == [15, 0, 0]


def test_a_show_without_places_has_an_empty_board_and_no_show_has_none(web: Channel) -> None:
    now = board(make_show().pk)

    assert now is not None
    assert (now.lines, now.rules, now.channels, now.refused) == ([], [], {}, 0)
    assert board(999_999) is None


def test_coming_changes_are_told_in_order_and_no_more_than_asked(web: Channel) -> None:
    show = make_show(standing(5))
    later = NOON + timedelta(hours=2)
    slice_ = Allocation.objects.create(show=show, name="Slice", closes_at=later)
    slice_.openings.create(channel=web, opens_at=NOON + timedelta(hours=1))
    ReleaseStep.objects.create(show=show, allocation=slice_, at=NOON + timedelta(minutes=5), quantity=2)
    ReleaseStep.objects.create(show=show, allocation=slice_, at=NOON - timedelta(minutes=5), quantity=1)

    found = coming(show.pk, NOON, 2)

    assert [(change.kind, change.name, change.channel, change.quantity, change.to) for change in found] == [
        ("gives", "Slice", "", 2, "the pool"),
        ("opens", "Slice", "Web", None, ""),
    ]
    assert [change.kind for change in coming(show.pk, NOON, 9)] == ["gives", "opens", "closes"]
