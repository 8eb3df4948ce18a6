"""Which channel has sold how much: of each show on the start page, and of all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inventory.queries.stock import ChannelSold

MOST_CHANNELS = 6  # as many as there are patterns; the least ones are one line


@dataclass(frozen=True, slots=True)
class Portion:
    """What one channel has sold of a show: in all, today, and from where to where that is on a bar of 100."""

    name: str
    sold: int
    today: int
    share: str
    mark: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Mix:
    """Who has sold how much: of one show, or of all of them."""

    title: str
    when: str
    portions: list[Portion]

    @property
    def sold(self) -> int:
        return sum(portion.sold for portion in self.portions)

    @property
    def today(self) -> int:
        return sum(portion.today for portion in self.portions)


def mixes(sold: Sequence[tuple[str, str, Sequence[ChannelSold]]]) -> list[Mix]:
    """Each show's mix, given as its title, when it is and who has sold what; before them that of all, where there are
    several. A channel has the same mark in each.
    """
    whole: dict[int, ChannelSold] = {}
    for _, _, channels in sold:
        for one in channels:
            had = whole.get(one.channel_id)
            places, lately = (had.places, had.lately) if had else (0, 0)
            whole[one.channel_id] = replace(one, places=places + one.places, lately=lately + one.lately)
    ranked = sorted(whole.values(), key=lambda one: (-one.places, one.channel_id))
    named = [one.channel_id for one in ranked]
    if len(named) > MOST_CHANNELS:
        named = named[: MOST_CHANNELS - 1]
    of_shows = [Mix(title, when, _portions(each, named)) for title, when, each in sold]
    return [Mix("All of these", "", _portions(ranked, named)), *of_shows] if len(of_shows) > 1 else of_shows


def _portions(channels: Sequence[ChannelSold], named: Sequence[int]) -> list[Portion]:
    """The channels in the order of `named`, and what others have sold as one."""
    parts = [
        (mark, one.name, one.places, one.lately)
        for mark, pk in enumerate(named)
        for one in channels
        if one.channel_id == pk
    ]
    others = [one for one in channels if one.channel_id not in named]
    if others:
        parts.append((len(named), "Others", sum(one.places for one in others), sum(one.lately for one in others)))
    total = sum(places for _, _, places, _ in parts)
    portions, left = [], 0.0
    for mark, name, places, lately in parts:
        width = 100 * places / total
        share = f"{width:.0f} %" if width >= 1 else "under 1 %"
        portions.append(Portion(name, places, lately, share, mark, left, width))
        left += width
    return portions
