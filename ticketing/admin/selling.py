"""Sell from a hold, paid later: the order is made here, its money is recorded on the order's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.money import rupees
from core.refusals import DomainError
from core.why import NoteForm
from core.words import counted
from inventory.acts import By
from inventory.admin import seat_names
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.hold_choice import ChoiceForm
from inventory.admin.links import page_of
from inventory.admin.noted import note
from inventory.admin.words import clock
from inventory.models import Claim
from ticketing.admin.choosing import Chosen, done_before, live_hold
from ticketing.admin.giving import worth_of
from ticketing.admin.giving_forms import HeldChoice, contact_of, guest_of
from ticketing.models import Order, Payment
from ticketing.queries.links import order_reference
from ticketing.services.giving import house_channel
from ticketing.services.ordering import order_from_hold
from ticketing.services.paying import pay_by_tender

if TYPE_CHECKING:
    from django.forms import Select, Textarea, TextInput
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

PERMISSION = "ticketing.sell_from_hold"
INTRO = (
    "The places stay held for the party under the order, out of reach of the hold's end and its ladder, until the "
    "money is recorded on the order's page. Tickets are issued with the money, not before."
)
Tender = Payment.Tender
TENDERS = (Tender.BANK_TRANSFER, Tender.CARD_SLIP, Tender.CASH, Tender.PARTNER_ACCOUNT)


class PartyForm(NoteForm):
    """For whom the order is, and on what grounds they pay later."""

    name = forms.CharField(required=False, max_length=80, widget=TextInput, help_text="It can be erased.")
    contact = forms.CharField(
        label="Mail or mobile",
        required=False,
        max_length=120,
        widget=TextInput,
        help_text="With an e-mail address the tickets go out as soon as the money is recorded.",
    )
    note = forms.CharField(
        label="Why", max_length=500, widget=Textarea(attrs={"rows": 2}), help_text="What was agreed, and with whom."
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_contact(self) -> str:
        return contact_of(self.cleaned_data["contact"])


class MoneyForm(NoteForm):
    """By what the party has paid, where that is written, and why it is taken as paid."""

    tender = forms.ChoiceField(
        label="Paid by",
        choices=[("", "Choose"), *((tender.value, tender.label) for tender in TENDERS)],
        widget=Select,
    )
    reference = forms.CharField(
        required=False,
        max_length=60,
        widget=TextInput,
        help_text="Of the transfer (UTR), the slip or the account's entry; not for cash. "
        "A transfer or a slip pays for one order only.",
    )

    note = forms.CharField(
        label="Why it counts as paid",
        max_length=200,
        widget=TextInput,
        help_text="Where it was seen, such as in the account's statement or in the drawer.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tender") not in (None, Tender.CASH) and not (cleaned.get("reference") or "").strip():
            self.add_error("reference", "Say where this is written, so that it can be found again.")
        return cleaned


class _Selling(Chosen):
    form_class, done = PartyForm, "ordered"
    claim: Claim

    def choice_form(self, sent: Any) -> ChoiceForm:
        return HeldChoice(self.claim, sent, act="sell", done="ordered")

    def known(self) -> dict[str, str]:
        return guest_of(self.claim)

    def worth(self) -> str:
        cost = worth_of(self.show.pk, self.found, house_channel())
        return f"To pay: {cost}." if cost else "Not all of them have a price yet."

    def act(self) -> Order:
        given = self.about.cleaned_data
        by = By(f"user:{self.request.user.pk}", note=given["note"])
        return order_from_hold(
            hold_id=self.claim.pk, place_ids=self.found, by=by, contact=given["contact"], name=given["name"]
        )


def sell_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Order places of a hold for its party."""
    demand(request, PERMISSION)
    if done := done_before(request):
        return done
    claim = live_hold(pk)
    asked = _Selling(request, claim.show, claim)
    if order := asked.answer():
        said = f"{counted(len(asked.found), 'ticket')} ordered, {seat_names.spoken(asked.found)}"
        note(model_admin, request, order, f"Ordered: {asked.about.cleaned_data['note']}")
        messages.success(request, f"{order_reference(order.pk)}: {said}. To pay: {rupees(order.total_paise)}.")
        return HttpResponseRedirect(page_of(order))
    show, many = claim.show, len(asked.found)
    return asked.page(
        model_admin,
        title=f"Sell from {claim.hold}: {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        intro=INTRO,
        legend="2. For whom",
        now="Order now",
        these="Order this ticket" if many == 1 else f"Order these {many:,} tickets",
    )


def money_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Record the money of an order over a hold, and issue its tickets."""
    demand(request, PERMISSION)
    order = Order.objects.select_related("show", "lock__hold").filter(pk=number(pk), lock__kind=Claim.Kind.HOLD).first()
    if order is None:
        raise Http404
    form = MoneyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        reference = given["reference"].strip() if given["tender"] != Tender.CASH else ""
        by = By(f"user:{request.user.pk}")
        try:
            pay_by_tender(order_id=order.pk, tender=Tender(given["tender"]), reference=reference, by=by)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.text} No money was recorded.")
        else:
            said = f"{rupees(order.total_paise)} by {Tender(given['tender']).label.lower()}"
            note(model_admin, request, order, ": ".join(filter(None, (said, reference, given["note"]))))
            messages.success(request, f"{order_reference(order.pk)}: {said} recorded, and its tickets are issued.")
            return HttpResponseRedirect(page_of(order))
    return form_page(
        model_admin,
        request,
        title=f"Record the money of {order_reference(order.pk)}, {order.lock.hold}, {order.show.title}",
        told=[
            f"To pay: {rupees(order.total_paise)} for {counted(order.quantity, 'ticket')}. All of it, or nothing yet.",
            "Record it when it is in the account or in the drawer: the tickets are good from then on.",
        ],
        form=form,
        verb="It is here: issue the tickets",
        back=page_of(order),
    )
