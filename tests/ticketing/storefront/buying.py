"""Buying in the shop by its forms, step by step."""

from __future__ import annotations

from django.test import Client

from inventory.models import Show
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.browser import Browser
from ticketing.gateways import gateway
from ticketing.models import Payment
from ticketing.services.inbox import work_on_inbox

CONTACT = "98200 12345"


def take(buyer: Browser, show: Show, quantity: int = 2, **more: str) -> None:
    """The best places of a show, into the basket."""
    buyer.open(f"/shows/{show.slug}/")
    buyer.send("/basket", quantity=str(quantity), **more)


def to_paying(buyer: Browser, show: Show, quantity: int = 2) -> None:
    """As far as the page on which one pays."""
    take(buyer, show, quantity)
    assert "Your basket" in buyer.text
    buyer.send("/order", contact=CONTACT)


def money_comes(sandbox: Sandbox, action: str = "approve") -> None:
    """The payer approves, or does something else, and the gateway's webhooks are worked on."""
    row = Payment.objects.latest("id")
    sandbox.pay(row.qr_id or row.gateway_order_id, action)
    hear(sandbox)


def hear(sandbox: Sandbox) -> None:
    for webhook in sandbox.take_webhooks():
        assert webhook.post(Client()).status_code == 200
    work_on_inbox(gateway=gateway())
