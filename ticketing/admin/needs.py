"""What needs a person now: money on the work-list, letters that reach nobody, sales that are not as they should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.money import rupees
from core.words import counted
from inventory.admin.board import May
from inventory.admin.links import list_of
from inventory.admin.needs import Need
from inventory.admin.words import clock, in_words, label
from inventory.models import Show
from ticketing.admin import giving_back
from ticketing.admin.worklist import WHAT
from ticketing.models import Letter, Payment, Refund
from ticketing.queries import needs as reads
from ticketing.queries.links import order_reference

# The gateway takes so long at most; then somebody has to ask.
TOO_LONG = timedelta(days=10)
SOON, OVER_FOR = timedelta(hours=24), timedelta(hours=6)
MOST = 5


def of_money(may: May, at: datetime) -> list[Need]:
    """The work-list, a line a kind, the kind with the oldest line first; one line alone leads to its verb."""
    found = reads.waiting(asked_before=at - TOO_LONG)
    alone = [one for one in found if one.lines == 1] if may(giving_back.PERMISSION) else []
    refunds = Refund.objects.select_related("payment__order__show").in_bulk(
        [one.refund_id for one in alone if one.refund_id]
    )
    payments = Payment.objects.select_related("order__show").in_bulk(
        [one.payment_id for one in alone if one.is_of_aside and not one.refund_id]
    )
    return [_of_money(one, refunds.get(one.refund_id or 0), payments.get(one.payment_id or 0), at) for one in found]


def _of_money(one: reads.Waiting, refund: Refund | None, payment: Payment | None, at: datetime) -> Need:
    text, colour, _ = WHAT[one.what]
    way = giving_back.way_to(refund) if refund else giving_back.way_to_return(payment) if payment else None
    url, verb = way or (reverse("admin:ticketing_worklist"), "Work-list")
    many = (
        f"{counted(one.lines, 'line')}, {rupees(one.paise)}, the oldest" if one.lines > 1 else f"{rupees(one.paise)},"
    )
    whose = _whose(refund.payment if refund else payment) if one.lines == 1 else ""
    since = in_words(at - one.since)
    return Need(f"money-{one.what}", label(text, colour), f"{many}{whose} for {since}.", url, verb, text)


def _whose(payment: Payment | None) -> str:
    """` HF-216, Seven Monsoons,`; nothing where no order is known."""
    if payment is None or payment.order is None:
        return ""
    return f" {order_reference(payment.order.pk)}, {payment.order.show.title},"


def of_letters(at: datetime) -> list[Need]:
    """Letters that were given up, or that the mail server has refused again and again: one line."""
    found = reads.unsent(at)
    said = [
        f"{counted(count, 'letter')} {how}"
        for count, how in ((found.given_up, "given up"), (found.trying, "tried again and again"))
        if count
    ]
    if not said:
        return []
    text = f"{', '.join(said)}: {found.error}. Reach the buyer, or send the tickets again from the order's page."
    return [
        Need(
            "letters",
            label("Not delivered", "danger"),
            text,
            list_of(Letter, state="trouble"),
            "Letters",
            "not delivered",
        )
    ]


def of_sales(may: May, at: datetime) -> list[Need]:
    """Shows on sale that lack something or are over, and shows that begin within a day and are not on sale."""
    found = reads.not_ready(at, soon=at + SOON, begun_before=at - OVER_FOR)
    needs = [_SALES[one.kind](may, one) for one in found[:MOST]]
    if len(found) > MOST:
        text = f"The sale of {counted(len(found) - MOST, 'other show')} is not as it should be, too."
        needs.append(Need("sales", label("On sale?", "warning"), text, list_of(Show), "Shows", "all"))
    return needs


def _lacks(may: May, one: reads.NotReady) -> Need:
    text = f"{_named(one)} is on sale and lacks {', '.join(one.missing)}."
    url = reverse("admin:inventory_show_change", args=[one.show_id])
    return Need(f"sale-{one.show_id}", label("Cannot be sold", "danger"), text, url, "To the show", one.title)


def _stopped(may: May, one: reads.NotReady) -> Need:
    lacks = f" It lacks {', '.join(one.missing)}." if one.missing else ""
    text = f"{_named(one)} is not on sale: {Show.State(one.state).label.lower()}.{lacks}"
    return _verb(may, one, label("Not on sale", "warning"), text, "publish", "Put on sale")


def _over(may: May, one: reads.NotReady) -> Need:
    text = f"{_named(one)} is long over, and on sale still."
    return _verb(may, one, label("Over", "info"), text, "close", "Close the sale")


def _verb(may: May, one: reads.NotReady, what: SafeString, text: str, name: str, verb: str) -> Need:
    is_allowed = may("ticketing.publish_show")
    url = reverse(f"admin:inventory_show_{name if is_allowed else 'change'}", args=[one.show_id])
    return Need(f"sale-{one.show_id}", what, text, url, verb if is_allowed else "To the show", one.title)


def _named(one: reads.NotReady) -> str:
    begins = timezone.localtime(one.starts_at)
    return f"{one.title}, {clock(begins).removesuffix(':00')},"


_SALES: dict[str, Callable[[May, reads.NotReady], Need]] = {"lacks": _lacks, "stopped": _stopped, "over": _over}
