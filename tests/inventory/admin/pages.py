"""Pages as a browser has them: their addresses, their words, and their forms filled in as they come."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from re import DOTALL, sub
from typing import Any

from django.db.models import Model
from django.forms import BoundField, CheckboxInput, MultiWidget
from django.urls import reverse


def listing(model: type[Model], query: str = "") -> str:
    return reverse(f"admin:{_named(model)}_changelist") + query


def of(row: Model, verb: str = "change") -> str:
    return reverse(f"admin:{_named(type(row))}_{verb}", args=[row.pk])


def adding(model: type[Model]) -> str:
    return reverse(f"admin:{_named(model)}_add")


def _named(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def words(response: Any) -> str:
    """What a person reads on a page: its text, with every run of white space as one blank."""
    return plain(sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", response.content.decode(), flags=DOTALL))


def plain(html: object) -> str:
    return " ".join(unescape(sub(r"<[^>]*>", " ", str(html))).split())


def rows(response: Any) -> list[Any]:
    """The rows of a list, in its order."""
    return list(response.context["cl"].result_list)


def filled_in(response: Any, **changes: str) -> dict[str, Any]:
    """What a browser would send if somebody changed only this on the form, said why, and pressed save."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {name: value for form in forms for field in form for name, value in _sent(field)}
    unknown = {name for name in changes if name not in sent}
    assert not unknown, f"the form has no {unknown}"
    why = {"note": sent["note"] or "As agreed"} if "note" in response.context["adminform"].form.fields else {}
    return sent | why | changes


def _sent(field: BoundField) -> Iterator[tuple[str, Any]]:
    widget = getattr(field.field.widget, "widget", field.field.widget)
    value = field.value()
    if isinstance(widget, MultiWidget):
        for number, part in enumerate(widget.decompress(value) or ()):
            yield f"{field.html_name}_{number}", "" if part is None else str(part)
    elif isinstance(widget, CheckboxInput):
        if value:
            yield field.html_name, "on"
    else:
        yield field.html_name, "" if value is None else str(value)
