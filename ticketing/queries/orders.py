"""Orders as doors see them, and the statement that makes one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from core.queries import Kept, Stored, find
from core.refusals import broken_rule


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What an order is made of. `lines` are [place, tier, price, exception, paise, net, cgst, sgst, igst, local,
    rate, is exempt, SAC]."""

    order_id: int
    show_id: int
    channel_id: int
    lock_id: int
    total_paise: int
    buyer: str
    actor: str
    contact: str
    name: str
    contact_digest: str
    per_contact: int
    lines: Sequence[Sequence[Any]]
    placed_at: datetime


_PLACE = """SELECT verdict, facts, earlier_request, earlier_status, earlier_answer FROM ticketing_place_order(
    %(kept_scope)s, %(kept_key)s, %(kept_request)s, %(answer)s::jsonb, %(order_id)s, %(show_id)s, %(channel_id)s,
    %(lock_id)s, %(total_paise)s, %(buyer)s, %(actor)s, %(contact)s, %(name)s, %(contact_digest)s, %(per_contact)s,
    %(lines)s::jsonb, %(placed_at)s, %(now)s)"""
_NO_KEY = {"kept_scope": None, "kept_key": None, "kept_request": None}


def place(
    new: NewOrder, kept: Kept | None, answer: Any, now: datetime | None
) -> tuple[str, dict[str, Any], Stored | None]:
    """Write the order: the verdict, its facts, and the earlier answer where the key has one. One statement."""
    arguments = (kept.arguments() if kept else _NO_KEY) | {name: getattr(new, name) for name in NewOrder.__slots__}
    arguments |= {"lines": json.dumps(new.lines), "answer": json.dumps(answer), "now": now}
    try:
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, arguments)
            verdict, facts, request, status, earlier = cursor.fetchone()
    except IntegrityError as error:
        # Another order was made under this key at the same moment.
        if kept and broken_rule(error) == "idempotency_key_is_used_once" and (twin := find(kept)):
            return "answered", {}, twin
        raise
    stored = Stored(request, status, json.loads(earlier)) if verdict == "answered" else None
    return verdict, json.loads(facts or "{}"), stored


def lock_order(order_id: int) -> None:
    """Take the order's row, as every verb of money does first: before any lock of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM ticketing_order WHERE id = %s FOR NO KEY UPDATE", [order_id])


def issue(order_id: int, actor: str, now: datetime | None, sale_id: int | None = None) -> str:
    """Sell the places and issue the tickets of an order whose row is locked: `confirmed`, or `lock_over`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticketing_issue(%s, %s, %s, %s)", [order_id, sale_id, actor, now])
        (verdict,) = cursor.fetchone()
    return str(verdict)


def could_retake(order_id: int) -> bool:
    """Whether all places of an order whose lock is over are open now, or still under that very lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT bool_and(p.status = 'open' OR p.claim_id = o.lock_id)
               FROM ticketing_order o JOIN ticketing_orderline l ON l.order_id = o.id
               JOIN inventory_place p ON p.id = l.place_id WHERE o.id = %s""",
            [order_id],
        )
        (could,) = cursor.fetchone()
    return bool(could)
