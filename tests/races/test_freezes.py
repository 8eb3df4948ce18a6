"""A line under a rush: what is decided and what is sold never slip past each other, on any channel."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from inventory.acts import Admissions, Best, By
from inventory.models import Channel, Freeze, FreezeRule, Movement
from inventory.queries.verify import verify
from inventory.services.freezes import freeze
from inventory.services.locking import lock_places
from inventory.services.refusals import Busy, Frozen, NotEnoughPlaces
from tests.houses import make_show, rows, standing, statuses
from tests.races.together import naive_stock, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)


def sell_until_stopped(show_id: int, channel_id: int, wanted: Admissions | Best, number: int) -> int:
    """One buyer after another, until the rule says no; how many places went."""
    sold = 0
    while sold < 200:
        try:
            sold += len(
                lock_places(
                    show_id=show_id, channel_id=channel_id, wanted=wanted, by=By(actor=f"session:{number}")
                ).place_ids
            )
        except Busy:
            continue
        except (Frozen, NotEnoughPlaces):
            break
    return sold


def test_sixteen_buyers_on_two_channels_stop_at_exactly_the_line(web: Channel, counter: Channel) -> None:
    show = make_show(standing(110), cap_per_session=1000)
    tier = show.tiers.get()
    FreezeRule.objects.create(show=show, tier=tier, margin=50)

    sold = together(
        16,
        lambda number: sell_until_stopped(
            show.pk, (web if number % 2 else counter).pk, Admissions(tier.pk, 1 + number % 3), number
        ),
    )

    assert sum(succeeded(sold)) == 60
    assert statuses(show) == {"locked": 60, "open": 50}
    assert Freeze.objects.filter(thawed=None).count() == 1
    assert verify(show).is_sound


def test_each_channel_stops_at_its_own_line(web: Channel, counter: Channel) -> None:
    show = make_show(rows("ABCDEFGH", 10), orphan_rule="off")
    tier = show.tiers.get()
    FreezeRule.objects.create(show=show, tier=tier, channel=web, margin=40)
    FreezeRule.objects.create(show=show, tier=tier, channel=counter, margin=10)

    together(
        12,
        lambda number: sell_until_stopped(
            show.pk, (web if number % 2 else counter).pk, Best(1 + number % 2, (tier.pk,)), number
        ),
    )

    assert statuses(show) == {"locked": 70, "open": 10}
    # What the web took, it took while more than its line was open.
    left, crossed = 80, 0
    for channel_id, quantity in (
        Movement.objects.filter(verb="lock_places").order_by("pk").values_list("channel_id", "quantity")
    ):
        left -= quantity
        crossed += channel_id == web.pk and left < 40
    assert crossed == 0
    assert verify(show).is_sound


def test_no_sale_begun_after_a_freeze_by_hand_gets_past_it(web: Channel) -> None:
    show = make_show(standing(400), cap_per_session=1000)
    tier = show.tiers.get()

    def act(number: int) -> int:
        if number == 0:
            threading.Event().wait(0.05)
            return freeze(show_id=show.pk, tier_id=tier.pk, by=By("user:1", reason_code="sync_lag")).frozen_id
        return sell_until_stopped(show.pk, web.pk, Admissions(tier.pk, 1), number)

    frozen_under, *sold = together(6, act)

    assert isinstance(frozen_under, int)
    assert 0 < sum(succeeded(sold)) < 400
    assert not Movement.objects.filter(verb="lock_places", pk__gt=frozen_under).exists()


def test_control_a_line_looked_at_inside_the_sale_is_crossed(transactional_db: None) -> None:
    barrier = threading.Barrier(2)

    def act(number: int) -> bool:
        with transaction.atomic():
            may_sell = run("SELECT count(*) > 1 FROM naive_place WHERE owner IS NULL") == [(True,)]
            barrier.wait(10)
            if may_sell:
                run("UPDATE naive_place SET owner = %s WHERE id = %s", f"buyer {number}", number + 1)
        return may_sell

    with naive_stock(2):
        assert together(2, act) == [True, True]
        assert run("SELECT count(*) FROM naive_place WHERE owner IS NULL") == [(0,)]
