"""Users and groups, in the admin's look."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import second_factor
from core.admin import UnfoldAdmin
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


@admin.register(User)
class UserAdmin(DjangoUserAdmin, UnfoldAdmin):  # type: ignore[type-arg]  # at run time Django's takes none
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    readonly_fields = ("two_steps",)

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
class GroupAdmin(DjangoGroupAdmin, UnfoldAdmin):
    pass
