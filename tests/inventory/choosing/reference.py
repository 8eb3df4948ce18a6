"""Best available, slowly and obviously: ADR 0010 in plain Python, every window of a house looked at, no SQL.

The property in `test_against_the_reference.py` holds the database to this. Where the two differ, the ADR decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

NOT_ENOUGH = "not_enough_places"
NOT_TOGETHER = "not_together"

Groups = list[list[int]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A place as this reference knows it. Sections, tiers and labels are numbers; a standing place is in no run."""

    id: int
    section: int
    run: int
    position: int
    rank: int
    tier: int
    label: int
    is_open: bool = True
    is_accessible: bool = False
    is_companion: bool = False
    is_standing: bool = False

    @property
    def is_kept(self) -> bool:
        """Kept for those who ask: a wheelchair place, or one beside it."""
        return self.is_accessible or self.is_companion


@dataclass(frozen=True, slots=True)
class Asked:
    """`tiers` in the order of the request; `labels` as the channel may sell them: its own, then what counts as pool."""

    quantity: int
    tiers: Sequence[int]
    labels: Sequence[int]
    section: int | None = None
    accessible: int = 0
    together: bool = False
    orphans_matter: bool = True
    frozen_tiers: Collection[int] = ()
    frozen_sections: Collection[int] = ()


def best(places: Sequence[Seat], asked: Asked) -> Groups | str:
    """The ids in groups, each in order of position, or the code of the refusal."""
    whole = _Search(places, asked).whole()
    if whole is not None:
        return [_ids(whole)]
    split = _Search(places, asked).split()
    if split is None:
        return NOT_ENOUGH
    return NOT_TOGETHER if asked.together else [_ids(group) for group in split]


def stranded(places: Sequence[Seat], chosen: Collection[int]) -> list[int]:
    """The seats that a buyer's own choice leaves single, though another choice of as many would not; by id."""
    singles: list[int] = []
    for stretch in stretches([seat for seat in places if seat.is_open]):
        left = [seat for seat in stretch if seat.id not in chosen]
        if len(stretch) > len(left) >= 2:
            singles += [piece[0].id for piece in stretches(left) if len(piece) == 1]
    return sorted(singles)


def stretches(seats: Sequence[Seat]) -> list[list[Seat]]:
    """These seats as unbroken stretches of neighbours. Standing places are nobody's neighbours."""
    numbered = sorted((s for s in seats if not s.is_standing), key=lambda s: (s.section, s.run, s.position))
    # Along a stretch, position and count grow alike.
    keyed = groupby(enumerate(numbered), key=lambda pair: (pair[1].section, pair[1].run, pair[1].position - pair[0]))
    return [[seat for _, seat in stretch] for _, stretch in keyed]


def _ids(group: Sequence[Seat]) -> list[int]:
    return [seat.id for seat in group]


