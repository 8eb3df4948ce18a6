"""A house that sells for money: priced shows, and the moment at which all books must be true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.callers import Caller
from inventory.acts import Best, By, Holder, Seats
from inventory.manifest.house import House
from inventory.models import Channel, Place, Show, Tier
from inventory.queries.verify import verify
from inventory.services.locking import Lock, lock_places
from tests.houses import MANAGER, make_show, rows
from ticketing.gateways.words import Opened
from ticketing.models import EventCategory, Order, Payment, Seller, Terms
from ticketing.queries.quotes import lock_held
from ticketing.queries.verify import verify_money
from ticketing.services.placing import Placed, place_order
from ticketing.services.pricing import set_price

BUYER = By(actor="session:1")
GOLD_PAISE = 118_000


def make_seller(code: str = "MUM", **fields: Any) -> Seller:
    defaults = {
        "legal_name": "Curtain Call Productions",
        "gst_status": Seller.GstStatus.REGULAR,
        "gstin": "27AAPFU0939F1ZV",
        "state_code": "27",
    }
    return Seller.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def make_priced_show(
    house: House | None = None, *, paise: int = GOLD_PAISE, terms: dict[str, Any] | None = None, **fields: Any
) -> Show:
    """A show on sale whose every tier costs the same (₹1,180 unless said), since an hour before anything else."""
    show = make_show(house or rows("AB", 10), **fields)
    category = EventCategory.objects.get(code="performing-arts")
    Terms.objects.create(show=show, seller=make_seller(), category=category, **(terms or {}))
    for tier in Tier.objects.filter(show=show):
        set_price(tier_id=tier.pk, paise=paise, by=MANAGER)
    return show


def lock(show: Show, wanted: int | list[Place] = 2, *, now: datetime | None = None, channel: str = "web") -> Lock:
    """So many of the best places, or exactly these, locked on the web."""
    what = Best(wanted) if isinstance(wanted, int) else Seats([place.pk for place in wanted])
    web = Channel.objects.get(code=channel)
    by = By(actor=BUYER.actor, channel_id=web.pk)
    return lock_places(show_id=show.pk, channel_id=web.pk, wanted=what, by=by, holder=Holder(session="s"), now=now)


def order(show: Show, wanted: int | list[Place] = 2, *, contact: str = "", now: datetime | None = None) -> Placed:
    """An order for so many of the best places, or for exactly these, not paid yet."""
    made = lock(show, wanted, now=now)
    order_id, held = lock_held(made.claim_id)
    assert held
    caller = Caller("visitor", "buyer:1", "")
    return place_order(order_id=order_id, held=held, buyer=caller.digest(), actor=BUYER.actor, contact=contact, now=now)


def opened(payment: Payment | int) -> Opened:
    """What the gateway made for a payment, as the sandbox's payer needs it."""
    row = Payment.objects.get(pk=payment if isinstance(payment, int) else payment.pk)
    return Opened(link=row.link, qr_id=row.qr_id, order_id=row.gateway_order_id)


def state_of(order_id: int) -> str:
    return str(Order.objects.values_list("state", flat=True).get(pk=order_id))


def assert_books_are_true() -> None:
    """One ticket a place, money is tickets and refunds and work-list, and the ledger adds up."""
    money = verify_money()
    assert money.differences == []
    for show in Show.objects.all():
        assert verify(show).differences == []


def later(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
