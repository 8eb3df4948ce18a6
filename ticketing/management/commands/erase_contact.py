"""`manage.py erase_contact ORDER [--reason CODE]`: forget who an order is for. Exits 2 where there is no such order."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.opaque import revealed
from inventory.acts import By
from ticketing.services.erasing import erase_contact
from ticketing.services.refusals import OrderUnknown


class Command(BaseCommand):
    help = "Take out the contact and the name of an order. Order, tickets, money and documents stay; they name nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("order", help="HF-1234, 1234, or the id that the API gives")
        parser.add_argument("--reason", default="asked_by_buyer", help="why, as a code of at most 32 letters")

    def handle(self, *args: Any, **options: Any) -> None:
        by = By(actor=f"command:{getpass.getuser()}"[:64], reason_code=options["reason"][:32])
        try:
            was_there = erase_contact(order_id=_number(options["order"]), by=by)
        except OrderUnknown as unknown:
            raise CommandError(f"There is no order {options['order']}.", returncode=2) from unknown
        self.stdout.write("The contact is erased." if was_there else "There was no contact.")


def _number(text: str) -> int:
    plain = text.upper().removeprefix("HF-")
    return int(plain) if plain.isascii() and plain.isdigit() else revealed("order", text) or 0
