"""All that stands on a buyer's papers: on tickets, in letters and calendars, on documents. Each in one statement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """One live ticket, its place, and what it cost. General admission has no `row`."""

    id: int
    serial: int
    place_id: int
    section: str
    row: str
    number: str
    tier: str
    paise: int
    cgst_paise: int
    sgst_paise: int
    igst_paise: int
    local_tax_paise: int
    rate_bp: int
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order with its live tickets, in the order of their places.

    `document_kind` and `document_number` are '' until it has its document. `revision` counts how often its tickets were
    sent. `contact` and `name` are '' where the buyer gave none, or had them erased.
    """

    order_id: int
    show_id: int
    state: str
    confirmed_at: datetime | None
    title: str
    starts_at: datetime
    venue: str
    city: str
    place_of_supply: str
    seller: str
    gstin: str
    help_at: str
    note_on_ticket: str
    local_tax: str
    document_id: int | None
    document_kind: str
    document_number: str
    contact: str
    name: str
    revision: int
    tickets: list[TicketFacts]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document as it was issued. `name` is the buyer's, where one was given and not erased: it is not in `says`."""

    document_id: int
    order_id: int
    kind: str
    number: str
    amount_paise: int
    issued_at: datetime
    says: dict[str, Any]
    name: str


def order_paper(order_id: int) -> OrderFacts | None:
    """What an order's papers say, or None where there is no such order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id, o.show_id, o.state, o.confirmed_at, s.title, s.starts_at, v.name, v.city, v.state_code,
                      coalesce(e.legal_name, ''), coalesce(e.gstin, ''), coalesce(e.support_contact, ''),
                      coalesce(t.note_on_ticket, ''), coalesce(x.name, ''),
                      d.id, coalesce(d.kind, ''), coalesce(d.number, ''), coalesce(c.contact, ''), coalesce(c.name, ''),
                      coalesce((SELECT max(about) FROM ticketing_letter WHERE order_id = o.id AND kind = 'tickets'), 0),
                      (SELECT jsonb_agg(jsonb_build_array(
                                  k.id, k.serial, k.place_id, n.name, p."row", p.number, r.name, l.paise, l.cgst_paise,
                                  l.sgst_paise, l.igst_paise, l.local_tax_paise, l.rate_bp, k.issued_at)
                              ORDER BY p.rank, k.id)
                       FROM ticketing_ticket k JOIN ticketing_orderline l ON l.id = k.line_id
                       JOIN inventory_place p ON p.id = k.place_id JOIN inventory_section n ON n.id = p.section_id
                       JOIN inventory_tier r ON r.id = l.tier_id
                       WHERE k.order_id = o.id AND k.voided_at IS NULL)
               FROM ticketing_order o
               JOIN inventory_show s ON s.id = o.show_id JOIN inventory_venue v ON v.id = s.venue_id
               LEFT JOIN ticketing_terms t ON t.show_id = o.show_id LEFT JOIN ticketing_seller e ON e.id = t.seller_id
               LEFT JOIN ticketing_localtax x ON x.id = t.local_tax_id
               LEFT JOIN ticketing_document d ON d.order_id = o.id AND d.refund_id IS NULL
               LEFT JOIN ticketing_ordercontact c ON c.order_id = o.id
               WHERE o.id = %s""",
            [order_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    columns = [*row[:-1], [_ticket(told) for told in json.loads(row[-1] or "[]")]]
    return OrderFacts(*columns)


def document_paper(document_id: int) -> DocumentFacts | None:
    """What a document says, or None where there is no such document."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.id, d.order_id, d.kind, d.number, d.amount_paise, d.issued_at, d.says, coalesce(c.name, '')
               FROM ticketing_document d LEFT JOIN ticketing_ordercontact c ON c.order_id = d.order_id
               WHERE d.id = %s""",
            [document_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    columns = [*row[:6], json.loads(row[6]), row[7]]
    return DocumentFacts(*columns)


def documents_of(order_id: int) -> list[tuple[int, str, str]]:
    """An order's documents, the first first: id, kind and number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, number FROM ticketing_document WHERE order_id = %s ORDER BY issued_at, id", [order_id]
        )
        return [(document_id, kind, number) for document_id, kind, number in cursor.fetchall()]


def _ticket(told: list[Any]) -> TicketFacts:
    columns = [*told[:-1], datetime.fromisoformat(told[-1])]
    return TicketFacts(*columns)
