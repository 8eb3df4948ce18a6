"""What is asked of whoever sets a price. How a price between two bands is read is asked only where it is one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from core.why import NoteForm
from inventory.admin.form_page import WhyForm
from inventory.models import Channel, Show, Tier
from ticketing.admin.rupees import RupeesField
from ticketing.models.prices import Reading

if TYPE_CHECKING:
    from django.forms import CheckboxInput, Select, Textarea, TextInput
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput
    from unfold.widgets import UnfoldBooleanWidget as CheckboxInput


FAR = 3


def is_far(paise: int, costs: int) -> bool:
    """Whether a price looks like a slip: three times what the tier costs, or a third of it. Less than a rupee is no
    question: it is refused."""
    return paise >= 100 and not costs < FAR * paise < FAR * FAR * costs


class MomentInput(TextInput):
    """A day and a time in one box, which the browser helps to fill in."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "year") else value


class TierForm(forms.Form):
    """Of which tier, among the shows that are still to come."""

    tier = forms.ModelChoiceField(Tier.objects.none(), widget=Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shows = Show.objects.filter(starts_at__gte=timezone.now() - timedelta(hours=12), terms__isnull=False)
        field = self.fields["tier"]
        field.queryset = Tier.objects.filter(show__in=shows)  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            ("", "Choose a tier"),
            *(
                (str(show), [(tier.pk, tier.name) for tier in show.tiers.all()])
                for show in shows.order_by("starts_at").prefetch_related("tiers")
            ),
        ]


class PriceFields(forms.Form):
    """A price; how it is read where it lies between two tax bands, asked for only if `asks_reading`; and whether one
    that is far from the tier's is meant, if `asks_sure`."""

    paise = RupeesField(label="Price (₹)", help_text="What the buyer pays: all taxes and charges are inside it.")
    reading = forms.ChoiceField(
        label="How it is read",
        required=False,
        choices=Reading.choices,
        widget=Select,
        help_text="This price lies between two tax bands. Your accountant says how it is read.",
    )
    reading_reason = forms.CharField(
        label="Why it is read so", required=False, max_length=200, widget=Textarea(attrs={"rows": 2})
    )

    sure = forms.BooleanField(label="Yes, this price is meant", widget=CheckboxInput)

    def __init__(self, *args: Any, asks_reading: bool = False, asks_sure: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reading:
            del self.fields["reading"], self.fields["reading_reason"]
        if not asks_sure:
            del self.fields["sure"]


class PriceForm(NoteForm, PriceFields):
    """What a tier costs, and from when."""

    field_order = ("paise", "sure", "reading", "reading_reason", "from_at")

    from_at = forms.DateTimeField(
        label="From",
        required=False,
        widget=MomentInput,
        help_text="Empty: a first price at once, another one in a few seconds.",
    )


class ExceptionForm(PriceFields, WhyForm):
    """What a channel asks instead, why, and until when."""

    codes = {
        "partner_rate": "A partner's rate, as agreed",
        "students": "Students",
        "residents": "Residents of the place",
        "members": "Members or subscribers",
        "last_minute": "Last-minute offer at the counter",
        "restricted_view": "The view is worse than was known",
    }
    field_order = (
        "channel", "paise", "sure", "reading", "reading_reason", "begins_at", "ends_at", "reason", "other", "note",
    )  # fmt: skip

    channel = forms.ModelChoiceField(Channel.objects.filter(is_active=True), label="On", widget=Select)
    begins_at = forms.DateTimeField(
        label="From", required=False, widget=MomentInput, help_text="Empty: in a few seconds."
    )
    ends_at = forms.DateTimeField(label="Until", widget=MomentInput)
    note = forms.CharField(
        max_length=400, widget=Textarea(attrs={"rows": 3}), help_text="For whoever reads the closing."
    )


class EndForm(forms.Form):
    """Why an exception ends before its time."""

    note = forms.CharField(label="Why", max_length=400, widget=Textarea(attrs={"rows": 3}))
