"""A show is put on sale, paused, closed, or cancelled: each a form page that says what it means and asks why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.money import rupees
from core.refusals import DomainError
from core.words import counted
from inventory.admin.form_page import WhyForm, demand, form_page, number
from inventory.admin.links import link, page_of
from inventory.admin.of_a_show import has_house
from inventory.admin.reasons import in_line
from inventory.admin.words import clock, joined, lines, who
from inventory.models import Show
from ticketing.admin import giving, guests
from ticketing.admin.pricing_all import prices_page
from ticketing.admin.show_copy import copy_page
from ticketing.models import Order, ShowChange
from ticketing.queries import shows as reads
from ticketing.services import shows

if TYPE_CHECKING:
    from django.forms import CheckboxInput, TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput
    from unfold.widgets import UnfoldBooleanSwitchWidget as CheckboxInput

S = Show.State
MOST = 10


class PublishForm(WhyForm):
    """Why now."""

    codes = {
        "sale_begins": "The sale begins",
        "goes_on": "What stopped it is over",
        "more_places": "More places are to be sold",
    }


class PauseForm(WhyForm):
    """Why not now."""

    codes = {
        "house_changes": "The house is being changed: rows, stage, cameras",
        "prices_change": "Prices are being changed",
        "payments_uncertain": "Payments are uncertain",
        "organiser_request": "The organiser asks for it",
    }


class CloseForm(WhyForm):
    """Why no more."""

    codes = {"sale_is_over": "The sale is over", "organiser_request": "The organiser asks for it"}


class CancelForm(WhyForm):
    """Why there is no show, and whether the money goes back."""

    codes = {
        "artist_unavailable": "The artist cannot perform",
        "weather": "Weather",
        "order_of_authority": "By order of an authority",
        "too_few_sold": "Too few tickets were sold",
        "organiser_request": "The organiser asks for it",
    }
    field_order = ("gives_back", "title", "reason", "other", "note")

    gives_back = forms.BooleanField(
        label="Give everybody's money back",
        required=False,
        initial=True,
        widget=CheckboxInput,
        help_text="Off only where the show is held another time, and tickets are exchanged by hand.",
    )
    title = forms.CharField(
        label="Type the show's title, so that it is the right one",
        max_length=120,
        widget=TextInput,
        error_messages={"required": "Type the title of the show that is cancelled."},
    )

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show = show

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if title.strip().casefold() != self.show.title.casefold():
            raise forms.ValidationError(f"This page cancels “{self.show.title}”. Type that, or go back.")
        return title


def publish_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Put it on sale."""
    demand(request, "ticketing.publish_show")
    show = _show(pk)
    missing = reads.missing_for_sale(show.pk)
    return _page(
        model_admin,
        request,
        show,
        becomes=S.ON_SALE,
        form=PublishForm(request.POST or None),
        act=shows.publish_show,
        title="Put on sale",
        verb="Put on sale now",
        told=["Before that:", *missing]
        if missing
        else ["Every channel sells from this second on what its allocations and opening times let it sell."],
    )


def pause_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Sell nothing for the moment."""
    demand(request, "ticketing.publish_show")
    return _page(
        model_admin,
        request,
        _show(pk),
        becomes=S.PAUSED,
        form=PauseForm(request.POST or None),
        act=shows.pause_show,
        title="Pause the sale of",
        verb="Pause it now",
        told=[
            "Nothing more is locked, on any channel, until somebody puts it on sale again.",
            "Whoever has places in a basket may still pay for them.",
        ],
    )


def close_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Selling is over."""
    demand(request, "ticketing.publish_show")
    return _page(
        model_admin,
        request,
        _show(pk),
        becomes=S.CLOSED,
        form=CloseForm(request.POST or None),
        act=shows.close_show,
        title="Close the sale of",
        verb="Close it now",
        told=["Nothing more is sold. What is sold stays good. It can be put on sale again."],
    )


def cancel_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """There is no show."""
    demand(request, "ticketing.cancel_show")
    show = _show(pk)
    paid = Order.objects.filter(show=show, confirmed_at__isnull=False)
    worth = paid.aggregate(paise=Sum("total_paise") - Sum("returned_paise"))["paise"] or 0
    free = paid.filter(total_paise=0).count()
    form = CancelForm(show, request.POST or None)
    return _page(
        model_admin,
        request,
        show,
        becomes=S.CANCELLED,
        form=form,
        act=lambda **what: shows.cancel_show(gives_back=form.cleaned_data["gives_back"], **what),
        title="Cancel",
        verb="Cancel the show",
        stops=True,
        told=[
            f"{counted(paid.filter(total_paise__gt=0).count(), 'order')} paid for, {free:,} complimentary; "
            f"tickets for {rupees(worth)} are good.",
            "Nothing is sold any more, and money that is still on its way goes back. This cannot be undone.",
            "Giving back takes a while: tickets are void and refunds asked for order by order, and every buyer with an "
            "address is written to. The show's page says how far it is; what fails is on the work-list.",
        ],
    )


