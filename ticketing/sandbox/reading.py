"""Reading what a request says, as strictly as Razorpay does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticketing.sandbox.refusals import Refused

Entity = dict[str, Any]

LEAST_PAISE = 100
MOST_NOTES = 15


@dataclass(slots=True)
class Call:
    """One request: the ids in its path, its query, its body and its headers (names in lower case)."""

    id: str = ""
    other_id: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Entity = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def only(body: Mapping[str, Any], *known: str) -> None:
    """Razorpay refuses a field that it does not know."""
    if extra := [name for name in body if name not in known]:
        raise Refused(f"{', '.join(extra)} is/are not required and should not be sent", field=extra[0])


def required(body: Mapping[str, Any], name: str) -> Any:
    if body.get(name) in (None, ""):
        raise Refused(f"The {name.replace('_', ' ')} field is required.", field=name)
    return body[name]


def amount_of(body: Mapping[str, Any], name: str = "amount") -> int:
    """Whole paise, at least one rupee."""
    value = required(body, name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"The {name.replace('_', ' ')} must be an integer.", field=name)
    if value < LEAST_PAISE:
        raise Refused("The amount must be at least INR 1.00", field=name)
    return value


def currency_of(body: Mapping[str, Any]) -> str:
    if required(body, "currency") != "INR":
        raise Refused("Currency is not supported", field="currency")
    return "INR"


def text_of(body: Mapping[str, Any], name: str, most: int) -> str | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(f"The {name} must be a string.", field=name)
    if len(value) > most:
        raise Refused(f"The {name} may not be greater than {most} characters.", field=name)
    return value


def notes_of(body: Mapping[str, Any]) -> Entity | list[Any]:
    """An object; `[]` where there is nothing in it, as PHP writes an empty map."""
    notes = body.get("notes") or {}
    if not isinstance(notes, dict):
        raise Refused("Notes must be a valid JSON object", field="notes")
    if len(notes) > MOST_NOTES:
        raise Refused(f"Number of fields in notes should be less than or equal to {MOST_NOTES}", field="notes")
    for key, value in notes.items():
        if len(str(value)) > 256:
            raise Refused(f"{key} exceeds the maximum length of 256 characters", field="notes")
    return notes or []


def number_of(query: Mapping[str, str], name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    said = query.get(name, "")
    if not said:
        return default
    if not said.lstrip("-").isdigit():
        raise Refused(f"The {name} must be an integer.", field=name)
    value = int(said)
    if value < least:
        raise Refused(f"The {name} must be at least {least}.", field=name)
    if most is not None and value > most:
        raise Refused(f"The {name} may not be greater than {most}.", field=name)
    return value
