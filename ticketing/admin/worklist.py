"""The work-list: money that needs a person, oldest first, and in words what to do about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from core.money import rupees
from core.words import counted
from inventory.admin.filters import whole
from inventory.admin.form_page import demand, page
from inventory.admin.links import link, page_of, to
from inventory.admin.words import clock, in_words, label
from inventory.models import Show
from inventory.queries.moves import database_now
from ticketing.admin import giving_back, selling, words
from ticketing.models import Order, Payment, Refund
from ticketing.queries.links import order_reference
from ticketing.queries.parties import Awaited, awaiting_money
from ticketing.queries.worklist import Line, work_list

MOST = 200
# What it is, and what to do about it.
WHAT: dict[str, tuple[str, str, str]] = {
    "unmatched": (
        "Nobody knows whose",
        "danger",
        "Look the payment up at the gateway by its id, and give the money back if nothing explains it. What is given "
        "back over there, this page learns of by itself.",
    ),
    "review": (
        "To be looked at",
        "danger",
        "Compare the payment with its order. Give the money back if it pays for nothing.",
    ),
    "refund_failed": (
        "A refund failed",
        "danger",
        "See why, put that right (mostly the account's balance), and try again.",
    ),
    "refund_by_hand": (
        "To be given back by hand",
        "warning",
        "Give it back the way it was paid, then say so here.",
    ),
    "refund_to_ask": (
        "To go back, and nobody has asked for it",
        "danger",
        "Give it back, and tell whoever runs the program: this should have been asked for by itself.",
    ),
    "refund_under_way": (
        "On its way back",
        "info",
        "Nothing. The gateway takes two to seven days; after ten, ask it by the refund's id.",
    ),
    "part_went_back": (
        "The gateway gave part of it back",
        "warning",
        "Ask the gateway why. The buyer still has all tickets, and has paid for fewer.",
    ),
}


ASK = "Ask the party. Record the money when it is here, or cancel the order."


@dataclass(frozen=True, slots=True)
class Task:
    """One line as the page shows it."""

    what: SafeString
    to_do: str
    amount: str
    since: str
    age: str
    order: SafeString | str
    payment: SafeString | str
    refund: SafeString | str
    show: SafeString | str
    why: str
    act: tuple[str, str] | None


def work_list_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The list, for whoever may see payments; what can be done here, for whoever may refund."""
    demand(request, "ticketing.view_payment")
    show = Show.objects.filter(pk=whole(request.GET.get("show")) or 0).first()
    lines = work_list(MOST + 1, show.pk if show else None)
    now = database_now()
    shown = lines[:MOST]
    return page(
        model_admin,
        request,
        "ticketing/admin/work_list.html",
        title="Work-list" + (f": {show.title}" if show else ""),
        tasks=_tasks(shown, now, may_act=request.user.has_perm(giving_back.PERMISSION)),
        show=show,
        show_url=page_of(show) if show else "",
        most=MOST if len(lines) > MOST else 0,
        total=f"{counted(len(shown), 'line')}, {rupees(sum(line.paise for line in shown))}",
        parties=_parties(awaiting_money(MOST, show.pk if show else None), now, request),
        as_of=clock(now),
    )


def _parties(awaited: Sequence[Awaited], now: datetime, request: HttpRequest) -> list[dict[str, Any]]:
    """Orders over a hold whose party has not paid yet, each with what is to be done and where."""
    may = request.user.has_perm(selling.PERMISSION)
    return [
        {
            "order": link(reverse("admin:ticketing_order_change", args=[one.order_id]), order_reference(one.order_id)),
            "party": one.party,
            "tickets": counted(one.quantity, "ticket"),
            "amount": rupees(one.paise),
            "age": in_words(now - one.since),
            "since": clock(one.since),
            "show": link(reverse("admin:inventory_show_change", args=[one.show_id]), one.title),
            "to_do": "The show is cancelled: cancel this order." if one.is_cancelled else ASK,
            "url": reverse("admin:ticketing_order_money", args=[one.order_id]) if may and not one.is_cancelled else "",
        }
        for one in awaited
    ]


def _tasks(lines: Sequence[Line], now: datetime, *, may_act: bool) -> list[Task]:
    """In three queries, however many lines there are."""
    payments = Payment.objects.in_bulk([line.payment_id for line in lines])
    refunds = Refund.objects.select_related("payment").in_bulk([line.refund_id for line in lines if line.refund_id])
    orders = Order.objects.select_related("show").in_bulk([line.order_id for line in lines if line.order_id])
    return [
        _task(
            line,
            payments[line.payment_id],
            refunds.get(line.refund_id or 0),
            orders.get(line.order_id or 0),
            now,
            may_act,
        )
        for line in lines
    ]


def way_of(line: Line, refund: Refund | None, payment: Payment) -> tuple[str, str] | None:
    """Where a line is done, and the word for it: its refund's verb, or giving back what was set aside, or None."""
    if refund is not None:
        return giving_back.way_to(refund)
    return giving_back.way_to_return(payment) if line.is_of_aside else None


def _task(
    line: Line, payment: Payment, refund: Refund | None, order: Order | None, now: datetime, may_act: bool
) -> Task:
    text, colour, to_do = WHAT[line.what]
    why = refund.failure or words.because(refund.reason_code, refund.note) if refund else ""
    return Task(
        what=label(text, colour),
        to_do=to_do,
        amount=rupees(line.paise),
        since=clock(line.since),
        age=in_words(now - line.since),
        order=words.of_order(order),
        payment=words.of_payment(payment),
        refund=words.of_refund(refund),
        show=to(order.show) if order else "-",
        why=why or payment.gateway_payment_id,
        act=way_of(line, refund, payment) if may_act else None,
    )
