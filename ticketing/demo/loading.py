"""The demo as it is shown: the houses of `inventory.demo`, sold for money."""

from __future__ import annotations

from datetime import datetime

from inventory.demo import loading
from ticketing.demo.shop import MoneyShop


def load_demo(*, say: loading.Say, now: datetime | None = None, scale: float = 1.0) -> bool:
    """As `inventory.demo.loading.load_demo`, with a price for every tier and an order for every sale."""
    return loading.load_demo(say=say, now=now, scale=scale, shop=MoneyShop())
