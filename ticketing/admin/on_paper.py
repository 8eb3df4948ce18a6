"""Printing tickets as a verb: paper admits whoever has it, so it is written down who printed it, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.refusals import DomainError
from inventory.admin.form_page import WhyForm, form_page
from inventory.admin.links import page_of
from inventory.admin.noted import note
from ticketing.admin import words
from ticketing.admin.files import as_pdf
from ticketing.models import GuestList, Order


class PrintForm(WhyForm):
    """Why on paper."""

    codes = {
        "at_the_counter": "Handed over at the counter",
        "for_a_guest": "Laid out for a guest, or sent by post",
        "not_arrived": "The mail did not arrive, or the phone does not work",
        "printed_before": "Printed before, and lost or spoilt",
    }


def print_form(
    model_admin: Any,
    request: HttpRequest,
    row: Order | GuestList,
    *,
    title: str,
    file_name: str,
    make: Callable[[], bytes],
    said: str = "Tickets printed",
) -> HttpResponse:
    """The form; once it says why, what `make` makes, as a PDF in a page of its own. A refusal is told on the form."""
    form = PrintForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": "for_a_guest" if isinstance(row, GuestList) else "at_the_counter"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            printed = make()
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            by = form.by(request)
            note(model_admin, request, row, words.said_because(said, by.reason_code, by.note))
            return as_pdf(printed, file_name)
    return form_page(
        model_admin,
        request,
        title=title,
        told=["A page for each ticket that is good, with its code. Each code admits once, on paper or on a phone."],
        form=form,
        verb="Print",
        back=page_of(row),
        opens_apart=not form.is_bound,  # one that was refused is in a page of its own already
    )
