"""What is done with a hold: another end, some places back, all of it broken. Each page has its own permission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.refusals import DomainError
from core.why import NoteForm
from inventory.acts import By
from inventory.admin import seat_names, words
from inventory.admin.form_page import demand, form_page, number, page
from inventory.admin.hold_forms import Moment, end_of_hold
from inventory.admin.hold_giving import BreakForm, GiveForm, agreement_of, count_places
from inventory.admin.links import page_of
from inventory.models import Claim, Place, ReleaseStep, Show
from inventory.services.holds import extend_hold, release_hold

MAY_PLACE, MAY_BREAK = "inventory.place_hold", "inventory.break_hold"


class ExtendForm(NoteForm):
    """Another end, or none, and why. An earlier end gives places back: that is for whoever may break the hold."""

    until = forms.DateTimeField(
        label="Held until", required=False, widget=Moment, help_text="Empty: no end, until somebody breaks it."
    )

    def __init__(self, claim: Claim, may_break: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show, self.end, self.may_break = claim.show, claim.expires_at, may_break
        if may_break and claim.hold.breakable_by:
            self.fields["agreed"] = agreement_of(claim.hold.breakable_by)
            self.fields["agreed"].required = False  # of a later end; `clean_until` looks which it is
            self.fields["agreed"].help_text = "For an end that is earlier than now."
            self.order_fields(["until", "agreed"])

    def clean_until(self) -> Any:
        return end_of_hold(self.cleaned_data["until"], self.show)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        until = cleaned.get("until")
        if until is None or (self.end is not None and until >= self.end.replace(second=0, microsecond=0)):
            return cleaned
        if not self.may_break:
            self.add_error("until", "An end that is earlier gives places back: that is for whoever may break holds.")
        elif "agreed" in self.fields and not cleaned.get("agreed"):
            self.add_error("agreed", self.fields["agreed"].error_messages["required"])
        return cleaned


def extend_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Give a hold another end, or none."""
    demand(request, MAY_PLACE)
    claim = _hold(pk)
    sent = request.POST if request.method == "POST" else None
    form = ExtendForm(claim, request.user.has_perm(MAY_BREAK), sent, initial={"until": claim.expires_at})
    if request.method == "POST" and form.is_valid():
        by = By(f"user:{request.user.pk}", note=form.cleaned_data["note"])
        try:
            extended = extend_hold(claim_id=claim.pk, until=form.cleaned_data["until"], by=by)
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            end = f"ends on {words.clock(extended.expires_at)}" if extended.expires_at else "has no end"
            messages.success(request, f"The hold for {claim.hold.party} {end} now.")
            _warn_of_late_steps(request, extended)
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
    demand(request, MAY_BREAK)
    claim = _hold(pk)
    form = GiveForm(claim, request.POST or None)
    if done := _gave_back(form, request):
        return done
    return page(
        model_admin,
        request,
        "inventory/admin/give_page.html",
        title=f"Give places back: {claim.hold}, {claim.show.title}",
        told=_told(claim),
        claim=claim,
        form=form,
        back=page_of(claim),
    )


def break_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Break a hold: all of its places come back."""
    demand(request, MAY_BREAK)
    claim = _hold(pk)
    form = BreakForm(claim, request.POST or None)
    if done := _gave_back(form, request):
        return done
    return form_page(
        model_admin,
        request,
        title=f"Break the hold: {claim.hold}, {claim.show.title}",
        form=form,
        verb="Break it now",
        stops=True,
        back=page_of(claim),
        told=[*_told(claim), "All of them are open to their channels at once, and the hold is over."],
    )


def ways_of(request: HttpRequest, claim: Claim) -> list[dict[str, str]]:
    """What this person may do with a hold that lives: the buttons on its page. Of a cancelled show's it only ends."""
    if claim.ended_at is not None or claim.reference:
        return []  # what is ordered is its order's
    ways = []
    if request.user.has_perm(MAY_PLACE) and claim.show.state != Show.State.CANCELLED:
        ways.append({"text": "Another end…", "url": reverse("admin:inventory_claim_extend", args=[claim.pk])})
    if request.user.has_perm(MAY_BREAK):
        ways.append({"text": "Give places back…", "url": reverse("admin:inventory_claim_give", args=[claim.pk])})
        url = reverse("admin:inventory_claim_break", args=[claim.pk])
        ways.append({"text": "Break…", "url": url, "look": "is-danger"})
    return ways


def _warn_of_late_steps(request: HttpRequest, claim: Claim) -> None:
    if claim.expires_at is None:
        return
    late = ReleaseStep.objects.filter(hold_id=claim.pk, done_at=None, at__gte=claim.expires_at).count()
    if late:
        steps = "1 step of its ladder comes" if late == 1 else f"{late} steps of its ladder come"
        messages.warning(request, f"{steps} after that end and will find nothing to give back.")


def _gave_back(form: BreakForm, request: HttpRequest) -> HttpResponse | None:
    """The way back to the hold's page once it is done; None where there is still a form to show."""
    if request.method != "POST" or not form.is_valid() or not (said := _release(form, request)):
        return None
    messages.success(request, said)
    return HttpResponseRedirect(page_of(form.claim))


def _told(claim: Claim) -> list[str]:
    held = list(Place.objects.filter(claim=claim).values_list("pk", flat=True))
    told = [f"It holds {count_places(len(held))} now: {seat_names.spoken(held)}."]
    if claim.hold.breakable_by:
        told.append(f"It may be broken by {claim.hold.breakable_by}. Ask first.")
    return told


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
            form.add_error(None, f"Not of this hold, so nothing was given back: {strays}.")
        else:
            form.add_error(None, refusal.text)
    else:
        claim.refresh_from_db()
        over = " The hold is over." if claim.ended_at else ""
        are = "is" if len(opened) == 1 else "are"
        return f"{count_places(len(opened))} of {claim.hold.party} {are} open again: {seat_names.spoken(opened)}.{over}"
    return ""


def _hold(pk: str) -> Claim:
    claim = Claim.objects.select_related("hold", "show").filter(pk=number(pk), kind=Claim.Kind.HOLD).first()
    if claim is None:
        raise Http404
    return claim
