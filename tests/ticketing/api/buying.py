"""Buying over HTTP, step by step, as a shop does it."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from inventory.models import Show
from tests.inventory.api.shop import Answer, Shop
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.models import Payment
from ticketing.services.inbox import work_on_inbox

_BUYERS = count(1)


def lock(shop: Shop, show: Show, quantity: int = 2) -> str:
    answer = shop.lock(show, best={"quantity": quantity})
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
    for webhook in sandbox.take_webhooks():
        assert webhook.post(Client()).status_code == 200
    work_on_inbox(gateway=gateway())


def bought(shop: Shop, sandbox: Sandbox, show: Show, quantity: int = 2) -> dict[str, Any]:
    """An order that is confirmed."""
    placed = order(shop, show, quantity)
    pay(shop, sandbox, placed["id"])
    told: dict[str, Any] = shop.get(f"orders/{placed['id']}").json()
    assert told["state"] == "confirmed"
    return told
