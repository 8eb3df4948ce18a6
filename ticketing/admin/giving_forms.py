"""Which places are given, to whom, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from core.contacts import ContactInvalid, read_contact
from core.words import counted
from inventory.admin import seat_names
from inventory.admin.form_page import WhyForm
from inventory.admin.hold_choice import ChoiceForm
from inventory.models import Claim, Place
from inventory.queries.picking import Order
from ticketing.models import Complimentary

if TYPE_CHECKING:
    from django.forms import Select, TextInput
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput


class OpenChoice(ChoiceForm):
    """Open places of a show."""

    act, done = "give", "given"


class HeldChoice(ChoiceForm):
    """Places of one hold: the best or the worst of them, by their names, or from the map."""

    def __init__(self, claim: Claim, *args: Any, act: str = "give", done: str = "given", **kwargs: Any) -> None:
        super().__init__(claim.show, *args, **kwargs)
        self.claim, self.act, self.done = claim, act, done
        self.fields.pop("allocation", None)
        order = self.fields["order"]
        order.choices = [(Order.BEST.value, Order.BEST.label), (Order.WORST.value, Order.WORST.label)]  # type: ignore[attr-defined]

    def refuse_taken(self, place_ids: Sequence[int]) -> bool:
        ours = set(self._held().values_list("pk", flat=True))
        strays = [place_id for place_id in place_ids if place_id not in ours]
        if strays:
            self.add_error(None, f"Not of this hold, so nothing was {self.done}: {seat_names.spoken(strays)}.")
        return bool(strays)

    def _held(self) -> Any:
        return Place.objects.filter(claim=self.claim, status=Place.Status.HELD)

    def _picked(self) -> list[int]:
        wanted: int = self.cleaned_data["quantity"]
        parts = {name: part for name in ("tier", "section") if (part := self._part(name))}
        held = self._held().filter(**parts)
        ways = ("-rank", "-pk") if self.cleaned_data["order"] == Order.WORST else ("rank", "pk")
        found = list(held.order_by(*ways).values_list("pk", flat=True)[:wanted])
        if len(found) == wanted:
            return sorted(found)
        where = " in " + ", ".join(map(str, parts.values())) if parts else ""
        self.add_error("quantity", f"This hold has {counted(len(found), 'place')}{where}. Ask for fewer.")
        return []


class GuestForm(WhyForm):
    """To whom, how they are reached, and why."""

    codes = {
        "promotion": "Promotion",
        "review": "For a review or a report",
        "house_guests": "Guests of the house",
        "artists_guests": "Guests of the artists",
        "goodwill": "To put something right",
        "on_duty": "On duty, or by right",
        "staff": "For the staff",
    }
    field_order = ("recipient", "name", "contact", "reason", "other", "note")

    recipient = forms.ChoiceField(
        label="Given to", choices=[("", "Choose"), *Complimentary.Recipient.choices], widget=Select
    )
    name = forms.CharField(
        required=False, max_length=80, widget=TextInput, help_text="As the door will ask. It can be erased."
    )
    contact = forms.CharField(
        label="Mail or mobile",
        required=False,
        max_length=120,
        widget=TextInput,
        help_text="With an e-mail address the tickets go out at once; without one, print them.",
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_contact(self) -> str:
        return contact_of(self.cleaned_data["contact"])


def contact_of(text: str) -> str:
    """One contact as it is stored, or '' where none was given."""
    if not text.strip():
        return ""
    try:
        return read_contact(text)
    except ContactInvalid as error:
        raise ValidationError(str(error)) from error


def guest_of(claim: Claim) -> dict[str, str]:
    """What a hold says of its party already."""
    hold = claim.hold
    try:
        contact = contact_of(hold.contact)
    except ValidationError:
        contact = ""
    return {"recipient": hold.purpose, "name": hold.party[:80], "contact": contact}
