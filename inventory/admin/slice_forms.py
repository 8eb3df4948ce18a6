"""What a slice is to be, as a form: its name, its channels and times, its places, its ladder, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet, TextChoices

from inventory.acts import Seats
from inventory.admin import words
from inventory.admin.form_page import WhyForm
from inventory.admin.hold_choice import ChoiceForm, read_ids
from inventory.admin.hold_forms import Moment, StepForm, Unit
from inventory.models import Allocation, AllocationChannel, Channel, Show
from inventory.queries.picking import Order
from inventory.services.slices import Opening, Part, Pick, SlicePlaces, SliceStep

if TYPE_CHECKING:
    from django.forms import CheckboxInput, RadioSelect, Select, TextInput
else:
    from unfold.widgets import UnfoldAdminRadioSelectWidget as RadioSelect
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput
    from unfold.widgets import UnfoldBooleanWidget as CheckboxInput

MOST_STEPS = 40


class OpeningsForm(forms.Form):
    """Which channels sell from one allocation, each from when. The pool is sold on every channel."""

    def __init__(self, allocation: Allocation | None, *args: Any, channels: Sequence[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allocation, self.channels = allocation, channels
        self.is_pool = allocation is not None and allocation.is_pool
        before = allocation.openings.all() if allocation else AllocationChannel.objects.none()
        self.before = {opening.channel_id: opening.opens_at for opening in before}
        for channel in channels:
            here = channel.pk in self.before
            if not self.is_pool:
                self.fields[f"sells_{channel.pk}"] = forms.BooleanField(
                    label=f"{channel} sells", required=False, initial=here, widget=CheckboxInput
                )
            self.fields[f"from_{channel.pk}"] = forms.DateTimeField(
                label=f"{channel} from", required=False, initial=self.before.get(channel.pk), widget=Moment
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """A channel a row: its name and its fields."""
        for channel in self.channels:
            sells = None if self.is_pool else self[f"sells_{channel.pk}"]
            yield {"channel": channel, "sells": sells, "from": self[f"from_{channel.pk}"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sell = [cleaned.get(f"sells_{channel.pk}") for channel in self.channels]
        for channel, sells in zip(self.channels, sell, strict=True):
            if not self.is_pool and not sells and cleaned.get(f"from_{channel.pk}"):
                self.add_error(f"from_{channel.pk}", f"Tick {channel} as well, or empty this.")
        if not self.is_pool and not any(sell) and not self.errors:
            self.add_error(None, "Tick at least one channel that may sell.")
        return cleaned

    def openings(self) -> list[Opening]:
        """As the verbs take them. A moment that was not touched keeps its seconds."""
        given, found = self.cleaned_data, []
        for channel in self.channels:
            opens_at = as_before(given.get(f"from_{channel.pk}"), self.before.get(channel.pk))
            if opens_at is not None if self.is_pool else given[f"sells_{channel.pk}"]:
                found.append(Opening(channel.pk, opens_at))
        return found

    def in_words(self) -> str:
        """What was set, for the show's history: `Web from 27 Nov, 10:00; Counter from the start`."""
        names = {channel.pk: channel.name for channel in self.channels}
        said = [f"{names[one.channel_id]} from {_from(one.opens_at)}" for one in self.openings()]
        return "; ".join(said) or "every channel from the start"


class SliceForm(OpeningsForm):
    """A slice's name, its channels and its end."""

    name = forms.CharField(max_length=60, widget=TextInput, help_text="As the reports and the why page will call it.")
    closes_at = forms.DateTimeField(
        label="Everybody from",
        required=False,
        widget=Moment,
        help_text="From then on what is left counts as the open pool. Empty: never by itself.",
    )

    def ends_at(self) -> datetime | None:
        return as_before(self.cleaned_data["closes_at"], self.allocation.closes_at if self.allocation else None)


class How(TextChoices):
    NUMBER = "number", "By number"
    PART = "part", "A whole tier or section"
    NAMES = "names", "By their names"
    MAP = "map", "On the map"
    NONE = "none", "No more places"


class Measure(TextChoices):
    PLACES = "places", "places"
    PERCENT = "percent", "% of what is open there"


