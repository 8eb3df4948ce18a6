from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.acts import Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Channel, Show
from inventory.queries import stock
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from tests.houses import MANAGER, NOON, make_show, rows, seconds, standing
from tests.inventory.stock import rules

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + seconds(60)


def two_by_two() -> House:
    """Two sections by two tiers, three seats in each crossing."""
    spots = [
        Spot(section, tier, row, str(n), run, n, 10 * run + n)
        for run, (section, tier, row) in enumerate(
            [("east", "gold", "A"), ("east", "silver", "B"), ("west", "gold", "A"), ("west", "silver", "B")], start=1
        )
        for n in range(1, 4)
    ]
    return House(
        [SectionSpec("east", "East"), SectionSpec("west", "West")],
        [TierSpec("gold", "Gold"), TierSpec("silver", "Silver")],
        spots,
    )


def sellable(show: Show, channel: Channel) -> tuple[list[int], dict[str, int], dict[str, int], int]:
    """By line, by tier, by section, in all."""
    seen = stock.availability(show.pk, channel_id=channel.pk, at=LATER)
    assert seen
    tiers = {line.tier_id: line.tier for line in seen.lines}
    sections = {line.section_id: line.section for line in seen.lines}
    return (
        [line.sellable for line in seen.lines],
        {tiers[tier_id]: counts.sellable for tier_id, counts in seen.by_tier.items()},
        {sections[section_id]: counts.sellable for section_id, counts in seen.by_section.items()},
        seen.total.sellable,
    )


def test_every_state_is_counted_and_they_add_up(web: Channel) -> None:
    show = make_show(rows("A", 4))
    ids = list(show.places.order_by("pk").values_list("pk", flat=True))
    locks = [
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([one]), by=MANAGER, now=NOON).claim_id
        for one in ids[:3]
    ]
    begin_payment(claim_id=locks[1], by=MANAGER, now=NOON)
    commit_lock(claim_id=locks[2], by=MANAGER, now=NOON)

    seen = stock.availability(show.pk, channel_id=web.pk, at=LATER)

    assert seen and (seen.state, seen.manifest_version, seen.channel_is_active, seen.at) == ("on_sale", 1, True, LATER)
    (line,) = seen.lines
    assert (line.capacity, line.open, line.locked, line.paying, line.sold) == (4, 1, 1, 1, 1)
    assert (line.section, line.section_name, line.tier, line.tier_name, line.is_ga) == (
        "stalls", "Stalls", "gold", "Gold", False,
    )  # fmt: skip


def test_lines_come_in_the_houses_order_and_totals_sum_them(web: Channel) -> None:
    show = make_show(two_by_two())

    assert sellable(show, web) == ([3, 3, 3, 3], {"gold": 6, "silver": 6}, {"east": 6, "west": 6}, 12)


def test_a_rule_of_a_tier_caps_its_lines_and_its_total(web: Channel) -> None:
    show = make_show(two_by_two())
    rules.rule(show, 4, tier=show.tiers.get(code="gold"))

    assert sellable(show, web) == ([2, 3, 2, 3], {"gold": 2, "silver": 6}, {"east": 5, "west": 5}, 8)


def test_a_rule_of_a_section_and_one_of_the_show_cap_theirs(web: Channel) -> None:
    show = make_show(two_by_two())
    rules.rule(show, 4, section=show.sections.get(code="east"))
    rules.rule(show, 7)

    assert sellable(show, web) == ([2, 2, 3, 3], {"gold": 5, "silver": 5}, {"east": 2, "west": 5}, 5)


def test_a_rule_counts_exposure_and_is_only_for_its_channel(web: Channel, counter: Channel) -> None:
    show = make_show(two_by_two(), lock_for_s=30, lock_cap_s=60)
    seat = show.places.order_by("pk").first()
    assert seat
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat.pk]), by=MANAGER, now=NOON)
    begin_payment(claim_id=lock.claim_id, by=MANAGER, now=NOON)
    rules.rule(show, 4, channel=web, tier=seat.tier)

    assert sellable(show, web)[1] == {"gold": 1, "silver": 6}
    assert sellable(show, counter)[1] == {"gold": 6, "silver": 6}


def test_a_rule_not_in_force_caps_nothing(web: Channel) -> None:
    show = make_show(two_by_two())
    rules.rule(show, 12, is_active=False)

    assert sellable(show, web)[3] == 12


