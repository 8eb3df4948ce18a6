"""From what a file says to the house it means: the step that both manifest formats end in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.manifest.ranks import best_first
from inventory.manifest.runs import Seat, split_row


class Standing(NamedTuple):
    """`places` general-admission places of one section and tier, all alike; `section` and `tier` are codes."""

    section: str
    tier: str
    places: int
    is_accessible: bool = False
    is_companion: bool = False
    is_restricted_view: bool = False


def lay_out(
    sections: list[SectionSpec], tiers: list[TierSpec], seats: Sequence[Seat], standing: Iterable[Standing] = ()
) -> House:
    """The house with these seats and standing places, its runs, positions and ranks worked out.

    Spots come in file order, seats before general admission, whose ranks follow the last seat's. The caller has
    checked the file: no seat twice, every code in `sections` and `tiers`, a rank on every seat or on none.
    """
    spots = _seated(seats)
    counted: Counter[str] = Counter()  # a section's numbers go on from line to line, whatever the tier
    for line in standing:
        flags = (line.is_accessible, line.is_companion, line.is_restricted_view)
        number, rank = counted[line.section] + 1, len(spots) + 1
        spots += [
            Spot(line.section, line.tier, "", str(number + n), 0, 0, rank + n, None, None, *flags)
            for n in range(line.places)
        ]
        counted[line.section] += line.places
    return House(sections, tiers, spots)


def _seated(seats: Sequence[Seat]) -> list[Spot]:
    rows: dict[tuple[str, str], list[int]] = {}
    for i, seat in enumerate(seats):
        rows.setdefault((seat.section, seat.row), []).append(i)

    place = [(0, 0)] * len(seats)  # run, position
    runs: Counter[str] = Counter()
    for (section, _), indexes in rows.items():
        for run in split_row([seats[i] for i in indexes]):
            runs[section] += 1
            for position, nth in enumerate(run, start=1):
                place[indexes[nth]] = (runs[section], position)

    rank = [0] * len(seats)
    for nth, i in enumerate(best_first(seats, rows), start=1):
        rank[i] = nth

    return [
        Spot(
            *(seat.section, seat.tier, seat.row, seat.number, *place[i], rank[i], seat.x, seat.y),
            is_accessible=seat.is_accessible,
            is_companion=seat.is_companion,
            is_restricted_view=seat.is_restricted_view,
        )
        for i, seat in enumerate(seats)
    ]
