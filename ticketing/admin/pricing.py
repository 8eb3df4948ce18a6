"""Setting prices as form pages. Each checks its own permission, makes one call, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.money import rupees
from core.refusals import DomainError
from core.times import day_in_india
from inventory.acts import By
from inventory.admin.filters import whole
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.links import list_of, page_of
from inventory.admin.noted import note
from inventory.admin.words import clock
from inventory.models import Tier
from inventory.queries.moves import database_now
from ticketing.admin.price_board import exception_in_words, taxes_inside
from ticketing.admin.pricing_forms import EndForm, ExceptionForm, PriceFields, PriceForm, TierForm, is_far
from ticketing.models import Price, PriceException
from ticketing.queries.quotes import prices_at, taxed_on
from ticketing.services.pricing import end_exception, except_price, set_price
from ticketing.services.quoting import PriceBetweenBands

OVER_AFTER = timedelta(hours=12)


class FarOff(forms.ValidationError):
    """A price so far from the tier's that it looks like a slip."""


def set_price_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """From a moment on a tier costs so much."""
    demand(request, "ticketing.set_price")
    tier = _tier(request)
    if tier is None:
        return _choose_tier(model_admin, request, "Set a price")

    def call(form: PriceFields) -> str:
        given = dict(form.cleaned_data)
        why = given.pop("note")
        if not given.pop("sure", False):
            _look_twice(tier, given["paise"])
        price = set_price(tier_id=tier.pk, by=By(f"user:{request.user.pk}"), **given)
        said = f"{tier.name} costs {rupees(price.paise)} from {clock(price.from_at)}"
        note(model_admin, request, tier.show, f"{said}: {why}")
        return f"{tier.name} of {tier.show} costs {rupees(price.paise)} from {clock(price.from_at)}: {_inside(price)}."

    form, done = _try(request, PriceForm, call)
    if done:
        return _done(request, tier, done)
    return form_page(
        model_admin,
        request,
        title=f"Set a price: {tier.name} of {tier.show}",
        told=_told(tier),
        form=form,
        verb="Set this price",
        back=_back(request, tier),
    )


def except_price_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Until an end a channel sells a tier at another price. Whoever writes it down approves it, by name."""
    demand(request, "ticketing.approve_price_exception")
    tier = _tier(request)
    if tier is None:
        return _choose_tier(model_admin, request, "Except a price")

    def call(form: PriceFields) -> str:
        assert isinstance(form, ExceptionForm)
        told = form.cleaned_data
        if told["ends_at"] > tier.show.starts_at + OVER_AFTER:
            raise forms.ValidationError(f"The show begins {clock(tier.show.starts_at)}, and is long over by that end.")
        if not told.get("sure"):
            _look_twice(tier, told["paise"])
        by = form.by(request)
        exception = except_price(
            tier_id=tier.pk,
            channel_id=told["channel"].pk,
            paise=told["paise"],
            reason_code=by.reason_code,
            note=by.note,
            approver_id=int(str(request.user.pk)),
            begins_at=told["begins_at"],
            ends_at=told["ends_at"],
            reading=told.get("reading", ""),
            reading_reason=told.get("reading_reason", ""),
            by=by,
        )
        return f"{tier.name} of {tier.show}: {exception_in_words(exception, exception.made_at)}."

    form, done = _try(request, ExceptionForm, call)
    if done:
        return _done(request, tier, done)
    return form_page(
        model_admin,
        request,
        title=f"Except a price: {tier.name} of {tier.show}",
        told=[*_told(tier), f"You approve it: your name, {request.user.get_username()}, stands beside it in reports."],
        form=form,
        verb="Approve this price",
        back=_back(request, tier),
    )


def end_exception_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """From now on the tier's own price holds on that channel again."""
    demand(request, "ticketing.approve_price_exception")
    rows = PriceException.objects.select_related("tier__show", "channel")
    exception = rows.filter(pk=number(pk)).first()
    if exception is None:
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if end_exception(exception_id=exception.pk):
            note(model_admin, request, exception, f"Ended: {form.cleaned_data['note']}")
            messages.success(
                request, f"Ended. {exception.channel} sells {exception.tier.name} at the tier's own price."
            )
        else:
            messages.warning(request, "It was over already.")
        return HttpResponseRedirect(_back(request, exception.tier))
    now = database_now()
    return form_page(
        model_admin,
        request,
        title=f"End: {exception.tier.name} of {exception.tier.show}",
        told=[
            f"{exception_in_words(exception, now)}. {exception.note}",
            "Whoever has places locked already still pays this price.",
        ],
        form=form,
        verb="End it now",
        back=_back(request, exception.tier),
        stops=True,
    )


