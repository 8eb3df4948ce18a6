"""A show's stock at a glance: how many places are open, locked, held, sold and killed, as buyers see it this second."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from inventory.models import Place
from inventory.queries.stock import counts_of

S = Place.Status
# Mid tones that stand on white and on black. Each comes with its word, so that colour is never the only sign.
COLOURS = {
    S.OPEN: "#16a34a",
    S.LOCKED: "#f59e0b",
    S.HELD: "#3b82f6",
    S.LEASED: "#06b6d4",
    S.SOLD: "#9333ea",
    S.KILLED: "#94a3b8",
}
# A lock that has run out is open to everybody, whether or not the sweep has been.
RAN_OUT = Q(status=S.LOCKED, claim__due_at__lte=Now())


@dataclass(frozen=True, slots=True)
class Share:
    """One status's part of the capacity; `left` and `width` place it on a bar of 100."""

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
    """How many places of a show are in each status. What a run-out lock or a hold that is over still marks is open."""

    capacity: int
    counts: dict[str, int]

    @property
    def shares(self) -> list[Share]:
        shares, left = [], 0.0
        for status in S:
            count = self.counts.get(status, 0)
            width = 100 * count / self.capacity if self.capacity else 0.0
            if count or status in (S.OPEN, S.SOLD):
                shares.append(Share(status.value, str(status.label).lower(), count, COLOURS[status], left, width))
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
    return {show_id: Stock(sum(counts.values()), counts) for show_id, counts in counts_of(show_ids).items()}


def bar(stock: Stock) -> SafeString:
    """The stock as a thin bar with its numbers below, for a list."""
    return render_to_string("inventory/admin/bar.html", {"stock": stock})