def test_a_freeze_stops_what_it_names_until_it_is_thawed(web: Channel, counter: Channel) -> None:
    show = make_show(two_by_two())
    stopped = rules.freeze(show, tier=show.tiers.get(code="gold"), channel=web)

    seen = stock.availability(show.pk, channel_id=web.pk, at=LATER)
    assert seen and [line.frozen for line in seen.lines] == [True, False, True, False]
    assert [counts.frozen for counts in (*seen.by_tier.values(), seen.total)] == [True, False, False]
    assert sellable(show, web)[0] == [0, 3, 0, 3]
    assert sellable(show, counter)[0] == [3, 3, 3, 3]

    rules.thaw(stopped)
    assert sellable(show, web)[0] == [3, 3, 3, 3]


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "cancelled"])
def test_nothing_is_sellable_of_a_show_that_is_not_on_sale(web: Channel, state: str) -> None:
    show = make_show(two_by_two())
    Show.objects.filter(pk=show.pk).update(state=state)

    assert sellable(show, web)[3] == 0


def test_a_channel_that_may_not_sell_and_one_that_is_unknown_sell_nothing(web: Channel) -> None:
    show = make_show(two_by_two())
    Channel.objects.filter(pk=web.pk).update(is_active=False)

    assert sellable(show, web)[3] == 0
    seen = stock.availability(show.pk, channel_id=10**9)
    assert seen and (seen.total.open, seen.total.sellable, seen.channel_is_active) == (12, 0, False)


def test_a_show_without_a_house_has_nothing_and_no_show_is_none(web: Channel) -> None:
    show = make_show()

    seen = stock.availability(show.pk, channel_id=web.pk)
    assert seen and (seen.lines, seen.total.capacity, seen.total.sellable) == ([], 0, 0)
    assert stock.availability(show.pk + 1, channel_id=web.pk) is None
    assert stock.seat_states(show.pk + 1, channel_id=web.pk) is None
    assert stock.exposure(show.pk + 1) is None


def test_by_channel_says_whose_the_locks_and_sales_are(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    ids = list(show.places.order_by("pk").values_list("pk", flat=True))
    for channel, places in ((web, ids[:2]), (counter, ids[2:5])):
        lock_places(show_id=show.pk, channel_id=channel.pk, wanted=Seats(places), by=MANAGER, now=NOON)
    sold = lock_places(show_id=show.pk, channel_id=counter.pk, wanted=Seats(ids[5:6]), by=MANAGER, now=NOON)
    commit_lock(claim_id=sold.claim_id, by=MANAGER, now=NOON)

    lines = stock.by_channel(show.pk, at=LATER)

    assert [(line.channel_id, line.sellable, line.locked, line.paying, line.sold) for line in lines] == [
        (web.pk, 4, 2, 0, 0),
        (counter.pk, 4, 3, 0, 1),
    ]


def test_each_read_is_one_statement_and_an_explanation_two_however_many_shows_there_are(web: Channel) -> None:
    def statements() -> list[int]:
        show_id, place_id = Show.objects.values_list("pk", "places__pk").order_by("pk", "places__pk")[0]
        ids = list(Show.objects.values_list("pk", flat=True))
        version = stock.seat_states(show_id, channel_id=web.pk)
        assert version
        reads: list[Callable[[], object]] = [
            lambda: stock.availability(show_id, channel_id=web.pk),
            lambda: stock.by_channel(show_id),
            lambda: stock.geometry(show_id),
            lambda: stock.seat_states(show_id, channel_id=web.pk),
            lambda: stock.seat_states(show_id, channel_id=web.pk, since=version.version),
            lambda: stock.exposure(show_id),
            lambda: stock.statement(show_id),
            lambda: stock.counts_of(ids),
            lambda: stock.explain_place(place_id, show_id, web.pk),
            lambda: stock.explain_channel(show_id, web.pk),
        ]
        counts = []
        for read in reads:
            with CaptureQueriesContext(connection) as captured:
                assert read() is not None
            counts.append(len(captured))
        return counts

    make_show(two_by_two(), slug="one")
    at_one = statements()
    for slug in ("two", "three"):
        make_show(two_by_two(), slug=slug)

    assert at_one == statements() == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2]
