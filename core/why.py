"""Why somebody did it, in free words: a box on every form that does something, and a line in the admin's log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict

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
    """An admin whose rows nobody changes or deletes without saying why.

    A new row is asked about only where `why_at_first` has words for it, which stand in the box to begin with.
    Stands first among the bases, since the box comes after all else.
    """

    delete_confirmation_template = "core/delete_confirmation.html"

    def why_at_first(self, request: HttpRequest) -> str | None:
        """What the box holds at first where a row is added; None where nobody is asked why there is a new one."""
        return None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Django asks without fields to learn which a model has; the box is none of them.
        if self._asks_why(request, obj) and kwargs.get("fields", ()) is not None:
            kwargs["form"] = type("FormWithWhy", (kwargs.get("form", self.form), NoteForm), {})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        return [*sets, (None, {"fields": ("note",)})] if self._asks_why(request, obj) else sets

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return super().get_changeform_initial_data(request) | {"note": self.why_at_first(request)}

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was changed, as Django says it, and then why."""
        why = form.cleaned_data.get("note")
        if "note" in form.changed_data:
            form.changed_data = [name for name in form.changed_data if name != "note"]
        message = super().construct_change_message(request, form, formsets, add)
        said = LogEntry(change_message=json.dumps(message)).get_change_message()
        return f"{said} {why}" if why else message

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        why = NoteForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not why.is_valid():
            request.POST = QueryDict()  # Django deletes on whatever is posted; without it, it asks again
        return super().delete_view(request, object_id, {"why": why} | (extra_context or {}))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        why = request.POST.get("note", "").strip()
        who = int(str(request.user.pk))
        return LogEntry.objects.log_actions(who, queryset, action_flag=DELETION, change_message=why)

    def _asks_why(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None:
            return self.why_at_first(request) is not None
        return self.has_change_permission(request, obj)
