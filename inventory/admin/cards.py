"""A show's board as cards: the whole house, each tier and each section, with its bar, its channels and its freezes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inventory.admin.links import list_of
from inventory.admin.stock import BROWSING, Stock
from inventory.models import Freeze, Place
from inventory.queries.stock import Board, BoardLine, Part

# So many cards of one kind show their channels at once; more of them fold those away.
MOST_UNFOLDED = 8


@dataclass(frozen=True, slots=True)
class Stop:
    """A freeze in force, in words by whom it is, since when and why, and what the rules say of thawing it now."""

    freeze: Freeze
    by: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One channel's part of a card's places. `note` says why it can sell less than one would think."""

    name: str
    note: str
    sellable: str
    locked: str
    paying: str
    sold: str


@dataclass(frozen=True, slots=True)
class Card:
    """Some places of a show. `key` is for the page's own ids, `what` for the form that freezes them."""

    key: str
    title: str
    stock: Stock
    rows: list[Row]
    places_url: str
    what: str = ""
    stops: list[Stop] = field(default_factory=list)

    @property
    def part(self) -> str:
        """The same for the form that holds places: `tier=3`."""
        return self.what.replace(":", "=")


def whole(board: Board, stops: Sequence[Stop]) -> Card:
    """The whole house in one card."""
    rows = [_row(board, pk, board.whole_of(pk), board.lines, stops) for pk in board.channels]
    return Card("house", "The whole house", _stock(board, board.lines), rows, list_of(Place, show=board.show_id))


def by_tier(board: Board, stops: Sequence[Stop]) -> list[Card]:
    """One card a tier, in the tiers' order."""
    return [
        _card(board, "tier", pk, name, [line for line in board.lines if line.tier_id == pk], stops)
        for pk, name in board.tiers.items()
    ]


def by_section(board: Board, stops: Sequence[Stop]) -> list[Card]:
    """One card a section, in the house's order."""
    return [
        _card(board, "section", pk, name, [line for line in board.lines if line.section_id == pk], stops)
        for pk, name in board.sections.items()
    ]


def _card(board: Board, kind: str, pk: int, name: str, lines: list[BoardLine], stops: Sequence[Stop]) -> Card:
    return Card(
        key=f"{kind}-{pk}",
        title=name,
        stock=_stock(board, lines),
        rows=[_row(board, channel, board.part_of(channel, lines), lines, stops) for channel in board.channels],
        places_url=list_of(Place, show=board.show_id, **{kind: pk}),
        what=f"{kind}:{pk}",
        stops=[stop for stop in stops if getattr(stop.freeze, f"{kind}_id") == pk],
    )


def _stock(board: Board, lines: Sequence[BoardLine]) -> Stock:
    states = board.states_of(lines)
    return Stock({BROWSING if state == "locked" else state: count for state, count in states.items()})


def _row(board: Board, channel_id: int, part: Part, lines: Sequence[BoardLine], stops: Sequence[Stop]) -> Row:
    name, is_active = board.channels[channel_id]
    here = [stop.freeze for stop in stops if stop.freeze.channel_id in (None, channel_id)]
    frozen = sum(any(_covers(freeze, line) for freeze in here) for line in lines)
    note = "" if not frozen else "frozen" if frozen == len(lines) else "partly frozen"
    numbers = (f"{number:,}" for number in (part.sellable, part.locked, part.paying, part.sold))
    return Row(name, note if is_active else "may not sell", *numbers)


def _covers(freeze: Freeze, line: BoardLine) -> bool:
    return freeze.tier_id in (None, line.tier_id) and freeze.section_id in (None, line.section_id)
