"""A gateway that is nowhere: it says yes, makes ids up, and sends nothing. So the ordinary services can be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random
from string import ascii_letters, digits

from ticketing.gateways.words import (
    Event,
    GatewayRefused,
    Money,
    Opened,
    Page,
    Returned,
    Status,
    Way,
)
from ticketing.models import Refund


class Nowhere:
    """The demo's account at the gateway that the program uses.

    With `is_known` False what is opened has no id, as if the buyer's link led to nothing: the program will go on
    watching such a payment, and without an id has nothing to ask the real gateway about.
    """

    name = "razorpay"

    def __init__(self, rng: Random, *, is_known: bool = True) -> None:
        self.rng, self.is_known = rng, is_known

    def open(self, way: Way, *, amount_paise: int, receipt: str, closes_at: datetime, about: str) -> Opened:
        link = f"upi://pay?pa=tamasha%40demo&pn=Tamasha%20Stagecraft&tr={receipt}&am={amount_paise / 100:.2f}&cu=INR"
        if not self.is_known:
            return Opened(link)
        if way == Way.QR:
            return Opened(link, qr_id=self.made_up("qr"), closes_at=closes_at)
        return Opened(link, order_id=self.made_up("order"))

    def find_opened(self, way: Way, *, receipt: str) -> Opened | None:
        return None

    def close(self, *, qr_id: str) -> None:
        pass

    def money_of(self, *, qr_id: str = "", order_id: str = "") -> list[Money]:
        return []

    def money(self, payment_id: str) -> Money:
        raise GatewayRefused(400, "BAD_REQUEST_ERROR", description="The id provided does not exist")

    def capture(self, payment_id: str, amount_paise: int) -> Money:
        return self.money(payment_id)

    def refund(self, payment_id: str, amount_paise: int, *, key: str) -> Returned:
        refund_id = self.made_up("rfnd")
        return Returned(refund_id, payment_id, amount_paise, "processed", key=key, bank_reference=self.rrn())

    def refunds_of(self, payment_id: str) -> list[Returned]:
        return []

    def payments_between(self, begin: datetime, end: datetime, *, skip: int = 0) -> Page:
        return Page()

    def is_genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        return False

    def event_id(self, headers: Mapping[str, str]) -> str:
        return ""

    def read_event(self, raw: bytes) -> Event:
        raise ValueError("Nowhere sends no webhooks.")

    # What it would tell of a payment

    def paid(self, amount_paise: int, *, receipt: str = "", qr_id: str = "", order_id: str = "") -> Money:
        """Money that has come; with the gateway's fee of 2 % and the tax on that inside it."""
        fee = amount_paise * 236 // 10_000
        return Money(
            self.made_up("pay"),
            Status.CAPTURED,
            amount_paise,
            order_id=order_id,
            qr_id=qr_id,
            receipt=receipt,
            method="upi",
            payer=f"{self.rng.choice('bdgjkmnprstv')}{self.rng.choice('aeiou')}***@{self.rng.choice(BANKS)}",
            bank_reference=self.rrn(),
            fee_paise=fee,
            fee_tax_paise=fee * 18 // 118,
        )

    def declined(self, amount_paise: int, *, receipt: str) -> Money:
        reasons = ("payment_declined", "payment_cancelled", "insufficient_funds", "payment_timed_out")
        failure = self.rng.choice(reasons)
        return Money(self.made_up("pay"), Status.FAILED, amount_paise, receipt=receipt, method="upi", failure=failure)

    def unable(self, refund: Refund) -> Returned:
        payment_id = refund.payment.gateway_payment_id
        return Returned(self.made_up("rfnd"), payment_id, refund.amount_paise, "failed", key=refund.key)

    def made_up(self, what: str) -> str:
        return f"{what}_{''.join(self.rng.choices(ascii_letters + digits, k=14))}"

    def rrn(self) -> str:
        """Twelve digits, as a bank's reference of a UPI payment has them."""
        return f"{self.rng.randrange(10**12):012}"


BANKS = ("demobank", "examplebank", "nobank")