class SliceChoiceForm(ChoiceForm):
    """Which places join a slice. A slice that is there needs no more of them."""

    how = forms.ChoiceField(label="Choose", choices=How, initial=How.NUMBER, widget=RadioSelect)
    unit = forms.ChoiceField(label="Of what", choices=Measure, initial=Measure.PLACES, required=False, widget=Select)

    def __init__(self, show: Show, *args: Any, is_change: bool, **kwargs: Any) -> None:
        super().__init__(show, *args, **kwargs)
        offered = [how for how in How if how != How.NONE or is_change]
        if not self.has_seats:
            offered = [how for how in offered if how not in (How.NAMES, How.MAP)]
        self.fields["how"].choices = [(how.value, how.label) for how in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        how, quantity = cleaned.get("how"), cleaned.get("quantity")
        if how == How.NUMBER and not quantity and "quantity" not in self.errors:
            self.add_error("quantity", "Say how many places, or what share.")
        if how == How.NUMBER and quantity and quantity > 100 and cleaned.get("unit") == Measure.PERCENT:
            self.add_error("quantity", "A share is 1 to 100 per cent.")
        if how == How.NAMES and not cleaned.get("names") and "names" not in self.errors:
            self.add_error("names", "Name at least one seat, such as: Stalls A 1-12, B 3.")
        if how == How.MAP and not cleaned.get("places"):
            self.add_error(None, "Choose at least one seat on the map.")
        return cleaned

    def wanted(self) -> SlicePlaces | None:
        """As `slice_pool` takes it; None for none, or where the names are no seats, which the form then says."""
        given = self.cleaned_data
        ids = {name: given[name].pk if given.get(name) else None for name in ("tier", "section", "allocation")}
        where = {"tier_id": ids["tier"], "section_id": ids["section"], "out_of_id": ids["allocation"]}
        match given["how"]:
            case How.NUMBER:
                much = "share_percent" if given["unit"] == Measure.PERCENT else "quantity"
                return Pick(**{much: given["quantity"]}, order=Order(given["order"] or Order.BEST), **where)
            case How.PART:
                return Part(**where)
            case How.NAMES:
                return Seats(named) if (named := self._named()) else None
            case How.MAP:
                return Seats(read_ids(given["places"]))
        return None


class SliceStepForm(StepForm):
    """One step of a slice's ladder; left empty, it is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].empty_label = "The open pool"  # type: ignore[attr-defined]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (Unit.PERCENT.value, "% of the unsold"), (Unit.PLACES.value, "places"),
        ]  # fmt: skip

    def slice_step(self) -> SliceStep | None:
        """As `slice_pool` takes it."""
        step = self.step()
        if step is None:
            return None
        return SliceStep(step.at, step.share_percent, step.quantity, step.to_allocation_id)


SliceLadder = forms.formset_factory(SliceStepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


class SliceWhyForm(WhyForm):
    """Why the pool is sliced."""

    codes = {
        "walk_ins": "Walk-ins at the counter",
        "presale": "A presale: some channels first",
        "partner_agreement": "Agreed with a partner",
        "organiser_request": "The organiser asks for it",
        "demand": "It sells faster, or slower, than planned",
        "mistake": "Sliced by mistake",
    }


def channels_for(allocations: Iterable[Allocation]) -> list[Channel]:
    """The channels to choose from: those that may sell, and those that these allocations name already."""
    named = Q(openings__allocation__in=list(allocations))
    return list(Channel.objects.filter(Q(is_active=True) | named).distinct().order_by("pk"))


def targets(show: Show, allocation: Allocation | None) -> QuerySet[Allocation]:
    """Where a slice's ladder may lead, besides the pool."""
    return show.allocations.filter(is_pool=False).exclude(pk=allocation.pk if allocation else 0)


def _from(opens_at: datetime | None) -> str:
    return words.clock(opens_at).removesuffix(":00") if opens_at else "the start"


def as_before(given: datetime | None, before: datetime | None) -> datetime | None:
    """What was given; but what was there to the second, where the form, which has no seconds, says the same minute."""
    if given is not None and before is not None and given == before.replace(second=0, microsecond=0):
        return before
    return given
