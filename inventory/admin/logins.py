"""Failed logins, as django-axes counts them; and the two verbs that help people back in."""

from __future__ import annotations

from functools import partial
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from axes.utils import reset
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core import second_factor
from core.admin import FactAdmin
from core.why import NoteForm
from inventory.admin import words
from inventory.admin.form_page import demand, form_page, number
from inventory.admin.links import link, list_of

MAY_LET_IN, MAY_CHANGE = "axes.delete_accessattempt", "auth.change_user"


@admin.register(AccessAttempt)
class FailedLoginAdmin(FactAdmin):
    """Who failed to log in, from where, how often. A row goes away with the next good login, or by letting in again."""

    list_display = ("username", "ip_address", "failures_since_start", "last", "state", "verb")
    fields = ("username", "ip_address", "failures_since_start", "last", "state", "verb")
    readonly_fields = fields
    search_fields = ("username",)
    ordering = ("-attempt_time",)

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(partial(let_in_page, self))
        return [path("<str:pk>/let_in/", again, name="axes_accessattempt_let_in"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if request.user.has_perm(MAY_LET_IN) else self.list_display[:-1]

    def get_fields(self, request: HttpRequest, obj: AccessAttempt | None = None) -> Any:
        return self.fields if request.user.has_perm(MAY_LET_IN) else self.fields[:-1]

    @admin.display(description="last failure")
    def last(self, attempt: AccessAttempt) -> str:
        return words.clock(attempt.attempt_time)

    @admin.display(description="state")
    def state(self, attempt: AccessAttempt) -> SafeString:
        return words.label("locked out", "danger") if _is_locked(attempt) else words.label("may try again")

    @admin.display(description="help")
    def verb(self, attempt: AccessAttempt) -> SafeString:
        return link(reverse("admin:axes_accessattempt_let_in", args=[attempt.pk]), "Let in again")


@admin.register(AccessFailureLog)
class FailureAdmin(FactAdmin):
    """Every failed login by itself, also those before a login that went well."""

    list_display = ("username", "ip_address", "when", "is_locked")
    fields = ("username", "ip_address", "when", "is_locked", "user_agent")
    readonly_fields = ("when", "is_locked")
    search_fields = ("username",)
    ordering = ("-pk",)

    @admin.display(description="when")
    def when(self, failure: AccessFailureLog) -> str:
        return words.clock(failure.attempt_time)

    @admin.display(description="then")
    def is_locked(self, failure: AccessFailureLog) -> SafeString:
        return words.label("locked out", "danger") if failure.locked_out else words.label("might try again")


def let_in_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Forget the failed logins of a name, so that it may try again at once."""
    demand(request, MAY_LET_IN)
    attempt = AccessAttempt.objects.filter(pk=number(pk)).first()
    if attempt is None:
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reset(username=attempt.username)
        model_admin.log_change(request, attempt, f"Let {attempt.username} in again: {form.cleaned_data['note']}")
        messages.success(request, f"{attempt.username} may try again now.")
        return HttpResponseRedirect(list_of(AccessAttempt))
    times = "once" if attempt.failures_since_start == 1 else f"{attempt.failures_since_start} times"
    return form_page(
        model_admin,
        request,
        title=f"Let {attempt.username} in again",
        told=[
            f"The login failed {times} from {attempt.ip_address or 'an unknown address'}, last at "
            f"{words.clock(attempt.attempt_time)}.",
            "Ask the person whether it was they. If it was not, leave it: the password was being guessed.",
        ],
        form=form,
        verb="Let in again",
        back=list_of(AccessAttempt),
    )


def forget_phone_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Take a lost phone away from a login."""
    demand(request, MAY_CHANGE)
    user = User.objects.filter(pk=number(pk)).first()
    if user is None:
        raise Http404
    back = reverse("admin:auth_user_change", args=[user.pk])
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if second_factor.forget(user):
            model_admin.log_change(request, user, f"Phone taken away: {form.cleaned_data['note']}")
            messages.success(request, f"The phone of {user} is forgotten. The next login sets up another.")
        else:
            messages.warning(request, f"{user} had no phone set up.")
        return HttpResponseRedirect(back)
    return form_page(
        model_admin,
        request,
        title=f"Take the phone of {user} away",
        told=[
            "Its codes and the recovery codes are good no more. The next login by the password sets up a phone anew.",
            "See the person, or hear them, before you do it: this is how a thief would ask.",
        ],
        form=form,
        verb="Take it away",
        back=back,
        stops=True,
    )


def _is_locked(attempt: AccessAttempt) -> bool:
    is_recent = attempt.attempt_time > timezone.now() - settings.AXES_COOLOFF_TIME
    return bool(is_recent and attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT)
