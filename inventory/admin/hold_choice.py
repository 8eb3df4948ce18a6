"""Which places: by number, by their names, or from the map. The same form looks first and holds."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import TextChoices

from inventory.admin import filters, seat_names
from inventory.models import Allocation, Section, Show, Tier
from inventory.queries.picking import Order, not_open, pick
from inventory.queries.stock import geometry

if TYPE_CHECKING:
    from django.forms import NumberInput, RadioSelect, Select, Textarea
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminRadioSelectWidget as RadioSelect
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea

MOST = 10_000


class How(TextChoices):
    NUMBER = "number", "By number"
    NAMES = "names", "By their names"
    MAP = "map", "On the map"


class ChoiceForm(forms.Form):
    """What a person chose, and the places that it comes to. `act` and `done` say what is done with them."""

    act, done = "hold", "held"

    how = forms.ChoiceField(label="Choose", choices=How, initial=How.NUMBER, widget=RadioSelect)
    quantity = forms.IntegerField(
        label="How many",
        required=False,
        min_value=1,
        max_value=MOST,
        widget=NumberInput(attrs={"inputmode": "numeric"}),
    )
    order = forms.ChoiceField(
        label="Which of them",
        choices=Order,
        initial=Order.BEST,
        required=False,
        widget=Select,
        help_text="One by one in the house's order, not always side by side. For a block, use the map or names.",
    )
    tier = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="Every tier", widget=Select)
    section = forms.ModelChoiceField(Section.objects.none(), required=False, empty_label="Every section", widget=Select)
    allocation = forms.ModelChoiceField(
        Allocation.objects.none(), label="Out of", required=False, empty_label="The open pool", widget=Select
    )
    names = forms.CharField(
        label="Seats",
        required=False,
        max_length=4000,
        widget=Textarea(attrs={"rows": 2, "placeholder": "Stalls A 1-12, B 3"}),
        help_text="Section, row, numbers; commas between. 'Stalls A' is the whole row, 'all Stalls' the whole section.",
    )
    places = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show = show
        allocations = show.allocations.filter(is_pool=False)
        for name, rows in (("tier", show.tiers), ("section", show.sections), ("allocation", allocations)):
            self.fields[name].queryset = rows.all()  # type: ignore[attr-defined]
        self.has_seats = show.sections.filter(is_ga=False).exists()
        if not self.has_seats:
            self.fields["how"].choices = [(How.NUMBER.value, How.NUMBER.label)]  # type: ignore[attr-defined]
        if not allocations:
            del self.fields["allocation"]

    def clean_places(self) -> str:
        return " ".join(map(str, read_ids(self.cleaned_data["places"])))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        how = cleaned.get("how")
        if how == How.NUMBER and not cleaned.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", f"Say how many places to {self.act}.")
        if how == How.NAMES and not cleaned.get("names") and "names" not in self.errors:
            self.add_error("names", "Name at least one seat, such as: Stalls A 1-12, B 3.")
        if how == How.MAP and not cleaned.get("places"):
            self.add_error(None, "Choose at least one seat on the map.")
        return cleaned

    @property
    def fingerprint(self) -> str:
        """Tells whether the choice is still the one that was looked at."""
        of = {
            How.NUMBER: ("quantity", "order", "tier", "section", "allocation"),
            How.NAMES: ("names",),
            How.MAP: ("places",),
        }[self.cleaned_data["how"]]
        said = [str(getattr(value, "pk", value)) for value in map(self.cleaned_data.get, ("how", *of))]
        return sha256("\n".join(said).encode()).hexdigest()[:24]

    def choose(self) -> list[int]:
        """The places that the choice comes to now; none, and an error on the form, where it comes to too few."""
        how = self.cleaned_data["how"]
        if how == How.NUMBER:
            return self._picked()
        chosen = self._named() if how == How.NAMES else read_ids(self.cleaned_data["places"])
        return [] if self.refuse_taken(chosen) else chosen

    def refuse_taken(self, place_ids: Sequence[int]) -> bool:
        """Say which of these are not open, and why; whether there were any."""
        taken = not_open(self.show.pk, place_ids)
        if taken:
            whose = seat_names.whose(self.show.pk, taken) or "some of these are no places of this show"
            self.add_error(None, f"Not open, so nothing was {self.done}: {whose}.")
        return bool(taken)

    def _picked(self) -> list[int]:
        wanted: int = self.cleaned_data["quantity"]
        tier, section, allocation = (self._part(name) for name in ("tier", "section", "allocation"))
        found = pick(
            self.show.pk,
            wanted,
            self.cleaned_data["order"] or Order.BEST,
            tier_id=tier.pk if tier else None,
            section_id=section.pk if section else None,
            allocation_id=allocation.pk if allocation else None,
        )
        if len(found) == wanted:
            return found
        where = ", ".join(str(row) for row in (tier, section) if row)
        pool = allocation or "the open pool"
        there = f"Only {len(found):,} {'place is' if len(found) == 1 else 'places are'}" if found else "No place is"
        kept = "Wheelchair and companion places do not count: name them, or choose them on the map."
        text = f"{there} open{f' in {where}' if where else ''}, out of {pool}. Ask for fewer, or elsewhere. {kept}"
        self.add_error("quantity", text)
        return []

    def _part(self, name: str) -> Tier | Section | Allocation | None:
        part: Tier | Section | Allocation | None = self.cleaned_data.get(name)
        return part

    def _named(self) -> list[int]:
        house = geometry(self.show.pk)
        assert house is not None
        try:
            return seat_names.read(self.cleaned_data["names"], house)
        except seat_names.NotRead as error:
            self.add_error("names", str(error))
            return []


def read_ids(text: str) -> list[int]:
    """The ids in a hidden field, each once, ascending. What is no number is left out."""
    return sorted({number for word in text.replace(",", " ").split() if (number := filters.whole(word))})
