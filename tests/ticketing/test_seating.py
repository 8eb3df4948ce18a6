"""Who of a list sits where: parties together, what is named first, and nobody where there are too few."""

from __future__ import annotations

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
