"""The lines of the report on price parity, and how they read: what a price differs by, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.money import rupees
from inventory.admin.links import page_of
from inventory.admin.reasons import in_words
from inventory.models import Show
from ticketing.models import Price, PriceException
from ticketing.queries.parity import Sold, prices_beside


@dataclass(frozen=True, slots=True)
class Line:
    """One exception beside its tier's own price, which may have changed meanwhile; `sold` under it."""

    exception: PriceException
    prices: Sequence[Price]
    sold: Sold
    now: datetime

    @property
    def state(self) -> str:
        if self.exception.begins_at == self.exception.ends_at:
            return "never in force"
        if self.exception.ends_at <= self.now:
            return "over"
        return "to come" if self.exception.begins_at > self.now else "in force"

    @property
    def beside(self) -> list[tuple[str, str, str]]:
        """Each price of the tier, and by how many rupees and per cent the channel's differs from it."""
        return [
            (
                rupees(price.paise) + (f" from {_minute(price.from_at)}" if nth else ""),
                signed(self.exception.paise - price.paise),
                f"{percent(self.exception.paise, price.paise)} %",
            )
            for nth, price in enumerate(self.prices)
        ]

    @property
    def price(self) -> str:
        return rupees(self.exception.paise)

    @property
    def begins(self) -> str:
        return _minute(self.exception.begins_at)

    @property
    def ends(self) -> str:
        return _minute(self.exception.ends_at)

    @property
    def show_url(self) -> str:
        return page_of(self.exception.tier.show)

    @property
    def url(self) -> str:
        return page_of(self.exception)

    @property
    def why(self) -> str:
        return in_words(self.exception.reason_code)

    @property
    def came_of_it(self) -> str:
        return outcome(self.sold)

    @property
    def void(self) -> str:
        return void(self.sold)


@dataclass(frozen=True, slots=True)
class Total:
    """All the exceptions of a show, or of all shows, that were asked for."""

    name: str
    exceptions: int
    sold: Sold

    @property
    def came_of_it(self) -> str:
        return outcome(self.sold)

    @property
    def void(self) -> str:
        return void(self.sold)


def lines_of(rows: QuerySet[PriceException], sold: dict[int, Sold], now: datetime) -> list[Line]:
    exceptions = list(rows.select_related("tier__show", "channel", "approver"))
    beside = prices_beside(exceptions)
    return [Line(one, beside[one.pk], sold.get(one.pk, Sold()), now) for one in exceptions]


def totals_of(of: Iterable[Show], shows: dict[int, int], sold: dict[int, Sold]) -> list[Total]:
    """Of each of these shows, over all of its exceptions that were asked for."""
    said = []
    for show in dict.fromkeys(of):
        its = [pk for pk, show_id in shows.items() if show_id == show.pk]
        said.append(Total(f"{show.title}, {timezone.localtime(show.starts_at):%d %b %Y}", len(its), sum_of(its, sold)))
    return said


def sum_of(exceptions: Iterable[int], sold: dict[int, Sold]) -> Sold:
    return sum((sold.get(pk, Sold()) for pk in exceptions), Sold())


def outcome(sold: Sold) -> str:
    """What it cost or earned against the tiers' own prices."""
    if not sold.tickets:
        return "nothing sold"
    if not sold.differs_paise:
        return "neither cost nor earned"
    return f"{'cost' if sold.differs_paise < 0 else 'earned'} {rupees(abs(sold.differs_paise))}"


def void(sold: Sold) -> str:
    """The same of tickets that were taken back: what it would have been."""
    if not sold.void:
        return ""
    return f"{sold.void:,} void, {signed(sold.void_differs_paise)}, not counted"


def percent(paise: int, of: int) -> str:
    """By how many per cent one price differs from another: `-15.3`, `+20.0`, `0.0`."""
    many = round(100 * (paise - of) / of, 1) + 0
    return f"{many:+.1f}" if many else "0.0"


def signed(paise: int) -> str:
    return f"{'+' if paise > 0 else '-' if paise < 0 else ''}{rupees(abs(paise))}"


def _minute(at: datetime) -> str:
    return f"{timezone.localtime(at):%d %b %Y, %H:%M}"
