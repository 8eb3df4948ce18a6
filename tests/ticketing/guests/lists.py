"""Guest lists as files: what somebody uploads, and what the page of a show makes of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory.models import Show
from tests.inventory.admin import pages

HEAD = ("name", "contact", "quantity", "class", "seats", "tier", "note")
Row = Sequence[object]


def guest(name: str, quantity: object = 1, kind: str = "Press", **more: object) -> Row:
    cells: dict[str, object] = {"name": name, "quantity": quantity, "class": kind} | more
    return [cells.get(column, "") for column in HEAD]


def as_csv(*rows: Row, head: Row = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def as_xlsx(*rows: Row, head: Row = HEAD) -> bytes:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def give(client: Client, show: Show, content: bytes, name: str = "guests.csv", **fields: Any) -> Any:
    """Upload a file and look at it."""
    sent = {"title": "", "hold": "", "reason": "promotion", "other": "", "note": ""} | fields
    return client.post(pages.of(show, "guests"), sent | {"file": SimpleUploadedFile(name, content)})


def issue(client: Client, show: Show, looked: Any, **fields: Any) -> Any:
    """Press the button under what was looked at."""
    return client.post(pages.of(show, "guests"), {"parcel": looked.context["parcel"]} | fields)


def faults(response: Any) -> dict[int, list[str]]:
    """What is wrong, by row."""
    return {fault.row: fault.says for fault in response.context["faults"]}
