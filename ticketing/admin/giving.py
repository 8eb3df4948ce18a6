"""Give complimentary tickets, as a form page: out of the open pool or out of a hold; look first, then give those."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.money import rupees
from core.refusals import DomainError
from core.words import counted
from inventory.admin import seat_names
from inventory.admin.form_page import demand, number, page
from inventory.admin.hold_choice import read_ids
from inventory.admin.links import page_of
from inventory.admin.words import clock
from inventory.models import Claim, Place, Show
from inventory.queries.moves import database_now
from ticketing.admin.giving_forms import GuestForm, choice_of, guest_of
from ticketing.models import Complimentary, Order
from ticketing.queries.links import order_reference
from ticketing.queries.quotes import prices_at
from ticketing.services.giving import Gift, issue_complimentary

PERMISSION = "ticketing.issue_complimentary"
LOOK = "look"
CHANGED = "The choice was changed after you looked. See below what it comes to now, then give."


class _Page:
    """The two forms of the page as they were sent, and what was looked at."""

    def __init__(self, request: HttpRequest, show: Show, claim: Claim | None) -> None:
        sent = request.POST if request.method == "POST" else None
        self.is_look = sent is not None and LOOK in sent
        self.request, self.show, self.claim = request, show, claim
        known = guest_of(claim) if claim else {}
        self.choice = choice_of(show, claim, sent, initial=request.GET.dict())
        # To look, a choice is enough. What else was typed stays, and is not yet found fault with.
        is_given = sent is not None and not self.is_look
        self.guest = GuestForm(sent) if is_given else GuestForm(initial=sent.dict() if sent else known)
        self.found: list[int] = []

    def look(self) -> None:
        if self.choice.is_valid():
            self.found = self.choice.choose()

    def give(self) -> Order | None:
        """Give what was looked at, or what the choice comes to if nobody looked; None where a form says why not."""
        are_valid = [self.choice.is_valid(), self.guest.is_valid()]
        if not are_valid[0]:
            return None
        looked_at = read_ids(self.request.POST.get("looked", ""))
        if looked_at and self.request.POST.get("looked_for") != self.choice.fingerprint:
            self.choice.add_error(None, CHANGED)
            looked_at, are_valid = [], [False]
        self.found = looked_at or self.choice.choose()
        if not all(are_valid) or not self.found:
            return None
        given = self.guest.cleaned_data
        gift = Gift(self.found, given["recipient"], given["name"], given["contact"])
        try:
            (order_id,) = issue_complimentary(
                show_id=self.show.pk,
                gifts=[gift],
                hold_id=self.claim and self.claim.pk,
                by=self.guest.by(self.request),
            )
        except DomainError as refusal:
            self.refuse(refusal)
            return None
        return Order.objects.get(pk=order_id)

    def refuse(self, refusal: DomainError) -> None:
        self.found = []
        if refusal.code == "places_taken":
            self.choice.refuse_taken(refusal.facts["place_ids"])
        elif refusal.code == "places_not_held":
            strays = seat_names.spoken(refusal.facts["place_ids"])
            self.choice.add_error(None, f"The hold has these no more, so nothing was given: {strays}.")
        else:
            self.choice.add_error(None, f"{refusal.text} Nothing was given.")

    def seen(self) -> dict[str, Any] | None:
        """What would be given, in words, and what the form brings back with it."""
        if not self.found:
            return None
        return {
            "count": len(self.found),
            "words": seat_names.spoken(self.found),
            "worth": worth_of(self.show.pk, self.found),
            "ids": " ".join(map(str, self.found)),
            "for": self.choice.fingerprint,
        }


def give_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Out of the open pool of a show."""
    demand(request, PERMISSION)
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    return _page(model_admin, request, show, None)


def give_from_hold_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Out of a hold."""
    demand(request, PERMISSION)
    claim = live_hold(pk)
    return _page(model_admin, request, claim.show, claim)


def live_hold(pk: str) -> Claim:
    """A hold that has not ended, with its show. Raises Http404."""
    holds = Claim.objects.select_related("hold", "show__venue").filter(kind=Claim.Kind.HOLD, ended_at=None)
    claim = holds.filter(pk=number(pk)).first()
    if claim is None:
        raise Http404
    return claim


def worth_of(show_id: int, place_ids: list[int]) -> str:
    """What these places cost whoever pays for them, in rupees; '' where a tier has no price."""
    prices = {tier.tier_id: tier.price for tier in prices_at(show_id, None, database_now())}
    tiers = Place.objects.filter(pk__in=place_ids).values_list("tier_id", flat=True)
    costs = [price.list_paise if (price := prices.get(tier)) else None for tier in tiers]
    return "" if None in costs else rupees(sum(cost or 0 for cost in costs))


def _page(model_admin: Any, request: HttpRequest, show: Show, claim: Claim | None) -> HttpResponse:
    asked = _Page(request, show, claim)
    if asked.is_look:
        asked.look()
    elif request.method == "POST" and (order := asked.give()):
        messages.success(request, _said(order, asked))
        may_see = request.user.has_perm("ticketing.view_order")
        return HttpResponseRedirect(page_of(order) if may_see else page_of(claim or show))
    party = f" of {claim.hold}" if claim else ""
    return page(
        model_admin,
        request,
        "ticketing/admin/give_page.html",
        title=f"Give complimentary tickets{party}: {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        show=show,
        claim=claim,
        held=_held(claim),
        back=page_of(claim or show),
        choice=asked.choice,
        guest=asked.guest,
        seen=asked.seen(),
        has_errors=any((asked.choice.errors, asked.guest.errors)),
        has_seats=asked.choice.has_seats,
        has_house=show.manifest_version > 0,
    )


def _held(claim: Claim | None) -> str:
    if claim is None:
        return ""
    held = list(Place.objects.filter(claim=claim).values_list("pk", flat=True))
    return f"The hold has {counted(len(held), 'place')} now: {seat_names.spoken(held)}."


def _said(order: Order, asked: _Page) -> str:
    given = asked.guest.cleaned_data
    to = given["name"] or Complimentary.Recipient(given["recipient"]).label.lower()
    is_mailed = "@" in given["contact"]
    way = "They are on their way by mail" if is_mailed else "They are not mailed: print them"
    places = counted(len(asked.found), "ticket")
    return f"{order_reference(order.pk)}: {places} given to {to}. {seat_names.spoken(asked.found)}. {way}."
