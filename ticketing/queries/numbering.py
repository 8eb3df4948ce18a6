"""Documents that are due, what they say, and the statements that give one the next number of its series.

What a document says (`says`) is a JSON object: `seller` (name, address, gstin, gst_status, state), `place_of_supply`,
`show`, `venue`, `city`, `starts_at`, `local_tax` (its name), and `lines` as in `ticketing.tax.lines`. A refund's also
says `against`: kind, number and date of the document it takes back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ticketing.tax.lines import TaxedLine


@dataclass(frozen=True, slots=True)
class DueSale:
    """A confirmed order without its document."""

    order_id: int
    at: datetime
    seller_id: int
    seller_code: str
    says: dict[str, Any]
    lines: list[TaxedLine]


@dataclass(frozen=True, slots=True)
class DueRefund:
    """A refund that was paid out, of an order that has its document."""

    refund_id: int
    order_id: int
    paise: int
    at: datetime
    seller_id: int
    seller_code: str
    says: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Returned:
    """What of an order was sold, was credited before, died when a refund was asked for, and died at all."""

    sold: list[TaxedLine]
    credited: list[TaxedLine]
    returned_now: list[TaxedLine]
    returned: list[TaxedLine]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document with its number, ready to be written."""

    serial: int
    number: str
    kind: str
    order_id: int
    refund_id: int | None
    amount_paise: int
    issued_at: datetime
    says: dict[str, Any]


# Lines of an order that are the same but for their place, in one.
_LINES = """(
    SELECT coalesce(jsonb_agg(to_jsonb(g) - 'ordinal' ORDER BY g.ordinal, g.tier_id, g.each_paise DESC), '[]')
    FROM (SELECT r.ordinal, r.id AS tier_id, r.name AS what, l.sac, l.rate_bp, l.is_exempt, l.paise AS each_paise,
                 count(*) AS quantity, sum(l.paise) AS paise, sum(l.net_paise) AS net_paise,
                 sum(l.cgst_paise) AS cgst_paise, sum(l.sgst_paise) AS sgst_paise, sum(l.igst_paise) AS igst_paise,
                 sum(l.local_tax_paise) AS local_tax_paise
          FROM ticketing_orderline l JOIN inventory_tier r ON r.id = l.tier_id {where}
          GROUP BY r.ordinal, r.id, r.name, l.sac, l.rate_bp, l.is_exempt, l.paise, l.net_paise) g)"""
_SELLER = """jsonb_build_object('name', e.legal_name, 'address', e.address, 'gstin', e.gstin,
                                'gst_status', e.gst_status, 'state', e.state_code)"""
# A ticket that was issued again counts once, by its last.
_DIED = """WHERE l.order_id = f.order_id AND EXISTS (
    SELECT FROM ticketing_ticket t WHERE t.line_id = l.id AND t.order_id = l.order_id AND {died} AND NOT EXISTS (
        SELECT FROM ticketing_ticket n WHERE n.line_id = t.line_id AND n.order_id = t.order_id AND n.id > t.id))"""


def let_free_go(until: datetime) -> None:
    """What was given away needs no document: without a consideration it is no supply. Nor does taking it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ticketing_order o SET is_document_due = false
               WHERE o.is_document_due AND o.confirmed_at <= %s AND NOT EXISTS (
                   SELECT FROM ticketing_payment p
                   WHERE p.order_id = o.id AND p.allocated_paise > 0 AND p.tender <> 'complimentary')""",
            [until],
        )
        cursor.execute(
            """UPDATE ticketing_refund f SET is_document_due = false FROM ticketing_payment p
               WHERE f.is_document_due AND f.ended_at <= %s AND p.id = f.payment_id AND p.tender = 'complimentary'""",
            [until],
        )


def due_sales(until: datetime, most: int) -> list[DueSale]:
    """Orders confirmed up to a moment whose document is due, in the order of their confirmation."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH due AS MATERIALIZED (
                    SELECT o.id, o.show_id, o.confirmed_at, t.seller_id, t.local_tax_id
                    FROM ticketing_order o JOIN ticketing_terms t ON t.show_id = o.show_id
                    WHERE o.is_document_due AND o.confirmed_at <= %s ORDER BY o.confirmed_at, o.id LIMIT %s)
                SELECT d.id, d.confirmed_at, e.id, e.code, jsonb_build_object(
                           'seller', {_SELLER}, 'place_of_supply', v.state_code, 'show', s.title, 'venue', v.name,
                           'city', v.city, 'starts_at', s.starts_at, 'local_tax', coalesce(x.name, '')),
                       {_LINES.format(where="WHERE l.order_id = d.id")}
                FROM due d JOIN ticketing_seller e ON e.id = d.seller_id JOIN inventory_show s ON s.id = d.show_id
                JOIN inventory_venue v ON v.id = s.venue_id LEFT JOIN ticketing_localtax x ON x.id = d.local_tax_id
                ORDER BY d.confirmed_at, d.id""",
            [until, most],
        )
        return [_due_sale(*row) for row in cursor.fetchall()]


