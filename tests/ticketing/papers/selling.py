"""Orders that are paid for in one step, for whatever is due afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.times import INDIA
from inventory.acts import By
from inventory.manifest.house import House
from inventory.models import Place, Show, Tier
from tests.houses import MANAGER, rows
from tests.ticketing.books import BUYER, make_priced_show, order
from ticketing.models import Order, Payment, Refund
from ticketing.services.cancelling import refund_order
from ticketing.services.numbering import issue_due_documents
from ticketing.services.paying import pay_by_tender
from ticketing.services.pricing import set_price
from ticketing.services.returning import hand_back

LATER = timedelta(seconds=5)
CASHIER = By(actor="user:7", reason_code="by_buyer")


def soon(seconds: float = 60) -> datetime:
    """A moment to come, to the second: the server's own clock decides whether a lock is over."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)


def new_years_eve() -> datetime:
    """The next 31 March, 23:59:30 in India."""
    today = datetime.now(INDIA)
    return datetime(today.year + (today.month > 3), 3, 31, 23, 59, 30, tzinfo=INDIA)


def sold(
    show: Show,
    wanted: int | list[Place] = 2,
    *,
    contact: str = "",
    tender: Payment.Tender = Payment.Tender.CASH,
    now: datetime | None = None,
) -> Order:
    """An order that is confirmed, its document due."""
    placed = order(show, wanted, contact=contact, now=now)
    pay_by_tender(order_id=placed.order_id, tender=tender, by=BUYER, now=now)
    return Order.objects.get(pk=placed.order_id)


def confirmed_at(made: Order) -> datetime:
    assert made.confirmed_at
    return made.confirmed_at


def documented(show: Show, wanted: int | list[Place] = 2, *, contact: str = "", now: datetime | None = None) -> Order:
    """An order that is confirmed and has its document."""
    made = sold(show, wanted, contact=contact, now=now)
    issue_due_documents(now=confirmed_at(made) + LATER)
    return made


def given_back(made: Order, ticket_ids: Sequence[int] | None = None, *, now: datetime) -> Refund:
    """Tickets of an order that are void, and their money back in the buyer's hand."""
    (refund,) = refund_order(order_id=made.pk, by=CASHIER, ticket_ids=ticket_ids, now=now)
    hand_back_at(refund.pk, now)
    refund.refresh_from_db()
    return refund


def hand_back_at(refund_id: int, at: datetime) -> datetime:
    hand_back(refund_id=refund_id, by=CASHIER, now=at)
    return at


def make_mixed_show() -> Show:
    """Ten gold seats at ₹1,180, taxed, and ten silver ones at ₹450, exempt; whoever locks `soon` sees these prices."""
    gold, silver = rows("A", 10), rows("B", 10, section="circle", tier="silver")
    both = House(gold.sections + silver.sections, gold.tiers + silver.tiers, gold.spots + silver.spots)
    show = make_priced_show(both)
    set_price(tier_id=Tier.objects.get(show=show, code="silver").pk, paise=45_000, by=MANAGER)
    return show
