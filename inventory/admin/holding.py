"""Hold places, as a form page: look first at which they would be, then hold exactly those, with the ladder."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.admin import seat_names
from inventory.admin.form_page import demand, number, page
from inventory.admin.hold_choice import ChoiceForm, read_ids
from inventory.admin.hold_forms import FactsForm, Ladder
from inventory.admin.links import page_of, stock_page_of
from inventory.models import Hold, Show
from inventory.services.holds import LadderStep, place_hold

PERMISSION = "inventory.place_hold"
LOOK = "look"
CHANGED = "The choice was changed after you looked. See below what it comes to now, then hold."


class _Page:
    """The three forms of the page as they were sent, and what was looked at."""

    def __init__(self, show: Show, request: HttpRequest) -> None:
        sent = request.POST if request.method == "POST" else None
        self.is_look = sent is not None and LOOK in sent
        self.show, self.request = show, request
        self.choice = ChoiceForm(show, sent, initial=request.GET.dict())
        allocations = {"allocations": show.allocations.all()}
        if sent is None or self.is_look:
            # To look, a choice is enough. What else was typed stays, and is not yet found fault with.
            typed = sent.dict() if sent else {}
            self.facts = FactsForm(show, initial=typed)
            fields = ("at", "much", "unit", "to")
            steps = [
                {name: typed[key] for name in fields if (key := f"steps-{nth}-{name}") in typed}
                for nth in range(Ladder.extra)
            ]
            self.ladder = Ladder(prefix="steps", initial=steps, form_kwargs=allocations)
            self.ladder.extra = 0
        else:
            self.facts = FactsForm(show, sent)
            self.ladder = Ladder(sent, prefix="steps", form_kwargs=allocations)
        self.found: list[int] = []

    def look(self) -> None:
        if self.choice.is_valid():
            self.found = self.choice.choose()

    def hold(self) -> Hold | None:
        """Hold what was looked at, or what the choice comes to if nobody looked; None where a form says why not."""
        are_valid = [self.choice.is_valid(), self.facts.is_valid(), self.ladder.is_valid()]
        if not are_valid[0]:
            return None
        looked_at = read_ids(self.request.POST.get("looked", ""))
        if looked_at and self.request.POST.get("looked_for") != self.choice.fingerprint:
            self.choice.add_error(None, CHANGED)
            looked_at, are_valid = [], [False]
        self.found = looked_at or self.choice.choose()
        if not all(are_valid) or not self.found:
            return None
        given = self.facts.cleaned_data
        try:
            return place_hold(
                show_id=self.show.pk,
                wanted=Seats(self.found),
                purpose=given["purpose"],
                party=given["party"],
                contact=given["contact"],
                breakable_by=given["breakable_by"],
                until=given["until"],
                steps=self.steps(),
                by=By(f"user:{self.request.user.pk}", reason_code=given["purpose"], note=given["note"]),
            )
        except DomainError as refusal:
            self.refuse(refusal)
            return None

    def steps(self) -> list[LadderStep]:
        return [step for form in self.ladder.forms if (step := form.step())]

    def refuse(self, refusal: DomainError) -> None:
        self.found = []
        if refusal.code == "places_taken":
            whose = seat_names.whose(self.show.pk, refusal.facts["place_ids"])
            self.choice.add_error(None, f"Not open, so nothing was held: {whose}.")
        elif refusal.code in ("hold_end_invalid", "hold_step_invalid"):
            self.facts.add_error("until", refusal.text)
        else:
            self.choice.add_error(None, f"{refusal.text} Nothing was held.")

    def seen(self) -> dict[str, Any] | None:
        """What would be held, in words, and what the form brings back with it."""
        if not self.found:
            return None
        return {
            "count": len(self.found),
            "words": seat_names.spoken(self.found),
            "ids": " ".join(map(str, self.found)),
            "for": self.choice.fingerprint,
        }


def hold_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Take places out of the pool for a named party."""
    demand(request, PERMISSION)
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    asked = _Page(show, request)
    if asked.is_look:
        asked.look()
    elif request.method == "POST" and (hold := asked.hold()):
        count = len(asked.found)
        places = "1 place is" if count == 1 else f"{count:,} places are"
        said = seat_names.spoken(asked.found)
        messages.success(request, f"Held for {hold.party}: {places} out of the pool now. {said}.")
        may_see = request.user.has_perm("inventory.view_claim")
        return HttpResponseRedirect(page_of(hold.claim) if may_see else stock_page_of(show.pk))
    found_fault = (asked.choice.errors, asked.facts.errors, *asked.ladder.errors, asked.ladder.non_form_errors())
    return page(
        model_admin,
        request,
        "inventory/admin/hold_page.html",
        title=f"Hold: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        show=show,
        back=stock_page_of(show.pk),
        choice=asked.choice,
        facts=asked.facts,
        ladder=asked.ladder,
        seen=asked.seen(),
        has_errors=any(found_fault),
        ladder_open=any(form["at"].value() or form["much"].value() for form in asked.ladder),
        has_seats=asked.choice.has_seats,
        has_house=show.manifest_version > 0,
    )
