"""Razorpay, as our `Gateway`: UPI by QR code and by intent, refunds, webhooks. https://razorpay.com/docs/api/.

A QR code's payment arrives captured and names no order: only the code's id ties it to what was sold. A payment of an
order is captured by itself while it is in time; one that is late stays authorized until we capture it or it goes back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ticketing.gateways import razorpay_asking as asking
from ticketing.gateways import razorpay_events
from ticketing.gateways.http import Answer, Transport
from ticketing.gateways.razorpay_entities import money, note, returned
from ticketing.gateways.words import (
    Event,
    GatewayRefused,
    GatewayUnreachable,
    Money,
    Opened,
    Page,
    Returned,
    Status,
    Way,
)

_PAGE = 100  # the most that Razorpay lists at once
_CODES_LIVE_S = 7200  # the longest life of a single-use code
_CODES = "/v1/payments/qr_codes"


class Razorpay:
    """One account. `payer_email` and `payer_contact` are the merchant's own: an intent asks for them, no buyer does."""

    name = "razorpay"

    def __init__(
        self,
        *,
        base_url: str,
        key_id: str,
        key_secret: str,
        webhook_secrets: Sequence[str],
        payer_email: str = "payments@example.com",
        payer_contact: str = "+919000090000",
        connect_s: float = 2,
        read_s: float = 8,
    ) -> None:
        self._http = Transport(base_url, key_id, key_secret, connect_s=connect_s, read_s=read_s)
        self._secrets = [secret.encode() for secret in webhook_secrets]
        self._payer = {"email": payer_email, "contact": payer_contact}

    # What a buyer pays by

    def open(self, way: Way, *, amount_paise: int, receipt: str, closes_at: datetime, about: str) -> Opened:
        if way == Way.QR:
            code = asking.code(amount_paise, receipt, closes_at, about)
            return asking.opened_code(self._http.post(_CODES, code))
        order = self._order(asking.order(amount_paise, receipt, closes_at))
        return self._begin(asking.id_of(order), amount_paise, receipt, about)

    def find_opened(self, way: Way, *, receipt: str) -> Opened | None:
        if way == Way.QR:
            # Codes cannot be looked up by what was noted on them; the newest come first.
            recent = self._pages(_CODES, **{"from": int(time.time()) - _CODES_LIVE_S})
            code = next((one for one in recent if note(one, "receipt") == receipt), None)
            return asking.opened_code(code) if code else None
        order = self._order_of(receipt)
        return self._begin_again(order, receipt) if order else None

    def close(self, *, qr_id: str) -> None:
        try:
            self._http.post(f"{_CODES}/{qr_id}/close", {})
        except GatewayRefused:
            if self._http.get(f"{_CODES}/{qr_id}").get("status") != "closed":
                raise

    def _order(self, wanted: dict[str, Any]) -> Answer:
        """Make the order; if nobody can say whether that happened, or its receipt is taken, the one that is there."""
        try:
            return self._http.post("/v1/orders", wanted)
        except (GatewayUnreachable, GatewayRefused) as error:
            may_be_there = error.may_have_happened if isinstance(error, GatewayUnreachable) else error.status == 400
            if not may_be_there:
                raise
            try:
                order = self._order_of(wanted["receipt"])
            except (GatewayUnreachable, GatewayRefused):
                raise error from None
            if order is None or order.get("amount") != wanted["amount"]:
                raise
            return order

    def _order_of(self, receipt: str) -> Answer | None:
        found = asking.items(self._http.get("/v1/orders", receipt=receipt, count=1))
        return next((one for one in found if one.get("receipt") == receipt), None)

    def _begin(self, order_id: str, amount_paise: int, receipt: str, about: str) -> Opened:
        wanted = asking.intent(order_id, amount_paise, receipt, about) | self._payer
        return asking.opened_intent(order_id, self._http.post("/v1/payments/create/upi", wanted))

    def _begin_again(self, order: Answer, receipt: str) -> Opened:
        """One more link for an order, unless it is paid or a payment is on its way to it."""
        order_id = asking.id_of(order)
        if order.get("status") == "paid":
            return Opened(link="", order_id=order_id)
        try:
            return self._begin(order_id, order["amount"], receipt, "")
        except GatewayRefused:
            if order.get("status") != "attempted":
                raise
            return Opened(link="", order_id=order_id)

    # Money

    def money_of(self, *, qr_id: str = "", order_id: str = "") -> list[Money]:
        if qr_id:
            return [asking.understood(money, one, qr_id=qr_id) for one in self._pages(f"{_CODES}/{qr_id}/payments")]
        found = asking.items(self._http.get(f"/v1/orders/{order_id}/payments"))
        return [asking.understood(money, one) for one in found]

    def money(self, payment_id: str) -> Money:
        """Where it names no order, the QR code by which it was paid is asked for too."""
        payment = self._http.get(f"/v1/payments/{payment_id}")
        if payment.get("order_id"):
            return asking.understood(money, payment)
        codes = asking.items(self._http.get(_CODES, payment_id=payment_id))
        if not codes:
            return asking.understood(money, payment)
        return asking.understood(money, payment, qr_id=asking.id_of(codes[0]), receipt=note(codes[0], "receipt"))

    def capture(self, payment_id: str, amount_paise: int) -> Money:
        try:
            payment = self._http.post(f"/v1/payments/{payment_id}/capture", {"amount": amount_paise, "currency": "INR"})
        except GatewayRefused:
            found = self.money(payment_id)
            if found.status not in (Status.CAPTURED, Status.REFUNDED):
                raise
            return found
        return asking.understood(money, payment, changed=True)

    def payments_between(self, begin: datetime, end: datetime, *, skip: int = 0) -> Page:
        between = {"from": int(begin.timestamp()), "to": int(end.timestamp())}
        items = asking.items(self._http.get("/v1/payments", count=_PAGE, skip=skip, **between))
        return Page([asking.understood(money, one) for one in items], skip + _PAGE if len(items) == _PAGE else None)

    # Refunds

    def refund(self, payment_id: str, amount_paise: int, *, key: str) -> Returned:
        """https://razorpay.com/docs/api/refunds/create-normal/: a repeat must be the same, body and key."""
        body = {"amount": amount_paise, "receipt": key[:40], "notes": {"key": key}}
        try:
            refund = self._http.post(f"/v1/payments/{payment_id}/refund", body, **{"X-Refund-Idempotency": key})
        except GatewayRefused as refusal:
            # Its documentation gives 409 also to another body under this key, which will never be granted.
            if refusal.status == 409 and "different request" not in refusal.description.lower():
                raise GatewayUnreachable(refusal.description, may_have_happened=True, status=409) from refusal
            raise
        return asking.understood(returned, refund, changed=True)

    def refunds_of(self, payment_id: str) -> list[Returned]:
        return [asking.understood(returned, one) for one in self._pages(f"/v1/payments/{payment_id}/refunds")]

    # Webhooks

    def is_genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        signature = razorpay_events.header(headers, razorpay_events.SIGNATURE)
        return razorpay_events.is_genuine(self._secrets, raw, signature)

    def event_id(self, headers: Mapping[str, str]) -> str:
        return razorpay_events.header(headers, razorpay_events.EVENT_ID)

    def read_event(self, raw: bytes) -> Event:
        return razorpay_events.read(raw)

    def _pages(self, path: str, **query: int) -> Iterator[Answer]:
        skip = 0
        while True:
            items = asking.items(self._http.get(path, count=_PAGE, skip=skip, **query))
            yield from items
            if len(items) < _PAGE:
                return
            skip += _PAGE
