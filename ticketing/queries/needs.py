"""What needs a person now, as far as money, letters and what is on sale know. Each read is one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ticketing.models.outbox import NOBODYS_FAULT
from ticketing.queries.worklist import LINES


@dataclass(frozen=True, slots=True)
class Waiting:
    """The work-list's lines of one kind: how many, how much, since when the oldest; and which, if it is but one."""

    what: str
    lines: int
    paise: int
    since: datetime
    refund_id: int | None
    payment_id: int | None
    is_of_aside: bool


@dataclass(frozen=True, slots=True)
class Unsent:
    """Letters that did not reach anybody: given up, or tried again and again; and what went wrong with the latest."""

    given_up: int
    trying: int
    error: str


@dataclass(frozen=True, slots=True)
class NotReady:
    """A show whose sale is not as it should be. `kind`: `lacks` (on sale, and something is missing), `stopped` (begins
    soon and is not on sale) or `over` (long begun and on sale still).
    """

    kind: str
    show_id: int
    title: str
    state: str
    starts_at: datetime
    missing: list[str]


def waiting(asked_before: datetime) -> list[Waiting]:
    """The work-list by kind, the oldest line first. What is on its way back counts if it was asked for before then."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT what, count(*), sum(paise)::bigint, min(since),
                       CASE WHEN count(*) = 1 THEN min(refund_id) END,
                       CASE WHEN count(*) = 1 THEN min(payment_id) END, bool_and(is_of_aside)
                FROM ({LINES}) l WHERE what <> 'refund_under_way' OR since < %s GROUP BY 1 ORDER BY 4, 1""",
            [asked_before],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def unsent(at: datetime) -> Unsent:
    """Letters in trouble about shows that are not over, but for those that another of their kind has followed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE l.due_at IS NULL), count(*) FILTER (WHERE l.due_at IS NOT NULL),
                       coalesce((array_agg(l.error ORDER BY l.id DESC))[1], '')
                FROM ticketing_letter l JOIN ticketing_order o ON o.id = l.order_id
                JOIN inventory_show s ON s.id = o.show_id
                WHERE l.sent_at IS NULL AND NOT (l.error IN ({_NOBODYS_FAULT})) AND s.starts_at > %s
                  AND (l.due_at IS NULL OR l.tries >= 3)
                  AND NOT EXISTS (SELECT FROM ticketing_letter n
                                  WHERE n.order_id = l.order_id AND n.kind = 'tickets' AND l.kind = 'tickets'
                                    AND n.id > l.id AND (n.sent_at IS NOT NULL OR n.error = ''))""",
            [at],
        )
        return Unsent(*cursor.fetchone())


def not_ready(at: datetime, soon: datetime, begun_before: datetime) -> list[NotReady]:
    """Shows on sale that lack something or are long over, and shows that begin before `soon` and are not on sale."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_READY, {"at": at, "soon": soon, "begun_before": begun_before})
        return [
            NotReady(kind, pk, title, state, starts_at, _missing(has_house, has_terms, tiers))
            for kind, pk, title, state, starts_at, has_house, has_terms, tiers in cursor.fetchall()
        ]


def _missing(has_house: bool, has_terms: bool, tiers: list[str]) -> list[str]:
    lacks = [] if has_house else ["a house"]
    lacks += [] if has_terms else ["terms"]
    return [*lacks, *(f"a price of {tier}" for tier in tiers)]


_NOBODYS_FAULT = ", ".join(f"'{word}'" for word in NOBODYS_FAULT)

# OFFSET 0: tiers without a price are found first, and only theirs are the places that are looked for.
_NOT_READY = """
    SELECT kind, id, title, state, starts_at, has_house, has_terms, tiers FROM (
        SELECT s.*, s.manifest_version > 0 AS has_house,
               EXISTS (SELECT FROM ticketing_terms m WHERE m.show_id = s.id) AS has_terms,
               ARRAY(SELECT t.name FROM (
                         SELECT * FROM inventory_tier t WHERE t.show_id = s.id AND NOT EXISTS (
                             SELECT FROM ticketing_price r WHERE r.tier_id = t.id) OFFSET 0) t
                     WHERE EXISTS (SELECT FROM inventory_place p WHERE p.show_id = s.id AND p.tier_id = t.id)
                     ORDER BY t.ordinal, t.id) AS tiers
        FROM inventory_show s
        WHERE s.state = 'on_sale' OR s.state IN ('draft', 'paused') AND s.starts_at > %(at)s AND s.starts_at <= %(soon)s
    ) s CROSS JOIN LATERAL (
        SELECT CASE WHEN s.state <> 'on_sale' THEN 'stopped' WHEN s.starts_at < %(begun_before)s THEN 'over'
                    WHEN NOT has_house OR NOT has_terms OR tiers <> '{}' THEN 'lacks' END AS kind) k
    WHERE kind IS NOT NULL ORDER BY starts_at, id"""
