"""What is done with a hold: another end, some places back, all of it broken. Each page has its own permission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.refusals import DomainError
from inventory.acts import By
from inventory.admin import seat_names, words
from inventory.admin.form_page import WhyForm, demand, form_page, number
from inventory.admin.hold_forms import Moment, ahead
from inventory.admin.links import page_of
from inventory.models import Allocation, Claim, Place
from inventory.queries.stock import geometry
from inventory.services.holds import extend_hold, release_hold

if TYPE_CHECKING:
    from django.forms import CheckboxInput, NumberInput, Select, Textarea
else:
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldBooleanWidget as CheckboxInput

MAY_PLACE, MAY_BREAK = "inventory.place_hold", "inventory.break_hold"


class ExtendForm(forms.Form):
    """Another end, or none."""

    until = forms.DateTimeField(
        label="Held until", required=False, widget=Moment, help_text="Empty: no end, until somebody breaks it."
    )
    note = forms.CharField(
        required=False, max_length=500, widget=Textarea(attrs={"rows": 2}), help_text="For people. Nobody counts it."
    )

    def clean_until(self) -> Any:
        return ahead(self.cleaned_data["until"], "A hold ends in the future.")


class BreakForm(WhyForm):
    """Why places come back, where to, and that whoever may break the hold agrees."""

    codes = {
        "party_declined": "The party does not want them",
        "not_confirmed": "The party has not confirmed or paid",
        "house_needs_them": "The house needs them",
        "organiser_request": "The organiser asks for it",
        "mistake": "Held by mistake",
    }
    field_order: Sequence[str] = ("names", "quantity", "to", "reason", "other", "note", "agreed")

    to = forms.ModelChoiceField(
        Allocation.objects.none(), required=False, empty_label="Where each came from", widget=Select
    )

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        self.fields["to"].queryset = claim.show.allocations.all()  # type: ignore[attr-defined]
        if claim.hold.breakable_by:
            whose = claim.hold.breakable_by
            self.fields["agreed"] = forms.BooleanField(
                label=f"I have asked {whose}, who agrees, or I am {whose}",
                widget=CheckboxInput,
                error_messages={"required": f"Only {whose} may break this hold: ask first, then tick this."},
            )

    def chosen(self) -> list[int] | None:
        """Which places, as `release_hold` takes them: all of them."""
        return None


class GiveForm(BreakForm):
    """Some of the places: by their names, or so many, the worst first."""

    names = forms.CharField(
        label="Seats",
        required=False,
        max_length=4000,
        widget=Textarea(attrs={"rows": 2, "placeholder": "Stalls A 1-12, B 3"}),
        help_text="Section, row, numbers; commas between. Or leave it empty and give a number below.",
    )
    quantity = forms.IntegerField(label="Or how many, the worst first", required=False, min_value=1, widget=NumberInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names, quantity = cleaned.get("names"), cleaned.get("quantity")
        if bool(names) == bool(quantity) and "quantity" not in self.errors:
            self.add_error("names", "Name the seats, or give a number below: one of the two.")
        if quantity and quantity > (held := Place.objects.filter(claim=self.claim).count()):
            self.add_error("quantity", f"It holds {_places(held)}. Ask for fewer, or break the hold.")
        return cleaned

    def chosen(self) -> list[int] | None:
        if self.cleaned_data["names"]:
            house = geometry(self.claim.show_id)
            assert house is not None
            return seat_names.read(self.cleaned_data["names"], house)
        wanted: int = self.cleaned_data["quantity"]
        held = Place.objects.filter(claim=self.claim)
        return list(held.order_by("-rank", "-pk").values_list("pk", flat=True)[:wanted])


def extend_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Give a hold another end, or none."""
    demand(request, MAY_PLACE)
    claim = _hold(pk)
    form = ExtendForm(request.POST or None, initial={"until": claim.expires_at})
    if request.method == "POST" and form.is_valid():
        by = By(f"user:{request.user.pk}", note=form.cleaned_data["note"])
        try:
            extended = extend_hold(claim_id=claim.pk, until=form.cleaned_data["until"], by=by)
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            end = f"ends on {words.clock(extended.expires_at)}" if extended.expires_at else "has no end"
            messages.success(request, f"The hold for {claim.hold.party} {end} now.")
            return HttpResponseRedirect(page_of(claim))
    return form_page(
        model_admin,
        request,
        title=f"Another end: {claim.hold}, {claim.show.title}",
        form=form,
        verb="Set this end",
        back=page_of(claim),
        told=[
            f"It ends on {words.clock(claim.expires_at)} as it stands." if claim.expires_at else "It has no end now.",
            "At its end whatever it still has goes back where it came from, by itself.",
        ],
    )