class _Search:
    """One request's look at a house; `gone` are the seats that its own groups have taken so far."""

    def __init__(self, places: Sequence[Seat], asked: Asked) -> None:
        self.places = places
        self.asked = asked
        self.gone: set[int] = set()
        self.at = {(seat.section, seat.run, seat.position): seat for seat in places if not seat.is_standing}

    # All together ----------------------------------------------------------------------------------------------------

    def whole(self) -> list[Seat] | None:
        """The whole party in one window: tier by tier, label by label, then all labels mixed."""
        size, accessible = self.asked.quantity, self.asked.accessible
        for tier in self.asked.tiers:
            if group := self.together(tier, size, accessible):
                return group
        return None

    def together(self, tier: int, size: int, accessible: int) -> list[Seat] | None:
        """So many together in a tier: standing, where standing is best; else neighbours."""
        if self.is_standing(tier, accessible):
            group = self.standing(tier, size, accessible)
            if len(group) == size:
                return group
        return self.best_window(tier, size, accessible)

    def candidates(self, tier: int, labels: Sequence[int], accessible: int) -> list[Seat]:
        asked = self.asked
        return [
            seat
            for seat in self.places
            if self.is_open(seat)
            and seat.tier == tier
            and seat.label in labels
            and asked.section in (None, seat.section)
            and (accessible or not seat.is_kept)
            and seat.tier not in asked.frozen_tiers
            and seat.section not in asked.frozen_sections
        ]

    def best_window(self, tier: int, size: int, accessible: int) -> list[Seat] | None:
        """Label by label, then all labels mixed: the first of these that has a window gives the best of its windows."""
        for labels in [*([label] for label in self.asked.labels), self.asked.labels]:
            candidates = self.candidates(tier, labels, accessible)
            if window := min(self.windows(candidates, size, accessible), key=self.badness, default=None):
                return window
        return None

    def windows(self, candidates: Sequence[Seat], size: int, accessible: int) -> Iterator[list[Seat]]:
        for stretch in stretches(candidates):
            for first in range(len(stretch) - size + 1):
                window = stretch[first : first + size]
                if sum(seat.is_accessible for seat in window) == accessible:
                    yield window

    def badness(self, window: Sequence[Seat]) -> tuple[bool, int, int, int, int, int]:
        ranks = [seat.rank for seat in window]
        first = window[0]
        return self.strands(window), max(ranks), sum(ranks), first.section, first.run, first.position

    def strands(self, window: Sequence[Seat]) -> bool:
        """Whether a single open seat would be left beside it, whatever that seat's label, tier or marks."""
        if not self.asked.orphans_matter:
            return False
        return any(
            self.is_open_at(end, step) and not self.is_open_at(end, 2 * step)
            for end, step in ((window[0], -1), (window[-1], 1))
        )

    def is_open(self, seat: Seat) -> bool:
        return seat.is_open and seat.id not in self.gone

    def is_open_at(self, seat: Seat, off: int) -> bool:
        other = self.at.get((seat.section, seat.run, seat.position + off))
        return other is not None and self.is_open(other)

    # General admission -----------------------------------------------------------------------------------------------

    def is_standing(self, tier: int, accessible: int) -> bool:
        """Whether the best candidate under the first label that has any is a standing place."""
        for label in self.asked.labels:
            if under := self.candidates(tier, [label], accessible):
                return min(under, key=lambda seat: seat.rank).is_standing
        return False

    def standing(self, tier: int, size: int, accessible: int) -> list[Seat]:
        """The best standing places by label, then rank, at most `size`; exactly as many for wheelchairs as wanted."""
        order = {label: number for number, label in enumerate(self.asked.labels)}
        standing = [seat for seat in self.candidates(tier, self.asked.labels, accessible) if seat.is_standing]
        by_label = sorted(standing, key=lambda seat: (order[seat.label], seat.rank))
        if not accessible:
            return by_label[:size]
        wheelchairs = [seat for seat in by_label if seat.is_accessible][:accessible]
        others = [seat for seat in by_label if not seat.is_accessible][: size - accessible]
        return wheelchairs + others if len(wheelchairs) == accessible else []

    # Split -----------------------------------------------------------------------------------------------------------

    def split(self) -> list[list[Seat]] | None:
        """The party in several groups, in the order in which they are found; None where the places do not suffice."""
        groups = self.with_wheelchairs() if self.asked.accessible else []
        if groups is None:
            return None
        wanted = self.asked.quantity - sum(map(len, groups))
        for tier in self.asked.tiers:
            while wanted and (group := self.next_group(tier, wanted)):
                self.gone |= set(_ids(group))
                groups.append(group)
                wanted -= len(group)
        return None if wanted else groups

    def next_group(self, tier: int, wanted: int) -> list[Seat] | None:
        """By the tier's longest stretch of seats; when it has none left, whoever is left stands."""
        lengths = sorted(map(len, stretches(self.candidates(tier, self.asked.labels, 0))), reverse=True)
        if not lengths:
            return self.standing(tier, wanted, 0)
        size = min(lengths[0], wanted)
        if wanted - size == 1 and size > 2 and len(lengths) > 1 and lengths[1] >= 2:
            size -= 1
        return self.best_window(tier, size, 0)

    def with_wheelchairs(self) -> list[list[Seat]] | None:
        """The group that holds every wheelchair place wanted, as large as may be; or each of them by itself."""
        accessible = self.asked.accessible
        for size in range(self.asked.quantity - 1, accessible - 1, -1):
            if group := self.first_tier_with(size, accessible):
                self.gone |= set(_ids(group))
                return [group]
        groups = []
        for _ in range(accessible):
            group = self.first_tier_with(1, 1)
            if group is None:
                return None
            self.gone |= set(_ids(group))
            groups.append(group)
        return groups

    def first_tier_with(self, size: int, accessible: int) -> list[Seat] | None:
        for tier in self.asked.tiers:
            if group := self.together(tier, size, accessible):
                return group
        return None
