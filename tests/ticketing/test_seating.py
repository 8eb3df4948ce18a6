"""Who of a list sits where: parties together, what is named first, and nobody where there are too few."""

from __future__ import annotations

import random
from itertools import groupby

import pytest

from ticketing.services.seating import Party, Spot, seat_parties

GOLD, SILVER = 1, 2


def row(run: int, *positions: int, tier: int = GOLD) -> list[Spot]:
    """Seats of one row; a seat's id is its run and its position, and the lower the better."""
    return [Spot(run * 100 + position, tier, (1, run), position, run * 100 + position) for position in positions]


def standing(count: int) -> list[Spot]:
    return [Spot(nth, GOLD, (2, 0), 0, nth) for nth in range(1, count + 1)]


def test_a_party_gets_the_best_stretch_that_has_room_for_it() -> None:
    spots = [*row(1, 1, 2, 4, 5, 6), *row(2, 1, 2, 3, 4)]

    assert seat_parties([Party(4), Party(3), Party(2)], spots) == [[201, 202, 203, 204], [104, 105, 106], [101, 102]]


def test_a_party_that_fits_nowhere_together_gets_the_best_places_there_are() -> None:
    assert seat_parties([Party(3)], [*row(1, 1, 2), *row(2, 1, 2)]) == [[101, 102, 201]]


def test_the_first_of_the_list_sits_best_and_the_last_gets_what_is_left() -> None:
    assert seat_parties([Party(1), Party(1), Party(1)], row(1, 1, 2)) == [[101], [102], []]


def test_what_somebody_named_is_nobody_elses_wherever_it_stands_in_the_list() -> None:
    assert seat_parties([Party(2), Party(1, named=[101])], row(1, 1, 2, 3)) == [[102, 103], [101]]


def test_a_tier_that_was_asked_for_is_the_one_that_is_given() -> None:
    spots = [*row(1, 1, 2), *row(2, 1, 2, tier=SILVER)]

    assert seat_parties([Party(2, SILVER), Party(1, SILVER), Party(1, GOLD)], spots) == [[201, 202], [], [101]]


def test_neighbours_of_two_tiers_are_no_party_of_one_price_but_are_taken_when_nothing_else_is_left() -> None:
    spots = [*row(1, 1), *row(1, 2, tier=SILVER)]

    assert seat_parties([Party(2)], spots) == [[101, 102]]


def test_admissions_are_given_one_after_the_other() -> None:
    assert seat_parties([Party(2), Party(2), Party(1)], standing(4)) == [[1, 2], [3, 4], []]


def test_what_is_left_of_a_stretch_after_its_best_are_gone_is_no_neighbourhood_any_more() -> None:
    ranks = {1: 50, 2: 1, 3: 51}
    middle_is_best = [Spot(nth, GOLD, (1, 1), nth, rank) for nth, rank in ranks.items()]
    singles = [Spot(nth, GOLD, (1, nth), 1, nth) for nth in (11, 12, 13)]
    pair = [Spot(nth, GOLD, (1, 14), nth, nth + 80) for nth in (14, 15)]

    assert seat_parties([Party(4), Party(2)], [*middle_is_best, *singles, *pair]) == [[2, 11, 12, 13], [14, 15]]


@pytest.mark.parametrize("seed", range(40))
def test_every_party_gets_what_looking_through_the_whole_house_anew_each_time_finds(seed: int) -> None:
    chance = random.Random(seed)
    ranks = list(range(1, 500))
    chance.shuffle(ranks)
    rows = [
        (run, position, tier)
        for run in range(1, 9)
        for tier in [chance.choice((GOLD, SILVER))]
        for position in range(1, chance.randint(2, 12))
        if chance.random() > 0.15
    ]
    spots = [
        Spot(nth, tier if chance.random() > 0.1 else SILVER, (1, run), position, ranks.pop())
        for nth, (run, position, tier) in enumerate(rows, 1)
    ]
    spots += [Spot(nth, GOLD, (2, 0), 0, ranks.pop()) for nth in range(901, 901 + chance.randint(0, 9))]
    parties = [
        Party(chance.choice((1, 1, 2, 2, 3, 4, 7, 13)), chance.choice((None, None, GOLD, SILVER))) for _ in range(40)
    ]

    assert seat_parties(parties, spots) == plainly(parties, spots)


def plainly(parties: list[Party], spots: list[Spot]) -> list[list[int]]:
    """The same, with every stretch found anew for each party."""
    left, seated = list(spots), []
    for party in parties:
        there = [spot for spot in left if party.tier_id in (None, spot.tier_id)]
        found = together(there, party.quantity) or best_of(there, party.quantity)
        left = [spot for spot in left if spot not in found]
        seated.append([spot.id for spot in found])
    return seated


def best_of(spots: list[Spot], quantity: int) -> list[Spot]:
    return sorted(spots, key=good)[:quantity] if len(spots) >= quantity else []


def together(spots: list[Spot], quantity: int) -> list[Spot]:
    by_row = sorted(spots, key=lambda spot: (spot.run, spot.tier_id, spot.position, spot.id))
    stretches = []
    for (run, _), neighbours in groupby(by_row, key=lambda spot: (spot.run, spot.tier_id)):
        gap = (lambda nth, spot: spot.position - nth) if run[1] else (lambda nth, spot: 0)
        for _, stretch in groupby(enumerate(neighbours), key=lambda pair: gap(*pair)):
            stretches.append([spot for _, spot in stretch])
    fitting = [stretch for stretch in stretches if len(stretch) >= quantity]
    return min(fitting, key=lambda stretch: min(map(good, stretch)))[:quantity] if fitting else []


def good(spot: Spot) -> tuple[int, int]:
    return spot.rank, spot.id
