"""One of everything that the books of money may hold, for tests that break it row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from inventory.acts import By, Seats
from inventory.models import Channel, Place, Tier
from inventory.queries.moves import database_now
from inventory.services.holds import place_hold
from tests.houses import rows
from tests.ticketing.books import BUYER, make_priced_show, make_seller, order
from ticketing.models import (
    Document,
    DocumentSeries,
    GatewayEvent,
    GuestList,
    Order,
    OrderLine,
    Payment,
    Price,
    PriceException,
    Refund,
    ShowChange,
    Ticket,
)
from ticketing.services.cancelling import refund_order
from ticketing.services.giving import Gift
from ticketing.services.guests import Invited, issue_guest_list
from ticketing.services.ordering import order_from_hold
from ticketing.services.paying import pay_by_tender
from ticketing.services.pricing import except_price
from ticketing.services.returning import ask_refund

STAFF = By(actor="user:1", reason_code="staff")


@dataclass
class World:
    """One of each: a paid order with a live ticket and a void one, an unpaid order, money aside, refunds, papers."""

    paid: Order
    unpaid: Order
    pending: Payment
    cash: Payment
    aside: Payment
    refund: Refund
    failed: Refund
    live: Ticket
    void: Ticket
    line: OrderLine
    price: Price
    exception: PriceException
    series: DocumentSeries
    document: Document
    event: GatewayEvent
    change: ShowChange
    guests: GuestList
    partys: Order


def make_world() -> World:
    """A show of eight places: two are paid in cash, two ordered and not paid, one is a guest's, one a party's."""
    show = make_priced_show(rows("A", 8))
    now = database_now()
    paid, unpaid = (Order.objects.get(pk=order(show, 2, contact="+919000000001").order_id) for _ in range(2))
    cash = pay_by_tender(order_id=paid.pk, tender=Payment.Tender.CASH, by=BUYER)
    live, dying = Ticket.objects.filter(order=paid).order_by("pk")
    refund_order(order_id=paid.pk, by=STAFF, ticket_ids=[dying.pk])
    gateway: dict[str, Any] = {"tender": "gateway", "gateway": "razorpay", "actor": "session:1", "created_at": now}
    pending = Payment.objects.create(order=unpaid, state="pending", amount_paise=236_000, receipt="HF-2-a", **gateway)
    aside = Payment.objects.create(
        order=paid, state="captured", amount_paise=118_000, received_paise=118_000, aside_as="surplus",
        captured_at=now, receipt="HF-1-a", gateway_payment_id="pay_1", **gateway,
    )  # fmt: skip
    asked: dict[str, Any] = {"payment_id": aside.pk, "of_aside": True, "reason_code": "surplus", "by": STAFF, "at": now}
    failed = ask_refund(paise=1_000, **asked)
    Refund.objects.filter(pk=failed.pk).update(state="failed", next_try_at=None)
    refund = ask_refund(paise=18_000, **asked)
    user = User.objects.create(username="manager")
    tier = Tier.objects.get(show=show)
    except_price(
        tier_id=tier.pk, channel_id=Channel.objects.get(code="counter").pk, paise=100_000, reason_code="staff",
        note="Staff evening", approver_id=user.pk, ends_at=now.replace(year=now.year + 1), by=STAFF,
    )  # fmt: skip
    series = DocumentSeries.objects.create(seller=make_seller(), prefix="MUM", year="26-27", last=1)
    document = Document.objects.create(
        series=series, serial=1, number="MUM/26-27/000001", kind="invoice", order=paid, amount_paise=236_000,
        issued_at=now, says={"lines": [{"paise": 236_000}]},
    )  # fmt: skip
    event = GatewayEvent.objects.create(gateway="razorpay", event_id="evt", sealed=b"", received_at=now)
    seventh = Place.objects.get(show=show, number="7").pk
    guests = [Invited(Gift([seventh], "press", "First Guest"), row=2, note="By the aisle")]
    listed = issue_guest_list(show_id=show.pk, title="First night", digest="a" * 64, guests=guests, by=STAFF)
    last = Seats([Place.objects.get(show=show, number="8").pk])
    held = place_hold(show_id=show.pk, wanted=last, purpose="corporate", party="Chai Co", by=STAFF)
    partys = order_from_hold(hold_id=held.pk, place_ids=last.place_ids, by=STAFF)
    change = ShowChange.objects.create(
        show=show, state="cancelled", was="on_sale", at=now, actor="user:1", reason_code="weather"
    )
    paid.refresh_from_db()
    return World(
        paid, unpaid, pending, cash, aside, refund, failed, live, Ticket.objects.get(pk=dying.pk),
        OrderLine.objects.filter(order=unpaid).order_by("pk")[0], Price.objects.get(), PriceException.objects.get(),
        series, document, event, change, listed, partys,
    )  # fmt: skip
