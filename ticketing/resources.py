"""Guest lists through django-import-export: a row is a guest, every fault is a row's, and the whole is one act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result
from import_export.widgets import Widget

from core.contacts import ContactInvalid, read_contact
from inventory.models import Tier
from ticketing.models import Complimentary

MOST_A_GUEST = 200
COLUMNS = ("name", "contact", "quantity", "class", "seats", "tier", "note")
REQUIRED = ("name", "quantity", "class")
ALSO_CALLED = {
    "name": ("guest", "guest name", "full name"),
    "contact": ("mail", "e-mail", "email", "mobile", "phone", "mail or mobile"),
    "quantity": ("qty", "tickets", "places", "number", "how many", "pax"),
    "class": ("recipient", "given to", "category", "type"),
    "seats": ("seat", "places named"),
    "tier": ("price level",),
    "note": ("notes", "remark", "remarks", "comment"),
}


@dataclass
class GuestRow:
    """One row that was read. `places` is filled in by whoever seats them."""

    row: int = 0
    name: str = ""
    contact: str = ""
    quantity: int = 0
    recipient: str = ""
    seats: Sequence[int] = ()
    tier: int | None = None
    note: str = ""
    places: Sequence[int] = ()


class _Words(Widget):  # type: ignore[misc]
    """Text on one line, of so many letters at the most."""

    def __init__(self, most: int, missing: str = "") -> None:
        super().__init__()
        self.most, self.missing = most, missing

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = " ".join(str(value or "").split())
        if self.missing and not text:
            raise ValueError(self.missing)
        if len(text) > self.most:
            raise ValueError(f"has {len(text)} letters; {self.most} is the most")
        return text


class _Contact(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value or "").strip()
        try:
            return read_contact(text) if text else ""
        except ContactInvalid as error:
            raise ValueError(str(error)) from error


class _Quantity(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        text = str(value or "").strip()
        if not text:
            if str((row or {}).get("seats") or "").strip():
                return 0  # as many as are named
            raise ValueError("is empty: say how many tickets, such as 2")
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_A_GUEST):
            raise ValueError(f"is a whole number from 1 to {MOST_A_GUEST}, not '{text[:20]}'")
        return int(text)


class _Recipient(Widget):  # type: ignore[misc]
    known = {word.casefold(): code for code, label in Complimentary.Recipient.choices for word in (code, label)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = " ".join(str(value or "").split())
        if text.casefold() not in self.known:
            choices = ", ".join(label for _, label in Complimentary.Recipient.choices)
            raise ValueError(f"'{text[:30]}' is none of: {choices}" if text else f"is empty: one of {choices}")
        return self.known[text.casefold()]


class _Tier(Widget):  # type: ignore[misc]
    def __init__(self, show_id: int) -> None:
        super().__init__()
        self.tiers = list(Tier.objects.filter(show=show_id).order_by("ordinal", "pk"))
        self.known = {word.casefold(): tier.pk for tier in self.tiers for word in (tier.code, tier.name)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = " ".join(str(value or "").split())
        if text and text.casefold() not in self.known:
            raise ValueError(f"this show has no '{text[:30]}'; it has {', '.join(tier.name for tier in self.tiers)}")
        return self.known.get(text.casefold())


class _Seats(Widget):  # type: ignore[misc]
    def __init__(self, read: Callable[[str], list[int]], refusal: type[Exception]) -> None:
        super().__init__()
        self.read, self.refusal = read, refusal

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[int]:
        text = str(value or "").strip()
        try:
            return self.read(text) if text else []
        except self.refusal as error:
            raise ValueError(str(error)) from error


@dataclass
class Fault:
    """What is wrong with a row, and what stands there."""

    row: int
    name: str
    says: list[str] = field(default_factory=list)


class GuestResource(Resource):  # type: ignore[misc]
    """Reads a list's rows; `seat` gives each its places or says what is wrong, `act` issues them in one call.

    Nothing is written row by row: `act` is called once, after all rows are good, and not in a dry run.
    """

    class Meta:
        skip_diff = True
        use_bulk = True  # no savepoint for each row: nothing is written by rows
        use_transactions = True
        report_skipped = False
        import_id_fields = ()
        instance_loader_class = BaseInstanceLoader

    def __init__(
        self,
        *,
        show_id: int,
        read_seats: Callable[[str], list[int]],
        not_read: type[Exception],
        seat: Callable[[list[GuestRow]], dict[int, list[str]]],
        act: Callable[[list[GuestRow]], object] | None = None,
    ) -> None:
        super().__init__()
        self.guests: list[GuestRow] = []
        self.seat, self.act = seat, act
        self.fields = {
            "name": Field("name", "name", _Words(80, "is empty: the door asks for a name")),
            "contact": Field("contact", "contact", _Contact()),
            "quantity": Field("quantity", "quantity", _Quantity()),
            "recipient": Field("recipient", "class", _Recipient()),
            "seats": Field("seats", "seats", _Seats(read_seats, not_read)),
            "tier": Field("tier", "tier", _Tier(show_id)),
            "note": Field("note", "note", _Words(200)),
        }

    def init_instance(self, row: Any = None) -> GuestRow:
        return GuestRow()

    def get_instance(self, instance_loader: Any, row: Any) -> None:
        return None

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not any(str(value or "").strip() for value in row.values())

    def save_instance(self, instance: GuestRow, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Kept for the one act at the end. The headings are row 1."""
        instance.row = kwargs["row_number"] + 1
        named, asked = len(instance.seats), instance.quantity
        if named and asked and named != asked:
            raise ValidationError({"seats": f"{named} are named, and the quantity is {asked}"})
        instance.quantity = asked or named
        self.guests.append(instance)

    def save_m2m(self, obj: Any, data: Any, **kwargs: Any) -> None:
        """A guest has nothing of the kind."""

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        for number, faults in sorted(self.seat(self.guests).items()):
            result.append_invalid_row(number - 1, {}, ValidationError({NON_FIELD_ERRORS: faults}))
        if self.act and not kwargs.get("is_look") and not result.has_validation_errors() and not result.has_errors():
            self.act(self.guests)