def give_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Give some of a hold's places back."""
    return _giving_back(model_admin, request, pk, GiveForm, "Give places back", "Give these back")


def break_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Break a hold: all of its places come back."""
    return _giving_back(model_admin, request, pk, BreakForm, "Break the hold", "Break it now", is_all=True)


def ways_of(request: HttpRequest, claim: Claim) -> list[dict[str, str]]:
    """What this person may do with a hold that lives: the buttons on its page. Selling from it joins them here."""
    if claim.ended_at is not None:
        return []
    ways = []
    if request.user.has_perm(MAY_PLACE):
        ways.append({"text": "Another end…", "url": reverse("admin:inventory_claim_extend", args=[claim.pk])})
    if request.user.has_perm(MAY_BREAK):
        ways.append({"text": "Give places back…", "url": reverse("admin:inventory_claim_give", args=[claim.pk])})
        url = reverse("admin:inventory_claim_break", args=[claim.pk])
        ways.append({"text": "Break…", "url": url, "look": "is-danger"})
    return ways


def _giving_back(
    model_admin: Any,
    request: HttpRequest,
    pk: str,
    kind: type[BreakForm],
    title: str,
    verb: str,
    is_all: bool = False,
) -> HttpResponse:
    demand(request, MAY_BREAK)
    claim = _hold(pk)
    form = kind(claim, request.POST or None)
    if request.method == "POST" and form.is_valid() and (said := _release(form, request)):
        messages.success(request, said)
        return HttpResponseRedirect(page_of(claim))
    held = list(Place.objects.filter(claim=claim).values_list("pk", flat=True))
    told = [f"It holds {_places(len(held))} now: {seat_names.spoken(held)}."]
    if is_all:
        told.append("All of them are open to their channels at once, and the hold is over.")
    if claim.hold.breakable_by:
        told.append(f"It may be broken by {claim.hold.breakable_by}. Ask first.")
    return form_page(
        model_admin,
        request,
        title=f"{title}: {claim.hold}, {claim.show.title}",
        form=form,
        verb=verb,
        stops=is_all,
        back=page_of(claim),
        told=told,
    )


def _release(form: BreakForm, request: HttpRequest) -> str:
    """Do it, and say what came of it; '' where the form says why not."""
    claim, to = form.claim, form.cleaned_data["to"]
    try:
        chosen = form.chosen()
        opened = release_hold(claim_id=claim.pk, by=form.by(request), place_ids=chosen, to_allocation_id=to and to.pk)
    except seat_names.NotRead as error:
        form.add_error("names", str(error))
    except DomainError as refusal:
        if refusal.code == "places_not_held":
            strays = seat_names.spoken(refusal.facts["place_ids"])
            form.add_error("names", f"Not of this hold, so nothing was given back: {strays}.")
        else:
            form.add_error(None, refusal.text)
    else:
        claim.refresh_from_db()
        over = " The hold is over." if claim.ended_at else ""
        are = "is" if len(opened) == 1 else "are"
        return f"{_places(len(opened))} of {claim.hold.party} {are} open again: {seat_names.spoken(opened)}.{over}"
    return ""


def _places(count: int) -> str:
    return f"{count:,} place{'' if count == 1 else 's'}"


def _hold(pk: str) -> Claim:
    claim = Claim.objects.select_related("hold", "show").filter(pk=number(pk), kind=Claim.Kind.HOLD).first()
    if claim is None:
        raise Http404
    return claim
