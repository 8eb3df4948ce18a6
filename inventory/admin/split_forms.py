"""What a split is, as a form: shares of the pool, ladders, who sells first. The model's page sends it as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms

from inventory.admin import filters
from inventory.models import Channel
from inventory.queries.picking import Order
from inventory.services.splitting import Share, Split

if TYPE_CHECKING:
    from django.forms import CheckboxInput, NumberInput, Select
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldBooleanSwitchWidget as CheckboxInput

ORDERS = [
    (Order.SPREAD.value, "Spread over the rows"),
    (Order.BEST.value, "The best"),
    (Order.WORST.value, "The worst"),
]


def _hours(label: str, initial: int, help_text: str = "") -> forms.IntegerField:
    widget = NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=24 * 60,
        initial=initial,
        widget=widget,
        help_text=help_text,
    )


class SplitForm(forms.Form):
    """A field `share_ID` for each channel but the web's; the others are of all slices."""

    order = forms.ChoiceField(label="Which places", choices=ORDERS, initial=Order.SPREAD.value, widget=Select)
    first_h = _hours("The web alone sells the rest, for hours", 0, "From now on; 0 if everybody may sell the rest.")
    gives_h = _hours("A counter slice gives back, hours before the show", 48, "Empty or 0: it does not.")
    gives_percent = forms.IntegerField(
        label="… so much of what is left, per cent",
        required=False,
        min_value=1,
        max_value=100,
        initial=50,
        widget=NumberInput(attrs={"inputmode": "numeric"}),
    )
    rest_h = _hours("… and the rest, hours before the show", 2)
    partner_h = _hours("A partner slice gives back all, hours before the show", 24)
    replaces = forms.BooleanField(
        label="Give back first what slices have now",
        required=False,
        initial=True,
        widget=CheckboxInput,
        help_text="All of it goes to the pool, and the new slices are cut from there.",
    )

    def __init__(self, channels: Sequence[Channel], *args: Any, has_slices: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = [channel for channel in channels if channel.kind != Channel.Kind.WEB]
        self.first = next((channel for channel in channels if channel.kind == Channel.Kind.WEB), None)
        shares = {
            f"share_{channel.pk}": forms.IntegerField(
                label=f"{channel.name}, per cent of the pool",
                required=False,
                min_value=0,
                max_value=100,
                initial=0,
                widget=NumberInput(attrs={"inputmode": "numeric"}),
            )
            for channel in self.channels
        }
        self.fields = {**shares, **self.fields}
        if self.first is None:
            del self.fields["first_h"]
        if not has_slices:
            del self.fields["replaces"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        percents = [cleaned.get(f"share_{channel.pk}") or 0 for channel in self.channels]
        if sum(percents) > 100:
            raise forms.ValidationError(f"The slices come to {sum(percents)} per cent of the pool. Make them smaller.")
        if not self.errors and not sum(percents) and not cleaned.get("first_h"):
            raise forms.ValidationError("Nothing would be sliced: give a channel a share, or let the web sell first.")
        return cleaned

    @property
    def fingerprint(self) -> str:
        """Tells whether the split is still the one that was looked at."""
        said = [f"{name}={value or 0}" for name, value in sorted(self.cleaned_data.items())]
        return sha256("\n".join(said).encode()).hexdigest()[:24]

    def split(self, quantities: dict[int, int]) -> Split:
        """As the service takes it; with these numbers of places where they are known from a look."""
        given = self.cleaned_data
        return Split(
            shares=[
                Share(
                    channel.pk,
                    percent=given[f"share_{channel.pk}"] or 0,
                    quantity=quantities.get(channel.pk),
                    ladder=list(self._ladder(channel)),
                )
                for channel in self.channels
                if given[f"share_{channel.pk}"]
            ],
            order=Order(given["order"]),
            first_id=self.first.pk if self.first and given.get("first_h") else None,
            first_for=timedelta(hours=given.get("first_h") or 0),
            replaces=given.get("replaces", False),
        )

    def _ladder(self, channel: Channel) -> Iterator[tuple[timedelta, int]]:
        given = self.cleaned_data
        if channel.kind == Channel.Kind.PARTNER:
            steps = [(given["partner_h"], 100)]
        else:
            steps = [(given["gives_h"], given["gives_percent"]), (given["rest_h"], 100)]
        for hours, percent in steps:
            if hours and percent:
                yield timedelta(hours=hours), percent


def read_quantities(sent: Any, channels: Sequence[Channel]) -> dict[int, int]:
    """The numbers of places that were looked at, by channel; what is no number is left out."""
    read = {channel.pk: filters.whole(sent.get(f"cut_{channel.pk}", "")) for channel in channels}
    return {pk: many for pk, many in read.items() if many is not None}