PAGES: dict[str, tuple[S, str, str, Callable[..., HttpResponse]]] = {
    "publish": (S.ON_SALE, "Put on sale", "ticketing.publish_show", publish_page),
    "pause": (S.PAUSED, "Pause", "ticketing.publish_show", pause_page),
    "close": (S.CLOSED, "Close the sale", "ticketing.publish_show", close_page),
    "cancel": (S.CANCELLED, "Cancel the show", "ticketing.cancel_show", cancel_page),
}


MORE: dict[str, Callable[..., HttpResponse]] = {
    "copy": copy_page,
    "prices": prices_page,
    "complimentary": giving.give_page,
    "guests": guests.import_page,
    "guests_file": guests.template_file,
}


def urls(model_admin: Any) -> list[URLPattern]:
    """The addresses of all of them."""
    pages = {name: page for name, (_, _, _, page) in PAGES.items()} | MORE
    return [
        path(
            f"<str:pk>/{name}/",
            model_admin.admin_site.admin_view(partial(page, model_admin)),
            name=f"inventory_show_{name}",
        )
        for name, page in pages.items()
    ]


def ways_of(show: Show, has_perm: Callable[[str], bool]) -> SafeString | str:
    """What this person can do with this show as it stands; a dash for nothing."""
    there = shows.ways(show.state)
    may = {
        ("house", "Load its house"): not has_house(show) and has_perm("inventory.change_show"),
        **{
            (name, text): state in there and has_perm(permission)
            for name, (state, text, permission, _) in PAGES.items()
        },
        ("complimentary", "Give complimentary tickets"): (
            has_house(show) and show.state != S.CANCELLED and has_perm(giving.PERMISSION)
        ),
        ("guests", "Guest lists"): has_house(show) and show.state != S.CANCELLED and has_perm(guests.PERMISSION),
        ("copy", "Copy it"): has_house(show) and has_perm("inventory.add_show"),
    }
    return joined(
        link(reverse(f"admin:inventory_show_{name}", args=[show.pk]), text)
        for (name, text), is_so in may.items()
        if is_so
    )


def life_of(show: Show) -> SafeString | str:
    """What was decided about it, the latest first, and how far giving back is; a dash where nothing was."""
    changes = ShowChange.objects.filter(show=show).annotate(by=who("actor"))[:MOST]
    told = [
        (f"{clock(change.at)}: {S(change.state).label.lower()}, by {change.by or change.actor},", _why(change))
        for change in changes
    ]
    if any(change.gives_back for change in changes):
        done, orders = reads.given_back(show.pk)
        told.insert(0, ("Giving back:", f"{done:,} of {orders:,} orders"))
    return lines(told)


def _why(change: ShowChange) -> str:
    return ": ".join(filter(None, (in_line(change.reason_code), change.note)))


def _show(pk: str) -> Show:
    show = Show.objects.filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    return show


def _page(
    model_admin: Any,
    request: HttpRequest,
    show: Show,
    *,
    becomes: S,
    form: WhyForm,
    act: Callable[..., ShowChange],
    title: str,
    verb: str,
    told: Sequence[str],
    stops: bool = False,
) -> HttpResponse:
    if request.method != "POST" and becomes not in shows.ways(show.state):
        messages.warning(request, f"{show.title} is {S(show.state).label.lower()}: there is nothing to do here now.")
        return HttpResponseRedirect(page_of(show))
    if request.method == "POST" and form.is_valid():
        try:
            change = act(show_id=show.pk, by=form.by(request))
        except DomainError as refusal:
            form.add_error(None, [refusal.text, *refusal.facts.get("missing", [])])
        else:
            messages.success(request, f"{show.title} is now: {S(change.state).label.lower()}.")
            return HttpResponseRedirect(page_of(show))
    return form_page(
        model_admin,
        request,
        title=f"{title} {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        told=told,
        form=form,
        verb=verb,
        back=page_of(show),
        stops=stops,
    )
