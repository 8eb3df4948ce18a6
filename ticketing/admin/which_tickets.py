"""Which tickets of an order something is done to. Of several none is ticked to begin with: a refund of the whole order
is a choice, and no accident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from core.money import rupees
from core.words import counted
from inventory.admin.words import seat
from ticketing.models import Ticket
from ticketing.queries.links import ticket_number
from ticketing.tickets.paper import price_in_words

if TYPE_CHECKING:
    from django.forms import CheckboxSelectMultiple
else:
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple


class TicketsForm(forms.Form):
    """`tickets`: the keys of those chosen, among `living`. One box stands for all of them, as they are now: its key is
    their keys, so that it is refused once one of them is void."""

    tickets = forms.MultipleChoiceField(
        widget=CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one ticket.",
            "invalid_choice": "A ticket was void meanwhile. Look again at what is left, and choose.",
        },
    )

    def __init__(self, living: Sequence[Ticket], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.living = {str(ticket.pk): ticket for ticket in living}
        self.all = " ".join(self.living)
        choices = [
            (key, f"{ticket_number(ticket.pk)}: {seat(ticket.place)}, {price_in_words(ticket.line.paise)}")
            for key, ticket in self.living.items()
        ]
        if len(living) > 1:
            worth = sum(ticket.line.paise for ticket in living)
            choices.insert(
                0, (self.all, f"All {counted(len(living), 'ticket')}{f', {rupees(worth)}' if worth else ''}")
            )
        self.fields["tickets"].choices = choices  # type: ignore[attr-defined]
        self.fields["tickets"].initial = list(self.living) if len(living) == 1 else []

    def clean_tickets(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["tickets"]
        return list(self.living) if self.all in chosen else chosen
