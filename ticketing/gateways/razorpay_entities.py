"""Razorpay's entities in our words. Whole handles, addresses and telephone numbers go no further than this file.

Its documentation shows `notes` as `[]` where it is empty, and one time as a number here and as a string there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ticketing.gateways.words import Money, Returned, Status

Entity = Mapping[str, Any]


def money(payment: Entity, *, qr_id: str = "", receipt: str = "") -> Money:
    """A payment entity. Raises ValueError where it lacks what a payment cannot be without."""
    try:
        return Money(
            payment_id=_text(payment["id"]),
            status=Status(payment["status"]),
            amount_paise=_whole(payment["amount"]),
            amount_refunded_paise=_whole(payment.get("amount_refunded") or 0),
            order_id=_text(payment.get("order_id")),
            qr_id=qr_id,
            receipt=receipt or note(payment, "receipt"),
            method=_text(payment.get("method")),
            payer=masked(_text(payment.get("vpa"))),
            bank_reference=_reference(payment),
            fee_paise=_maybe_whole(payment.get("fee")),
            fee_tax_paise=_maybe_whole(payment.get("tax")),
            failure=_text(payment.get("error_reason")),
            at=moment(payment.get("created_at")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a payment that cannot be understood: {error!r}") from error


def returned(refund: Entity) -> Returned:
    """A refund entity. Raises ValueError as `money` does."""
    try:
        return Returned(
            refund_id=_text(refund["id"]),
            payment_id=_text(refund["payment_id"]),
            amount_paise=_whole(refund["amount"]),
            status=_text(refund["status"]),
            key=note(refund, "key"),
            bank_reference=_reference(refund),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a refund that cannot be understood: {error!r}") from error


def note(entity: Entity, name: str) -> str:
    notes = entity.get("notes")
    return _text(notes.get(name)) if isinstance(notes, Mapping) else ""


def moment(seconds: Any) -> datetime | None:
    """Unix seconds, as a number or as text."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    except (TypeError, ValueError, OverflowError, OSError):  # OSError: further away than the system can count
        return None


def masked(handle: str) -> str:
    """`gauri.kumari@okhdfcbank` → `ga***@okhdfcbank`."""
    if not handle:
        return ""
    name, at, bank = handle.rpartition("@")
    return f"{name[:2] if len(name) > 2 else ''}***{at}{bank}" if at else "***"


def _reference(entity: Entity) -> str:
    told = entity.get("acquirer_data")
    return _text(told.get("rrn") or told.get("arn")) if isinstance(told, Mapping) else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"not an amount: {value!r}")
    return int(value)


def _maybe_whole(value: Any) -> int | None:
    return None if value is None else _whole(value)
