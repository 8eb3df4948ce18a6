"""A page on which places are chosen, looked at, and then something is done with exactly those: given, or sold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.refusals import DomainError
from core.words import counted
from inventory.admin import seat_names
from inventory.admin.form_page import number, page
from inventory.admin.hold_choice import ChoiceForm, read_ids
from inventory.admin.links import page_of
from inventory.models import Claim, Place, Show
from ticketing.admin import once
from ticketing.models import Order

LOOK = "look"
CHANGED = "The choice was changed after you looked. See below what it comes to now, then go on."


class Chosen:
    """The two forms of such a page as they were sent, and what was looked at. `done` says it in a refusal."""

    form_class: type[forms.Form]
    done = "done"

    def __init__(self, request: HttpRequest, show: Show, claim: Claim | None) -> None:
        sent = request.POST if request.method == "POST" else None
        self.is_look = sent is not None and LOOK in sent
        self.request, self.show, self.claim = request, show, claim
        self.choice = self.choice_form(sent)
        # To look, a choice is enough. What else was typed stays, and is not yet found fault with.
        is_sent = sent is not None and not self.is_look
        self.about = (
            self.form_class(sent) if is_sent else self.form_class(initial=sent.dict() if sent else self.known())
        )
        self.found: list[int] = []

    def choice_form(self, sent: Any) -> ChoiceForm:
        raise NotImplementedError

    def known(self) -> dict[str, str]:
        """What is known before anybody has typed."""
        return {}

    def worth(self) -> str:
        """What the places found cost, in words."""
        raise NotImplementedError

    def act(self) -> Order:
        """Do it with the places found. Raises DomainError."""
        raise NotImplementedError

    def answer(self) -> Order | None:
        """Look, or do what was asked with exactly what was seen; None where there is still a page to show."""
        if self.request.method != "POST":
            return None
        if self.is_look:
            self.found = self.choice.choose() if self.choice.is_valid() else []
            return None
        are_valid = [self.choice.is_valid(), self.about.is_valid()]
        if not are_valid[0]:
            return None
        looked_at = read_ids(self.request.POST.get("looked", ""))
        if looked_at and self.request.POST.get("looked_for") != self.choice.fingerprint:
            self.choice.add_error(None, CHANGED)
            looked_at, are_valid = [], [False]
        self.found = looked_at or self.choice.choose()
        if not all(are_valid) or not self.found:
            return None
        return self._act_once()

    def _act_once(self) -> Order | None:
        """Without a look a second press would choose the next places, and act on those as well."""
        if not once.begin(self.request):
            self.found = []
            self.choice.add_error(None, once.TWICE)
            return None
        try:
            order = self.act()
        except BaseException as error:
            once.take_back(self.request)
            if not isinstance(error, DomainError):
                raise
            self.refuse(error)
            return None
        once.done(self.request, order)
        return order

    def refuse(self, refusal: DomainError) -> None:
        self.found = []
        if refusal.code == "places_taken":
            self.choice.refuse_taken(refusal.facts["place_ids"])
        elif refusal.code == "places_not_held":
            strays = seat_names.spoken(refusal.facts["place_ids"])
            self.choice.add_error(None, f"The hold has these no more, so nothing was {self.done}: {strays}.")
        else:
            self.choice.add_error(None, f"{refusal.text} Nothing was {self.done}.")

    def seen(self) -> dict[str, Any] | None:
        """What was found, in words, and what the form brings back with it."""
        if not self.found:
            return None
        return {
            "count": counted(len(self.found), "ticket"),
            "words": seat_names.spoken(self.found),
            "worth": self.worth(),
            "ids": " ".join(map(str, self.found)),
            "for": self.choice.fingerprint,
        }

    def page(self, model_admin: Any, **words: str) -> TemplateResponse:
        """`title`, `intro`, `legend`, `now` for the button, and `these` for the button after a look."""
        return page(
            model_admin,
            self.request,
            "ticketing/admin/choose_page.html",
            show=self.show,
            claim=self.claim,
            held=held_now(self.claim),
            back=page_of(self.claim or self.show),
            choice=self.choice,
            about=self.about,
            seen=self.seen(),
            has_errors=any((self.choice.errors, self.about.errors)),
            has_seats=self.choice.has_seats,
            has_house=self.show.manifest_version > 0,
            done=self.done,
            once=once.token(),
            **words,
        )


def done_before(request: HttpRequest) -> HttpResponse | None:
    """The way to what an earlier post of this form did. A look acts on nothing, and is answered as ever."""
    return None if LOOK in request.POST else once.done_before(request)


def live_hold(pk: str) -> Claim:
    """A hold that is neither over nor ordered already, with its show. Raises Http404."""
    holds = Claim.objects.select_related("hold", "show__venue").filter(kind=Claim.Kind.HOLD, ended_at=None)
    claim = holds.filter(pk=number(pk), reference="").first()
    if claim is None:
        raise Http404
    return claim


def held_now(claim: Claim | None) -> str:
    """What a hold has, in words."""
    if claim is None:
        return ""
    held = list(Place.objects.filter(claim=claim).values_list("pk", flat=True))
    return f"The hold has {counted(len(held), 'place')} now: {seat_names.spoken(held)}."
