"""The admin of a box office: nobody is in it who still owes a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from core import second_factor

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite as UnfoldAdminSite
else:
    from unfold.sites import UnfoldAdminSite


class BoxOffice(UnfoldAdminSite):
    """unfold's site, with two steps to log in for those who need two."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_passed(request.user)

    def extra_urls(self) -> list[URLPattern]:
        # Not at the top: apps are not loaded yet when Django makes the site.
        from config.login import second

        return [
            path("login/code/", never_cache(second.code_page), name="login_code"),
            path("login/phone/", never_cache(second.phone_page), name="login_phone"),
            path("login/steps/", self.admin_view(second.steps_page), name="login_steps"),
        ]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from config.login import pending
        from config.login.first import FirstStep, PasswordForm

        then = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.method == "GET" and isinstance(request.user, User) and super().has_permission(request):
            # Logged in before a second step was asked of them: the password was right, the code is owed.
            pending.keep(request, request.user, request.session["_auth_user_backend"], _inside(request, then))
            return HttpResponseRedirect(reverse("admin:login_code"))
        context = {
            **self.each_context(request),
            "title": "Log in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            REDIRECT_FIELD_NAME: then,
            **(extra_context or {}),
        }
        request.current_app = self.name
        view = FirstStep.as_view(
            extra_context=context, authentication_form=PasswordForm, template_name="admin/login.html"
        )
        return view(request)  # type: ignore[return-value]  # a TemplateResponse or a redirect


def _inside(request: HttpRequest, then: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure())
    return then if is_ours else reverse("admin:index")
