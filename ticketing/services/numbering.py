"""Documents for the tax office: due from the moment an order is confirmed or a refund is done, numbered here.

A number is given under its series' row, in the very transaction that writes the document and takes it off what is due.
So a worker that dies leaves no gap, and two workers give no number twice; PostgreSQL refuses both besides
(`document_serial_follows_the_last`). Buyers never come here and never wait for a series: a document follows its order
within seconds.

What was given away has no document: without a consideration it is no supply (so the Punjab appellate authority of 2022
on complimentary tickets).

A document is dated by what it documents, the confirmation or the end of the refund, in India: a worker that was late
over the night of 31 March moves no sale into the next year's books.

What it is, `ticketing.tax.documents` says. A seller who is not registered may show no GST and issues none of the law's
documents, which are for registered persons (CGST Act, s.31): the buyer gets a plain receipt, numbered with the same
care. A composition seller's is a bill of supply. A refund always finds its order documented first, so it has a credit
note and never a refund voucher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import transaction

from inventory.queries import moves
from ticketing.queries import numbering, orders
from ticketing.queries.numbering import DueRefund, DueSale, Numbered
from ticketing.tax.documents import (
    DocumentNumberInvalid,
    Kind,
    document_for_refund,
    document_number,
    documents_for_sale,
    financial_year,
    series_of,
)
from ticketing.tax.lines import credited_lines
from ticketing.tax.words import Seller

# Numbers follow the order of confirmation. Who was confirmed a moment before may commit a moment later, so nobody is
# numbered within that moment.
SETTLES = timedelta(seconds=1)
BATCH = 50
_log = structlog.get_logger(__name__)
Due = TypeVar("Due")


@dataclass(frozen=True, slots=True)
class Series:
    """What numbers are given in: one seller's, for one kind of document, in one financial year."""

    seller_id: int
    prefix: str
    year: str
    kind: Kind


def issue_due_documents(*, most: int = 1000, now: datetime | None = None) -> int:
    """Give every order and every refund that needs a document its document; how many were issued.

    Safe to run any number of times at once. Where a series is full that is logged, and what is due in it stays due.
    """
    until = (now or moves.database_now()) - SETTLES
    numbering.let_free_go(until)
    issued = 0
    for series, sales in _by_series(numbering.due_sales(until, most)).items():
        for first in range(0, len(sales), BATCH):
            issued += _unless_full(series, _issue_sales, sales[first : first + BATCH])
    for refund in numbering.due_refunds(until, most):
        seller = Seller(refund.says["seller"]["gst_status"])
        kind = document_for_refund(seller=seller, is_documented=True)
        issued += _unless_full(_series(refund, kind), _issue_refund, refund)
    return issued


def _by_series(sales: Iterable[DueSale]) -> dict[Series, list[DueSale]]:
    found: dict[Series, list[DueSale]] = {}
    for sale in sales:
        (kind,) = documents_for_sale(
            [line.split for line in sale.lines], seller=Seller(sale.says["seller"]["gst_status"])
        )
        found.setdefault(_series(sale, kind), []).append(sale)
    return found


def _series(due: DueSale | DueRefund, kind: Kind) -> Series:
    return Series(due.seller_id, series_of(due.seller_code, kind), financial_year(due.at), kind)


def _unless_full(series: Series, issue: Callable[[Series, Due], int], due: Due) -> int:
    try:
        return issue(series, due)
    except DocumentNumberInvalid as error:
        _log.error("no number for a document", series=series.prefix, year=series.year, why=str(error))
        return 0


@transaction.atomic
def _issue_sales(series: Series, sales: Sequence[DueSale]) -> int:
    """Number some orders of one series, those that nobody else has numbered meanwhile."""
    series_id, last = numbering.take_series(series.seller_id, series.prefix, series.year)
    claimed = numbering.claim_orders([sale.order_id for sale in sales])
    mine = [sale for sale in sales if sale.order_id in claimed]
    numbering.write(
        series_id,
        [
            Numbered(
                serial=serial,
                number=document_number(series.prefix, sale.at, serial),
                kind=series.kind.value,
                order_id=sale.order_id,
                refund_id=None,
                amount_paise=sum(line.paise for line in sale.lines),
                issued_at=sale.at,
                says=sale.says | {"lines": numbering.lines_said(sale.lines)},
            )
            for serial, sale in enumerate(mine, last + 1)
        ],
    )
    return len(mine)


@transaction.atomic
def _issue_refund(series: Series, refund: DueRefund) -> int:
    """Number one refund, its order's row locked, so that what it takes back is taken back once."""
    series_id, last = numbering.take_series(series.seller_id, series.prefix, series.year)
    orders.lock_order(refund.order_id)
    if not numbering.claim_refund(refund.refund_id):
        return 0
    told = numbering.returned_by(refund.refund_id)
    lines = credited_lines(
        refund.paise,
        sold=told.sold,
        credited=told.credited,
        returned_now=told.returned_now,
        returned=told.returned,
    )
    if not lines:
        return 0  # all of the sale was taken back before: the gateway gave more than it was
    numbering.write(
        series_id,
        [
            Numbered(
                serial=last + 1,
                number=document_number(series.prefix, refund.at, last + 1),
                kind=series.kind.value,
                order_id=refund.order_id,
                refund_id=refund.refund_id,
                amount_paise=sum(line.paise for line in lines),
                issued_at=refund.at,
                says=refund.says | {"lines": numbering.lines_said(lines)},
            )
        ],
    )
    return 1
