"""What the API's description shows of answers: one buyer's order, from its lock to its refund."""

from __future__ import annotations

from typing import Any

from inventory.api.examples import LOCK_ID

LOCK, ORDER = LOCK_ID, "k3vq7m2xwz5tnrfhsd6pjbe4ya"
PAYMENT, REFUND = "t7wq3kzmn5xv2rjhs6dpfbe4ya", "m2zk7qxw5vtn3rjhsd6pfbe4ya"
_NOW = "2026-11-20T13:30:12.481250Z"
_PLACE = {"id": 1041, "section": "stalls", "row": "C", "number": "7", "tier": "gold"}
_LINE = {
    "place": _PLACE,
    "paise": 118_000,
    "list_paise": 118_000,
    "reason_code": "",
    "net_paise": 100_000,
    "cgst_paise": 9_000,
    "sgst_paise": 9_000,
    "igst_paise": 0,
    "local_tax_paise": 0,
    "rate_bp": 1_800,
    "is_exempt": False,
}

PRICES: dict[str, Any] = {
    "show": "hamlet",
    "channel": "web",
    "currency": "INR",
    "prices": [
        {
            "tier": "gold",
            "name": "Gold",
            "paise": 118_000,
            "list_paise": 118_000,
            "reason_code": "",
            "rate_bp": 1_800,
            "tax_paise": 18_000,
            "is_exempt": False,
        }
    ],
}
QUOTE: dict[str, Any] = {
    "lock": LOCK,
    "show": "hamlet",
    "currency": "INR",
    "total_paise": 118_000,
    "lines": [_LINE],
}
WAITING: dict[str, Any] = {
    "id": PAYMENT,
    "state": "waiting",
    "tender": "gateway",
    "way": "qr",
    "link": "upi://pay?pa=curtaincall@examplebank&pn=Curtain%20Call&am=1180.00&cu=INR&tr=HF-4711-9f2c",
    "amount_paise": 118_000,
    "received_paise": 0,
    "closes_at": "2026-11-20T13:36:12.481250Z",
    "now": _NOW,
    "seconds_left": 360,
    "failure": "",
    "payer": "",
    "bank_reference": "",
}
PAID = WAITING | {
    "state": "paid",
    "link": "",
    "received_paise": 118_000,
    "seconds_left": 0,
    "payer": "as***@examplebank",
    "bank_reference": "632417881204",
}
CANCELLED_PAYMENT = WAITING | {"state": "not_received", "link": "", "seconds_left": 0}
IN_CASH = PAID | {"tender": "cash", "way": "", "payer": "", "bank_reference": "", "closes_at": None}
PLACED: dict[str, Any] = {
    "id": ORDER,
    "show": "hamlet",
    "channel": "web",
    "state": "awaiting_payment",
    "is_late": False,
    "reason": "",
    "currency": "INR",
    "total_paise": 118_000,
    "refunded_paise": 0,
    "quantity": 1,
    "lines": [_LINE],
    "lock": LOCK,
    "placed_at": _NOW,
    "confirmed_at": None,
    "pay_until": "2026-11-20T13:38:12.481250Z",
    "now": _NOW,
    "seconds_left": 480,
    "payment": None,
}
CONFIRMED = PLACED | {
    "state": "confirmed",
    "confirmed_at": "2026-11-20T13:31:02.117400Z",
    "pay_until": None,
    "seconds_left": 0,
    "payment": PAID,
}
CANCELLED = PLACED | {"state": "cancelled", "reason": "by_buyer", "pay_until": None, "seconds_left": 0}
ORDERS: dict[str, Any] = {"orders": [CONFIRMED], "next": None}
PAYMENTS: dict[str, Any] = {"payments": [PAID]}
TICKETS: dict[str, Any] = {
    "state": "confirmed",
    "tickets": [
        {
            "id": 4711,
            "state": "valid",
            "void_reason": "",
            "code": "HF1.F4AQDZSAAGI2…",
            "place": _PLACE,
            "paise": 118_000,
        }
    ],
}
TICKET_KEYS: dict[str, Any] = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "kid": "47",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
    ]
}
REFUNDS: dict[str, Any] = {
    "refunds": [
        {
            "id": REFUND,
            "amount_paise": 118_000,
            "state": "asked",
            "reason": "illness",
            "tender": "gateway",
            "bank_reference": "",
            "requested_at": "2026-11-21T06:02:44.002100Z",
            "ended_at": None,
        }
    ]
}
WEBHOOK: dict[str, Any] = {
    "entity": "event",
    "account_id": "acc_H4ll0fFame1234",
    "event": "qr_code.credited",
    "contains": ["payment", "qr_code"],
    "payload": {
        "payment": {"entity": {"id": "pay_HMtDKsnnnnnnnn", "amount": 118_000, "status": "captured"}},
        "qr_code": {"entity": {"id": "qr_HMsqRoeVwnnnnn", "notes": {"receipt": "HF-4711-9f2c"}}},
    },
    "created_at": 1_795_181_462,
}
