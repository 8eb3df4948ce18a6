"""Freezes: selling stopped by a person or by rule, for a tier, a section or a channel, until a person thaws it."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.acts import Admissions, Best, By, Seats
from inventory.manifest.house import House
from inventory.models import Channel, Freeze, FreezeRule, Incident, Movement, Show
from inventory.queries.verify import verify
from inventory.services import refusals
from inventory.services.freezes import (
    AlreadyFrozen,
    AlreadyThawed,
    FreezeTargetMissing,
    FreezeUnknown,
    freeze,
    thaw,
)
from inventory.services.kills import ReasonMissing
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.sweep import sweep
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.plain_sql import rule_of, run

BUYER = By(actor="session:buyer")
WHY = By(actor="user:1", reason_code="sync_lag")


def two_tiers() -> House:
    floor, pit = standing(10), standing(10, section="pit", tier="pit")
    moved = [type(spot)(spot.section, spot.tier, "", spot.number, 0, 0, spot.rank + 10) for spot in pit.spots]
    return House(floor.sections + pit.sections, floor.tiers + pit.tiers, floor.spots + moved)


def buy(show: Show, channel: Channel, quantity: int = 1, tier: str = "general", **more: Any) -> Lock:
    tier_id = show.tiers.get(code=tier).pk
    return lock_places(
        show_id=show.pk, channel_id=channel.pk, wanted=Admissions(tier_id, quantity), by=BUYER, **({"now": NOON} | more)
    )


def test_a_frozen_tier_sells_on_no_channel_and_its_neighbour_goes_on(web: Channel, counter: Channel) -> None:
    show = make_show(two_tiers())

    freeze(show_id=show.pk, tier_id=show.tiers.get(code="general").pk, by=WHY, now=NOON)

    for channel in (web, counter):
        with pytest.raises(refusals.Frozen):
            buy(show, channel)
    assert buy(show, web, tier="pit").place_ids
    assert verify(show).is_sound


def test_a_frozen_channel_stops_alone(web: Channel, counter: Channel) -> None:
    show = make_show(standing(5))

    freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)

    with pytest.raises(refusals.Frozen):
        buy(show, web)
    assert buy(show, counter).place_ids


def test_a_frozen_section_is_neither_chosen_nor_found(web: Channel) -> None:
    show = make_show(rows("AB", 4))

    freeze(show_id=show.pk, section_id=show.sections.get().pk, by=WHY, now=NOON)

    for wanted in (Seats([seat(show, "A-1").pk]), Best(2), Best(1, section_id=show.sections.get().pk)):
        with pytest.raises((refusals.Frozen, refusals.NotEnoughPlaces)):
            lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, now=NOON)
    assert statuses(show) == {"open": 8}


def test_a_chosen_seat_of_a_frozen_tier_is_refused(web: Channel) -> None:
    show = make_show(rows("A", 4))
    freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=WHY, now=NOON)

    with pytest.raises(refusals.Frozen):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER, now=NOON)
    assert statuses(show) == {"open": 4}


def test_best_available_passes_over_the_frozen_tier(web: Channel) -> None:
    show = make_show(two_tiers())
    freeze(show_id=show.pk, tier_id=show.tiers.get(code="general").pk, by=WHY, now=NOON)

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Best(2), by=BUYER, now=NOON)

    assert set(show.places.filter(pk__in=lock.place_ids).values_list("tier__code", flat=True)) == {"pit"}


def test_a_refusal_by_a_freeze_leaves_one_incident_an_hour_that_counts(web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)

    for _ in range(3):
        with pytest.raises(refusals.Frozen):
            buy(show, web)
    with pytest.raises(refusals.Frozen):
        buy(show, web, now=NOON + seconds(3600))

    assert list(Incident.objects.order_by("hour_at").values_list("kind", "subject", "channel_id", "times")) == [
        ("lock_refused_by_freeze", f"freeze:{frozen.pk}", web.pk, 3),
        ("lock_refused_by_freeze", f"freeze:{frozen.pk}", web.pk, 1),
    ]


def test_what_is_locked_already_may_still_be_paid(web: Channel) -> None:
    show = make_show(standing(5))
    lock = buy(show, web)
    freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=WHY, now=NOON)

    commit_lock(claim_id=lock.claim_id, by=BUYER, now=NOON)

    assert statuses(show) == {"sold": 1, "open": 4}


def test_the_ledger_says_who_froze_and_who_thawed_and_selling_goes_on(web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)

    thaw(freeze_id=frozen.pk, by=By(actor="user:2", reason_code="sync_is_back"), now=NOON + seconds(60))

    acts = Movement.objects.filter(verb__in=["freeze", "thaw"]).order_by("pk")
    assert list(acts.values_list("verb", "actor", "reason_code", "quantity")) == [
        ("freeze", "user:1", "sync_lag", 0),
        ("thaw", "user:2", "sync_is_back", 0),
    ]
    assert buy(show, web).place_ids


def test_a_freeze_says_why(web: Channel) -> None:
    show = make_show(standing(2))

    with pytest.raises(ReasonMissing):
        freeze(show_id=show.pk, channel_id=web.pk, by=MANAGER, now=NOON)
    assert not Freeze.objects.exists()


def test_a_freeze_names_something_of_its_show(web: Channel) -> None:
    show, other = make_show(rows("A", 2)), make_show(rows("A", 2), slug="othello")
    tier, section = show.tiers.get().pk, show.sections.get().pk

    for target in ({}, {"tier_id": other.tiers.get().pk}, {"tier_id": tier, "section_id": section}, {"channel_id": 0}):
        with pytest.raises(FreezeTargetMissing):
            freeze(show_id=show.pk, by=WHY, now=NOON, **target)
    assert not Freeze.objects.exists()


def test_the_same_is_frozen_once_and_thawed_once(web: Channel) -> None:
    show = make_show(standing(2))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)

    with pytest.raises(AlreadyFrozen):
        freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)
    thaw(freeze_id=frozen.pk, by=WHY, now=NOON)
    with pytest.raises(AlreadyThawed):
        thaw(freeze_id=frozen.pk, by=WHY, now=NOON)
    with pytest.raises(FreezeUnknown):
        thaw(freeze_id=frozen.pk + 1, by=WHY, now=NOON)
    assert Movement.objects.filter(verb="thaw").count() == 1


def test_a_freeze_is_never_deleted_and_changes_only_by_its_thaw(web: Channel) -> None:
    show = make_show(standing(2))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY, now=NOON)

    assert rule_of(lambda: run("DELETE FROM inventory_freeze")) == "freezes_are_never_deleted"
    assert rule_of(lambda: Freeze.objects.update(channel=None, tier=show.tiers.get())) == "freeze_thaws_once"
    thaw(freeze_id=frozen.pk, by=WHY, now=NOON)
    assert rule_of(lambda: Freeze.objects.update(thawed=None)) == "freeze_thaws_once"


# By rule ------------------------------------------------------------------------------------------------------------


def rule(show: Show, margin: int, **target: Any) -> FreezeRule:
    return FreezeRule.objects.create(show=show, margin=margin, **target)


def test_the_sale_that_reaches_the_line_is_the_last_one_and_leaves_a_freeze(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    line = rule(show, 6, tier=show.tiers.get())

    buy(show, web, 2)
    assert not Freeze.objects.exists()
    buy(show, counter, 2)

    frozen = Freeze.objects.get()
    assert (frozen.rule, frozen.tier, frozen.channel) == (line, show.tiers.get(), None)
    assert (frozen.frozen.actor, frozen.frozen.reason_code) == ("system:rule", "rule")
    for channel in (web, counter):
        with pytest.raises(refusals.Frozen):
            buy(show, channel)
    assert statuses(show) == {"locked": 4, "open": 6}
    assert verify(show).is_sound


def test_a_party_that_would_cross_the_line_is_told_how_many_may_still_come(web: Channel) -> None:
    show = make_show(standing(10))
    rule(show, 6, tier=show.tiers.get())

    with pytest.raises(refusals.NotEnoughPlaces) as refused:
        buy(show, web, 5)

    assert refused.value.facts == {"asked": 5, "open": 4, "kept_back": 6}
    assert not Freeze.objects.exists()
    assert len(buy(show, web, 4).place_ids) == 4


def test_a_rule_of_one_channel_leaves_the_last_places_to_the_others(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    rule(show, 2, channel=web)

    buy(show, web, 2)

    with pytest.raises(refusals.Frozen):
        buy(show, web)
    assert len(buy(show, counter, 2).place_ids) == 2
    assert Freeze.objects.get().channel == web


def test_a_rule_over_a_section_counts_that_section(web: Channel) -> None:
    show = make_show(two_tiers())
    rule(show, 9, section=show.sections.get(code="pit"))

    buy(show, web, 3)
    buy(show, web, 1, tier="pit")

    with pytest.raises(refusals.Frozen):
        buy(show, web, 1, tier="pit")
    assert buy(show, web).place_ids


def test_more_than_ten_at_a_time_stop_at_the_line_too(counter: Channel) -> None:
    show = make_show(standing(2000))
    rule(show, 1980, tier=show.tiers.get())

    with pytest.raises(refusals.NotEnoughPlaces):
        buy(show, counter, 21)
    assert len(buy(show, counter, 20).place_ids) == 20


def test_a_thawed_rule_trips_again_while_its_line_is_reached(web: Channel) -> None:
    show = make_show(standing(4))
    rule(show, 3, tier=show.tiers.get())
    buy(show, web)
    thaw(freeze_id=Freeze.objects.get().pk, by=WHY, now=NOON)

    with pytest.raises(refusals.Frozen):
        buy(show, web)

    assert Freeze.objects.filter(thawed=None).count() == 1
    assert statuses(show) == {"locked": 1, "open": 3}


def test_what_has_run_out_counts_as_open_at_the_line(web: Channel) -> None:
    show = make_show(standing(4))
    rule(show, 3, tier=show.tiers.get())
    FreezeRule.objects.update(is_active=False)
    buy(show, web, 2)
    FreezeRule.objects.update(is_active=True)

    assert len(buy(show, web, now=NOON + seconds(480)).place_ids) == 1
    assert statuses(show) == {"locked": 1, "open": 3}


def test_a_payment_that_lapsed_raises_the_line_while_it_is_watched(web: Channel) -> None:
    show = make_show(standing(6), watch_payment_for_s=3600)
    rule(show, 2, tier=show.tiers.get())
    lapsed = buy(show, web, 2)
    begin_payment(claim_id=lapsed.claim_id, by=BUYER, now=NOON)
    over = NOON + seconds(1800)
    sweep(now=over)
    assert statuses(show) == {"open": 6}

    with pytest.raises(refusals.NotEnoughPlaces) as refused:
        buy(show, web, 3, now=over)
    assert refused.value.facts == {"asked": 3, "open": 2, "kept_back": 4}

    assert len(buy(show, web, 3, now=over + seconds(3600)).place_ids) == 3


def test_a_rule_counts_one_thing_of_its_own_show(web: Channel) -> None:
    show, other = make_show(rows("A", 2)), make_show(rows("A", 2), slug="othello")

    assert (
        rule_of(lambda: rule(show, 1, tier=show.tiers.get(), section=show.sections.get()))
        == "freeze_rule_counts_a_tier_or_a_section"
    )
    assert rule_of(lambda: rule(show, 1, tier=other.tiers.get())) == "freeze_rule_tier_is_of_its_show"
