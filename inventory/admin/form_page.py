"""A verb as a form page: what would be done, why, a button, and the way back. The page checks its own permission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from inventory.acts import By
from inventory.admin import filters, reasons

if TYPE_CHECKING:
    from django.forms import Select, Textarea, TextInput
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

OTHER = "other"
CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", "A code is small letters, digits and underscores, such as sync_lag.")


class WhyForm(forms.Form):
    """Why something is done: a code out of a short list or one of one's own, and a note in free words."""

    codes: dict[str, str] = {}

    reason = forms.ChoiceField(widget=Select)
    other = forms.CharField(
        label="A code of your own",
        required=False,
        max_length=32,
        validators=[CODE],
        widget=TextInput,
        help_text="Short, and the same each time, so that it can be counted.",
    )
    note = forms.CharField(
        required=False, max_length=500, widget=Textarea(attrs={"rows": 3}), help_text="For people. Nobody counts it."
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """What may be chosen on a form is read in the same words afterwards."""
        super().__init_subclass__(**kwargs)
        reasons.know(cls.codes)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose why"), *self.codes.items(), (OTHER, "Another reason")]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == OTHER and not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "Name the reason by a code of your own.")
        return cleaned

    def by(self, request: HttpRequest) -> By:
        """Whose act it is, and why."""
        chosen = self.cleaned_data["reason"]
        code = self.cleaned_data["other"] if chosen == OTHER else chosen
        return By(actor=f"user:{request.user.pk}", reason_code=code, note=self.cleaned_data.get("note", ""))


def demand(request: HttpRequest, permission: str) -> None:
    """Refuse whoever lacks the permission: `admin_view` lets in everybody on the staff."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def demand_one(request: HttpRequest, *permissions: str) -> None:
    """Refuse whoever has none of these permissions."""
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def number(pk: str) -> int:
    """The number in an address; what is none, or past all numbers, is not found."""
    if (found := filters.whole(pk)) is None:
        raise Http404
    return found


def page(model_admin: Any, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    """A page of our own in the admin's look."""
    common = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, template, common | context)


def form_page(
    model_admin: Any,
    request: HttpRequest,
    *,
    title: str,
    told: Sequence[str],
    form: forms.Form,
    verb: str,
    back: str,
    stops: bool = False,
    opens_apart: bool = False,
) -> TemplateResponse:
    """What is `told`, the form with its errors, a button that says `verb`, red where it `stops` something.

    What comes of it replaces the page, or `opens_apart` where it is a paper.
    """
    asked = {"title": title, "told": told, "form": form, "verb": verb, "back": back, "opens_apart": opens_apart}
    look = {"variant": "danger" if stops else "primary"}
    return page(model_admin, request, "inventory/admin/form_page.html", **asked, **look)
