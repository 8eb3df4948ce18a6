"""API keys: made on a form page that shows the key once, revoked on another. Only a digest is ever kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from core.why import NoteForm
from inventory.admin import filters, words
from inventory.admin.form_page import demand, form_page, number, page
from inventory.admin.links import link, list_of
from inventory.admin.noted import noted
from inventory.models import ApiKey, Channel
from inventory.services import keys

if TYPE_CHECKING:
    from django.forms import Select, TextInput
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput


class KeyForm(NoteForm):
    channel = forms.ModelChoiceField(
        Channel.objects.all(), widget=Select, help_text="Whoever shows the key sells on this channel."
    )
    name = forms.CharField(
        max_length=60, widget=TextInput, help_text="Who uses it, for you to know which one to revoke."
    )


@admin.register(ApiKey)
class ApiKeyAdmin(FactAdmin):
    list_display = ("name", "channel", "begins", "state", "made", "revoked", "revoke")
    list_select_related = ("channel",)
    list_filter = (filters.ByChannel,)
    fields = (("name", "channel"), ("begins", "state"), ("made", "revoked"), "noted_of_it", "revoke")
    readonly_fields = ("begins", "state", "made", "revoked", "noted_of_it", "revoke")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inventory.add_apikey")

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(partial(revoke_page, self))
        return [path("<str:pk>/revoke/", revoke, name="inventory_apikey_revoke"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return make_page(self, request)

    def get_list_display(self, request: HttpRequest) -> Any:
        may = request.user.has_perm("inventory.change_apikey")
        return self.list_display if may else self.list_display[:-1]

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return self.fields if request.user.has_perm("inventory.change_apikey") else self.fields[:-1]

    @admin.display(description="begins with")
    def begins(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @admin.display(description="state")
    def state(self, key: ApiKey) -> SafeString:
        return words.label("revoked") if key.revoked_at else words.label("good", "success")

    @admin.display(description="made")
    def made(self, key: ApiKey) -> str:
        return words.clock(key.created_at)

    @admin.display(description="revoked")
    def revoked(self, key: ApiKey) -> str:
        return words.clock(key.revoked_at)

    @admin.display(description="noted of it")
    def noted_of_it(self, key: ApiKey) -> SafeString | str:
        return noted(key)

    @admin.display(description="end it")
    def revoke(self, key: ApiKey) -> SafeString | str:
        return "-" if key.revoked_at else link(reverse("admin:inventory_apikey_revoke", args=[key.pk]), "Revoke")


def make_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Make a key and show it, once. The answer is no redirect: between two requests the key would have to be kept."""
    demand(request, "inventory.add_apikey")
    form = KeyForm(request.POST if request.method == "POST" else None, initial={"channel": request.GET.get("channel")})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # who made it stands nowhere else
            key, secret = keys.make_key(channel_id=form.cleaned_data["channel"].pk, name=form.cleaned_data["name"])
            model_admin.log_addition(request, key, f"Made for {key.channel}: {form.cleaned_data['note']}")
        return page(
            model_admin,
            request,
            "inventory/admin/key_shown_once.html",
            title=f"The key of {key.name}",
            key=key,
            secret=secret,
            back=list_of(ApiKey),
        )
    return form_page(
        model_admin,
        request,
        title="Make an API key",
        form=form,
        verb="Make the key",
        back=list_of(ApiKey),
        told=["The key is shown once, right after this. Only a digest of it is kept."],
    )


def revoke_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Ask, then make a key unknown for good."""
    demand(request, "inventory.change_apikey")
    key = ApiKey.objects.select_related("channel").filter(pk=number(pk)).first()
    if key is None:
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if keys.revoke_key(key_id=key.pk):
            model_admin.log_change(request, key, f"Revoked: {form.cleaned_data['note']}")
            messages.success(request, f"Revoked: {key}. Nobody gets in with it any more.")
        else:
            messages.warning(request, f"{key} was revoked already.")
        return HttpResponseRedirect(list_of(ApiKey))
    told = [
        f"Whoever uses it can no longer sell on {key.channel}, from the next request on.",
        "This cannot be undone: a new key takes its place.",
    ]
    return form_page(
        model_admin,
        request,
        title=f"Revoke {key}",
        told=told,
        form=form,
        verb="Revoke",
        back=list_of(ApiKey),
        stops=True,
    )
