"""QR codes: `/v1/payments/qr_codes`. A single-use code for a fixed amount is closed by its payment, or by its time.

Closing lets no new payment begin; one that is in flight arrives nevertheless. By its time a code closes in silence.
"""

from __future__ import annotations

from urllib.parse import quote

from ticketing.sandbox.account import Account, new_id, now_s
from ticketing.sandbox.reading import Call, Entity, amount_of, notes_of, only, required, text_of
from ticketing.sandbox.refusals import Refused, no_such_id
from ticketing.sandbox.shelf import collection, page

_LEAST_S, _MOST_S = 120, 7200
_NEVER_S = 1_000_000_000
_KNOWN = (
    "type", "name", "usage", "fixed_amount", "payment_amount", "description", "customer_id", "close_by", "notes",
)  # fmt: skip
PAYEE = "pa=housefull.sandbox@sandbox&pn=Housefull%20Sandbox"


def create(account: Account, call: Call) -> Entity:
    body = call.body
    only(body, *_KNOWN)
    if required(body, "type") != "upi_qr":
        raise Refused("The selected type is invalid.", field="type")
    usage, is_fixed = required(body, "usage"), bool(body.get("fixed_amount"))
    if usage not in ("single_use", "multiple_use"):
        raise Refused("The selected usage is invalid.", field="usage")
    if usage == "single_use" and not is_fixed:
        raise Refused("The fixed amount must be true for a single use QR code.", field="fixed_amount")
    amount = amount_of(body, "payment_amount") if is_fixed else None
    code_id, now = new_id("qr"), now_s()
    description = text_of(body, "description", 2048)
    code = {
        "id": code_id,
        "entity": "qr_code",
        "created_at": now,
        "name": text_of(body, "name", 255),
        "usage": usage,
        "type": "upi_qr",
        "image_url": f"{account.configuration.public_url}/phone/{code_id}",
        "payment_amount": amount,
        "status": "active",
        "description": description,
        "fixed_amount": is_fixed,
        "payments_amount_received": 0,
        "payments_count_received": 0,
        "notes": notes_of(body),
        "customer_id": body.get("customer_id"),
        "close_by": _close_by(body, usage, now),
        "closed_at": None,
        "close_reason": None,
    }
    if account.has_image_content:
        code["image_content"] = link(f"RZP{code_id[3:]}qrv2", amount, description)
    return account.qr_codes.put(code)


def fetch(account: Account, call: Call) -> Entity:
    return as_of_now(account.qr_codes.get(call.id))


def list_all(account: Account, call: Call) -> Entity:
    """By `from`, `to`, `count`, `skip`; or the one that a payment was made by."""
    if payment_id := call.query.get("payment_id"):
        if payment_id not in account.qr_of and account.payments.find(payment_id) is None:
            raise no_such_id(payment_id)
        code = account.qr_codes.find(account.qr_of.get(payment_id, ""))
        return collection([as_of_now(code)] if code else [])
    found = account.qr_codes.page(call.query)
    for code in found["items"]:
        as_of_now(code)
    return found


def payments(account: Account, call: Call) -> Entity:
    return page(reversed(account.payments_by(account.qr_codes.get(call.id))), call.query)


def close(account: Account, call: Call) -> Entity:
    code = as_of_now(account.qr_codes.get(call.id))
    if code["usage"] == "multiple_use":
        raise Refused("Multiple use QR codes cannot be closed.")
    if code["status"] == "closed":
        raise Refused("QR code is already closed.")
    shut(code, "on_demand")
    account.say("qr_code.closed", qr_code=code)
    return code


def shut(code: Entity, reason: str | None, at_s: int | None = None) -> None:
    if code["status"] == "active":
        code.update(status="closed", close_reason=reason, closed_at=at_s or now_s())


def as_of_now(code: Entity) -> Entity:
    """The code, closed if its time is over. No webhook says so."""
    if code["close_by"] and code["close_by"] <= now_s():
        shut(code, None, code["close_by"])
    return code


def link(reference: str, amount_paise: int | None, about: str | None) -> str:
    """What an UPI app opens: https://www.npci.org.in, UPI Linking Specifications. Spaces are `%20`, never `+`."""
    amount = f"&am={amount_paise // 100}.{amount_paise % 100:02d}" if amount_paise else ""
    note = f"&tn={quote(about[:50])}" if about else ""
    return f"upi://pay?{PAYEE}&tr={reference}{note}{amount}&cu=INR&mc=7922&mode=22"


def _close_by(body: Entity, usage: str, now: int) -> int | None:
    """Between two minutes and two hours from now, whatever was asked; the answer tells."""
    asked = body.get("close_by")
    if usage == "multiple_use":
        if asked is not None:
            raise Refused("close_by is/are not required and should not be sent", field="close_by")
        return None
    if asked is not None and (isinstance(asked, bool) or not isinstance(asked, int) or asked < _NEVER_S):
        raise Refused("The close by must be a valid timestamp.", field="close_by")
    return max(now + _LEAST_S, min(asked or now + _MOST_S, now + _MOST_S))
