"""The report on price parity as a file for a spreadsheet: amounts in plain rupees, every cell safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from core.cells import csv_of
from core.money import rupees_plain
from ticketing.admin.parity_lines import Line, percent, sum_of, totals_of
from ticketing.queries.parity import Sold

COLUMNS = (
    *("Line", "Show", "Starts", "Tier", "Channel", "State"),
    *("Tier's price", "Channel's price", "Difference", "Per cent"),
    *("Reason", "Note", "Approved by", "From", "Until"),
    *("Tickets", "Cost or earned", "Void tickets", "Of void tickets"),
)


def file_of(lines: Sequence[Line], shows: dict[int, int], sold: dict[int, Sold], now: datetime) -> HttpResponse:
    response = HttpResponse(csv_of(_cells(lines, shows, sold)), content_type="text/csv; charset=utf-8")
    name = f"price-parity-{timezone.localtime(now):%Y-%m-%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _cells(lines: Sequence[Line], shows: dict[int, int], sold: dict[int, Sold]) -> Iterator[Sequence[object]]:
    """A row for each exception and each price of its tier beside it; the first has what was sold. Then the totals."""
    yield COLUMNS
    for line in lines:
        one, show = line.exception, line.exception.tier.show
        for nth, price in enumerate(line.prices or [None]):
            differs = None if price is None else one.paise - price.paise
            yield (
                *(
                    "exception" if nth == 0 else "the tier's next price",
                    show.title,
                    _stamp(show.starts_at),
                    one.tier.name,
                ),
                *(one.channel.name, line.state, "" if price is None else rupees_plain(price.paise)),
                *(rupees_plain(one.paise), "" if differs is None else rupees_plain(differs)),
                *("" if price is None else percent(one.paise, price.paise), one.reason_code, one.note),
                *(one.approver.get_username(), _stamp(one.begins_at), _stamp(one.ends_at)),
                *(_numbers(line.sold) if nth == 0 else [""] * 4),
            )
    for total in totals_of((line.exception.tier.show for line in lines), shows, sold):
        yield ("total of the show", total.name, *[""] * 13, *_numbers(total.sold))
    yield ("total", *[""] * 14, *_numbers(sum_of(shows, sold)))


def _numbers(sold: Sold) -> list[object]:
    return [sold.tickets, rupees_plain(sold.differs_paise), sold.void, rupees_plain(sold.void_differs_paise)]


def _stamp(at: datetime) -> str:
    """For files: they are sorted, and read in other years."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
