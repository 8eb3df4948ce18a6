"""Slice the pool, as a form page: a new slice or a change of one; seen first, then made just so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.admin import filters, outlooks, seat_names
from inventory.admin.form_page import demand, number, page
from inventory.admin.hold_giving import count_places
from inventory.admin.links import slices_page_of
from inventory.admin.slice_forms import (
    How,
    SliceChoiceForm,
    SliceForm,
    SliceLadder,
    SliceWhyForm,
    channels_for,
    targets,
)
from inventory.admin.slice_shapes import Shape, shapes
from inventory.models import Allocation, ApiKey, Channel, ReleaseStep, Show
from inventory.queries.trials import PlaceMove
from inventory.services.slices import Pick, Slice
from inventory.services.slicing import slice_pool
from inventory.services.trials import Change

PERMISSION = "inventory.slice_pool"
EMPTY_STEPS = 2


class _Page:
    """The forms of the page, as they were sent, or as a shape or the slice itself begins them."""

    def __init__(self, show: Show, slice_: Allocation | None, shape: Shape | None, request: HttpRequest) -> None:
        self.show, self.slice, self.request = show, slice_, request
        self.channels = channels_for([slice_] if slice_ else [])
        sent = request.POST if request.method == "POST" else None
        times, choice, steps = self._begins(shape)
        self.times = SliceForm(slice_, sent, initial=times, channels=self.channels)
        self.choice = SliceChoiceForm(show, sent, initial=choice, is_change=slice_ is not None)
        to = {"allocations": targets(show, slice_)}
        self.ladder = SliceLadder(sent, prefix="steps", initial=steps, form_kwargs=to)
        self.ladder.extra = EMPTY_STEPS
        # To look, nobody need say why. What was typed stays.
        is_save = sent is not None and "save" in sent
        began = {"reason": shape.reason} if shape else {}
        self.why = SliceWhyForm(sent) if is_save else SliceWhyForm(initial=began | (sent.dict() if sent else {}))
        self.ladder_error = ""

    def _begins(self, shape: Shape | None) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
        asked = self.request.GET.dict()
        if self.slice is not None:
            steps = ReleaseStep.objects.filter(allocation=self.slice, done_at=None).order_by("at", "pk")
            ladder = [
                {
                    "at": step.at,
                    "much": step.share_percent or step.quantity,
                    "unit": "percent" if step.share_percent else "places",
                    "to": step.to_allocation,
                }
                for step in steps
            ]
            times = {"name": self.slice.name, "closes_at": self.slice.closes_at}
            return times, {"how": asked.get("how", How.NONE)}, ladder
        if shape is None:
            return {}, asked, []
        return shape.times, shape.choice | asked, [{"at": at, "much": share} for at, share in shape.steps]

    def is_valid(self) -> bool:
        are_valid = [self.times.is_valid(), self.choice.is_valid(), self.ladder.is_valid()]
        return all(are_valid)

    @property
    def says_why(self) -> bool:
        return self.why.is_bound and self.why.is_valid()

    def change_of(self, place_ids: list[int]) -> Change:
        """The slice as the forms say, of just these places where some were seen."""
        places = self.choice.wanted()
        slice_ = Slice(
            name=self.times.cleaned_data["name"],
            openings=self.times.openings(),
            places=Seats(place_ids) if place_ids and isinstance(places, Pick) else places,
            closes_at=self.times.ends_at(),
            ladder=[step for form in self.ladder.forms if (step := form.slice_step())],
            allocation_id=self.slice.pk if self.slice else None,
        )
        by = self.why.by(self.request) if self.says_why else By(f"user:{self.request.user.pk}")

        def change(at: datetime) -> None:
            slice_pool(show_id=self.show.pk, slices=[slice_], by=by, now=at)

        return change

    def blame(self, refusal: DomainError) -> None:
        """Put a refusal beside what it is about."""
        if refusal.code == "opening_invalid":
            self.times.add_error(f"from_{refusal.facts['channel_id']}", refusal.text)
        elif refusal.code == "closing_invalid":
            self.times.add_error("closes_at", refusal.text)
        elif refusal.code == "slice_name_taken":
            self.times.add_error("name", refusal.text)
        elif refusal.code == "slice_step_invalid":
            self.ladder_error = refusal.text

    def asked(self) -> outlooks.Asked:
        if self.request.method != "POST":
            return outlooks.Asked()
        if not self.is_valid():
            return outlooks.Asked(alert="Nothing was changed. See what is marked below.")
        if self.choice.cleaned_data["how"] == How.NAMES and self.choice.wanted() is None:
            return outlooks.Asked(alert="Nothing was changed. See what is marked below.")
        is_by_number = self.choice.cleaned_data["how"] == How.NUMBER
        would = f"would join {self.times.cleaned_data['name']}"
        asked = outlooks.look_or_do(
            self.request, self.show, self.change_of, would, may_do=self.says_why, keeps_ids=is_by_number
        )
        if asked.refusal:
            self.blame(asked.refusal)
        return asked


def slice_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Make a slice of the pool; with `?slice=`, change one: its channels, its times, its ladder; and move places in."""
    demand(request, PERMISSION)
    show = show_or_404(pk)
    slice_ = slice_asked(show, request)
    offered = [] if slice_ else shapes(show, channels_for([]))
    shape = next((one for one in offered if one.key == request.GET.get("shape")), None)
    form = _Page(show, slice_, shape, request)
    asked = form.asked()
    if asked.done is not None:
        model_admin.log_change(request, show, f"Slice {form.times.cleaned_data['name']}: {form.times.in_words()}")
        messages.success(request, _told(form.times.cleaned_data["name"], asked.done))
        return HttpResponseRedirect(slices_page_of(show.pk))
    title = f"Change the slice {slice_}" if slice_ else "Slice the pool"
    return page(
        model_admin,
        request,
        "inventory/admin/slice_page.html",
        title=f"{title}: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        show=show,
        slice=slice_,
        back=slices_page_of(show.pk),
        shapes=offered,
        shape=shape,
        times=form.times,
        choice=form.choice,
        ladder=form.ladder,
        ladder_error=form.ladder_error,
        why=form.why,
        seen=asked.seen,
        alert=asked.alert,
        verb="Change it just so" if slice_ else "Slice just so",
        has_seats=form.choice.has_seats,
        has_house=show.manifest_version > 0,
        partner=_partner_lacks(request) if shape and shape.key == "partner" else None,
    )


