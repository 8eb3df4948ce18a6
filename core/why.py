"""Why somebody did it, in free words: a box on every form that does something, and a line in the admin's log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.forms import TextInput

    Admin = ModelAdmin[Any]
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

    Admin = object

BUILDING = "The show is being built"


class NoteForm(forms.Form):
    """Why, in free words, where nobody counts reasons. It comes last, whatever else a form asks."""

    note = forms.CharField(
        label="Why", max_length=200, widget=TextInput, help_text="It stands beside your name in the log."
    )

    def order_fields(self, field_order: Any) -> None:
        super().order_fields(field_order)
        self.fields["note"] = self.fields.pop("note")


class SaysWhy(Admin):
    """An admin of rows that decide what is sold, to whom, or for how much: whoever changes one says why.

    `why_of_new` is what the box holds at first where a row is added; None where a new row is not asked about.
    Stands first among the bases, since the box comes after all else.
    """

    why_of_new: str | None = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Django asks without fields to learn which a model has; the box is none of them.
        if self._asks_why(request, obj) and kwargs.get("fields", ()) is not None:
            kwargs["form"] = type("FormWithWhy", (self.form, NoteForm), {})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        return [*sets, (None, {"fields": ("note",)})] if self._asks_why(request, obj) else sets

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"note": self.why_of_new} | super().get_changeform_initial_data(request)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was changed, as Django says it, and then why."""
        why = form.cleaned_data.get("note")
        form.changed_data = [name for name in form.changed_data if name != "note"]
        message = super().construct_change_message(request, form, formsets, add)
        return f"{LogEntry(change_message=json.dumps(message)).get_change_message()} {why}" if why else message

    def _asks_why(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return self.why_of_new is not None
        return self.has_change_permission(request, obj)
