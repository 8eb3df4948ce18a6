"""A modelled split made real, as a form page: what it would do is tried and shown, then done with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from core.refusals import DomainError
from core.words import counted
from inventory.acts import By
from inventory.admin import outlooks, words
from inventory.admin.form_page import demand, number, page
from inventory.admin.links import page_of, slices_page_of, split_page_of
from inventory.admin.slice_forms import SliceWhyForm
from inventory.admin.slicing import PERMISSION
from inventory.admin.split_forms import ORDERS, SplitForm, read_quantities
from inventory.models import Channel, Show
from inventory.services.splitting import Cut, apply_split
from inventory.services.trials import Trial

LOOK = "look"
CHANGED = "The split was changed after you looked. See below what it comes to now, then apply it."
GONE = "What was seen does not fit any more, and nothing was changed: {} Look again."


class _Page:
    """The split and its reason as they were sent, and what a trial says of it."""

    def __init__(self, show: Show, request: HttpRequest) -> None:
        sent = request.POST if request.method == "POST" else None
        channels = list(Channel.objects.filter(is_active=True).order_by("pk"))
        self.show, self.request = show, request
        has_slices = show.allocations.filter(is_pool=False).exists()
        self.form = SplitForm(channels, sent, has_slices=has_slices)
        is_look = sent is None or LOOK in sent
        self.why = SliceWhyForm() if is_look else SliceWhyForm(sent)
        self.is_look = is_look
        self.looked = read_quantities(sent or {}, channels)
        self.cuts: list[Cut] = []
        self.trial: Trial | None = None

    def look(self) -> None:
        """Try the split, and say what it would do."""
        if not self.form.is_valid():
            return

        def change(at: datetime) -> None:
            self.cuts = self._apply({}, By(actor=f"user:{self.request.user.pk}"), at)

        try:
            self.trial = outlooks.tried(self.show, change)
        except DomainError as refusal:
            self.form.add_error(None, f"{refusal.text} Nothing was changed.")

    def apply(self) -> list[Cut]:
        """Do it with the numbers that were looked at; nothing where a form says why not."""
        are_valid = [self.form.is_valid(), self.why.is_valid()]
        if are_valid[0] and self.request.POST.get("looked_for") != self.form.fingerprint:
            self.look()
            self.form.add_error(None, CHANGED)
        elif all(are_valid):
            try:
                return self._apply(self.looked, self.why.by(self.request), None)
            except DomainError as refusal:
                self.form.add_error(None, GONE.format(refusal.text))
        else:
            self.look()
        return []

    def _apply(self, quantities: dict[int, int], by: By, at: datetime | None) -> list[Cut]:
        return apply_split(show_id=self.show.pk, split=self.form.split(quantities), by=by, now=at)

    def cut_in_words(self) -> list[dict[str, str]]:
        """Each slice of the trial, with its number of places and its ladder, and what to beware of."""
        order = dict(ORDERS)[self.form.cleaned_data["order"]].lower() if self.cuts else ""
        return [self._in_words(cut, order) for cut in self.cuts] if self.trial else []

    def seen(self) -> outlooks.Seen | None:
        if self.trial is None:
            return None
        moved = "would change their label"
        names_parties = self.request.user.has_perm("inventory.view_claim")
        return outlooks.seen_of(
            self.show, self.trial, moved, self.form.fingerprint, keeps_ids=False, names_parties=names_parties
        )

    def brought_back(self) -> list[tuple[str, str | int]]:
        """What the form brings back with it, so that slices of just this size are cut."""
        sizes = [(f"cut_{cut.channel_id}", cut.quantity) for cut in self.cuts if cut.allocation.closes_at is None]
        return [("looked_for", self.form.fingerprint), *sizes] if self.trial else []

    def _in_words(self, cut: Cut, order: str) -> dict[str, str]:
        size = counted(cut.quantity, "place")
        if cut.allocation.closes_at:
            return {"words": f"{cut.allocation.name}: all the rest, {size}, until {_clock(cut.allocation.closes_at)}."}
        steps = [f"gives back {words.much(step.share_percent, None)} on {_clock(step.at)}" for step in cut.ladder]
        ladder = ", then ".join(steps) or "gives nothing back by itself"
        said = {"words": f"{cut.allocation.name}: {size}, {order}; {ladder}."}
        if not steps:
            past = "its steps lie in the past" if cut.left_out else "it has no ladder"
            return said | {"warning": f"What is not sold of it stays out of the pool until the show: {past}."}
        return said | ({"warning": "A step that lies in the past is left out."} if cut.left_out else {})


def _clock(at: datetime) -> str:
    return words.clock(at).removesuffix(":00")


def apply_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Look at what a split would do, and do it."""
    demand(request, PERMISSION)
    show = Show.objects.select_related("venue").filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    asked = _Page(show, request)
    back = split_page_of(show.pk) if request.user.has_perm("inventory.view_place") else page_of(show)
    if request.method == "POST":
        if asked.is_look:
            asked.look()
        elif cuts := asked.apply():
            said = "; ".join(f"{cut.allocation.name}, {counted(cut.quantity, 'place')}" for cut in cuts)
            messages.success(request, f"The pool of {show.title} is split: {said}.")
            may_see = request.user.has_perm("inventory.view_allocation")
            return HttpResponseRedirect(slices_page_of(show.pk) if may_see else back)
    return page(
        model_admin,
        request,
        "inventory/admin/split_apply.html",
        title=f"Apply a split: {show.title}, {timezone.localtime(show.starts_at):%d %b %Y, %H:%M}",
        show=show,
        back=back,
        form=asked.form,
        why=asked.why,
        seen=asked.seen(),
        cuts=asked.cut_in_words(),
        brought_back=asked.brought_back(),
    )
