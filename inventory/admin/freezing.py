"""Freeze and thaw as form pages. Each checks its own permission, makes one call, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from core.refusals import DomainError
from inventory.admin import words
from inventory.admin.form_page import WhyForm, demand, form_page, number
from inventory.admin.links import link, page_of, stock_page_of
from inventory.admin.safety import safety_of
from inventory.models import Channel, Freeze, Show
from inventory.services import freezes

if TYPE_CHECKING:
    from django.forms import Select
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select


class FreezeForm(WhyForm):
    """What to stop selling, and where: a tier or a section or everything, on one channel or on all."""

    codes = {
        "sync_lag": "A till or a device is behind with its sales",
        "payments_uncertain": "Payments are uncertain",
        "house_changes": "The house is being changed: rows, stage, cameras",
        "organiser_request": "The organiser asks for it",
        "suspicious_buying": "Suspicious buying",
        "safety": "Safety of the house",
    }
    field_order = ("what", "channel", "reason", "other", "note")

    what = forms.ChoiceField(label="Stop selling", required=False, widget=Select)
    channel = forms.ModelChoiceField(
        Channel.objects.all(), label="On", required=False, empty_label="Every channel", widget=Select
    )

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", "Everything, on the channel below"),
            ("Tiers", [(f"tier:{tier.pk}", f"{tier} (tier)") for tier in show.tiers.all()]),
            ("Sections", [(f"section:{section.pk}", f"{section} (section)") for section in show.sections.all()]),
        ]

    def target(self) -> dict[str, Any]:
        """As `freeze` takes it."""
        kind, _, pk = self.cleaned_data["what"].partition(":")
        channel = self.cleaned_data["channel"]
        return {"channel_id": channel and channel.pk} | ({f"{kind}_id": int(pk)} if kind else {})


class ThawForm(WhyForm):
    """Why it may be sold again."""

    codes = {
        "cause_is_gone": "The cause is gone",
        "counted": "Counted: enough places are left",
        "organiser_request": "The organiser asks for it",
        "mistake": "Frozen by mistake",
    }


def freeze_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Stop selling something of a show."""
    demand(request, "inventory.add_freeze")
    show = Show.objects.filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    wished = {"what": request.GET.get("what"), "channel": request.GET.get("channel")}
    form = FreezeForm(show, request.POST or None, initial=wished)
    if request.method == "POST" and form.is_valid():
        try:
            frozen = freezes.freeze(show_id=show.pk, by=form.by(request), **form.target())
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"Frozen: {frozen}. It stays so until a person thaws it.")
            return HttpResponseRedirect(stock_page_of(show.pk))
    return form_page(
        model_admin,
        request,
        title=f"Freeze: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        form=form,
        verb="Freeze now",
        stops=True,
        back=stock_page_of(show.pk),
        told=[
            "It waits for the sales in flight; no sale begun afterwards gets past it.",
            "What is locked already may still be paid.",
        ],
    )


def thaw_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Let selling go on, after saying whether the rules would let it."""
    demand(request, "inventory.change_freeze")
    parts = ("tier", "section", "channel", "rule__tier", "rule__section", "rule__channel")
    rows = Freeze.objects.select_related("show", "frozen__note", *parts)
    freeze = rows.annotate(who=words.who("frozen__actor")).filter(pk=number(pk)).first()
    if freeze is None:
        raise Http404
    if freeze.thawed_id is not None and request.method != "POST":
        messages.warning(request, f"{freeze} was thawed before.")
        return HttpResponseRedirect(stock_page_of(freeze.show_id))
    form = ThawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            freezes.thaw(freeze_id=freeze.pk, by=form.by(request))
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, f"Thawed: {freeze}.")
            return HttpResponseRedirect(stock_page_of(freeze.show_id))
    return form_page(
        model_admin,
        request,
        title=f"Thaw: {freeze}, {freeze.show.title}",
        form=form,
        verb="Thaw now",
        back=stock_page_of(freeze.show_id),
        told=[words.frozen_by(freeze), *safety_of(freeze), *_way_to_rule(freeze, request)],
    )


def _way_to_rule(freeze: Freeze, request: HttpRequest) -> list[SafeString]:
    """To the rule that froze it, for whoever may change that: a smaller number may be the better answer."""
    if freeze.rule is None or not request.user.has_perm("inventory.change_freezerule"):
        return []
    return [link(page_of(freeze.rule), "Change the rule")]
