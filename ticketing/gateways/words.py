"""What a payment gateway is to us, in our own words. Razorpay's are in `razorpay.py` and nowhere else.

Amounts are whole paise, times are aware and the gateway's. No call is made inside a database transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Way(StrEnum):
    """How a buyer pays by UPI: scanning a code on another screen, or by a link on the phone in hand."""

    QR = "qr"
    INTENT = "intent"


class Status(StrEnum):
    """How far a payment has come at the gateway. `failed` is not final: it may yet become authorized or captured."""

    CREATED = "created"
    FAILED = "failed"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the gateway made so that a buyer can pay: a QR code, or an order with an intent link."""

    link: str
    """`upi://pay?…`, never to be altered; empty where nobody can pay by it any more."""
    qr_id: str = ""
    order_id: str = ""
    closes_at: datetime | None = None
    """As the gateway says it, which need not be what was asked for; None where it has no end of its own."""


@dataclass(frozen=True, slots=True)
class Money:
    """One payment as the gateway tells it. `amount_refunded_paise` counts whoever asked for the refund."""

    payment_id: str
    status: Status
    amount_paise: int
    amount_refunded_paise: int = 0
    order_id: str = ""
    qr_id: str = ""
    """Not told in every place: `payments_between` and most webhooks leave it out, `money` and `money_of` do not."""
    receipt: str = ""
    """Our own reference, where the gateway's object carried it."""
    method: str = ""
    payer: str = ""
    """Masked, as `ga***@upi`; never the whole handle."""
    bank_reference: str = ""
    """The RRN, by which a bank finds the payment: text, with its leading zeros."""
    fee_paise: int | None = None
    """What the gateway keeps, its tax included; None until it says so."""
    fee_tax_paise: int | None = None
    failure: str = ""
    """The gateway's reason where it failed, such as `payment_declined`."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A refund as the gateway tells it: `pending`, `processed` or `failed`."""

    refund_id: str
    payment_id: str
    amount_paise: int
    status: str
    key: str = ""
    """The key under which we asked for it; empty where somebody else did."""
    bank_reference: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook said, once its signature was found good. A snapshot: the live state may be further on."""

    kind: str
    money: Money | None = None
    returned: Returned | None = None
    closed_qr_id: str = ""
    at: datetime | None = None


class GatewayRefused(Exception):
    """The gateway said no, for good: asking again in the same way is useless."""

    def __init__(self, status: int, code: str = "", reason: str = "", field: str = "", description: str = "") -> None:
        self.status, self.code, self.reason, self.field, self.description = status, code, reason, field, description
        super().__init__(f"{status} {code} {reason or description}")


class GatewayUnreachable(Exception):
    """No answer that can be read: a timeout, a 5xx, a page in place of JSON, or too many requests (429).

    Where `may_have_happened`, look before asking again.
    """

    def __init__(self, why: str, *, may_have_happened: bool, status: int | None = None) -> None:
        self.may_have_happened, self.status = may_have_happened, status
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a long list, and where the next part begins; None at the end."""

    items: list[Money] = field(default_factory=list)
    next_skip: int | None = None


class Gateway(Protocol):
    """One account at one gateway. Every method raises GatewayRefused and GatewayUnreachable."""

    name: str

    def open(self, way: Way, *, amount_paise: int, receipt: str, closes_at: datetime, about: str) -> Opened:
        """Make what a buyer pays by. `receipt` is ours and unique; the gateway keeps it."""

    def find_opened(self, way: Way, *, receipt: str) -> Opened | None:
        """What an earlier `open` made under this receipt, whose answer was lost; an intent then has a new link."""

    def close(self, *, qr_id: str) -> None:
        """Let no new payment begin at this code. One in flight may still arrive. A closed one stays closed."""

    def money_of(self, *, qr_id: str = "", order_id: str = "") -> list[Money]:
        """Every payment made by this code or this order, however far it came."""

    def money(self, payment_id: str) -> Money:
        """One payment, with the code or the order by which it was made."""

    def capture(self, payment_id: str, amount_paise: int) -> Money:
        """Accept an authorized payment. Of one that is captured already, its state."""

    def refund(self, payment_id: str, amount_paise: int, *, key: str) -> Returned:
        """Give back, once for one key however often it is asked."""

    def refunds_of(self, payment_id: str) -> list[Returned]: ...

    def payments_between(self, begin: datetime, end: datetime, *, skip: int = 0) -> Page:
        """All payments of the account in this time, known to us or not."""

    def is_genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """Whether a webhook's body was signed with one of our secrets. Never raises, whatever the headers say."""

    def event_id(self, headers: Mapping[str, str]) -> str:
        """The id by which a repeated delivery is known; '' where there is none."""

    def read_event(self, raw: bytes) -> Event:
        """What a genuine body says. Raises ValueError where it cannot be understood."""
