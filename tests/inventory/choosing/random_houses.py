"""Random little houses and requests, for the property that holds the database to the reference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from tests.inventory.choosing.drawing import POOL

SECTIONS = ["stalls", "balcony", "floor"]
GOLD_AND_SILVER = ["gold", "silver"]


@dataclass(frozen=True)
class RandomHouse:
    """`labels` and `taken` have an item for each spot, as drawn letters and as truth."""

    house: House
    labels: Sequence[str]
    taken: Sequence[bool]

    def drawn(self) -> str:
        """A line for each run, a cell for each seat: its mark and rank, its tier and label."""
        lines: dict[tuple[str, int], list[str]] = {}
        for spot, label, taken in zip(self.house.spots, self.labels, self.taken, strict=True):
            mark = "x" if taken else "w" if spot.is_accessible else "c" if spot.is_companion else "."
            where = "" if spot.run == 0 else f"@{spot.position}"
            cell = f"{mark}{spot.rank}{where} {spot.tier[0]}{'' if label == POOL else label}"
            lines.setdefault((spot.section, spot.run), []).append(cell)
        return "\n".join(f"{section} {run}:  " + " | ".join(cells) for (section, run), cells in lines.items())


@dataclass(frozen=True, slots=True)
class RandomAsk:
    """A request for the best, tiers and section by their codes."""

    quantity: int
    tiers: Sequence[str]
    section: str | None
    accessible: int
    together: bool
    rule: str


@dataclass(frozen=True, slots=True)
class RandomChoice:
    """A choice of neighbours, or nearly: these of the open and sellable seats, counted round and round."""

    first: int
    steps: Sequence[int]
    accessible: bool
    rule: str


marks = st.sampled_from([".", ".", ".", ".", ".", "w", "c"])
labels = st.sampled_from([POOL, POOL, POOL, "a", "a", "b", "k", "z"])
tiers = st.sampled_from(["gold", "gold", "gold", "silver"])
rules = st.sampled_from(["refuse", "warn", "off"])
seldom = st.sampled_from([False, False, False, True])


@st.composite
def houses(draw: st.DrawFn) -> RandomHouse:
    """Two sections of runs, and sometimes a third of standing room; labels and tiers in blocks or seat by seat."""
    spots: list[Spot] = []
    of_labels: list[str] = []
    for section in SECTIONS[: draw(st.integers(1, 2))]:
        for run in range(1, draw(st.integers(1, 4)) + 1):
            count = draw(st.integers(1, 7))
            block = draw(st.booleans())
            tier, label = draw(tiers), draw(labels)
            position = 0
            for number in range(1, count + 1):
                position += 2 if draw(st.integers(0, 15)) == 15 else 1  # a seat that was never there
                mark = draw(marks)
                kind = tier if block or draw(st.booleans()) else draw(tiers)
                spots.append(
                    Spot(
                        section, kind, str(run), str(number), run, position, 0,
                        is_accessible=mark == "w", is_companion=mark == "c",
                    )
                )  # fmt: skip
                of_labels.append(label if block else draw(labels))
    if draw(seldom):
        tier = draw(tiers)
        for number in range(1, draw(st.integers(1, 5)) + 1):
            mark = draw(marks)
            spots.append(
                Spot(
                    "floor", tier, "", str(number), 0, 0, 0,
                    is_accessible=mark == "w", is_companion=mark == "c",
                )
            )  # fmt: skip
            of_labels.append(draw(labels))
    in_order = range(1, len(spots) + 1)
    # Backwards, standing room is the best there is; in any order, rank says nothing of who sits beside whom.
    ranks = draw(st.one_of(st.just(in_order), st.just(in_order[::-1]), st.permutations(in_order)))
    sections = [SectionSpec(code, code.title(), is_ga=code == "floor") for code in SECTIONS]
    return RandomHouse(
        House(sections, [TierSpec(code, code.title()) for code in GOLD_AND_SILVER], _ranked(spots, ranks)),
        of_labels,
        [draw(seldom) for _ in spots],
    )


def _ranked(spots: Sequence[Spot], ranks: Sequence[int]) -> list[Spot]:
    return [replace(spot, rank=rank) for spot, rank in zip(spots, ranks, strict=True)]


@st.composite
def asks(draw: st.DrawFn) -> RandomAsk:
    quantity = draw(st.sampled_from([1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 12]))
    return RandomAsk(
        quantity=quantity,
        tiers=draw(st.sampled_from([[], [], ["gold"], ["silver"], ["gold", "silver"], ["silver", "gold"]])),
        section=draw(st.sampled_from([None, None, None, *SECTIONS])),
        accessible=min(quantity, draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))),
        together=draw(seldom),
        rule=draw(rules),
    )


@st.composite
def choices(draw: st.DrawFn) -> RandomChoice:
    return RandomChoice(
        first=draw(st.integers(0, 40)),
        steps=draw(st.lists(st.sampled_from([1, 1, 2, 3]), max_size=4)),
        accessible=draw(st.booleans()),
        rule=draw(rules),
    )


def large(seed: int) -> RandomHouse:
    """Four hundred seats ranked at random: more than a search along the ranks looks at in one go, or in two."""
    chance = random.Random(seed)
    ranks = chance.sample(range(1, 401), 400)
    spots = [
        Spot(
            "stalls", chance.choice(["gold", "gold", "silver"]) if row % 4 == 0 else "gold", str(row), str(number),
            row, number, ranks.pop(), is_accessible=chance.random() < 0.03, is_companion=chance.random() < 0.03,
        )
        for row in range(1, 41)
        for number in range(1, 11)
    ]  # fmt: skip
    return RandomHouse(
        House(
            [SectionSpec(code, code.title(), is_ga=code == "floor") for code in SECTIONS],
            [TierSpec(code, code.title()) for code in GOLD_AND_SILVER],
            spots,
        ),
        chance.choices([POOL, "a", "k"], [8, 1, 1], k=len(spots)),
        [chance.random() < 0.25 for _ in spots],
    )
