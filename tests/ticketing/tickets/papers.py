"""Tickets and orders to print, write and put into calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key
from ticketing.tickets.paper import OrderPaper, SeatLine, TicketPaper

BEGINS = datetime(2026, 12, 12, 14, 0, tzinfo=UTC)
DOORS = datetime(2026, 12, 12, 13, 0, tzinfo=UTC)
ISSUED = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def ticket(**changes: Any) -> TicketPaper:
    plain = TicketPaper(
        show_title="Housefull: The Musical",
        venue="Rang Mandir",
        city="Mumbai",
        starts_at=BEGINS,
        section="Stalls",
        row="A",
        number="12",
        tier="Gold",
        price_paise=118000,
        order_reference="RM-26-000123",
        ticket_number="T-7K3Q9",
        code=sign(Content(311, 123_456, 1, 70_000), signing_key()),
        issued_at=ISSUED,
    )
    return replace(plain, **changes)


def order(**changes: Any) -> OrderPaper:
    plain = OrderPaper(
        order_reference="RM-26-000123",
        show_title="Housefull: The Musical",
        venue="Rang Mandir",
        city="Mumbai",
        starts_at=BEGINS,
        lines=(
            SeatLine("Stalls", "A", "12", "Gold", 118000, "T-7K3Q9"),
            SeatLine("Floor", "", "17", "Standing", 50000, "T-7K3QA"),
        ),
        total_paise=168000,
        confirmed_at=ISSUED,
        tickets_url="https://tickets.example/orders/RM-26-000123/k3y",
    )
    return replace(plain, **changes)
