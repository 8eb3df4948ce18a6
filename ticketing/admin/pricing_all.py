"""What every tier of a show costs, in one form: all of it is set, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.money import rupees
from core.refusals import DomainError
from core.why import NoteForm
from inventory.acts import By
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.links import page_of
from inventory.admin.noted import note
from inventory.admin.of_a_show import why_at_first
from inventory.admin.words import clock
from inventory.models import Show
from inventory.queries.moves import database_now
from ticketing.admin.pricing_forms import MomentInput, is_far
from ticketing.admin.rupees import RupeesField
from ticketing.models import Terms
from ticketing.queries.quotes import TierPrice, prices_at
from ticketing.services.pricing import set_prices

if TYPE_CHECKING:
    from django.forms import CheckboxInput
else:
    from unfold.widgets import UnfoldBooleanWidget as CheckboxInput


class PricesForm(NoteForm):
    """A field for every tier, filled with what it costs now; if `asks_sure`, what is far from that has to be meant."""

    def __init__(self, tiers: list[TierPrice], *args: Any, asks_sure: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = tiers
        for tier in tiers:
            self.fields[_name(tier)] = RupeesField(
                label=f"{tier.name} (₹)",
                required=False,
                initial=tier.price.list_paise if tier.price else None,
                help_text="" if tier.price else "No price yet: nobody can buy it.",
            )
        self.fields["from_at"] = forms.DateTimeField(
            label="From",
            required=False,
            widget=MomentInput,
            help_text="Empty: first prices at once, others in a few seconds.",
        )
        if asks_sure:
            self.fields["sure"] = forms.BooleanField(label="Yes, these prices are meant", widget=CheckboxInput)
        self.order_fields(None)

    def changed(self) -> dict[int, int]:
        """The paise of each tier whose price is another than it was; a field left empty changes nothing."""
        return {
            tier.tier_id: paise
            for tier in self.tiers
            if (paise := self.cleaned_data[_name(tier)]) is not None
            and paise != (tier.price.list_paise if tier.price else None)
        }

    def far(self) -> list[str]:
        """What looks like a slip, a question for each tier, unless it was answered."""
        changed = {} if self.cleaned_data.get("sure") else self.changed()
        return [
            f"{tier.name} costs {rupees(tier.price.list_paise)} now, and you say {rupees(paise)}. Is that meant?"
            for tier in self.tiers
            if (paise := changed.get(tier.tier_id, 0)) and tier.price and is_far(paise, tier.price.list_paise)
        ]

    def refuse(self, refusal: DomainError) -> None:
        """Say what stood in the way, beside its tier."""
        tier = next((one for one in self.tiers if one.tier_id == refusal.facts.get("tier_id")), None)
        more = " Set it by itself, from the show's page: there one says how it is read."
        text = refusal.text + (more if refusal.code == "price_between_bands" else "")
        self.add_error(_name(tier) if tier else None, text)


def prices_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Set what the tiers of a show cost, from now or from a moment on."""
    demand(request, "ticketing.set_price")
    show = Show.objects.filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    tiers = prices_at(show.pk, None, database_now())
    if not tiers:
        messages.warning(request, f"{show.title} has no tiers to price yet: load its house first.")
        return HttpResponseRedirect(page_of(show))
    sent = request.POST if request.method == "POST" else None
    form = PricesForm(tiers, sent, asks_sure="sure" in request.POST, initial={"note": why_at_first(show)})
    if form.is_valid() and (far := form.far()):
        form = PricesForm(tiers, sent, asks_sure=True)
        form.add_error(None, far)
    elif form.is_valid():
        by = By(f"user:{request.user.pk}")
        try:
            prices = set_prices(
                show_id=show.pk, paise=form.changed(), by=by, from_at=form.cleaned_data["from_at"] or None
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            said = ", ".join(f"{one.tier.name} {rupees(one.paise)} from {clock(one.from_at)}" for one in prices)
            if prices:
                note(model_admin, request, show, f"{said}: {form.cleaned_data['note']}")
            messages.success(request, f"{show.title}: {said}." if prices else "No price was changed.")
            return HttpResponseRedirect(page_of(show))
    told = ["What the buyer pays: all taxes and charges are inside. A tier left as it is keeps its price."]
    if not Terms.objects.filter(show=show).exists():
        told.insert(0, "Before that the show needs its terms: who sells it and how it is taxed.")
    return form_page(
        model_admin,
        request,
        title=f"Prices of {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        told=told,
        form=form,
        verb="Set these prices",
        back=page_of(show),
    )


def _name(tier: TierPrice) -> str:
    return f"tier_{tier.tier_id}"
