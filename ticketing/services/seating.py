"""Who of a list sits where: guests who come together sit together, where the house has so many beside each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate


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


class _Stretch:
    """Neighbours of one tier, of whom the first `given` are given. The best first: so they are compared."""

    __slots__ = ("bests", "given", "is_over", "spots")

    def __init__(self, spots: list[Spot]) -> None:
        self.spots, self.given, self.is_over = spots, 0, False
        # The best place from each on: what is left after a cut is not looked through again.
        self.bests = list(accumulate(map(_goodness, reversed(spots)), min))[::-1]

    def __lt__(self, other: _Stretch) -> bool:
        return self.bests[self.given] < other.bests[other.given]

    @property
    def tier_id(self) -> int:
        return self.spots[0].tier_id

    @property
    def left(self) -> list[Spot]:
        return self.spots[self.given :]

    @property
    def room(self) -> int:
        return len(self.spots) - self.given

    def cut(self, quantity: int) -> list[Spot]:
        found = self.spots[self.given : self.given + quantity]
        self.given += quantity
        return found


class _Stretches:
    """Neighbours that are still there, by tier and by how many have room beside each other, each time the best first.

    A take changes the one stretch that it cuts, so that a long list over a large house is not slow.
    """

    def __init__(self, spots: Iterable[Spot]) -> None:
        self.rooms: dict[int, dict[int, list[_Stretch]]] = defaultdict(dict)
        self.stretch_of: dict[int, _Stretch] = {}
        self.worst_first: dict[int, list[Spot]] = defaultdict(list)
        self.gone: set[int] = set()
        self.count: Counter[int] = Counter()
        runs: dict[tuple[int, int, int], list[Spot]] = defaultdict(list)
        for spot in sorted(spots, key=_goodness, reverse=True):
            runs[(*spot.run, spot.tier_id)].append(spot)
            self.worst_first[spot.tier_id].append(spot)
            self.count[spot.tier_id] += 1
        for run in runs.values():
            self._keep_unbroken(sorted(run, key=lambda spot: (spot.position, spot.id)))

    def take(self, quantity: int, tier_id: int | None) -> list[int]:
        tiers = [tier_id] if tier_id is not None else list(self.count)
        if sum(self.count[tier] for tier in tiers) < quantity:
            return []
        stretch = min((best for tier in tiers for best in self._with_room(tier, quantity)), default=None)
        found = self._cut(stretch, quantity) if stretch else self._one_by_one(tiers, quantity)
        self.gone.update(spot.id for spot in found)
        self.count.subtract(spot.tier_id for spot in found)
        return [spot.id for spot in found]

    def _with_room(self, tier_id: int, quantity: int) -> Iterable[_Stretch]:
        """The best stretch of each size that is large enough."""
        rooms = self.rooms.get(tier_id, {})
        for room in [room for room in rooms if room >= quantity]:
            while rooms[room] and rooms[room][0].is_over:
                heappop(rooms[room])
            if rooms[room]:
                yield rooms[room][0]
            else:
                del rooms[room]

    def _cut(self, stretch: _Stretch, quantity: int) -> list[Spot]:
        """The first of a stretch, which is the best of its size."""
        heappop(self.rooms[stretch.tier_id][stretch.room])
        found = stretch.cut(quantity)
        if stretch.room:
            self._keep(stretch)
        return found

    def _one_by_one(self, tiers: Sequence[int], quantity: int) -> list[Spot]:
        """The best places there are; what is left of their stretches may be stretches still."""
        found: list[Spot] = []
        while len(found) < quantity:
            for tier in tiers:
                while self.worst_first[tier] and self.worst_first[tier][-1].id in self.gone:
                    self.worst_first[tier].pop()
            best = min(
                (self.worst_first[tier] for tier in tiers if self.worst_first[tier]), key=lambda of: _goodness(of[-1])
            )
            found.append(best.pop())
        going = {spot.id for spot in found}
        for stretch in dict.fromkeys(self.stretch_of[spot.id] for spot in found):
            stretch.is_over = True
            self._keep_unbroken([spot for spot in stretch.left if spot.id not in going])
        return found

    def _keep_unbroken(self, run: Sequence[Spot]) -> None:
        for spots in _unbroken(run):
            stretch = _Stretch(spots)
            self.stretch_of.update((spot.id, stretch) for spot in spots)
            self._keep(stretch)

    def _keep(self, stretch: _Stretch) -> None:
        heappush(self.rooms[stretch.tier_id].setdefault(stretch.room, []), stretch)


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


def _goodness(spot: Spot) -> tuple[int, int]:
    return spot.rank, spot.id
