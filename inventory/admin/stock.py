"""Stock as bars: how many places are open, locked, held, sold and killed, as buyers see it this second."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from inventory.models import Place
from inventory.queries.stock import counts_of

S = Place.Status
BROWSING, PAYING = "browsing", "paying"
# Mid tones that stand on white and on black. Each comes with its word, so that colour is never the only sign.
# Where the phases of a lock are told apart, "locked" is of those who browse; elsewhere it is of both.
LOOKS = {
    S.OPEN.value: ("open", "#16a34a"),
    S.LOCKED.value: ("locked", "#f59e0b"),
    BROWSING: ("locked", "#f59e0b"),
    PAYING: ("payment pending", "#ea580c"),
    S.HELD.value: ("held", "#3b82f6"),
    S.LEASED.value: ("leased", "#06b6d4"),
    S.SOLD.value: ("sold", "#9333ea"),
    S.KILLED.value: ("killed", "#94a3b8"),
}
# A lock that has run out is open to everybody, whether or not the sweep has been.
RAN_OUT = Q(status=S.LOCKED, claim__due_at__lte=Now())


@dataclass(frozen=True, slots=True)
class Share:
    """One state's part of the capacity; `left` and `width` place it on a bar of 100."""

    status: str
    word: str
    count: int
    colour: str
    left: float
    width: float

    def __str__(self) -> str:
        return f"{self.count:,} {self.word}"


@dataclass(frozen=True, slots=True)
class Stock:
    """How many places are in each state. What is over, swept or not, counts as what it is by now."""

    counts: Mapping[str, int]

    @property
    def capacity(self) -> int:
        return sum(self.counts.values())

    @property
    def shares(self) -> list[Share]:
        shares, left, capacity = [], 0.0, self.capacity
        for status, (word, colour) in LOOKS.items():
            count = self.counts.get(status, 0)
            width = 100 * count / capacity if capacity else 0.0
            if count or status in (S.OPEN, S.SOLD):
                shares.append(Share(status, word, count, colour, left, width))
            left += width
        return shares

    @property
    def total(self) -> str:
        return f"{self.capacity:,}"

    @property
    def in_words(self) -> str:
        return f"{', '.join(map(str, self.shares))} of {self.total}"


def stock_of(show_ids: Collection[int]) -> dict[int, Stock]:
    """The stock of each of these shows, in one query; a show without places is not among them."""
    return {show_id: Stock(counts) for show_id, counts in counts_of(show_ids).items()}


def bar(stock: Stock) -> SafeString:
    """The stock as a thin bar with its numbers below, for a list."""
    return render_to_string("inventory/admin/bar.html", {"stock": stock})
