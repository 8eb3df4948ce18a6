"""The second step: a code from the phone; before the first, setting the phone up. And renewing either, later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django_otp import login as pass_second_step
from django_otp.models import Device

from config.login import pending
from core import second_factor
from ticketing.tickets.qr import qr_svg

if TYPE_CHECKING:
    from django.forms import TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput


OFFERED, CHANGES = "offered_phone", "changes_phone_until"
CHANGES_FOR_S = 600


class CodeForm(forms.Form):
    """What the phone shows, or one of the recovery codes."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}),
    )


def code_page(request: HttpRequest) -> HttpResponse:
    """Ask whoever gave the right password for the code, and log them in."""
    if (owing := pending.who(request)) is None:
        return _begin_again(request)
    user, kept = owing
    if second_factor.phone_of(user) is None:
        return HttpResponseRedirect(reverse("admin:login_phone"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device, refused = second_factor.check(user, form.cleaned_data["code"])
        if device is not None:
            _log_in(request, user, kept, device)
            return HttpResponseRedirect(kept["then"])
        form.add_error("code", refused)
    return _page(request, "admin/login_code.html", title="Your code", form=form, who=user)


def phone_page(request: HttpRequest) -> HttpResponse:
    """Set a phone up: at the first login, or later in the place of another."""
    owing = pending.who(request)
    if owing is not None and second_factor.phone_of(owing[0]) is not None:
        return HttpResponseRedirect(reverse("admin:login_code"))
    user = owing[0] if owing else request.user
    if owing is None and not admin.site.has_permission(request):
        return _begin_again(request)
    assert isinstance(user, User)
    if owing is None and second_factor.phone_of(user) is not None and not _may_change(request):
        return HttpResponseRedirect(reverse("admin:login_steps"))
    phone = second_factor.offered_phone(user, request.session.get(OFFERED))
    request.session[OFFERED] = phone.pk
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        codes, refused = second_factor.confirm(phone, "".join(form.cleaned_data["code"].split()))
        if codes:
            del request.session[OFFERED]
            request.session.pop(CHANGES, None)
            then = owing[1]["then"] if owing else reverse("admin:login_steps")
            if owing:
                _log_in(request, user, owing[1], phone)
            else:
                pass_second_step(request, phone)
            return _codes_page(request, codes, then)
        form.add_error("code", refused)
    picture = qr_svg(phone.config_url, label="The key of this login, for an authenticator app")
    return _page(
        request,
        "admin/login_phone.html",
        title="Set up your phone",
        form=form,
        who=user,
        picture=mark_safe(picture),  # noqa: S308  made by us of a key of our own
        key=second_factor.spoken_key(phone),
        link=phone.config_url,
        is_first=owing is not None,
    )


def steps_page(request: HttpRequest) -> HttpResponse:
    """One's own second step: another phone, other recovery codes. Either asks for a code of the phone of now."""
    user = request.user
    assert isinstance(user, User)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device, refused = second_factor.check(user, form.cleaned_data["code"])
        if device is not None and "phone" in request.POST:
            request.session[CHANGES] = time.time() + CHANGES_FOR_S
            return HttpResponseRedirect(reverse("admin:login_phone"))
        if device is not None:
            return _codes_page(request, second_factor.new_recovery_codes(user), reverse("admin:login_steps"))
        form.add_error("code", refused)
    return _page(
        request,
        "admin/login_steps.html",
        title="Two-step login",
        form=form,
        phone=second_factor.phone_of(user),
        is_needed=second_factor.is_needed(user),
        left=second_factor.recovery_codes_left(user),
    )


def _may_change(request: HttpRequest) -> bool:
    """Whether a code of the phone of now was given a moment ago: an unlocked desk alone changes no phone."""
    return time.time() < float(request.session.get(CHANGES, 0))


def _log_in(request: HttpRequest, user: User, kept: dict[str, Any], device: Device) -> None:
    pending.drop(request)
    login(request, user, backend=kept["backend"])
    pass_second_step(request, device)


def _begin_again(request: HttpRequest) -> HttpResponse:
    pending.drop(request)
    return HttpResponseRedirect(reverse("admin:login"))


def _codes_page(request: HttpRequest, codes: list[str], then: str) -> HttpResponse:
    return _page(request, "admin/login_recovery.html", title="Your recovery codes", codes=codes, then=then)


def _page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    answer = TemplateResponse(request, template, {**admin.site.each_context(request), **context})
    answer.headers["Cache-Control"] = "no-store"
    return answer
