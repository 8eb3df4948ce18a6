"""What a person can do with an order: cancel or refund it, change its seats, send its tickets, forget whose it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.money import rupees
from core.refusals import DomainError
from inventory.admin import seat_names
from inventory.admin.form_page import WhyForm, demand, form_page, number
from inventory.admin.links import link, page_of
from inventory.admin.noted import note
from inventory.admin.words import clock, joined
from inventory.models import Claim
from ticketing.admin import reseating, selling, words
from ticketing.admin.on_paper import print_form
from ticketing.admin.reseating import ReseatForm
from ticketing.admin.which_tickets import TicketsForm
from ticketing.gateways import gateway
from ticketing.models import Order, Ticket
from ticketing.queries.links import order_reference
from ticketing.services import printing
from ticketing.services.cancelling import cancel_unpaid, refund_order
from ticketing.services.erasing import erase_contact
from ticketing.services.letters import resend_tickets
from ticketing.services.paying import give_up_waiting
from ticketing.services.reseating import reseat

if TYPE_CHECKING:
    from django.forms import CheckboxInput
else:
    from unfold.widgets import UnfoldBooleanSwitchWidget as CheckboxInput

_MONEY_BACK = "The money goes back the way it came. Cash and card slips wait on the work-list for your hands."
Page = Callable[[Any, HttpRequest, str], HttpResponse]


class CancelForm(WhyForm):
    """Why an order that nobody has paid ends."""

    codes = {
        "asked_by_buyer": "The buyer asks for it",
        "duplicate_booking": "The buyer has booked twice",
        "mistake": "Ordered by mistake",
        "suspicious_buying": "Suspicious buying",
    }


class CancelPartysForm(CancelForm):
    """The same of what a party ordered, from whoever may break holds; and whether its places stay held for it."""

    field_order = ("keeps_hold", "reason", "other", "note")

    keeps_hold = forms.BooleanField(
        label="Keep the places held for the party",
        required=False,
        initial=True,
        widget=CheckboxInput,
        help_text="In a hold without an end, to be ordered again or given back. Off: they are open at once.",
    )


class RefundForm(TicketsForm, WhyForm):
    """Which tickets, and why."""

    codes = {
        "customer_request": "The buyer asks for it",
        "duplicate_booking": "The buyer has booked twice",
        "illness": "Illness or death",
        "seat_not_usable": "The seat cannot be used",
        "show_changed": "The show has changed: its date, its cast, its place",
        "show_cancelled": "The show is cancelled",
    }
    field_order = ("tickets", "reason", "other", "note")


class ResendForm(WhyForm):
    """Why once more."""

    codes = {
        "asked_by_buyer": "The buyer asks for it",
        "wrong_contact": "It went to a wrong address, which is mended",
        "show_changed": "Something about the show has changed",
    }


class EraseForm(WhyForm):
    """Why somebody is to be forgotten: by a code alone, since words might remember them."""

    codes = {
        "asked_by_buyer": "The buyer asks for it",
        "given_by_mistake": "Given by mistake",
        "wrong_person": "Somebody else's",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


def cancel_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """End an order that is not paid: what it could be paid by is closed first, then its places are open."""
    demand(request, "ticketing.cancel_order")
    order = _order(pk)
    is_partys = order.lock.kind == Claim.Kind.HOLD
    may_open = request.user.has_perm("inventory.break_hold")
    form_class = CancelPartysForm if is_partys and may_open else CancelForm
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = form.by(request)
        try:
            give_up_waiting(order_id=order.pk, gateway=gateway(), by=by)
            cancel_unpaid(order_id=order.pk, by=by, keeps_hold=form.cleaned_data.get("keeps_hold", True))
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            return _done(model_admin, request, order, "Cancelled", by.reason_code, by.note)
    return form_page(
        model_admin,
        request,
        title=f"Cancel {_named(order)}",
        told=[
            f"It waits for {rupees(order.total_paise)} from {order.lock.hold}. Nothing was paid.",
            *([] if may_open else ["Its places stay held for the party: who may break holds opens them."]),
        ]
        if is_partys
        else [
            "Its QR code or payment link is closed at the gateway, and its places are open at once.",
            "Money that still comes afterwards goes back by itself.",
        ],
        form=form,
        verb="Cancel the order",
        stops=True,
        back=page_of(order),
    )


def refund_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Void some or all tickets of a paid order, and give back what they cost."""
    demand(request, "ticketing.refund_order")
    order = _order(pk)
    form = RefundForm(_living(order), request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = form.by(request)
        try:
            asked = refund_order(order_id=order.pk, by=by, ticket_ids=list(map(int, form.cleaned_data["tickets"])))
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            back = sum(refund.amount_paise for refund in asked)
            nothing = "Nothing was left to give back; the" if order.total_paise else "The"
            said = f"{rupees(back)} goes back" if asked else f"{nothing} tickets are void"
            return _done(model_admin, request, order, said, by.reason_code, by.note)
    return form_page(
        model_admin,
        request,
        title=f"{'Refund' if order.total_paise else 'Take back'} {_named(order)}",
        told=[
            f"Paid: {rupees(order.total_paise)}; given back so far: {rupees(order.returned_paise)}."
            if order.total_paise
            else "They were complimentary: no money goes back.",
            "A gate refuses these tickets from this second, and their places are open again.",
            *([_MONEY_BACK] if order.total_paise else []),
        ],
        form=form,
        verb="Void the tickets" + (" and give the money back" if order.total_paise else ""),
        stops=True,
        back=page_of(order),
    )


def reseat_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Give some or all tickets of a paid order other seats of their tier."""
    demand(request, "ticketing.reseat_order")
    order = _order(pk)
    living = _living(order)
    form = ReseatForm(living, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (paired := form.chosen(order)):
        by = form.by(request)
        try:
            tickets = reseat(order_id=order.pk, places=paired, by=by)
        except DomainError as refusal:
            form.refuse(order, refusal)
        else:
            said = f"Moved to {seat_names.spoken([ticket.place_id for ticket in tickets])}"
            return _done(model_admin, request, order, said, by.reason_code, by.note)
    return form_page(
        model_admin,
        request,
        title=f"Other seats for {_named(order)}",
        told=reseating.told(living, order),
        form=form,
        verb="Move them",
        back=page_of(order),
    )


def resend_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Send an order's tickets once more."""
    demand(request, "ticketing.resend_tickets")
    order = _order(pk)
    form = ResendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = form.by(request)
        try:
            letter = resend_tickets(order_id=order.pk, by=by)
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            said = f"Tickets go out again, as letter {letter.pk}"
            return _done(model_admin, request, order, said, by.reason_code, by.note)
    reached = words.contact(order, request.user.has_perm(words.SEE_GUESTS))
    return form_page(
        model_admin,
        request,
        title=f"Send the tickets again: {_named(order)}",
        told=[f"To {reached}. The codes stay the same, and each admits once."],
        form=form,
        verb="Send them again",
        back=page_of(order),
    )


def erase_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Take out whom an order is for."""
    demand(request, "ticketing.erase_contact")
    order = _order(pk)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = form.by(request)
        try:
            was_there = erase_contact(order_id=order.pk, by=by)
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            said = "Contact and name are erased" if was_there else "There was no contact any more"
            return _done(model_admin, request, order, said, by.reason_code)
    return form_page(
        model_admin,
        request,
        title=f"Erase the contact of {_named(order)}",
        told=[
            "Contact and name are deleted, and nothing more is sent. Tickets, money and documents stay.",
            "This cannot be undone: nobody can be told any more if the show changes.",
        ],
        form=form,
        verb="Erase them",
        stops=True,
        back=page_of(order),
    )


def print_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The tickets that are good, a page each, to be printed and handed over."""
    demand(request, "ticketing.resend_tickets")
    order = _order(pk)
    return print_form(
        model_admin,
        request,
        order,
        title=f"Print the tickets: {_named(order)}",
        file_name=f"{order_reference(order.pk)}-tickets.pdf",
        make=partial(printing.tickets_pdf, order.pk),
    )


PAGES: dict[str, Page] = {
    "cancel": cancel_page,
    "refund": refund_page,
    "reseat": reseat_page,
    "resend": resend_page,
    "print": print_page,
    "money": selling.money_page,
    "erase": erase_page,
}


def urls(model_admin: Any) -> list[URLPattern]:
    """The addresses of all of them."""
    return [
        path(
            f"<str:pk>/{name}/",
            model_admin.admin_site.admin_view(partial(page, model_admin)),
            name=f"ticketing_order_{name}",
        )
        for name, page in PAGES.items()
    ]


def ways_of(order: Order, has_perm: Callable[[str], bool]) -> SafeString | str:
    """What this person can do with this order as it stands; a dash for nothing."""
    has_contact = hasattr(order, "contact")
    is_paid = order.confirmed_at is not None and order.state == Order.State.CONFIRMED
    is_waiting = order.state in (Order.State.AWAITING_PAYMENT, Order.State.EXPIRED)
    is_partys = order.state == Order.State.AWAITING_PAYMENT and order.lock.kind == Claim.Kind.HOLD
    ways = {
        ("money", "Record its money"): is_partys and has_perm(selling.PERMISSION),
        ("cancel", "Cancel it"): is_waiting and has_perm("ticketing.cancel_order"),
        ("refund", "Refund it" if order.total_paise else "Take the tickets back"): (
            is_paid and has_perm("ticketing.refund_order")
        ),
        ("reseat", "Give other seats"): is_paid and has_perm("ticketing.reseat_order"),
        ("print", "Print the tickets"): is_paid and has_perm("ticketing.resend_tickets"),
        ("resend", "Send the tickets again"): (
            is_paid and has_contact and order.contact.contact != "" and has_perm("ticketing.resend_tickets")
        ),
        ("erase", "Erase the contact"): has_contact and has_perm("ticketing.erase_contact"),
    }
    return joined(
        link(reverse(f"admin:ticketing_order_{name}", args=[order.pk]), text)
        for (name, text), may in ways.items()
        if may
    )


def _order(pk: str) -> Order:
    order = (
        Order.objects.select_related("show", "contact", "contact_erasure", "lock__hold").filter(pk=number(pk)).first()
    )
    if order is None:
        raise Http404
    return order


def _living(order: Order) -> list[Ticket]:
    tickets = Ticket.objects.filter(order=order, voided_at=None).select_related("place__section", "line")
    return list(tickets.order_by("id"))


def _named(order: Order) -> str:
    return f"{order_reference(order.pk)}, {order.show.title}, {clock(order.show.starts_at).removesuffix(':00')}"


def _done(model_admin: Any, request: HttpRequest, order: Order, said: str, *why: str) -> HttpResponse:
    note(model_admin, request, order, words.said_because(said, *why))
    messages.success(request, f"{order_reference(order.pk)}: {said[0].lower()}{said[1:]}.")
    return HttpResponseRedirect(page_of(order))
