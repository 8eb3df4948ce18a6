"""Give complimentary tickets, as a form page: out of the open pool or out of a hold; look first, then give those."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.money import rupees
from core.words import counted
from inventory.admin import seat_names
from inventory.admin.form_page import demand, number
from inventory.admin.hold_choice import ChoiceForm
from inventory.admin.links import page_of
from inventory.admin.words import clock
from inventory.models import Place, Show
from inventory.queries.moves import database_now
from ticketing.admin.choosing import Chosen, done_before, live_hold
from ticketing.admin.giving_forms import GuestForm, HeldChoice, OpenChoice, guest_of
from ticketing.models import Complimentary, Order
from ticketing.queries.links import order_reference
from ticketing.queries.quotes import prices_at
from ticketing.services.giving import Gift, issue_complimentary

PERMISSION = "ticketing.issue_complimentary"
INTRO = (
    "They are good the moment you press Give, and cost nothing: no price stands on them. "
    "What somebody pays for, be it by contract, is no gift."
)


class _Giving(Chosen):
    form_class, done = GuestForm, "given"
    about: GuestForm

    def choice_form(self, sent: Any) -> ChoiceForm:
        if self.claim is None:
            return OpenChoice(self.show, sent, initial=self.request.GET.dict())
        return HeldChoice(self.claim, sent)

    def known(self) -> dict[str, str]:
        return guest_of(self.claim) if self.claim else {}

    def worth(self) -> str:
        cost = worth_of(self.show.pk, self.found)
        return f"Whoever pays would pay {cost}." if cost else ""

    def act(self) -> Order:
        given = self.about.cleaned_data
        gift = Gift(self.found, given["recipient"], given["name"], given["contact"])
        (order_id,) = issue_complimentary(
            show_id=self.show.pk,
            gifts=[gift],
            hold_id=self.claim.pk if self.claim else None,
            by=self.about.by(self.request),
        )
        return Order.objects.get(pk=order_id)


def give_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Out of the open pool of a show."""
    demand(request, PERMISSION)
    if done := done_before(request):
        return done
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    return _page(model_admin, _Giving(request, show, None))


def give_from_hold_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Out of a hold."""
    demand(request, PERMISSION)
    if done := done_before(request):
        return done
    claim = live_hold(pk)
    return _page(model_admin, _Giving(request, claim.show, claim))


def worth_of(show_id: int, place_ids: list[int], channel_id: int | None = None) -> str:
    """What these places cost whoever pays for them, in rupees; '' where a tier has no price."""
    prices = {tier.tier_id: tier.price for tier in prices_at(show_id, channel_id, database_now())}
    tiers = Place.objects.filter(pk__in=place_ids).values_list("tier_id", flat=True)
    costs = [price.paise if (price := prices.get(tier)) else None for tier in tiers]
    return "" if None in costs else rupees(sum(cost or 0 for cost in costs))


def _page(model_admin: Any, asked: _Giving) -> HttpResponse:
    show, claim = asked.show, asked.claim
    if order := asked.answer():
        messages.success(asked.request, _said(order, asked))
        may_see = asked.request.user.has_perm("ticketing.view_order")
        return HttpResponseRedirect(page_of(order) if may_see else page_of(claim or show))
    party = f" of {claim.hold}" if claim else ""
    many = len(asked.found)
    return asked.page(
        model_admin,
        title=f"Give complimentary tickets{party}: {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        intro=INTRO,
        legend="2. To whom, and why",
        now="Give now",
        these="Give this ticket" if many == 1 else f"Give these {many:,} tickets",
    )


def _said(order: Order, asked: Chosen) -> str:
    given = asked.about.cleaned_data
    to = given["name"] or Complimentary.Recipient(given["recipient"]).label.lower()
    is_mailed = "@" in given["contact"]
    way = "They are on their way by mail" if is_mailed else "Nothing is mailed: print from here"
    places = counted(len(asked.found), "ticket")
    return f"{order_reference(order.pk)}: {places} given to {to}. {seat_names.spoken(asked.found)}. {way}."
