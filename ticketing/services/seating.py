"""Who of a list sits where: guests who come together sit together, where the house has so many beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that may be given. `run` names an unbroken stretch of neighbours of one section."""

    id: int
    tier_id: int
    run: tuple[int, int]
    position: int
    rank: int


@dataclass(frozen=True, slots=True)
class Party:
    """So many places, of one tier where that was asked for; exactly `named` where they were."""

    quantity: int
    tier_id: int | None = None
    named: Sequence[int] = ()


def seat_parties(parties: Sequence[Party], spots: Iterable[Spot]) -> list[list[int]]:
    """The places of each party, in the parties' order; none for whom there are too few left.

    What was named is taken out first. Then each, in the list's order, gets the best stretch of neighbours that has room
    for it; the best places one by one where none has. Two parties that named one place are not told apart here.
    """
    taken = {place_id for party in parties for place_id in party.named}
    stretches = _Stretches(spot for spot in spots if spot.id not in taken)
    return [list(party.named) or stretches.take(party.quantity, party.tier_id) for party in parties]


class _Stretches:
    """Neighbours that are still there, the best stretch first; one of a tier alone is found by its tier."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        runs: dict[tuple[int, int, int], list[Spot]] = defaultdict(list)
        for spot in spots:
            runs[(*spot.run, spot.tier_id)].append(spot)
        self.stretches: dict[int, list[list[Spot]]] = defaultdict(list)
        for run in runs.values():
            for stretch in _unbroken(sorted(run, key=lambda spot: (spot.position, spot.id))):
                self.stretches[stretch[0].tier_id].append(stretch)
        for of_tier in self.stretches.values():
            of_tier.sort(key=_best)

    def take(self, quantity: int, tier_id: int | None) -> list[int]:
        tiers = [tier_id] if tier_id is not None else list(self.stretches)
        there = [stretch for tier in tiers for stretch in self.stretches.get(tier, [])]
        if len(tiers) > 1:
            there.sort(key=_best)
        if sum(map(len, there)) < quantity:
            return []
        fitting = next((stretch for stretch in there if len(stretch) >= quantity), None)
        if fitting is not None:
            found = fitting[:quantity]
            del fitting[:quantity]
        else:
            best = sorted((spot for stretch in there for spot in stretch), key=lambda spot: (spot.rank, spot.id))
            found = best[:quantity]
            going = set(found)
            for stretch in there:
                stretch[:] = [spot for spot in stretch if spot not in going]
        for tier in tiers:
            self.stretches[tier] = [stretch for stretch in self.stretches.get(tier, []) if stretch]
        return [spot.id for spot in found]


def _unbroken(run: Sequence[Spot]) -> Iterable[list[Spot]]:
    """The stretches of a run: what stands between two of them is not to be given. Admissions are all one stretch."""
    stretch: list[Spot] = []
    for spot in run:
        if stretch and spot.run[1] and spot.position > stretch[-1].position + 1:
            yield stretch
            stretch = []
        stretch.append(spot)
    if stretch:
        yield stretch


def _best(stretch: list[Spot]) -> tuple[int, int]:
    return min((spot.rank, spot.id) for spot in stretch)
