"""Placing an order: the places of one lock, at the prices of the second in which they were locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.contacts import counted_as
from core.queries import AnsweredBefore, Kept
from core.refusals import DomainError
from inventory.acts import Holder
from inventory.services.locks import LockCommitted, LockExpired
from ticketing.queries import orders
from ticketing.queries.quotes import LockHeld
from ticketing.services.quoting import LineQuote, quote_lines


class LockHasAnOrder(DomainError):
    code, message = "lock_has_an_order", "There is an order for these places already."


class TooManyForContact(DomainError):
    code, message = "too_many_for_contact", "One contact may have only so many tickets for this show."


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as it was placed, with its lock and its lines."""

    order_id: int
    lock: LockHeld
    lines: list[LineQuote]
    contact: str
    name: str

    @property
    def total_paise(self) -> int:
        return sum(line.paise for line in self.lines)


def place_order(
    *,
    order_id: int,
    held: LockHeld,
    buyer: str,
    actor: str,
    contact: str = "",
    name: str = "",
    kept: Kept | None = None,
    answer: Callable[[Placed], Any] = lambda placed: None,
    now: datetime | None = None,
) -> Placed:
    """Make an order of a live lock that the caller owns; `order_id` and `held` are what `lock_held` told.

    `contact` is one, as `core.contacts` writes it. With `kept`, what `answer` makes of the order is kept as that key's
    answer in the very statement that writes it; where the key has one, nothing is done and AnsweredBefore is raised.

    Raises NotPriced, PriceBetweenBands, TaxUnsettled, LockExpired, LockCommitted, LockHasAnOrder, TooManyForContact.
    """
    if held.is_over:
        raise LockHasAnOrder if held.order_id else LockExpired
    lines = quote_lines(held)
    placed = Placed(order_id, held, lines, contact, name)
    assert held.taxed
    new = orders.NewOrder(
        order_id=order_id,
        show_id=held.show_id,
        channel_id=held.channel_id,
        lock_id=held.lock_id,
        total_paise=placed.total_paise,
        buyer=buyer,
        actor=actor,
        contact=contact,
        name=name,
        contact_digest=Holder(contact=counted_as(contact)).digests()["contact"],
        per_contact=held.taxed.tickets_per_contact,
        lines=[_row(line, held.taxed.sac) for line in lines],
        placed_at=now or held.now,
    )
    verdict, facts, stored = orders.place(new, kept, answer(placed) if kept else None, now)
    if stored:
        raise AnsweredBefore(stored)
    if verdict != "placed":
        raise _REFUSALS[verdict](**facts)
    return placed


_REFUSALS: dict[str, type[DomainError]] = {
    "lock_expired": LockExpired,
    "lock_committed": LockCommitted,
    "lock_has_an_order": LockHasAnOrder,
    "too_many_for_contact": TooManyForContact,
}


def _row(line: LineQuote, sac: str) -> list[Any]:
    taxes = line.split
    return [
        line.place.id,
        line.tier_id,
        line.price.price_id,
        line.price.exception_id,
        line.paise,
        taxes.net_paise,
        taxes.paise("cgst"),
        taxes.paise("sgst") + taxes.paise("utgst"),
        taxes.paise("igst"),
        taxes.paise("local"),
        taxes.band.rate_bp if taxes.tax_paise > taxes.paise("local") else 0,
        taxes.is_exempt,
        sac,
    ]
