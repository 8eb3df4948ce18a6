"""Razorpay, as our `Gateway`: UPI by QR code and by intent, refunds, webhooks. https://razorpay.com/docs/api/.

A QR code's payment arrives captured and names no order: only the code's id ties it to what was sold. A payment of an
order is captured by itself while it is in time; one that is late stays authorized until we capture it or it goes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ticketing.gateways import razorpay_events
from ticketing.gateways.http import Answer, Transport
from ticketing.gateways.razorpay_entities import moment, money, note, returned
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
_LEAST_CAPTURE_MIN, _MOST_CAPTURE_MIN = 12, 7200  # what Razorpay allows for an order's capture periods
_LATE_MIN = 120  # how much longer than it is captured by itself we can still capture a late payment

Thing = TypeVar("Thing")


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
            return self._open_code(amount_paise, receipt, closes_at, about)
        order = self._order(amount_paise, receipt, closes_at)
        return self._open_intent(order["id"], amount_paise, receipt, about)

    def find_opened(self, way: Way, *, receipt: str) -> Opened | None:
        if way == Way.QR:
            code = next((one for one in self._recent_codes() if note(one, "receipt") == receipt), None)
            return _opened_code(code) if code else None
        order = self._order_of(receipt)
        if order is None:
            return None
        if order["status"] == "paid":
            return Opened(link="", order_id=str(order["id"]))
        return self._open_intent(str(order["id"]), int(order["amount"]), receipt, "")

    def close(self, *, qr_id: str) -> None:
        try:
            self._http.post(f"/v1/payments/qr_codes/{qr_id}/close", {})
        except GatewayRefused:
            if self._http.get(f"/v1/payments/qr_codes/{qr_id}").get("status") != "closed":
                raise

    def _open_code(self, amount_paise: int, receipt: str, closes_at: datetime, about: str) -> Opened:
        code = self._http.post(
            "/v1/payments/qr_codes",
            {
                "type": "upi_qr",
                "usage": "single_use",
                "fixed_amount": True,
                "payment_amount": amount_paise,
                "description": about,
                "close_by": int(closes_at.timestamp()),
                "notes": {"receipt": receipt},
            },
        )
        return _opened_code(code)

    def _recent_codes(self) -> Iterator[Answer]:
        """The newest first. Codes cannot be looked up by what we noted on them."""
        return self._pages("/v1/payments/qr_codes", **{"from": int(time.time()) - _CODES_LIVE_S})

    def _order(self, amount_paise: int, receipt: str, closes_at: datetime) -> Answer:
        """Make the order; if nobody can say whether that happened, the one that is there."""
        automatic = min(max(_LEAST_CAPTURE_MIN, -int((time.time() - closes_at.timestamp()) // 60)), _MOST_CAPTURE_MIN)
        manual = min(automatic + _LATE_MIN, _MOST_CAPTURE_MIN)
        periods = {"automatic_expiry_period": automatic, "manual_expiry_period": manual, "refund_speed": "normal"}
        body = {
            "amount": amount_paise,
            "currency": "INR",
            "receipt": receipt,
            "notes": {"receipt": receipt},
            "payment": {"capture": "automatic", "capture_options": periods},
        }
        try:
            return self._http.post("/v1/orders", body)
        except GatewayUnreachable as error:
            if error.may_have_happened and (made := self._made(receipt, amount_paise, error)):
                return made
            raise
        except GatewayRefused as error:
            if error.status == 400 and (made := self._made(receipt, amount_paise, error)):
                return made  # an earlier `open` made it, and the receipt is taken by that
            raise

    def _made(self, receipt: str, amount_paise: int, error: Exception) -> Answer | None:
        """The order that is there under this receipt. If that cannot be seen either, the first error stands."""
        try:
            order = self._order_of(receipt)
        except (GatewayUnreachable, GatewayRefused):
            raise error from None
        return order if order and order.get("amount") == amount_paise else None

    def _order_of(self, receipt: str) -> Answer | None:
        found = self._http.get("/v1/orders", receipt=receipt, count=1)
        return next((one for one in found.get("items", []) if one.get("receipt") == receipt), None)

    def _open_intent(self, order_id: str, amount_paise: int, receipt: str, about: str) -> Opened:
        begun = self._http.post(
            "/v1/payments/create/upi",
            {
                "amount": amount_paise,
                "currency": "INR",
                "order_id": order_id,
                "method": "upi",
                "upi": {"flow": "intent"},
                "description": about,
                "notes": {"receipt": receipt},
                **self._payer,
            },
        )
        if not begun.get("link"):
            raise GatewayRefused(200, "link_missing", description="UPI intent from a server is not enabled.")
        return Opened(link=str(begun["link"]), order_id=order_id)

    # Money

    def money_of(self, *, qr_id: str = "", order_id: str = "") -> list[Money]:
        if qr_id:
            return [
                _understood(money, one, qr_id=qr_id) for one in self._pages(f"/v1/payments/qr_codes/{qr_id}/payments")
            ]
        return [_understood(money, one) for one in self._http.get(f"/v1/orders/{order_id}/payments").get("items", [])]

    def money(self, payment_id: str) -> Money:
        """Where it names no order, the QR code by which it was paid is asked for too."""
        payment = self._http.get(f"/v1/payments/{payment_id}")
        if payment.get("order_id"):
            return _understood(money, payment)
        codes = self._http.get("/v1/payments/qr_codes", payment_id=payment_id).get("items", [])
        if not codes:
            return _understood(money, payment)
        return _understood(money, payment, qr_id=str(codes[0]["id"]), receipt=note(codes[0], "receipt"))

    def capture(self, payment_id: str, amount_paise: int) -> Money:
        try:
            payment = self._http.post(f"/v1/payments/{payment_id}/capture", {"amount": amount_paise, "currency": "INR"})
        except GatewayRefused:
            found = self.money(payment_id)
            if found.status not in (Status.CAPTURED, Status.REFUNDED):
                raise
            return found
        return _understood(money, payment, changed=True)

    def payments_between(self, begin: datetime, end: datetime, *, skip: int = 0) -> Page:
        between = {"from": int(begin.timestamp()), "to": int(end.timestamp())}
        items = self._http.get("/v1/payments", count=_PAGE, skip=skip, **between).get("items", [])
        return Page([_understood(money, one) for one in items], skip + _PAGE if len(items) == _PAGE else None)

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
        return _understood(returned, refund, changed=True)

    def refunds_of(self, payment_id: str) -> list[Returned]:
        return [_understood(returned, one) for one in self._pages(f"/v1/payments/{payment_id}/refunds")]

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
            items = self._http.get(path, count=_PAGE, skip=skip, **query).get("items", [])
            yield from items
            if len(items) < _PAGE:
                return
            skip += _PAGE


def _opened_code(code: Answer) -> Opened:
    if not code.get("image_content"):
        raise GatewayRefused(
            200,
            "image_content_missing",
            description="The account does not tell a QR code's link: ask Razorpay to enable image_content.",
        )
    return Opened(link=str(code["image_content"]), qr_id=str(code["id"]), closes_at=moment(code.get("close_by")))


def _understood(read: Callable[..., Thing], entity: Any, *, changed: bool = False, **more: str) -> Thing:
    """An entity in our words; one that cannot be understood is an answer that cannot be read."""
    try:
        return read(entity, **more)
    except ValueError as error:
        raise GatewayUnreachable(str(error), may_have_happened=changed) from error
