"""Why can't I sell this? A place as staff say it, or a tier or a section, on a channel: answered each time anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from inventory.admin import answers, filters, words
from inventory.admin.answers import Part
from inventory.admin.form_page import demand, number, page
from inventory.admin.links import page_of, stock_page_of, why_page_of
from inventory.models import Channel, Place, Section, Show, Tier
from inventory.queries.moves import database_now
from inventory.queries.said import places_said

if TYPE_CHECKING:
    from django.forms import NumberInput, Select, TextInput
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

MOST_PLACES = 20
_CLAIM = re.compile(r"(?:claim|lock|hold|kill|lease|sale)\s*#?\s*(\d{1,18})", re.IGNORECASE)
HOW = "Seats are written as on the plan: A 12, A-12, A12 or Stalls A 12. Admissions by their number: #31 or Floor 31."


class WhyForm(forms.Form):
    """What is asked. It is sent in the address, so that the address can be sent to a colleague."""

    place = forms.CharField(
        required=False,
        max_length=80,
        widget=TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "placeholder": "Stalls A 12"}),
    )
    tier = forms.ModelChoiceField(Tier.objects.none(), required=False, empty_label="Every tier", widget=Select)
    section = forms.ModelChoiceField(Section.objects.none(), required=False, empty_label="Every section", widget=Select)
    channel = forms.ModelChoiceField(
        Channel.objects.all(), empty_label=None, to_field_name="code", label="Sold on", widget=Select
    )
    quantity = forms.IntegerField(
        label="How many", required=False, min_value=1, max_value=100_000, widget=NumberInput(attrs={"min": 1})
    )

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].queryset = show.tiers.all()  # type: ignore[attr-defined]
        self.fields["section"].queryset = show.sections.all()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several places that somebody may mean."""

    name: str
    tier: str
    status: str
    url: str


def why_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The question, and its answer as the ledger stands this second. Without a question: everything, on the web."""
    demand(request, "inventory.view_place")
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    form = _form(show, request)
    told: dict[str, Any] = {}
    if form.is_valid():
        told = _told(model_admin, request, show, form)
    return page(
        model_admin,
        request,
        "inventory/admin/why.html",
        title=f"Why can't I sell this? {show.title}",
        show=show,
        show_url=page_of(show),
        stock_url=stock_page_of(show.pk),
        form=form,
        as_of=words.clock(database_now()),
        **told,
    )


def _form(show: Show, request: HttpRequest) -> WhyForm:
    """Filled in as asked; on the first channel where none is named, with the place that is meant by its id."""
    asked = request.GET.copy()
    if not asked.get("channel"):
        asked["channel"] = Channel.objects.values_list("code", flat=True).first() or ""
    if (place := _by_id(show, request)) and not asked.get("place"):
        asked["place"] = words.seat(place)
    return WhyForm(show, asked)


def _by_id(show: Show, request: HttpRequest) -> Place | None:
    pk = filters.whole(request.GET.get("id"))
    return Place.objects.select_related("section", "tier").filter(pk=pk, show=show).first() if pk else None


def _told(model_admin: Any, request: HttpRequest, show: Show, form: WhyForm) -> dict[str, Any]:
    """An answer; or several places to choose from; or that there is none such."""
    asked = form.cleaned_data
    said, channel, quantity = " ".join(asked["place"].split()), asked["channel"], asked["quantity"]
    part = Part(asked["tier"], asked["section"])
    teller = answers.Teller(model_admin, request, show, channel)
    if place := _by_id(show, request):
        return {"answer": teller.of_place(place)}
    if not said:
        return {"answer": teller.of_part(part, quantity)}
    if named := _part_named(show, said):
        return {"answer": teller.of_part(named, quantity)}
    found = _places(model_admin, show, said, part)
    if len(found) == 1:
        return {"answer": teller.of_place(found[0])}
    if not found:
        return {"unknown": said, "how": HOW, "within": part.name if part else ""}
    return {
        "said": said,
        "choices": [_choice(show, place, channel, teller.at) for place in found[:MOST_PLACES]],
        "most": MOST_PLACES if len(found) > MOST_PLACES else 0,
    }


def _places(model_admin: Any, show: Show, said: str, part: Part) -> list[Place]:
    """Those that somebody may mean, within the tier and the section if they are named; one more than are shown.

    What names a ticket may name a seat as well: T-12 is both.
    """
    if claim := _CLAIM.fullmatch(said):
        its = Place.objects.filter(show=show, claim=int(claim[1]))
    else:
        its = Place.objects.filter(show=show, pk__in=model_admin.places_numbered(show, said))
    numbered = its.select_related("section", "tier", "claim").order_by("section__ordinal", "run", "position", "pk")
    found = {place.pk: place for place in numbered[: MOST_PLACES + 1]}
    found |= {place.pk: place for place in places_said([show.pk], said, MOST_PLACES + 1)}
    return [place for place in found.values() if part.has(place)]


def _part_named(show: Show, said: str) -> Part | None:
    """The tier or the section of that very name."""
    tier = show.tiers.filter(name__iexact=said).first()
    section = None if tier else show.sections.filter(name__iexact=said).first()
    return Part(tier, section) if tier or section else None


def _choice(show: Show, place: Place, channel: Channel, now: datetime) -> Choice:
    url = f"{why_page_of(show.pk)}?{urlencode({'id': place.pk, 'channel': channel.code})}"
    return Choice(words.seat(place), str(place.tier), words.status_now(place, now), url)
