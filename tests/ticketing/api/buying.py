"""Buying over HTTP, step by step, as a shop does it."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from inventory.models import Show
from tests.database import superuser
from tests.inventory.api.shop import Answer, Shop
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.models import Payment
from ticketing.services.inbox import work_on_inbox

_BUYERS = count(1)


def lock(shop: Shop, show: Show, quantity: int = 2, **body: Any) -> str:
    answer = shop.lock(show, best={"quantity": quantity}, **body)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def contact() -> str:
    return f"buyer-{next(_BUYERS)}@example.com"


def order(shop: Shop, show: Show, quantity: int = 2, **body: Any) -> dict[str, Any]:
    """An order of so many places, placed; each by a buyer of its own."""
    answer = shop.post("orders", {"lock": lock(shop, show, quantity), "contact": contact()} | body)
    assert answer.status_code == 201, answer.content
    placed: dict[str, Any] = answer.json()
    return placed


def start(shop: Shop, order_id: str, way: str = "qr", **more: Any) -> Answer:
    return shop.post(f"orders/{order_id}/payments", {"way": way}, **more)


def pay(shop: Shop, sandbox: Sandbox, order_id: str) -> None:
    """Start a payment by QR code, have it paid, and let the webhooks do their work."""
    answer = start(shop, order_id)
    assert answer.status_code == 201, answer.content
    row = Payment.objects.latest("id")
    sandbox.pay(row.qr_id)
    deliver(sandbox)


def bought(shop: Shop, sandbox: Sandbox, show: Show, quantity: int = 2) -> dict[str, Any]:
    """An order that is confirmed."""
    placed = order(shop, show, quantity)
    pay(shop, sandbox, placed["id"])
    told: dict[str, Any] = shop.get(f"orders/{placed['id']}").json()
    assert told["state"] == "confirmed"
    return told


def bought_at(till: Shop, show: Show, quantity: int = 2, **tender: str) -> dict[str, Any]:
    """An order that a till took the money for, in cash unless said; or a partner from its account."""
    placed = order(till, show, quantity)
    answer = till.post(f"orders/{placed['id']}/payments", tender or {"tender": "cash"})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = till.get(f"orders/{placed['id']}").json()
    assert told["state"] == "confirmed"
    return told


def run_out() -> None:
    """The time of every lock is over, also of one that is being paid for: its cap no program may move."""
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute("UPDATE inventory_claim SET expires_at = now(), hard_until = now() WHERE kind = 'lock'")


def deliver(sandbox: Sandbox) -> None:
    """All webhooks arrive and are worked on."""
    for webhook in sandbox.take_webhooks():
        assert webhook.post(Client()).status_code == 200
    work_on_inbox(gateway=gateway())
