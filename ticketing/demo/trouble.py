"""What goes wrong with money in the demo's last hour, so that the work-list and every page have something to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from inventory.acts import By
from inventory.demo.shops import Come, Visit
from ticketing.models import Payment, Refund
from ticketing.services.returning import send_refunds, take_refund
from ticketing.services.settling import take_money
from ticketing.services.watching import look_at_payment

if TYPE_CHECKING:
    from ticketing.demo.shop import MoneyShop

MINUTE = timedelta(minutes=1)


def money_comes_late(shop: MoneyShop, come: Come, now: datetime) -> None:
    """The time to pay ran out, and the bank told of the money a quarter of an hour later. The terms say what then."""
    if visit := come("web", now - 44 * MINUTE):
        payment = _opened(shop, visit, now - 43 * MINUTE)
        assert payment.closes_at
        look_at_payment(payment_id=payment.pk, gateway=shop.gateway, now=payment.closes_at + 2 * MINUTE)
        shop.pay(payment, now - 20 * MINUTE)
        send_refunds(gateway=shop.gateway, now=now - 19 * MINUTE)


def somebody_pays_twice(shop: MoneyShop, come: Come, now: datetime) -> None:
    """One code, scanned by two: the second payment is to go back, and the gateway could not."""
    if visit := come("web", now - 40 * MINUTE):
        payment = _opened(shop, visit, now - 39 * MINUTE)
        shop.pay(payment, now - 38 * MINUTE)
        shop.pay(payment, now - 37 * MINUTE)
        refund = Refund.objects.select_related("payment").get(order=payment.order, of_aside=True)
        take_refund(told=shop.gateway.unable(refund), gateway=shop.gateway.name, now=now - 36 * MINUTE)


def a_payment_fails(shop: MoneyShop, come: Come, now: datetime) -> None:
    """Declined a moment ago. The places are still locked, and the buyer may try again."""
    if visit := come("web", now - 3 * MINUTE):
        shop.begin_payment(visit, now - 2 * MINUTE, will_be_paid=False)
        shop.fail_payment(visit, now - MINUTE)


def cash_is_to_be_given_back(shop: MoneyShop, come: Come, now: datetime) -> None:
    """Tickets came back at the counter, and the drawer has not been opened for them yet."""
    if visit := come("counter", now - 35 * MINUTE):
        shop.begin_payment(visit, now - 34 * MINUTE, will_be_paid=True)
        shop.take(visit, Payment.Tender.CASH, "", now - 34 * MINUTE)
        because = By(
            actor=visit.by.actor, reason_code="customer_request", note="They come back for it at the interval."
        )
        shop.take_back(visit, because, now - 25 * MINUTE, hands_back=False)


def nobody_knows_whose(shop: MoneyShop, come: Come, now: datetime) -> None:
    """Money by a code that is none of ours: a person has to find out."""
    money = shop.gateway.paid(1_598_00, qr_id=shop.gateway.made_up("qr"))
    take_money(money=money, gateway=shop.gateway.name, now=now - 31 * MINUTE)


def _opened(shop: MoneyShop, visit: Visit, at: datetime) -> Payment:
    shop.begin_payment(visit, at, will_be_paid=True)
    payment = shop.payment(visit)
    assert payment
    return payment


OF: Mapping[str, Sequence[Callable[[MoneyShop, Come, datetime], None]]] = {
    "the-last-tonga": (money_comes_late, cash_is_to_be_given_back),
    "seven-monsoons": (somebody_pays_twice, a_payment_fails),
    "kaleidoscope": (nobody_knows_whose,),
    "raga-at-the-harbour": (money_comes_late,),
}
