"""For whom a hold is, until when, and by which ladder its places come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices
from django.utils import timezone

from inventory.admin.words import clock
from inventory.models import Allocation, Hold, Show
from inventory.services.holds import LadderStep

if TYPE_CHECKING:
    INPUT_CLASSES: list[str] = []
    from django.forms import NumberInput, Select, Textarea, TextInput
else:
    from unfold.widgets import INPUT_CLASSES
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

STEPS, MOST_STEPS = 3, 10
PAST = "This moment is past."


class Moment(forms.DateTimeInput):
    """A date and a time of day in one field, as browsers ask for them without a script."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%dT%H:%M")


class FactsForm(forms.Form):
    """The named facts of a hold, and its end."""

    purpose = forms.ChoiceField(choices=[("", "Choose what for"), *Hold.Purpose.choices], widget=Select)
    party = forms.CharField(
        max_length=120, widget=TextInput, help_text="Who gets the places, as the desk will ask for them."
    )
    contact = forms.CharField(
        required=False,
        max_length=120,
        widget=TextInput,
        help_text="Telephone or e-mail. It can be erased.",
    )
    breakable_by = forms.CharField(
        label="Who may break it",
        required=False,
        max_length=60,
        widget=TextInput,
        help_text="A person or a role, to be asked first. Empty: any manager.",
    )
    until = forms.DateTimeField(
        label="Held until",
        required=False,
        widget=Moment,
        help_text="Then whatever is left goes back where it came from. Empty: no end.",
    )
    note = forms.CharField(
        required=False, max_length=500, widget=Textarea(attrs={"rows": 2}), help_text="For people. Nobody counts it."
    )

    def clean_party(self) -> str:
        party: str = self.cleaned_data["party"].strip()
        return party

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show = show

    def clean_until(self) -> Any:
        return end_of_hold(self.cleaned_data["until"], self.show)


class Unit(TextChoices):
    PERCENT = "percent", "% of what is left"
    PLACES = "places", "places"


class StepForm(forms.Form):
    """One step of the ladder; left empty, it is none."""

    at = forms.DateTimeField(label="When", required=False, widget=Moment)
    much = forms.IntegerField(label="How many", required=False, min_value=1, widget=NumberInput)
    unit = forms.ChoiceField(label="of what", choices=Unit, initial=Unit.PERCENT, required=False, widget=Select)
    to = forms.ModelChoiceField(
        Allocation.objects.none(), required=False, empty_label="Where each came from", widget=Select
    )

    def __init__(self, *args: Any, allocations: QuerySet[Allocation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = allocations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        at, much = cleaned.get("at"), cleaned.get("much")
        if at is not None and at <= timezone.now():
            self.add_error("at", f"{PAST} A step lies ahead.")
        if at is None and much is not None and "at" not in self.errors:
            self.add_error("at", "Say when.")
        if at is not None and much is None and "much" not in self.errors:
            self.add_error("much", "Say how many, or what share.")
        if much is not None and much > 100 and cleaned.get("unit") != Unit.PLACES:
            self.add_error("much", "A share is 1 to 100 per cent.")
        return cleaned

    def step(self) -> LadderStep | None:
        """As `place_hold` takes it."""
        given = self.cleaned_data
        if given.get("at") is None:
            return None
        to = given["to"] and given["to"].pk
        if given["unit"] == Unit.PLACES:
            return LadderStep(given["at"], quantity=given["much"], to_allocation_id=to)
        return LadderStep(given["at"], share_percent=given["much"], to_allocation_id=to)


Ladder = forms.formset_factory(StepForm, extra=STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


def end_of_hold(until: Any, show: Show) -> Any:
    """An end that gives something back: it lies ahead, and not after the show has begun."""
    if until is not None and until > show.starts_at:
        raise ValidationError(
            f"The show begins before that, {clock(show.starts_at)}. Leave it empty for a hold without an end."
        )
    return ahead(until, "A hold ends in the future.")


def ahead(at: Any, otherwise: str) -> Any:
    """A moment that a person wrote, if it lies ahead or is none."""
    if at is not None and at <= timezone.now():
        raise ValidationError(f"{PAST} {otherwise}")
    return at