def _try(
    request: HttpRequest, form_class: type[PriceFields], call: Callable[[PriceFields], str]
) -> tuple[PriceFields, str]:
    """The form, with what the service refused, and what was done: '' where nothing was."""
    asked = {"asks_reading": "reading" in request.POST, "asks_sure": "sure" in request.POST}
    form = form_class(request.POST or None, **asked)
    if request.method != "POST" or not form.is_valid():
        return form, ""
    try:
        return form, call(form)
    except PriceBetweenBands as refusal:
        form = form_class(request.POST, **asked | {"asks_reading": True})
        low, high = rupees(refusal.facts["low_paise"]), rupees(refusal.facts["high_paise"])
        form.add_error(None, f"{refusal.text} So do all prices from {low} to {high}.")
    except FarOff as far:
        form = form_class(request.POST, **asked | {"asks_sure": True})
        form.add_error(None, far)
    except forms.ValidationError as error:
        form.add_error(None, error)
    except DomainError as refusal:
        form.add_error(None, refusal.text)
    return form, ""


def _look_twice(tier: Tier, paise: int) -> None:
    """Ask again about a price that looks like a slip."""
    costs = next((one.price for one in prices_at(tier.show_id, None, database_now()) if one.tier_id == tier.pk), None)
    if costs and is_far(paise, costs.list_paise):
        raise FarOff(f"{tier.name} costs {rupees(costs.list_paise)} now, and you say {rupees(paise)}. Is that meant?")


def _told(tier: Tier) -> list[str]:
    """What the tier costs today, what is inside that, and what it will cost."""
    at = database_now()
    taxed = taxed_on(tier.show_id, day_in_india(at))
    now = next(one.price for one in prices_at(tier.show_id, None, at) if one.tier_id == tier.pk)
    said = [f"Today {tier.name} has no price: nobody can buy it."]
    if now:
        inside = taxes_inside(now.list_paise, now.reading, taxed) if taxed else ""
        said = [f"Today {tier.name} costs {rupees(now.list_paise)}: {inside}."]
    coming = Price.objects.filter(tier=tier, from_at__gt=at).order_by("from_at")
    said += [f"{rupees(price.paise)} from {clock(price.from_at)}, as it stands." for price in coming]
    return [*said, "What is locked already keeps the price it was locked at, and what is sold stays as it was sold."]


def _inside(price: Price) -> str:
    taxed = taxed_on(price.tier.show_id, day_in_india(price.from_at))
    return taxes_inside(price.paise, price.reading, taxed) if taxed else ""


def _tier(request: HttpRequest) -> Tier | None:
    """The tier that the address names, or None where it names none."""
    if "tier" not in request.GET:
        return None
    tier = Tier.objects.select_related("show").filter(pk=whole(request.GET["tier"]) or 0).first()
    if tier is None:
        raise Http404
    return tier


def _choose_tier(model_admin: Any, request: HttpRequest, title: str) -> HttpResponse:
    form: forms.Form = TierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(f"?tier={form.cleaned_data['tier'].pk}")
    return form_page(
        model_admin,
        request,
        title=title,
        told=["Of which tier? Only shows to come are here, and only those that have terms."],
        form=form,
        verb="Go on",
        back=list_of(model_admin.model),
    )


def _done(request: HttpRequest, tier: Tier, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(_back(request, tier))


def _back(request: HttpRequest, tier: Tier) -> str:
    if request.user.has_perm("inventory.view_show") or request.user.has_perm("inventory.change_show"):
        return page_of(tier.show)
    return list_of(Price, show=tier.show_id)
