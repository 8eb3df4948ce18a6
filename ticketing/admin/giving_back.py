"""Money that goes back, as form pages: a refund tried again, one given by hand, and money that nothing explains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from core.money import rupees
from core.refusals import DomainError
from inventory.acts import By
from inventory.admin.form_page import WhyForm, demand, form_page, number
from inventory.admin.links import link, page_of
from inventory.admin.noted import note
from inventory.admin.reasons import in_line
from inventory.admin.words import clock
from ticketing.admin import words
from ticketing.models import Payment, Refund
from ticketing.services.returning import hand_back, retry_refund, return_aside

if TYPE_CHECKING:
    from django.forms import TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

PERMISSION = "ticketing.refund_order"


class RetryForm(WhyForm):
    """Why it should succeed this time."""

    codes = {
        "balance_is_there": "The gateway's account has the money again",
        "gateway_says_so": "The gateway says that it can be tried again",
        "was_a_fault": "It was a fault that is over",
    }


class HandBackForm(WhyForm):
    """How the money was given back."""

    codes = {
        "from_the_drawer": "Cash out of the drawer",
        "reversed_on_the_terminal": "Reversed on the card terminal",
        "transferred": "Transferred from our account",
    }
    field_order = ("reason", "other", "reference", "note")

    reference = forms.CharField(
        required=False,
        max_length=40,
        widget=TextInput,
        help_text="The slip's or the transfer's number, where there is one.",
    )


class ReturnForm(WhyForm):
    """Why the money is not ours to keep."""

    codes = {
        "nothing_explains_it": "Nothing explains it",
        "paid_by_mistake": "Paid by mistake",
        "buyer_asks": "The buyer asks for it",
    }


def verb_of(refund: Refund) -> str:
    """What a person can do about a refund: `retry`, `hand_back`, or nothing. Needs its payment."""
    if refund.state == Refund.State.FAILED:
        return "retry"
    by_hand = refund.payment.tender != Payment.Tender.GATEWAY
    return "hand_back" if refund.state == Refund.State.REQUESTED and by_hand else ""


VERBS = {"retry": "Try again", "hand_back": "It was given back"}


def way_to(refund: Refund) -> tuple[str, str] | None:
    """The address of what can be done about a refund, and its words; None where nothing can."""
    verb = verb_of(refund)
    return (reverse(f"admin:ticketing_refund_{verb}", args=[refund.pk]), VERBS[verb]) if verb else None


def link_to(refund: Refund) -> SafeString | str:
    """The same as a link, or a dash."""
    way = way_to(refund)
    return link(*way) if way else "-"


def way_to_return(payment: Payment) -> tuple[str, str]:
    """The same for money that was set aside and that nobody has asked back."""
    return reverse("admin:ticketing_payment_return", args=[payment.pk]), "Give it back"


def return_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Ask for all that was set aside of a payment and is not going back yet."""
    demand(request, PERMISSION)
    payment = Payment.objects.filter(pk=number(pk)).exclude(aside_as="").first()
    if payment is None:
        raise Http404
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            refund = return_aside(payment_id=payment.pk, by=form.by(request))
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"{rupees(refund.amount_paise)} is asked back, as refund {refund.pk}.")
            return HttpResponseRedirect(_work_list())
    aside = rupees(max(0, payment.received_paise - payment.allocated_paise))
    known = payment.gateway_payment_id or payment.reference
    return form_page(
        model_admin,
        request,
        title=f"Give it back: {aside}, payment {payment.pk}",
        told=[
            f"It came at {clock(payment.captured_at)} by {payment.get_tender_display().lower()}"
            f"{f', {known}' if known else ''}, and was set aside: {payment.get_aside_as_display().lower()}.",
            "All of it that is not going back already is asked back the way it was paid. This cannot be undone: see "
            "first that no order of the buyer's waits for it.",
        ],
        form=form,
        verb="Give it back now",
        back=_work_list(),
    )


def retry_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Ask the gateway again, under a new key."""
    demand(request, PERMISSION)
    refund = _refund(pk)
    form = RetryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            again = retry_refund(refund_id=refund.pk, by=_by_in_words(form, request))
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"{rupees(again.amount_paise)} is asked back again, as refund {again.pk}.")
            return HttpResponseRedirect(_work_list())
    failure = f": {refund.failure.removesuffix('.')}" if refund.failure else ""
    return form_page(
        model_admin,
        request,
        title=f"Try again: {rupees(refund.amount_paise)}, refund {refund.pk}",
        told=[
            f"It failed at {clock(refund.ended_at)}{failure}. Why it was asked for: {in_line(refund.reason_code)}.",
            "Another refund is made of the same money and sent within seconds; this one stays in the books as failed.",
        ],
        form=form,
        verb="Try again now",
        back=page_of(refund),
    )


def _by_in_words(form: WhyForm, request: HttpRequest) -> By:
    """Another try keeps the first one's reason code: why it is tried again goes into its note, for people."""
    by = form.by(request)
    return replace(by, reason_code="", note=words.said_because("", by.reason_code, by.note))


def hand_back_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Say that a person has given the money back."""
    demand(request, PERMISSION)
    refund = _refund(pk)
    form = HandBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, reference = form.by(request), form.cleaned_data["reference"]
        try:
            is_first = hand_back(refund_id=refund.pk, by=by, reference=reference)
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            if is_first:
                note(model_admin, request, refund, words.said_because("Given back", by.reason_code, by.note))
                messages.success(request, f"{rupees(refund.amount_paise)} was given back.")
                return HttpResponseRedirect(_work_list())
            said = f"Refund {refund.pk} was given back before, or is over: see who said so. Nothing was written now."
            messages.error(request, f"{said} If your money has left the drawer as well, it went out twice.")
            return HttpResponseRedirect(page_of(refund))
    tender = refund.payment.get_tender_display()
    return form_page(
        model_admin,
        request,
        title=f"It was given back: {rupees(refund.amount_paise)}, refund {refund.pk}",
        told=[
            f"It was paid by {tender.lower()}, and goes back the same way. Why: {in_line(refund.reason_code)}.",
            "Say so only after the money has left your hands: this cannot be undone.",
        ],
        form=form,
        verb="It was given back",
        back=page_of(refund),
    )


def _refund(pk: str) -> Refund:
    refund = Refund.objects.select_related("payment").filter(pk=number(pk)).first()
    if refund is None:
        raise Http404
    return refund


def _work_list() -> str:
    return reverse("admin:ticketing_worklist")
