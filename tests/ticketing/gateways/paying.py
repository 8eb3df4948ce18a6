"""What the tests of the adapter share: something to pay by, and something that was paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import Opened, Way

PRICE = 118_000


def soon(minutes: int = 5) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)


def opened(way: Way = Way.QR, receipt: str = "R1", closes_at: datetime | None = None) -> Opened:
    return gateway().open(
        way, amount_paise=PRICE, receipt=receipt, closes_at=closes_at or soon(), about="Rang Mandir, two seats"
    )


def paid(sandbox: Sandbox, way: Way = Way.QR) -> str:
    """A captured payment; its id."""
    return sandbox.pay(opened(way))
