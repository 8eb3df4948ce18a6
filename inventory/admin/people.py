"""Users and groups, in the admin's look."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import second_factor
from core.admin import CatalogAdmin
from core.why import NoteForm
from inventory.admin import logins
from inventory.admin.links import link

if TYPE_CHECKING:
    from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
    from django.contrib.auth.forms import AdminUserCreationForm as UserCreationForm
else:
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

admin.site.unregister(User)
admin.site.unregister(Group)
# Keys of phones are for nobody to look at; what is to be done about one is done from its user's page.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


class PasswordForm(NoteForm, AdminPasswordChangeForm):  # type: ignore[type-arg]  # at run time Django's takes none
    """Another password for somebody, and why it is not they who set it."""


class GrantingAdmin(CatalogAdmin):
    """Users and groups: what was granted or taken away is written down by name."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        said = super().construct_change_message(request, form, formsets, add)
        granted = "" if add else " ".join(_granted(form))
        return f"{granted} {said}" if granted else said


@admin.register(User)
class UserAdmin(DjangoUserAdmin, GrantingAdmin):  # type: ignore[type-arg,misc]  # at run time Django's takes none
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    readonly_fields = ("two_steps",)

    def why_kept(self, obj: User) -> str:
        has_acted = obj.last_login is not None or LogEntry.objects.filter(user=obj).exists()
        return "Their name stands beside what they did, so it is kept. Untick 'active' to end the login." * has_acted

    def get_urls(self) -> list[URLPattern]:
        forget = self.admin_site.admin_view(partial(logins.forget_phone_page, self))
        return [path("<str:pk>/forget_phone/", forget, name="auth_user_forget_phone"), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        return sets if obj is None else [*sets, ("Two-step login", {"fields": ("two_steps",)})]

    @admin.display(description="phone")
    def two_steps(self, user: User) -> SafeString | str:
        if second_factor.phone_of(user) is None:
            return "Set up at the next login" if second_factor.is_needed(user) else "None, and none is needed"
        return link(reverse("admin:auth_user_forget_phone", args=[user.pk]), "Set up. Take it away…")


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, GrantingAdmin):
    pass


def _granted(form: Any) -> Iterator[str]:
    """`Groups: with Finance; without Auditor.` for each choice of many that was changed."""
    for name in form.changed_data:
        chosen = form.cleaned_data.get(name)
        if not isinstance(chosen, QuerySet):
            continue
        was, now = {str(one) for one in form.initial.get(name) or ()}, {str(one) for one in chosen}
        told = [
            f"{word} {', '.join(sorted(some))}" for word, some in (("with", now - was), ("without", was - now)) if some
        ]
        yield f"{form.fields[name].label or name}: {'; '.join(told)}."
