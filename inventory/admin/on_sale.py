"""On sale from: one table of a show's channels, for the pool and for each slice. Seen first, then set just so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from inventory.acts import By
from inventory.admin import outlooks
from inventory.admin.form_page import demand, page
from inventory.admin.hold_forms import Moment
from inventory.admin.links import page_of, slices_page_of
from inventory.admin.slice_forms import OpeningsForm, SliceWhyForm, as_before, channels_for
from inventory.admin.slicing import PERMISSION, show_or_404
from inventory.models import Allocation, Show
from inventory.services.on_sale import OnSale, set_on_sale
from inventory.services.trials import Change


class TimesForm(OpeningsForm):
    """The channels of one allocation, and its end where it has one."""

    def __init__(self, allocation: Allocation, *args: Any, **kwargs: Any) -> None:
        super().__init__(allocation, *args, **kwargs)
        if not self.is_pool:
            self.fields["closes_at"] = forms.DateTimeField(
                label="Everybody from", required=False, initial=allocation.closes_at, widget=Moment
            )

    def on_sale(self) -> OnSale:
        assert self.allocation is not None
        ends_at = as_before(self.cleaned_data.get("closes_at"), self.allocation.closes_at)
        return OnSale(self.allocation.pk, self.openings(), ends_at)


def on_sale_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Set from when each channel sells the pool and each slice."""
    demand(request, PERMISSION)
    show = show_or_404(pk)
    sent = request.POST if request.method == "POST" else None
    times = _forms(show, sent)
    is_save = sent is not None and "save" in sent
    why = SliceWhyForm(sent) if is_save else SliceWhyForm(initial={"reason": "presale"} | (sent.dict() if sent else {}))
    asked = outlooks.Asked()
    says_why = is_save and why.is_valid()
    are_valid = [form.is_valid() for form in times]
    if times and sent is not None and all(are_valid):
        by = why.by(request) if says_why else By(f"user:{request.user.pk}")
        asked = outlooks.look_or_do(request, show, lambda ids: _change(show, times, by), "moves", may_do=says_why)
        _blame(times, asked)
    elif sent is not None:
        asked.alert = "Nothing was changed. See what is marked below."
    if asked.done is not None:
        said = " | ".join(f"{form.allocation}: {form.in_words()}" for form in times)
        model_admin.log_change(request, show, f"On sale: {said}")
        messages.success(request, "The times are set.")
        return HttpResponseRedirect(page_of(show) if show.state == Show.State.DRAFT else slices_page_of(show.pk))
    return page(
        model_admin,
        request,
        "inventory/admin/on_sale.html",
        title=f"On sale from: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        show=show,
        back=slices_page_of(show.pk),
        forms=times,
        why=why,
        seen=asked.seen,
        alert=asked.alert,
        verb="Set just these times",
        has_house=bool(times),
    )


def _forms(show: Show, sent: Any) -> list[TimesForm]:
    allocations = list(Allocation.objects.filter(show=show).prefetch_related("openings").order_by("-is_pool", "pk"))
    channels = channels_for(allocations)
    if sent is not None:
        # A slice that somebody made after this page was loaded is left as it is.
        allocations = [one for one in allocations if any(name.startswith(f"a{one.pk}-") for name in sent)]
    return [TimesForm(one, sent, prefix=f"a{one.pk}", channels=channels) for one in allocations]


def _change(show: Show, times: list[TimesForm], by: By) -> Change:
    wanted = [form.on_sale() for form in times]

    def change(at: datetime) -> None:
        set_on_sale(show_id=show.pk, times=wanted, by=by, now=at)

    return change


def _blame(times: list[TimesForm], asked: outlooks.Asked) -> None:
    """Put a refusal beside the time that it is about, if just one can be meant."""
    if asked.refusal is None:
        return
    said = asked.refusal.facts.get("opens_at") or asked.refusal.facts.get("closes_at")
    for form in times:
        for name, value in form.cleaned_data.copy().items():
            if isinstance(value, datetime) and value.isoformat() == said:
                form.add_error(name, asked.refusal.text)
