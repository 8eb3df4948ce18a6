"""A show gets its house: out of a manifest file, or as another show there has it. Looked at first, then loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.refusals import DomainError
from core.why import NoteForm
from core.words import counted
from inventory.acts import By
from inventory.admin import looked_at
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.links import page_of
from inventory.admin.of_a_show import has_house, why_at_first
from inventory.manifest.files import read_manifest
from inventory.manifest.house import House, ManifestRefused
from inventory.models import Show
from inventory.queries.houses import house_of
from inventory.services.manifests import load_manifest

if TYPE_CHECKING:
    from django.forms import CheckboxInput, ClearableFileInput, Select
else:
    from unfold.widgets import UnfoldAdminFileFieldWidget as ClearableFileInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldBooleanSwitchWidget as CheckboxInput

MOST_FAULTS = 25
MOST_SHOWS = 100


class HouseForm(NoteForm):
    """A file, or another show; and whether it is only to be looked at. Whoever loads it says why."""

    file = forms.FileField(
        label="Manifest file",
        required=False,
        widget=ClearableFileInput,
        help_text="CSV (UTF-8), its first line section,row,seat,tier, then a line a seat; or a pretix seating plan.",
    )
    looked_at = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    like = forms.ModelChoiceField(
        Show.objects.none(),
        label="Or the house of another show here",
        required=False,
        empty_label="None: from the file",
        widget=Select,
    )
    only_look = forms.BooleanField(
        label="Only look: load nothing yet",
        required=False,
        initial=True,
        widget=CheckboxInput,
        help_text="Loaded for good: places keep their history and are never taken out again, only killed.",
    )

    def __init__(self, show: Show, owner: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Show.objects.filter(venue=show.venue_id, manifest_version__gt=0).exclude(pk=show.pk)
        latest = list(here.order_by("-starts_at").values_list("pk", flat=True)[:MOST_SHOWS])
        self.fields["like"].queryset = here.filter(pk__in=latest).order_by("-starts_at")  # type: ignore[attr-defined]
        self.fields["note"].required = False  # of a look; `clean` asks whoever loads
        self.owner = owner
        self.given: tuple[str, bytes] | None = None
        self.house = House()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: Any = cleaned.get("file")
        like: Any = cleaned.get("like")
        word: str = cleaned.get("looked_at", "")
        if not cleaned.get("only_look") and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why it is loaded.")
        if "file" in self.errors or "like" in self.errors:
            return cleaned
        self.given = (file.name, file.read()) if file else None
        if file is None and like is None and word:
            self.given = looked_at.kept(self.owner, word)
            if self.given is None:
                raise forms.ValidationError("It is too long ago that the file was looked at. Give it again.")
        if (self.given is None) == (like is None):
            raise forms.ValidationError("Give a file, or choose a show: one of the two.")
        try:
            self.house = read_manifest(*self.given) if self.given else house_of(like.pk)
        except ManifestRefused as refused:
            faults = [str(fault) for fault in refused.faults]
            more = [f"And {len(faults) - MOST_FAULTS:,} more."] if len(faults) > MOST_FAULTS else []
            self.add_error(None, [f"{refused}; nothing was loaded.", *faults[:MOST_FAULTS], *more])
        return cleaned

    def after_the_look(self, show: Show) -> HouseForm:
        """The form by which just that is loaded: the file is kept, so that it need not be given again."""
        like = self.cleaned_data["like"]
        word = looked_at.keep(self.owner, *self.given) if self.given else ""
        known = {"looked_at": word, "like": like, "note": self.cleaned_data.get("note", "")}
        form = HouseForm(show, self.owner, initial={"only_look": False} | known)
        form.fields["note"].required = True
        if word:
            assert self.given
            form.fields["file"].help_text = f"{self.given[0]} is kept for half an hour. Give another if it is wrong."
        return form


def house_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Load a show's house, or see what would be loaded."""
    demand(request, "inventory.change_show")
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    if has_house(show):
        messages.warning(
            request, f"{show.title} has its house already. More places are added by import_manifest --add."
        )
        return HttpResponseRedirect(page_of(show))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = HouseForm(show, f"{request.user.pk}:{show.pk}", *sent, initial={"note": why_at_first(show)})
    seen: list[str] = []
    if form.is_valid():
        seen = summary(form.house)
        if not form.cleaned_data["only_look"]:
            try:
                by = By(actor=f"user:{request.user.pk}", note=form.cleaned_data["note"])
                load_manifest(show_id=show.pk, house=form.house, by=by)
            except DomainError as refusal:
                form.add_error(None, refusal.text)
            else:
                messages.success(request, f"{show.title} has its house: {seen[0]}")
                return HttpResponseRedirect(page_of(show))
    lacks_why = form.is_bound and set(form.errors) == {"note"}
    is_looked_at = lacks_why or (bool(seen) and not form.errors)
    if is_looked_at:
        told = "If that is the house, load it." if not lacks_why else "Say why it is loaded, and load it."
        seen = [*summary(form.house), f"Nothing is loaded yet. {told}"]
        form = form.after_the_look(show)
    return form_page(
        model_admin,
        request,
        title=f"The house of {show.title}, {show.venue}",
        told=seen
        or ["Sections, tiers and every place of the house, open and in the pool. All of it is loaded, or nothing."],
        form=form,
        verb="Load this house" if is_looked_at else "Go on",
        back=page_of(show),
    )


def summary(house: House) -> list[str]:
    """What a house has, in words: in all, then by section and tier."""
    both = [(spot.section, spot.tier) for spot in house.spots]
    tiers = {tier.code: tier.name for tier in house.tiers}
    sections = {one.code: f"{one.name} ({'standing' if one.is_ga else 'numbered'})" for one in house.sections}
    apart = [
        f"{sections[section]}, {tiers[tier]}: {counted(both.count((section, tier)), 'place')}"
        for section, tier in dict.fromkeys(both)
    ]
    asked_for = sum(spot.is_accessible for spot in house.spots)
    return [
        f"{counted(len(house.spots), 'place')} in {counted(len(house.sections), 'section')} and "
        f"{counted(len(house.tiers), 'tier')}; {counted(asked_for, 'wheelchair place')}.",
        *apart,
    ]
