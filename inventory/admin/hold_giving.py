"""Which places of a hold come back, why, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from inventory.admin import seat_names
from inventory.admin.form_page import WhyForm
from inventory.admin.hold_choice import How, read_ids
from inventory.models import Allocation, Claim, Place
from inventory.queries.stock import geometry

if TYPE_CHECKING:
    from django.forms import CheckboxInput, NumberInput, RadioSelect, Select, Textarea
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminRadioSelectWidget as RadioSelect
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldBooleanWidget as CheckboxInput


def agreement_of(whose: str) -> forms.BooleanField:
    """A word for it that whoever may break a hold agrees."""
    return forms.BooleanField(
        label=f"I have asked {whose}, who agrees, or I am {whose}",
        widget=CheckboxInput,
        error_messages={"required": f"Only {whose} may break this hold: ask first, then tick this."},
    )


class BreakForm(WhyForm):
    """Why places come back, where to, and that whoever may break the hold agrees."""

    codes = {
        "party_declined": "The party does not want them",
        "not_confirmed": "The party has not confirmed or paid",
        "house_needs_them": "The house needs them",
        "organiser_request": "The organiser asks for it",
        "mistake": "Held by mistake",
    }
    field_order: Sequence[str] = ("to", "reason", "other", "note", "agreed")

    to = forms.ModelChoiceField(
        Allocation.objects.none(), required=False, empty_label="Where each came from", widget=Select
    )

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        self.fields["to"].queryset = claim.show.allocations.all()  # type: ignore[attr-defined]
        if claim.hold.breakable_by:
            self.fields["agreed"] = agreement_of(claim.hold.breakable_by)

    def chosen(self) -> list[int] | None:
        """Which places, as `release_hold` takes them: all of them."""
        return None


class GiveForm(BreakForm):
    """Some of the places: so many, the worst first; by their names; or from the map."""

    how = forms.ChoiceField(label="Choose", choices=How, initial=How.NUMBER, widget=RadioSelect)
    quantity = forms.IntegerField(
        label="How many, the worst first",
        required=False,
        min_value=1,
        widget=NumberInput(attrs={"inputmode": "numeric"}),
    )
    names = forms.CharField(
        label="Seats",
        required=False,
        max_length=4000,
        widget=Textarea(attrs={"rows": 2, "placeholder": "Stalls A 1-12, B 3"}),
        help_text="Section, row, numbers; commas between.",
    )
    places = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(claim, *args, **kwargs)
        self.has_seats = claim.show.sections.filter(is_ga=False).exists()
        if not self.has_seats:
            self.fields["how"].choices = [(How.NUMBER.value, How.NUMBER.label)]  # type: ignore[attr-defined]

    @property
    def why(self) -> list[forms.BoundField]:
        """The fields below the choice: where to, why, and whose word."""
        return [self[name] for name in BreakForm.field_order if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        how, quantity = cleaned.get("how"), cleaned.get("quantity")
        if how == How.NUMBER and not quantity and "quantity" not in self.errors:
            self.add_error("quantity", "Say how many places to give back.")
        if how == How.NUMBER and quantity and quantity > (held := Place.objects.filter(claim=self.claim).count()):
            self.add_error("quantity", f"It holds {count_places(held)}. Ask for fewer, or break the hold.")
        if how == How.NAMES and not cleaned.get("names") and "names" not in self.errors:
            self.add_error("names", "Name at least one seat, such as: Stalls A 1-12, B 3.")
        if how == How.MAP and not read_ids(cleaned.get("places", "")):
            self.add_error(None, "Choose at least one seat on the map.")
        return cleaned

    def chosen(self) -> list[int] | None:
        """Raises NotRead where the names are no seats."""
        how = self.cleaned_data["how"]
        if how == How.MAP:
            return read_ids(self.cleaned_data["places"])
        if how == How.NAMES:
            house = geometry(self.claim.show_id)
            assert house is not None
            return seat_names.read(self.cleaned_data["names"], house)
        held = Place.objects.filter(claim=self.claim).order_by("-rank", "-pk")
        return list(held.values_list("pk", flat=True)[: self.cleaned_data["quantity"]])


def count_places(count: int) -> str:
    """`1 place`, `2,000 places`."""
    return f"{count:,} place{'' if count == 1 else 's'}"
