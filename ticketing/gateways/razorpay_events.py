"""Razorpay's webhooks: whether one is genuine, and what it says.

https://razorpay.com/docs/webhooks/validate-test/: X-Razorpay-Signature is the hexadecimal HMAC-SHA256 of the raw body.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ticketing.gateways.razorpay_entities import Entity, moment, money, note, returned
from ticketing.gateways.words import Event

SIGNATURE, EVENT_ID = "x-razorpay-signature", "x-razorpay-event-id"

_PAYMENTS = {"payment.authorized", "payment.captured", "payment.failed"}
_REFUNDS = {"refund.created", "refund.processed", "refund.failed", "refund.speed_changed"}


def is_genuine(secrets: Sequence[bytes], raw: bytes, signature: str) -> bool:
    """Whether one of these secrets made this signature. Compared as bytes: whoever calls may send anything."""
    given = signature.encode("utf-8", "surrogatepass")
    return any(
        hmac.compare_digest(hmac.new(secret, raw, "sha256").hexdigest().encode(), given) for secret in secrets if secret
    )


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header, however its name is spelled; '' where there is none."""
    found = headers.get(name)
    if found is None:
        found = next((value for key, value in headers.items() if key.lower() == name), "")
    return found


def read(raw: bytes) -> Event:
    """What a body says. Of kinds that we do not know, only the kind. Raises ValueError."""
    try:
        said = json.loads(raw)  # a UnicodeDecodeError and a JSONDecodeError are ValueErrors
    except RecursionError as error:
        raise ValueError("nested without end") from error
    if not isinstance(said, dict) or not isinstance(said.get("event"), str):
        raise ValueError("not an event")
    kind, at = said["event"], moment(said.get("created_at"))
    payload = said.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    if kind in _PAYMENTS:
        return Event(kind, money=money(_entity(payload, "payment")), at=at)
    if kind == "order.paid":
        receipt = str(_entity(payload, "order").get("receipt") or "")
        return Event(kind, money=money(_entity(payload, "payment"), receipt=receipt), at=at)
    if kind == "qr_code.credited":
        code = _entity(payload, "qr_code")
        paid = money(_entity(payload, "payment"), qr_id=str(code["id"]), receipt=note(code, "receipt"))
        return Event(kind, money=paid, at=at)
    if kind == "qr_code.closed":
        return Event(kind, closed_qr_id=str(_entity(payload, "qr_code")["id"]), at=at)
    if kind in _REFUNDS:
        refund = returned(_entity(payload, "refund"))
        return Event(kind, money=money(payload["payment"]["entity"]) if _has(payload) else None, returned=refund, at=at)
    return Event(kind, at=at)


def _has(payload: Mapping[str, Any]) -> bool:
    part = payload.get("payment")
    return isinstance(part, dict) and isinstance(part.get("entity"), dict)


def _entity(payload: Mapping[str, Any], name: str) -> Entity:
    part = payload.get(name)
    entity = part.get("entity") if isinstance(part, dict) else None
    if not isinstance(entity, dict) or not entity.get("id"):
        raise ValueError(f"an event without its {name}")
    return entity
