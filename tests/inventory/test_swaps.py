"""A sale in other places of its tiers: both sides change in one movement, or nothing does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Claim, Entry, Movement, Place, Show
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import ReasonMissing
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.refusals import ClaimEnded, ClaimUnknown, PlacesTaken
from inventory.services.sales import PlacesNotSold, SwapUneven, return_sold, swap_places
from tests.houses import MANAGER, make_show, seat, statuses, two_tiers
from tests.inventory.plain_sql import movement, rule_of

pytestmark = pytest.mark.ledger
WHY = By(actor="user:1", reason_code="seat_not_usable", note="A pillar.")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(two_tiers(6, 4))


def ids(show: Show, *labels: str) -> list[int]:
    return [seat(show, label).pk for label in labels]


def sell(show: Show, channel: Channel, *labels: str) -> Claim:
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=Seats(ids(show, *labels)), by=MANAGER)
    return commit_lock(claim_id=lock.claim_id, by=MANAGER)


def of(sale: Claim) -> set[str]:
    return {str(place) for place in Place.objects.filter(claim=sale)}


def test_a_sale_has_other_seats_and_the_old_ones_are_open(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1", "A-2", "A-3")

    got = swap_places(sale_id=sale.pk, from_ids=ids(show, "A-1", "A-2"), to_ids=ids(show, "A-5", "A-6"), by=WHY)

    assert got == sorted(ids(show, "A-5", "A-6"))
    assert set(Place.objects.filter(claim=sale)) == {seat(show, f"A-{n}") for n in (3, 5, 6)}
    assert statuses(show) == {"sold": 3, "open": 7}
    act = Movement.objects.get(verb="swap_places")
    assert (act.claim, act.quantity, act.reason_code, act.note.text) == (sale, 4, "seat_not_usable", "A pillar.")
    assert Entry.objects.filter(movement=act).count() == 4
    assert verify(show).is_sound


def test_every_seat_of_a_sale_can_move_at_once(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1", "A-2")

    swap_places(sale_id=sale.pk, from_ids=ids(show, "A-1", "A-2"), to_ids=ids(show, "A-3", "A-4"), by=WHY)

    sale.refresh_from_db()
    assert sale.ended_at is None
    assert verify(show).is_sound


def test_a_seat_keeps_its_allocation(show: Show, web: Channel) -> None:
    counter = Allocation.objects.create(show=show, name="Counter slice")
    allocate_places(allocation_id=counter.pk, wanted=Seats(ids(show, "A-5")), by=MANAGER)
    sale = sell(show, web, "A-1")

    swap_places(sale_id=sale.pk, from_ids=ids(show, "A-1"), to_ids=ids(show, "A-5"), by=WHY)
    swap_places(sale_id=sale.pk, from_ids=ids(show, "A-5"), to_ids=ids(show, "A-2"), by=WHY)

    assert seat(show, "A-5").allocation == counter


def test_what_is_held_or_sold_is_never_taken(show: Show, web: Channel) -> None:
    sale, _ = sell(show, web, "A-1"), sell(show, web, "A-2")
    place_hold(show_id=show.pk, wanted=Seats(ids(show, "A-3")), purpose="press", party="The Daily", by=MANAGER)

    for taken in ("A-2", "A-3"):
        with pytest.raises(PlacesTaken) as refused:
            swap_places(sale_id=sale.pk, from_ids=ids(show, "A-1"), to_ids=ids(show, taken), by=WHY)
        assert refused.value.facts["place_ids"] == ids(show, taken)
    assert set(Place.objects.filter(claim=sale)) == {seat(show, "A-1")}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [(["A-1"], ["B-1"]), (["A-1", "A-2"], ["A-4"]), (["A-1"], ["A-4", "A-5"]), (["A-1", "A-1"], ["A-4", "A-5"])],
)
def test_as_many_of_the_same_tier_or_nothing(show: Show, web: Channel, was: list[str], becomes: list[str]) -> None:
    sale = sell(show, web, "A-1", "A-2")

    with pytest.raises(SwapUneven):
        swap_places(sale_id=sale.pk, from_ids=ids(show, *was), to_ids=ids(show, *becomes), by=WHY)
    assert set(Place.objects.filter(claim=sale)) == {seat(show, "A-1"), seat(show, "A-2")}


def test_seats_of_another_sale_are_not_swapped(show: Show, web: Channel) -> None:
    sale, _ = sell(show, web, "A-1"), sell(show, web, "A-2")

    with pytest.raises(PlacesNotSold):
        swap_places(sale_id=sale.pk, from_ids=ids(show, "A-2"), to_ids=ids(show, "A-4"), by=WHY)


def test_a_swap_says_why_and_of_which_sale(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1")
    asked: dict[str, Any] = {"from_ids": ids(show, "A-1"), "to_ids": ids(show, "A-4")}

    with pytest.raises(ReasonMissing):
        swap_places(sale_id=sale.pk, by=By(actor="user:1"), **asked)
    with pytest.raises(ClaimUnknown):
        swap_places(sale_id=sale.pk + 1000, by=WHY, **asked)
    return_sold(show_id=show.pk, place_ids=asked["from_ids"], by=WHY)
    with pytest.raises((ClaimEnded, PlacesNotSold)):
        swap_places(sale_id=sale.pk, by=WHY, **asked)


# The database refuses, whatever code writes ---------------------------------------------------------------------------


def swap_by_hand(show: Show, sale: Claim, was: list[str], becomes: list[str]) -> None:
    with transaction.atomic():
        act = movement(show, "swap_places", sale, len(was) + len(becomes))
        opened, sold = ids(show, *was), ids(show, *becomes)
        Place.objects.filter(pk__in=[*opened, *sold]).update(
            movement=act,
            status=_by(opened, "open", "sold"),
            claim_id=_by(opened, None, sale.pk),
        )


def _by(opened: list[int], then: object, otherwise: object) -> object:
    from django.db.models import Case, Value, When

    return Case(When(pk__in=opened, then=Value(then)), default=Value(otherwise))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [([], ["A-4"]), (["A-1"], []), (["A-1"], ["B-1"]), (["A-2"], ["A-4"])],
    ids=["gives without taking", "takes without giving", "another tier", "another's seat"],
)
def test_a_lopsided_swap_is_refused_by_name(show: Show, web: Channel, was: list[str], becomes: list[str]) -> None:
    sale, _ = sell(show, web, "A-1"), sell(show, web, "A-2")

    assert rule_of(lambda: swap_by_hand(show, sale, was, becomes)) == "swap_is_of_one_sale_and_within_tiers"


def test_an_even_swap_by_hand_is_let_through(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1")

    swap_by_hand(show, sale, ["A-1"], ["A-4"])

    assert verify(show).is_sound
