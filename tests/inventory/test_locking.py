"""Locking places: by seat, and so many admissions; all or none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inventory.acts import Admissions, Best, By, Holder, Seats
from inventory.manifest.house import House
from inventory.models import Allocation, AllocationChannel, Channel, Claim, Entry, Movement, Show
from inventory.queries.verify import verify
from inventory.services import refusals
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment
from tests.houses import NOON, make_show, rows, seat, seconds, standing, statuses

BUYER = By(actor="session:buyer")


def want(show: Show, quantity: int) -> Admissions:
    return Admissions(tier_id=show.tiers.get().pk, quantity=quantity)


def seats(show: Show, *labels: str) -> Seats:
    return Seats([seat(show, label).pk for label in labels])


def unchanged(show: Show, before: tuple[dict[str, int], int, int]) -> bool:
    return before == (statuses(show), Movement.objects.count(), Claim.objects.count())


def snapshot(show: Show) -> tuple[dict[str, int], int, int]:
    return statuses(show), Movement.objects.count(), Claim.objects.count()


def test_two_admissions_are_locked_for_the_shows_minutes(web: Channel) -> None:
    show = make_show(standing(5))

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 2), by=BUYER, now=NOON)

    assert statuses(show) == {"locked": 2, "open": 3}
    assert (lock.locked_at, lock.expires_at, lock.hard_until) == (NOON, NOON + seconds(480), NOON + seconds(1800))
    assert verify(show).is_sound


def test_the_ledger_says_who_locked_what_through_which_channel(web: Channel) -> None:
    show = make_show(standing(5))

    lock = lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=want(show, 2), by=By(actor="session:x", note="by phone"), now=NOON
    )

    movement = Movement.objects.get(claim_id=lock.claim_id)
    assert (movement.verb, movement.actor, movement.channel_id, movement.quantity, movement.at, movement.note.text) == (
        "lock_places", "session:x", web.pk, 2, NOON, "by phone",
    )  # fmt: skip
    assert sorted(
        Entry.objects.filter(movement=movement).values_list("place_id", "from_status", "to_status", "to_claim")
    ) == [(place_id, "open", "locked", lock.claim_id) for place_id in lock.place_ids]


def test_a_lock_is_one_statement(web: Channel, django_assert_num_queries: Any) -> None:
    show = make_show(standing(5))
    wanted = want(show, 2)

    with django_assert_num_queries(1):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, holder=Holder("s", "a", "c"))


def test_exactly_the_chosen_seats_are_locked(web: Channel) -> None:
    show = make_show(rows("AB", 5))

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "B-3", "B-4"), by=BUYER)

    assert lock.place_ids == [seat(show, "B-3").pk, seat(show, "B-4").pk]
    assert statuses(show) == {"locked": 2, "open": 8}


def test_the_best_admissions_go_first(web: Channel) -> None:
    show = make_show(standing(5))

    first = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER)
    second = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 2), by=BUYER)

    ranks = {place.pk: place.rank for place in show.places.all()}
    assert [ranks[place_id] for place_id in [*first.place_ids, *second.place_ids]] == [1, 2, 3]


def test_a_lock_may_be_shorter_than_the_shows_and_never_longer(web: Channel) -> None:
    show = make_show(standing(5))

    short = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, lock_for_s=60, now=NOON)
    long = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, lock_for_s=9999, now=NOON)

    assert short.expires_at == NOON + seconds(60)
    assert (long.expires_at, long.hard_until) == (NOON + seconds(480), NOON + seconds(1800))


def test_a_taken_seat_refuses_all_and_says_which(web: Channel) -> None:
    show = make_show(rows("A", 5))
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-2"), by=BUYER)
    before = snapshot(show)

    with pytest.raises(refusals.PlacesTaken) as refused:
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1", "A-2", "A-3"), by=BUYER)

    assert refused.value.as_envelope() == {
        "code": "places_taken",
        "message": "Some of these places are not open.",
        "facts": {"place_ids": [seat(show, "A-2").pk]},
    }
    assert unchanged(show, before)


def test_more_than_there_is_is_refused_with_what_is_left(web: Channel) -> None:
    show = make_show(standing(3))
    before = snapshot(show)

    with pytest.raises(refusals.NotEnoughPlaces) as refused:
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 4), by=BUYER)

    assert refused.value.facts == {"asked": 4, "open": 3}
    assert unchanged(show, before)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_an_odd_quantity_is_refused(web: Channel, quantity: int) -> None:
    show = make_show(standing(3))

    with pytest.raises(refusals.QuantityInvalid):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, quantity), by=BUYER)


def test_the_same_seat_twice_is_refused(web: Channel) -> None:
    show = make_show(rows("A", 3))

    with pytest.raises(refusals.QuantityInvalid):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1", "A-1"), by=BUYER)


def test_another_shows_seat_is_unknown_here(web: Channel) -> None:
    show = make_show(rows("A", 3))
    other = make_show(rows("A", 3), slug="othello")
    before = snapshot(show)

    with pytest.raises(refusals.PlacesUnknown) as refused:
        lock_places(
            show_id=show.pk,
            channel_id=web.pk,
            wanted=Seats([seat(show, "A-1").pk, seat(other, "A-1").pk]),
            by=BUYER,
        )

    assert refused.value.facts == {"place_ids": [seat(other, "A-1").pk]}
    assert unchanged(show, before)


def test_another_shows_tier_is_unknown_here(web: Channel) -> None:
    show = make_show(standing(3))
    other = make_show(standing(3), slug="othello")

    with pytest.raises(refusals.TierUnknown):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(other, 1), by=BUYER)


@pytest.mark.parametrize("past_all_integers", [-1, 0, 2**31, 2**63, 2**70])
def test_ids_that_no_database_has_are_unknown_and_no_bug(web: Channel, past_all_integers: int) -> None:
    show = make_show(standing(3))
    tier = show.tiers.get().pk

    for refusal, show_id, wanted in (
        (refusals.ShowUnknown, past_all_integers, want(show, 1)),
        (refusals.PlacesUnknown, show.pk, Seats([past_all_integers])),
        (refusals.TierUnknown, show.pk, Admissions(past_all_integers, 1)),
        (refusals.TierUnknown, show.pk, Admissions(tier, 1, section_id=past_all_integers or -1)),
    ):
        with pytest.raises(refusal):
            lock_places(show_id=show_id, channel_id=web.pk, wanted=wanted, by=BUYER)


def test_a_show_that_does_not_exist_is_unknown(web: Channel) -> None:
    with pytest.raises(refusals.ShowUnknown):
        lock_places(show_id=404, channel_id=web.pk, wanted=Seats([1]), by=BUYER)


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "cancelled"])
def test_only_a_show_on_sale_sells(web: Channel, state: str) -> None:
    show = make_show(standing(3), state=state)

    with pytest.raises(refusals.ShowNotOnSale) as refused:
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER)

    assert refused.value.facts == {"state": state}


def test_a_channel_that_may_not_sell_sells_nothing(web: Channel) -> None:
    show = make_show(standing(3))
    Channel.objects.filter(pk=web.pk).update(is_active=False)

    with pytest.raises(refusals.ChannelNotSelling):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER)


# Locks that have run out --------


def test_a_lock_that_ran_out_is_open_that_second_without_any_worker(web: Channel) -> None:
    show = make_show(rows("A", 2))
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1", "A-2"), by=BUYER, now=NOON)

    with pytest.raises(refusals.PlacesTaken):
        lock_places(
            show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON + seconds(479.999)
        )
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON + seconds(480))

    assert lock.place_ids == [seat(show, "A-1").pk]
    assert statuses(show) == {"locked": 1, "open": 1}
    assert verify(show).is_sound


def test_admissions_that_ran_out_are_open_that_second_too(web: Channel) -> None:
    show = make_show(standing(3))
    for _ in range(3):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, now=NOON)

    with pytest.raises(refusals.NotEnoughPlaces):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 3), by=BUYER, now=NOON + seconds(479))
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 3), by=BUYER, now=NOON + seconds(480))

    assert len(lock.place_ids) == 3


def test_a_paying_lock_keeps_its_seat_until_the_cap_and_not_a_second_longer(web: Channel) -> None:
    show = make_show(rows("A", 1))
    paying = lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON)
    begin_payment(claim_id=paying.claim_id, by=BUYER, now=NOON + seconds(60))

    with pytest.raises(refusals.PlacesTaken):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON + seconds(1799))
    assert lock_places(
        show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON + seconds(1800)
    )


# Caps --------


@pytest.mark.parametrize("holder", [Holder(session="s"), Holder(address="203.0.113.7"), Holder(contact="a@example.in")])
def test_nobody_sits_on_the_house(web: Channel, holder: Holder) -> None:
    show = make_show(standing(9), cap_per_session=4, cap_per_address=4, cap_per_contact=4)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 3), by=BUYER, holder=holder, now=NOON)
    before = snapshot(show)

    with pytest.raises(refusals.OverCap) as refused:
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 2), by=BUYER, holder=holder, now=NOON)

    assert (refused.value.facts["live"], refused.value.facts["cap"]) == (3, 4)
    assert unchanged(show, before)


def test_what_ran_out_no_longer_counts_against_its_holder(web: Channel) -> None:
    show = make_show(standing(9), cap_per_session=4)
    holder = Holder(session="s")
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 4), by=BUYER, holder=holder, now=NOON)

    later = NOON + seconds(480)

    assert lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 4), by=BUYER, holder=holder, now=later)


def test_a_counter_has_no_caps(counter: Channel) -> None:
    show = make_show(standing(9), cap_per_session=4)
    holder = Holder(session="till-1")

    lock = lock_places(show_id=show.pk, channel_id=counter.pk, wanted=want(show, 9), by=BUYER, holder=holder)

    assert len(lock.place_ids) == 9


def test_a_claim_keeps_no_contact_in_clear(web: Channel) -> None:
    show = make_show(standing(2))
    holder = Holder(session="s", address="203.0.113.7", contact="a@example.in")

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, holder=holder)

    kept = Claim.objects.values_list("session", "address", "contact").get(pk=lock.claim_id)
    assert [len(digest) for digest in kept] == [32, 32, 32]
    assert not {"s", "203.0.113.7", "a@example.in"} & set(kept)


# Channels on one pool --------


def slice_of(show: Show, channel: Channel, ids: list[int], **fields: Any) -> Allocation:
    from inventory.services.allocations import allocate_places

    opens_at = fields.pop("opens_at", None)
    allocation = Allocation.objects.create(show=show, name=f"for {channel.code}", **fields)
    AllocationChannel.objects.create(allocation=allocation, channel=channel, opens_at=opens_at)
    allocate_places(allocation_id=allocation.pk, wanted=Seats(ids), by=BUYER)
    return allocation


def test_a_channel_sells_from_its_own_allocation_first(web: Channel, counter: Channel) -> None:
    show = make_show(standing(4))
    worst = show.places.get(number="4").pk
    slice_of(show, counter, [worst])

    lock = lock_places(show_id=show.pk, channel_id=counter.pk, wanted=want(show, 2), by=BUYER)

    assert lock.place_ids == [show.places.get(number="1").pk, worst]


def test_another_channels_slice_is_not_for_sale_here(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 3))
    slice_of(show, counter, [seat(show, "A-2").pk])

    with pytest.raises(refusals.PlacesNotOnSaleHere) as refused:
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1", "A-2"), by=BUYER)

    assert refused.value.facts == {"place_ids": [seat(show, "A-2").pk]}
    assert lock_places(show_id=show.pk, channel_id=counter.pk, wanted=seats(show, "A-2"), by=BUYER)


def test_an_allocation_opens_at_its_very_second(web: Channel) -> None:
    show = make_show(rows("A", 1))
    slice_of(show, web, [seat(show, "A-1").pk], opens_at=NOON)

    with pytest.raises(refusals.PlacesNotOnSaleHere):
        lock_places(
            show_id=show.pk,
            channel_id=web.pk,
            wanted=seats(show, "A-1"),
            by=BUYER,
            now=NOON - timedelta(milliseconds=1),
        )
    assert lock_places(show_id=show.pk, channel_id=web.pk, wanted=seats(show, "A-1"), by=BUYER, now=NOON)


def test_a_closed_allocation_counts_as_pool(web: Channel, counter: Channel) -> None:
    show = make_show(standing(1))
    slice_of(show, counter, [show.places.get().pk], closes_at=NOON)

    with pytest.raises(refusals.NotEnoughPlaces):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, now=NOON - seconds(1))
    assert lock_places(show_id=show.pk, channel_id=web.pk, wanted=want(show, 1), by=BUYER, now=NOON)


def test_a_seat_beyond_a_missing_one_is_nobodys_neighbour(web: Channel) -> None:
    """Of positions 1, 2 and 4 a single buyer takes the last, since 1 and 2 are a pair that the others would break."""
    house = rows("A", 4)
    show = make_show(House(house.sections, house.tiers, [spot for spot in house.spots if spot.position != 3]))

    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Best(1), by=BUYER)

    assert lock.place_ids == [seat(show, "A-4").pk]
