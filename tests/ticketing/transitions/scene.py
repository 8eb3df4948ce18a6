"""A show that sells for money, the gateway over HTTP, and a clock that only the test moves.

order_id = scene.order(2)                   two of the best places, locked and ordered
payment = scene.start(order_id)             a QR code that waits
scene.sandbox.pay(opened(payment))          the buyer approves
scene.tell()                                every webhook is delivered, in order, and worked on
scene.passes(90); scene.watch()             time passes, and whatever is due is asked about
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Place, Show
from inventory.queries.moves import database_now
from inventory.queries.stock.exposure import exposure
from inventory.services.sweep import sweep
from tests.houses import statuses
from tests.ticketing.books import BUYER, opened, order, state_of
from tests.ticketing.sandboxed import Sandbox, Webhook
from ticketing.gateways import gateway
from ticketing.gateways.words import Gateway, Way
from ticketing.models import GatewayEvent, Order, Payment, Refund, Ticket
from ticketing.services.cancelling import refund_order
from ticketing.services.inbox import take_event, work_on_inbox
from ticketing.services.paying import start_payment
from ticketing.services.returning import send_refunds
from ticketing.services.watching import expire_orders, look_at_payments, sweep_account

STAFF = By(actor="user:1", reason_code="staff")


@dataclass
class Scene:
    """One show in one account. `now` begins at the database's time and is given to every verb."""

    sandbox: Sandbox
    show: Show
    now: datetime = field(default_factory=database_now)

    @property
    def gateway(self) -> Gateway:
        return gateway()

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def until(self, at: datetime | None) -> None:
        assert at is not None
        self.now = max(self.now, at)

    # The buyer

    def order(self, wanted: int | list[Place] = 2, *, contact: str = "") -> int:
        return order(self.show, wanted, contact=contact, now=self.now).order_id

    def start(self, order_id: int, way: Way = Way.QR, *, pay_for_s: int = 300) -> Payment:
        started = start_payment(
            order_id=order_id, way=way, gateway=self.gateway, by=BUYER, pay_for_s=pay_for_s, now=self.now
        )
        return Payment.objects.get(pk=started.payment_id)

    def paid(self, wanted: int | list[Place] = 2, way: Way = Way.QR, *, contact: str = "") -> int:
        """An order that is paid in time."""
        order_id = self.order(wanted, contact=contact)
        self.sandbox.pay(opened(self.start(order_id, way)))
        self.tell()
        assert state_of(order_id) == "confirmed"
        return order_id

    # The gateway's news

    def deliver(self, *webhooks: Webhook) -> list[str]:
        """Bring these one after the other, each worked on before the next; what came of each, '' if nothing yet."""
        outcomes = []
        for webhook in webhooks:
            take_event(gateway=self.gateway, raw=webhook.raw, headers=webhook.headers)
            work_on_inbox(gateway=self.gateway, now=self.now)
            outcomes.append(GatewayEvent.objects.get(event_id=webhook.event_id).outcome)
        return outcomes

    def tell(self) -> list[str]:
        """Bring all that waits, in the order in which it happened."""
        return self.deliver(*self.sandbox.take_webhooks())

    def news(self) -> dict[str, Webhook]:
        """What waits, by its kind; nothing is delivered."""
        return {webhook.kind: webhook for webhook in self.sandbox.take_webhooks()}

    def work_again(self) -> None:
        """What was left for later is due now."""
        GatewayEvent.objects.filter(done_at=None).update(next_try_at=database_now())
        work_on_inbox(gateway=self.gateway, now=self.now)

    # Housekeeping

    def watch(self) -> None:
        """What beat does every two seconds."""
        look_at_payments(gateway=self.gateway, now=self.now)
        expire_orders(now=self.now)

    def lapse(self, payment: Payment) -> None:
        """Nothing comes of it: its time passes and its grace, and it is asked about as often as beat would."""
        self.until(payment.closes_at)
        self.watch()
        self.passes(self.show.terms.grace_s)
        self.watch()

    def let_run_out(self, order_id: int) -> None:
        """A browsing lock runs out, and with it its order."""
        self.until(Order.objects.get(pk=order_id).lock.due_at)
        sweep(now=self.now)
        expire_orders(now=self.now)

    def send(self) -> int:
        return send_refunds(gateway=self.gateway, now=self.now)

    def sweep(self) -> list[str]:
        """The gateway's account gone through: what was news."""
        begin = database_now() - timedelta(hours=2)
        return [one.word for one in sweep_account(
            gateway=self.gateway, begin=begin, end=begin + timedelta(hours=3), now=self.now
        )]  # fmt: skip

    def refund(self, order_id: int, **chosen: Any) -> list[Refund]:
        return refund_order(order_id=order_id, by=STAFF, now=self.now, **chosen)

    def process_refunds(self) -> None:
        """The gateway has them all, and has paid them out."""
        self.send()
        for made in self.sandbox.made("refunds"):
            if made["status"] == "pending":
                self.sandbox.process_refund(made["id"])
        self.tell()

    # Looking

    def exposure(self) -> int:
        exposed = exposure(self.show.pk, self.now)
        assert exposed
        return exposed.places

    def stock(self) -> dict[str, int]:
        return statuses(self.show)


def of(payment: Payment | int) -> Payment:
    """The payment as it is now."""
    return Payment.objects.get(pk=payment if isinstance(payment, int) else payment.pk)


def live_tickets(order_id: int) -> int:
    return Ticket.objects.filter(order_id=order_id, voided_at=None).count()


def refunds(**fields: Any) -> list[tuple[str, str, int]]:
    """Reason, state and amount of each, the oldest first."""
    rows = Refund.objects.filter(**fields).order_by("id")
    return list(rows.values_list("reason_code", "state", "amount_paise"))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of money and of stock."""
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith("ticketing_") or table in {"inventory_place", "inventory_claim", "inventory_movement"}
    ]
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows


@contextmanager
def refused(refusal: type[DomainError]) -> Iterator[None]:
    """What happens inside is refused by this name, and has changed nothing."""
    before = everything()
    with pytest.raises(refusal):
        yield
    assert everything() == before
