"""What exceptions from the price cost or earned: of each, what was sold under it against what the tier itself cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ticketing.models import Price, PriceException


@dataclass(frozen=True, slots=True)
class Sold:
    """Tickets sold under exceptions, and by how many paise they differ from their tiers' own price, each as that was
    when its place was locked. `void` are tickets that were taken back since, told apart from those that stand."""

    tickets: int = 0
    differs_paise: int = 0
    void: int = 0
    void_differs_paise: int = 0

    def __add__(self, other: Sold) -> Sold:
        return Sold(
            self.tickets + other.tickets,
            self.differs_paise + other.differs_paise,
            self.void + other.void,
            self.void_differs_paise + other.void_differs_paise,
        )


def sold_under(exception_ids: Collection[int]) -> dict[int, Sold]:
    """Of each exception that something was sold under. A line without a ticket was never paid, and is not counted."""
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, [list(exception_ids)])
        return {row[0]: Sold(*row[1:]) for row in cursor.fetchall()}


def prices_beside(exceptions: Sequence[PriceException]) -> dict[int, list[Price]]:
    """By exception, what its tier itself cost while it was in force, in order; the next price where it had none yet."""
    by_tier: dict[int, list[Price]] = defaultdict(list)
    for price in Price.objects.filter(tier__in={one.tier_id for one in exceptions}).order_by("from_at"):
        by_tier[price.tier_id].append(price)
    return {one.pk: _beside(by_tier[one.tier_id], one.begins_at, one.ends_at) for one in exceptions}


def _beside(prices: Iterable[Price], begins: datetime, ends: datetime) -> list[Price]:
    prices = list(prices)
    before = [price for price in prices if price.from_at <= begins]
    found = before[-1:] + [price for price in prices if begins < price.from_at < ends] or prices[:1]
    # A price that begins again, the same as before it, is no other one.
    return [price for nth, price in enumerate(found) if not nth or price.paise != found[nth - 1].paise]


_SOLD = """
    SELECT l.exception_id,
           count(*) FILTER (WHERE t.is_live), coalesce(sum(l.paise - p.paise) FILTER (WHERE t.is_live), 0)::bigint,
           count(*) FILTER (WHERE NOT t.is_live),
           coalesce(sum(l.paise - p.paise) FILTER (WHERE NOT t.is_live), 0)::bigint
    FROM ticketing_orderline l JOIN ticketing_price p ON p.id = l.price_id
    CROSS JOIN LATERAL (
        SELECT bool_or(k.voided_at IS NULL) AS is_live FROM ticketing_ticket k
        WHERE k.order_id = l.order_id AND k.line_id = l.id HAVING count(*) > 0) t
    WHERE l.exception_id = ANY(%s)
    GROUP BY l.exception_id"""
