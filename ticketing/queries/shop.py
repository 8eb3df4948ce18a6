"""What the shop's pages read that no other door does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


def lowest_prices(show_ids: Iterable[int], channel: str) -> dict[int, int]:
    """Of each show, the price of the cheapest tier that has an open place, in paise; shows without one are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.show_id, min((ticketing_price_at(t.id, c.id, clock_timestamp()) ->> 3)::bigint)
               FROM inventory_tier t LEFT JOIN inventory_channel c ON c.code = %(channel)s
               WHERE t.show_id = ANY(%(shows)s) AND EXISTS (
                   SELECT FROM inventory_place p
                   WHERE p.show_id = t.show_id AND p.tier_id = t.id AND p.status = 'open')
               GROUP BY t.show_id""",
            {"shows": list(show_ids), "channel": channel},
        )
        return {show_id: paise for show_id, paise in cursor.fetchall() if paise is not None}


@dataclass(frozen=True, slots=True)
class Basket:
    """A buyer's own lock that still lives. `order_id` once there is an order for it; `now` is the database's."""

    lock_id: int
    order_id: int | None
    quantity: int
    due_at: datetime
    now: datetime

    @property
    def seconds_left(self) -> int:
        return max(0, int((self.due_at - self.now).total_seconds()))


def live_baskets(show_id: int, session: str) -> list[Basket]:
    """A visitor's locks of a show that have not ended, the newest first. `session` is the ledger's digest of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.id, o.id, (SELECT count(*) FROM inventory_place p WHERE p.claim_id = c.id), c.due_at,
                      clock_timestamp()
               FROM inventory_claim c LEFT JOIN ticketing_order o ON o.lock_id = c.id
               WHERE c.session = %s AND c.session <> '' AND c.ended_at IS NULL AND c.show_id = %s AND c.kind = 'lock'
                 AND c.due_at > clock_timestamp()
               ORDER BY c.id DESC""",
            [session, show_id],
        )
        return [Basket(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of a lock as it stands in its row. `run` is 0 where places have no neighbours."""

    id: int
    section: str
    row: str
    number: str
    tier: str
    run: int
    position: int
    is_accessible: bool
    is_companion: bool
    is_restricted_view: bool


_SEAT = """p.id, s.name, p."row", p.number, t.name, p.run, p.position, p.is_accessible, p.is_companion,
    p.is_restricted_view"""


def seats_of(lock_id: int) -> list[Seat]:
    """The places of a lock in the house's order, with the names that a buyer reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_SEAT} FROM inventory_place p JOIN inventory_section s ON s.id = p.section_id
                JOIN inventory_tier t ON t.id = p.tier_id
                WHERE p.claim_id = %s ORDER BY s.ordinal, s.id, p.run, p.position, p.id""",
            [lock_id],
        )
        return [Seat(*row) for row in cursor.fetchall()]


def seats_of_order(order_id: int) -> list[Seat]:
    """The places of an order likewise, as they are after changes of seats, whatever has become of them. The tier is the
    one they were ordered in."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_SEAT} FROM ticketing_orderline l JOIN inventory_place p ON p.id = coalesce((
                    SELECT k.place_id FROM ticketing_ticket k
                    WHERE k.order_id = l.order_id AND k.line_id = l.id AND k.serial > 1
                    ORDER BY k.id DESC LIMIT 1), l.place_id)
                JOIN inventory_section s ON s.id = p.section_id JOIN inventory_tier t ON t.id = l.tier_id
                WHERE l.order_id = %s ORDER BY s.ordinal, s.id, p.run, p.position, p.id""",
            [order_id],
        )
        return [Seat(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Pass:
    """One ticket as its page shows it."""

    id: int
    serial: int
    show_id: int
    place_id: int
    section: str
    row: str
    number: str
    tier: str
    void_reason: str
    is_accessible: bool
    is_restricted_view: bool


def passes_of(order_id: int) -> list[Pass]:
    """The tickets of an order, void ones too, in the house's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.id, k.serial, k.show_id, k.place_id, s.name, p."row", p.number, t.name, k.void_reason,
                      p.is_accessible, p.is_restricted_view
               FROM ticketing_ticket k JOIN ticketing_orderline l ON l.id = k.line_id
               JOIN inventory_place p ON p.id = k.place_id JOIN inventory_section s ON s.id = p.section_id
               JOIN inventory_tier t ON t.id = l.tier_id
               WHERE k.order_id = %s ORDER BY s.ordinal, s.id, p.run, p.position, p.id, k.id""",
            [order_id],
        )
        return [Pass(*row) for row in cursor.fetchall()]
