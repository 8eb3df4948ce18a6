"""One merchant's account at the gateway: everything that was made in it, and what was said of it by webhooks."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable

from ticketing.sandbox.configuration import Configuration
from ticketing.sandbox.faults import Faults
from ticketing.sandbox.reading import Entity
from ticketing.sandbox.shelf import Remembered, Shelf
from ticketing.sandbox.webhooks import Outbox, Webhook

_ALPHABET = string.ascii_letters + string.digits
_REMEMBERED = 20_000  # of each kind; a demo makes hundreds, a load test more than memory should hold


class Account:
    """The state of the sandbox. Nothing in it survives the process; `reset` empties it."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.later: Callable[[float, Callable[[], object]], object] = lambda after_s, act: act()
        """How something is done after so many seconds; the server puts its event loop here."""
        self.deliver: Callable[[Webhook], object] | None = None
        """Who brings webhooks to the merchant, from the next `reset` on; the server puts its courier here."""
        self.reset()

    def reset(self) -> None:
        told = self.configuration
        self.orders, self.qr_codes, self.payments, self.refunds, self.settlements = (
            Shelf(_REMEMBERED) for _ in range(5)
        )
        self.qr_of: Remembered[str] = Remembered(_REMEMBERED)
        """Which QR code a payment was made by. The payment itself does not say."""
        self.payments_of: Remembered[list[str]] = Remembered(_REMEMBERED)
        """By the id of an order or a QR code, the oldest first."""
        self.order_of_receipt: Remembered[str] = Remembered(_REMEMBERED)
        self.capture_rules: Remembered[Entity] = Remembered(_REMEMBERED)
        self.refund_keys: Remembered[tuple[str, str]] = Remembered(_REMEMBERED)
        """By idempotency key: what was asked under it, and the refund that came of it."""
        self.settled: Remembered[str] = Remembered(_REMEMBERED)
        """By the id of a payment or a refund: the settlement it went into."""
        self.balance_paise: int | None = None
        """What is there to refund from; None is enough for everything."""
        self.has_image_content = True
        """Whether the account's on-demand feature is enabled that tells a QR code's link."""
        self.receipts_are_unique = True
        """The documentation says that receipts must be; it does not say what happens otherwise."""
        self.faults = Faults()
        self.outbox = Outbox(told.webhook_secret, self.deliver, is_quiet=told.is_quiet, most=_REMEMBERED)
        self._next_rrn = 4_123_456_001

    def new_rrn(self) -> str:
        """Twelve digits, the first of them zeros: a bank's number is text."""
        self._next_rrn += 1
        return f"{self._next_rrn:012d}"

    def payments_by(self, made_by: Entity) -> list[Entity]:
        """Every payment by this order or QR code, the oldest first."""
        ids = self.payments_of.get(made_by["id"], [])
        return [payment for one in ids if (payment := self.payments.find(one))]

    def say(self, kind: str, **entities: Entity) -> None:
        """Let the merchant know, by a webhook that shows things as they are at this moment."""
        self.outbox.put(kind, entities, now_s())


def new_id(prefix: str) -> str:
    return f"{prefix}_{''.join(random.choices(_ALPHABET, k=14))}"  # noqa: S311  no secret


def now_s() -> int:
    return int(time.time())
