"""What a lock's places cost, as PostgreSQL tells it: prices, exceptions and bands of the second it was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from inventory.queries.doors import Label


@dataclass(frozen=True, slots=True)
class PriceHeld:
    """What a tier costs whoever holds this lock. `list_paise` is the tier's price, `paise` what this channel asks."""

    price_id: int
    list_paise: int
    exception_id: int | None
    paise: int
    reading: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class TierPrice:
    """A tier and what it costs; None where it has no price yet."""

    code: str
    name: str
    tier_id: int
    price: PriceHeld | None


@dataclass(frozen=True, slots=True)
class Taxed:
    """How a show is taxed on a day, and what else its terms say. `bands` are [up to, rate, basis, is exempt]."""

    gst_status: str
    seller_state: str
    venue_state: str
    sac: str
    tickets_per_contact: int
    pay_for_s: int
    local_rate_bp: int
    bands: list[list[Any]]


@dataclass(frozen=True, slots=True)
class LockHeld:
    """A lock with its places, and `prices` by the tier's id, None where a tier has none. `now` is the server's."""

    lock_id: int
    show_id: int
    show: str
    channel_id: int
    channel: str
    phase: str
    session: str
    made_by: str
    locked_at: datetime
    expires_at: datetime
    hard_until: datetime
    is_over: bool
    order_id: int | None
    now: datetime
    taxed: Taxed | None
    places: list[tuple[Label, int]]
    prices: dict[int, PriceHeld | None]

    @property
    def due_at(self) -> datetime:
        return self.hard_until if self.phase == "paying" else self.expires_at


def lock_held(lock_id: int) -> tuple[int, LockHeld | None]:
    """The lock as it stands, and the number that an order made of it will have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('ticketing_order', 'id')), ticketing_quote(%s)", [lock_id]
        )
        order_id, told = cursor.fetchone()
    return int(order_id), _lock_of(json.loads(told)) if told else None


def prices_at(show_id: int, channel_id: int | None, at: datetime | None = None) -> list[TierPrice]:
    """What each tier of a show costs on a channel at a moment, in the show's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.code, t.name, t.id, ticketing_price_at(t.id, %s, coalesce(%s, clock_timestamp()))
               FROM inventory_tier t WHERE t.show_id = %s ORDER BY t.ordinal, t.id""",
            [channel_id, at, show_id],
        )
        return [
            TierPrice(code, name, tier_id, _price_of(json.loads(held or "null")))
            for code, name, tier_id, held in cursor.fetchall()
        ]


def taxed_on(show_id: int, on: date) -> Taxed | None:
    """How a show is taxed on a day; None where it has no terms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticketing_taxed(%s, %s)", [show_id, on])
        (told,) = cursor.fetchone()
    return _taxed_of(json.loads(told or "null"))


def _lock_of(told: dict[str, Any]) -> LockHeld:
    times = {name: datetime.fromisoformat(told[name]) for name in ("locked_at", "expires_at", "hard_until", "now")}
    rest: dict[str, Any] = {name: told[name] for name in _PLAIN} | times
    return LockHeld(
        **rest,
        taxed=_taxed_of(told["terms"]),
        places=[(Label(*place[:5]), place[5]) for place in told["places"] or []],
        prices={int(tier): _price_of(held) for tier, held in (told["prices"] or {}).items()},
    )


_PLAIN = (
    "lock_id", "show_id", "show", "channel_id", "channel", "phase", "session", "made_by", "is_over", "order_id",
)  # fmt: skip


def _price_of(held: list[Any] | None) -> PriceHeld | None:
    return PriceHeld(*held) if held else None


def _taxed_of(told: dict[str, Any] | None) -> Taxed | None:
    return Taxed(**{**told, "bands": told["bands"] or []}) if told else None