def due_refunds(until: datetime, most: int) -> list[DueRefund]:
    """Refunds done up to a moment whose document is due, in the order in which they were done."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.id, f.order_id, f.amount_paise, f.ended_at, e.id, e.code,
                       d.says - 'lines' || jsonb_build_object('against', jsonb_build_object(
                           'kind', d.kind, 'number', d.number, 'issued_at', d.issued_at))
                FROM ticketing_refund f JOIN ticketing_document d ON d.order_id = f.order_id AND d.refund_id IS NULL
                JOIN ticketing_documentseries z ON z.id = d.series_id JOIN ticketing_seller e ON e.id = z.seller_id
                WHERE f.is_document_due AND f.state = 'processed' AND f.ended_at <= %s
                ORDER BY f.ended_at, f.id LIMIT %s""",
            [until, most],
        )
        return [_due_refund(*row) for row in cursor.fetchall()]


def _due_sale(order_id: int, at: datetime, seller_id: int, seller_code: str, says: str, lines: str) -> DueSale:
    return DueSale(order_id, at, seller_id, seller_code, json.loads(says), lines_of(json.loads(lines)))


def _due_refund(
    refund_id: int, order_id: int, paise: int, at: datetime, seller_id: int, seller_code: str, says: str
) -> DueRefund:
    return DueRefund(refund_id, order_id, paise, at, seller_id, seller_code, json.loads(says))


def returned_by(refund_id: int) -> Returned:
    """What is needed to say what a refund takes back. Its order's row is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT d.says -> 'lines',
                       coalesce((SELECT jsonb_agg(l.line) FROM ticketing_document c,
                                 LATERAL jsonb_array_elements(c.says -> 'lines') AS l (line)
                                 WHERE c.order_id = f.order_id AND c.refund_id IS NOT NULL), '[]'),
                       {_LINES.format(where=_DIED.format(died="t.voided_at = f.requested_at"))},
                       {_LINES.format(where=_DIED.format(died="t.voided_at IS NOT NULL"))}
                FROM ticketing_refund f JOIN ticketing_document d ON d.order_id = f.order_id AND d.refund_id IS NULL
                WHERE f.id = %s""",
            [refund_id],
        )
        sold, credited, returned_now, returned = (lines_of(json.loads(told)) for told in cursor.fetchone())
    return Returned(sold, credited, returned_now, returned)


def take_series(seller_id: int, prefix: str, year: str) -> tuple[int, int]:
    """The series' row and its last number, locked until this transaction ends: others wait here for the next number."""
    if held := _series(seller_id, prefix, year):
        return held
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ticketing_documentseries (seller_id, prefix, year, last) VALUES (%s, %s, %s, 0)
               ON CONFLICT ON CONSTRAINT document_series_is_there_once DO NOTHING""",
            [seller_id, prefix, year],
        )
    held = _series(seller_id, prefix, year)
    assert held  # a series is never deleted
    return held


def _series(seller_id: int, prefix: str, year: str) -> tuple[int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, last FROM ticketing_documentseries
               WHERE seller_id = %s AND prefix = %s AND year = %s FOR UPDATE""",
            [seller_id, prefix, year],
        )
        row: tuple[int, int] | None = cursor.fetchone()
    return row


def claim_orders(order_ids: Sequence[int]) -> set[int]:
    """Those whose document was still due, and is ours to write now."""
    return _claim("ticketing_order", order_ids)


def claim_refund(refund_id: int) -> bool:
    """Whether its document was still due, and is ours to write now."""
    return bool(_claim("ticketing_refund", [refund_id]))


def _claim(table: str, ids: Sequence[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH held AS MATERIALIZED (
                    SELECT id FROM {table} WHERE id = ANY(%s) AND is_document_due ORDER BY id FOR NO KEY UPDATE)
                UPDATE {table} SET is_document_due = false WHERE id IN (SELECT id FROM held) RETURNING id""",
            [list(ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def write(series_id: int, documents: Sequence[Numbered]) -> None:
    """Write documents whose serials follow the last one given, and count them in their series. Its row is locked."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """WITH counted AS (UPDATE ticketing_documentseries SET last = %s WHERE id = %s)
               INSERT INTO ticketing_document (series_id, serial, number, kind, order_id, refund_id, amount_paise,
                                               issued_at, says)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                [
                    one.serial, series_id, series_id, one.serial, one.number, one.kind, one.order_id, one.refund_id,
                    one.amount_paise, one.issued_at, json.dumps(one.says),
                ]
                for one in documents
            ],
        )  # fmt: skip


def lines_of(told: list[dict[str, Any]]) -> list[TaxedLine]:
    """The lines that a document says."""
    return [TaxedLine(**line) for line in told]


def lines_said(lines: Sequence[TaxedLine]) -> list[dict[str, Any]]:
    """The same as they are kept."""
    return [asdict(line) for line in lines]
