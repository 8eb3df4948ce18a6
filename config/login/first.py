"""The first step: name and password, counted by django-axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from config.login import pending
from core import second_factor
from core.address import address_of

if TYPE_CHECKING:
    from django.contrib.admin.forms import AdminAuthenticationForm as AuthenticationForm
else:
    from unfold.forms import AuthenticationForm


LONGEST_NAME = 150


def counted_address(request: HttpRequest) -> str | None:
    """The address by which failed logins are counted: of a household's IPv6 network its first one."""
    return address_of(request).partition("/")[0] or None


class PasswordForm(AuthenticationForm):
    """Name and password. Who is locked out is told for how long, whether or not there is such a name."""

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if len(name) > LONGEST_NAME:  # no user has such a name, and no table has room for it
            raise ValidationError("Nobody's name is so long.")
        return name

    def get_invalid_login_error(self) -> ValidationError:
        if not is_locked_out(self.request):
            return super().get_invalid_login_error()
        minutes = settings.AXES_COOLOFF_TIME.total_seconds() // 60
        return ValidationError(
            f"Too many failed logins under this name from here. Wait {minutes:.0f} minutes, or ask a manager to let "
            "you in again.",
            code="locked_out",
        )


def is_locked_out(request: HttpRequest | None) -> bool:
    return bool(getattr(request, "axes_locked_out", False))


class FirstStep(LoginView):
    """Log in whom the password is enough for; send on whoever owes a code besides."""

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        if not (second_factor.is_needed(user) or second_factor.phone_of(user)):
            return super().form_valid(form)
        pending.keep(self.request, user, user.backend, self.get_success_url())
        return HttpResponseRedirect(reverse("admin:login_code"))

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        if is_locked_out(self.request):
            answer.status_code = 429
        return answer