def show_or_404(pk: str) -> Show:
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    return show


def slice_asked(show: Show, request: HttpRequest) -> Allocation | None:
    """The slice that the address names; none without one."""
    if "slice" not in request.GET:
        return None
    slices = Allocation.objects.prefetch_related("openings").filter(show=show, is_pool=False)
    found = slices.filter(pk=filters.whole(request.GET["slice"]) or 0).first()
    if found is None:
        raise Http404
    return found


def _told(name: str, moved: list[PlaceMove]) -> str:
    if not moved:
        return f"{name} is changed. No place moved."
    are = "is" if len(moved) == 1 else "are"
    ids = [move.place_id for move in moved]
    seats = f": {seat_names.spoken(ids)}" if len(ids) <= outlooks.MOST_NAMED else ""
    return f"{count_places(len(moved))} {are} in {name} now{seats}."


def _partner_lacks(request: HttpRequest) -> dict[str, Any]:
    """What a partner still needs to sell: a channel, and a key for it; and whether this person may make them."""
    partners = Channel.objects.filter(kind=Channel.Kind.PARTNER, is_active=True)
    keys = ApiKey.objects.filter(channel__in=partners, revoked_at=None)
    first = partners.order_by("pk").first()
    return {
        "lacks_channel": first is None,
        "lacks_key": first is not None and not keys.exists(),
        "channel": first,
        "may_make_channel": request.user.has_perm("inventory.add_channel"),
        "may_make_key": request.user.has_perm("inventory.add_apikey"),
    }
