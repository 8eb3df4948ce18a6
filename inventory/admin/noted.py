"""Who did what at a desk where the row itself has no room for it: kept in the admin's own log."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString

from inventory.admin.words import clock, lines


def note(model_admin: Any, request: HttpRequest, row: Model, said: str) -> None:
    model_admin.log_change(request, row, said)


def noted(row: Model) -> SafeString | str:
    """All that was noted of a row, the oldest first; a dash where nothing was."""
    entries = (
        LogEntry.objects.filter(content_type=get_content_type_for_model(row), object_id=str(row.pk))
        .select_related("user")
        .order_by("action_time")
    )
    return lines(
        (f"{entry.user.get_username()}, {clock(entry.action_time)}:", entry.change_message) for entry in entries
    )
