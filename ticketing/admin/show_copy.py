"""Another performance of a show: its house, rules, terms and prices again, on another evening."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_slug
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from core.refusals import DomainError
from core.why import NoteForm
from inventory.acts import By
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.links import page_of
from inventory.admin.noted import note
from inventory.admin.words import clock
from inventory.models import Show
from ticketing.admin.pricing_forms import MomentInput
from ticketing.services.copying import copy_priced_show

if TYPE_CHECKING:
    from django.forms import TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput


class CopyForm(NoteForm):
    """What the copy has of its own."""

    title = forms.CharField(max_length=120, widget=TextInput)
    slug = forms.CharField(
        label="Address",
        max_length=80,
        validators=[validate_slug],
        widget=TextInput,
        help_text="The last part of its page's address: small letters, digits and hyphens.",
    )
    starts_at = forms.DateTimeField(label="Starts at", widget=MomentInput)


def copy_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Make the copy, a draft, and go to it."""
    demand(request, "inventory.add_show")
    show = Show.objects.filter(pk=number(pk)).first()
    if show is None:
        raise Http404
    next_day = timezone.localtime(show.starts_at) + timedelta(days=1)
    wished = {"title": show.title, "slug": f"{show.slug}-{next_day:%d-%b}".lower(), "starts_at": next_day}
    form = CopyForm(request.POST or None, initial=wished)
    if request.method == "POST" and form.is_valid():
        own = dict(form.cleaned_data)
        by = By(actor=f"user:{request.user.pk}", note=own.pop("note"))
        try:
            copy = copy_priced_show(show_id=show.pk, by=by, **own)
        except DomainError as refusal:
            form.add_error("slug" if refusal.code == "slug_taken" else None, refusal.text)
        else:
            note(model_admin, request, copy, f"Copied from {show}: {by.note}")
            messages.success(request, f"{copy.title} is made, a draft. Look it over, then put it on sale.")
            return HttpResponseRedirect(page_of(copy))
    return form_page(
        model_admin,
        request,
        title=f"Copy {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        told=[
            "Copied: sections, tiers, places, allocations with their opening times and ladders, freeze rules, terms, "
            "and what each tier costs now. Times keep their distance from the start of the show.",
            "Not copied: holds, kills, freezes, price exceptions, and whatever was sold.",
        ],
        form=form,
        verb="Make the copy",
        back=page_of(show),
    )