def heads(dataset: tablib.Dataset) -> list[str]:
    """Give the columns their own names; what is wrong with the headings, each a sentence."""
    called = {other: name for name, others in ALSO_CALLED.items() for other in (name, *others)}
    said = [" ".join(str(head or "").split()) for head in dataset.headers or []]
    known = [called.get(head.casefold(), "") for head in said]
    strange = [head or "(empty)" for head, name in zip(said, known, strict=True) if not name]
    twice = [name for name, count in Counter(filter(None, known)).items() if count > 1]
    missing = [name for name in REQUIRED if name not in known and not (name == "quantity" and "seats" in known)]
    faults = []
    if missing:
        faults.append(f"There is no column {', no column '.join(missing)}. The columns are: {', '.join(COLUMNS)}.")
    if twice:
        faults.append(f"More than one column is called {', '.join(twice)}.")
    if strange:
        faults.append(f"Nobody knows the column {', '.join(strange)}. Take it out, or call it {' or '.join(COLUMNS)}.")
    if not faults:
        dataset.headers = known
    return faults


def faults_of(result: Result, dataset: tablib.Dataset) -> list[Fault]:
    """Every fault by its row, ascending; a bug that hid in a row is raised, and is no fault of the file."""
    for wrong in [*result.base_errors, *(error for row in result.error_rows for error in row.errors)]:
        raise wrong.error
    labels = {"recipient": "class", "seats": "seats"}
    found: dict[int, Fault] = {}
    names = dataset["name"] if "name" in (dataset.headers or []) else []
    for invalid in result.invalid_rows:
        row = invalid.number + 1
        name = str(names[invalid.number - 1]) if invalid.number <= len(names) else ""
        fault = found.setdefault(row, Fault(row, name[:80]))
        for column, errors in invalid.field_specific_errors.items():
            fault.says += [f"{labels.get(column, column)}: {text}" for text in errors]
        fault.says += list(invalid.non_field_specific_errors)
    return [found[row] for row in sorted(found)]
