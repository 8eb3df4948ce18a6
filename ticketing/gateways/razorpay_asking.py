"""What Razorpay is asked, as it wants to be asked; and its answers to that, where they are no plain entities."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any, TypeVar

from ticketing.gateways.http import Answer
from ticketing.gateways.razorpay_entities import moment
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Opened

_LEAST_CAPTURE_MIN, _MOST_CAPTURE_MIN = 12, 7200  # what Razorpay allows for an order's capture periods
_LATE_MIN = 120  # how much longer than it is captured by itself we can still capture a late payment

Thing = TypeVar("Thing")


def code(amount_paise: int, receipt: str, closes_at: datetime, about: str) -> dict[str, Any]:
    """A QR code for one payment of exactly this: https://razorpay.com/docs/api/qr-codes/create/."""
    return {
        "type": "upi_qr",
        "usage": "single_use",
        "fixed_amount": True,
        "payment_amount": amount_paise,
        "description": about,
        "close_by": int(closes_at.timestamp()),
        "notes": {"receipt": receipt},
    }


def order(amount_paise: int, receipt: str, closes_at: datetime) -> dict[str, Any]:
    """An order whose payment is captured by itself until then, and for a while after only by us.

    https://razorpay.com/docs/payments/payments/capture-settings/api/
    """
    until_end = ceil((closes_at.timestamp() - time.time()) / 60)
    automatic = min(max(_LEAST_CAPTURE_MIN, until_end), _MOST_CAPTURE_MIN)
    periods = {
        "automatic_expiry_period": automatic,
        "manual_expiry_period": min(automatic + _LATE_MIN, _MOST_CAPTURE_MIN),
        "refund_speed": "normal",
    }
    return {
        "amount": amount_paise,
        "currency": "INR",
        "receipt": receipt,
        "notes": {"receipt": receipt},
        "payment": {"capture": "automatic", "capture_options": periods},
    }


def intent(order_id: str, amount_paise: int, receipt: str, about: str) -> dict[str, Any]:
    """A payment begun by a link, but for whom it is asked of."""
    return {
        "amount": amount_paise,
        "currency": "INR",
        "order_id": order_id,
        "method": "upi",
        "upi": {"flow": "intent"},
        "description": about,
        "notes": {"receipt": receipt},
    }


def opened_code(code: Answer) -> Opened:
    closes_at, is_closed = moment(code.get("close_by")), code.get("status") == "closed"
    if not code.get("image_content"):
        raise GatewayRefused(
            200,
            "image_content_missing",
            description="The account does not tell a QR code's link: ask Razorpay to enable image_content.",
        )
    return Opened(link="" if is_closed else str(code["image_content"]), qr_id=id_of(code), closes_at=closes_at)


def opened_intent(order_id: str, begun: Answer) -> Opened:
    if not begun.get("link"):
        raise GatewayRefused(200, "link_missing", description="UPI intent from a server is not enabled.")
    return Opened(link=str(begun["link"]), order_id=order_id)


# An answer that is not as documented is an answer that cannot be read.


def id_of(entity: Answer) -> str:
    if not entity.get("id"):
        raise GatewayUnreachable("an entity without an id", may_have_happened=True)
    return str(entity["id"])


def items(answer: Answer) -> list[Answer]:
    found = answer.get("items")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise GatewayUnreachable("a list that is none", may_have_happened=False)
    return found


def understood(read: Callable[..., Thing], entity: Any, *, changed: bool = False, **more: str) -> Thing:
    """An entity in our words."""
    try:
        return read(entity, **more)
    except ValueError as error:
        raise GatewayUnreachable(str(error), may_have_happened=changed) from error
