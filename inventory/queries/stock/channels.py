"""What each channel has of a show: for the manager's bars, and for trying a rule first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inventory.queries.stock.offers import offers


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One section by tier by channel. `sellable` as in `availability`; the rest by the channel of the claim."""

    section_id: int
    tier_id: int
    channel_id: int
    sellable: int
    locked: int
    paying: int
    sold: int


def by_channel(show_id: int, at: datetime | None = None) -> list[ChannelLine]:
    """Every channel's part of every section by tier, in one statement however many channels there are.

    In the house's order, then by channel. Several channels may sell the same place, so `sellable` does not add up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "channel_id": None, "at": at, "as_if_on_sale": False})
        return [ChannelLine(*row) for row in cursor.fetchall()]


# Upon `claimed`: section by tier by channel, what the channel's locks and sales have taken.
TAKEN = """
    taken AS (
        SELECT k.section_id, k.tier_id, c.channel_id, sum(k.places) FILTER (WHERE k.phase = 'browsing') AS locked,
               sum(k.places) FILTER (WHERE k.phase = 'paying') AS paying,
               sum(k.places) FILTER (WHERE k.status = 'sold') AS sold
        FROM claimed k JOIN inventory_claim c ON c.id = k.claim_id WHERE k.status IN ('locked', 'sold')
        GROUP BY 1, 2, 3)"""

_STATEMENT = f"""WITH {offers()}, {TAKEN}
    SELECT o.section_id, o.tier_id, o.channel_id, o.sellable, coalesce(t.locked, 0)::integer,
           coalesce(t.paying, 0)::integer, coalesce(t.sold, 0)::integer
    FROM offers o JOIN inventory_section e ON e.id = o.section_id JOIN inventory_tier i ON i.id = o.tier_id
    LEFT JOIN taken t ON t.section_id = o.section_id AND t.tier_id = o.tier_id AND t.channel_id = o.channel_id
    ORDER BY e.ordinal, e.id, i.ordinal, i.id, o.channel_id"""
