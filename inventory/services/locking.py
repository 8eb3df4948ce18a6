"""Locking places: the hot path. One call to PostgreSQL decides; here its verdict becomes a lock or a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from core.queries import AnsweredBefore, Kept, Stored, at_most_once, find
from core.refusals import DomainError, broken_rule, sql_state
from inventory.acts import Admissions, By, Holder, Seats, Wanted
from inventory.queries import moves
from inventory.services import refusals
from inventory.services.choosing import refuse_odd, refuse_unknown_tier
from inventory.services.sweep import expire_locks

MOST_PLACES = 1000
ATTEMPTS = 6
A_DAY_S = 86_400  # longer than any cap, and small enough for PostgreSQL's integers
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Lock:
    """Places locked for one cart or till until `expires_at`, never beyond `hard_until`. Times are the database's."""

    claim_id: int
    place_ids: list[int]
    locked_at: datetime
    expires_at: datetime
    hard_until: datetime


def lock_places(
    *,
    show_id: int,
    channel_id: int,
    wanted: Wanted,
    by: By,
    holder: Holder = Holder(),  # noqa: B008  frozen
    lock_for_s: int | None = None,
    reference: str = "",
    kept: Kept | None = None,
    now: datetime | None = None,
) -> Lock:
    """Lock exactly these seats, or this many admissions of a tier, all or none.

    Locks that have run out are given back and the request tried again, so a buyer never waits for the sweep; near
    the end of a tier it waits briefly for places that other buyers have in hand. `lock_for_s` may make the lock shorter
    than the show's, never longer. With `kept` the lock is kept as that key's answer, in the very statement that makes
    it; where the key has an answer nothing is locked and AnsweredBefore is raised.

    Raises ShowUnknown, ShowNotOnSale, ChannelNotSelling, QuantityInvalid, TierUnknown, PlacesUnknown, PlacesTaken,
    PlacesNotOnSaleHere, NotEnoughPlaces (it is the truth), OverCap, and Busy (undecided: try again).
    """
    refuse_odd(show_id, wanted, most=MOST_PLACES)
    arguments = _arguments(show_id, channel_id, wanted, by, holder, lock_for_s, reference, now)
    wait = False
    for _ in range(ATTEMPTS):
        verdict, facts, lock = _try_once(arguments, wait, kept)
        if lock is not None:
            return lock
        if verdict == "short":
            if facts.pop("due"):
                _give_back_due(show_id, None, now)
            elif facts["open"] < facts["asked"]:
                refuse_unknown_tier(show_id, wanted)
                raise refusals.NotEnoughPlaces(**facts)
            else:
                wait = True
        elif verdict == "places_taken" and facts["due_claims"]:
            _give_back_due(show_id, facts["due_claims"], now)
        elif verdict != "busy":
            facts.pop("due_claims", None)
            raise _REFUSALS[verdict](**facts)
    raise refusals.Busy


_REFUSALS: dict[str, Callable[..., DomainError]] = {
    "quantity_invalid": refusals.QuantityInvalid,
    "show_unknown": refusals.ShowUnknown,
    "show_not_on_sale": refusals.ShowNotOnSale,
    "channel_not_selling": refusals.ChannelNotSelling,
    "over_cap": refusals.OverCap,
    "places_unknown": refusals.PlacesUnknown,
    "places_taken": refusals.PlacesTaken,
    "places_not_on_sale_here": refusals.PlacesNotOnSaleHere,
}

_CALL = """
SELECT verdict, facts, claim_id, place_ids, locked_at, expires_at, hard_until
FROM inventory_lock_places(
    %(show_id)s, %(channel_id)s, %(tier_id)s, %(section_id)s, %(quantity)s, %(place_ids)s::bigint[], %(wait)s,
    %(session)s, %(address)s, %(contact)s, %(lock_for_s)s, %(reference)s, %(actor)s, %(reason_code)s, %(note)s, %(now)s)
"""


_CALL_ONCE = at_most_once(_CALL, succeeded="verdict = 'granted'", status=201)


def _try_once(
    arguments: dict[str, Any], wait: bool, kept: Kept | None = None
) -> tuple[str, dict[str, Any], Lock | None]:
    # One statement is a transaction by itself, and spares the two round trips of BEGIN and COMMIT. Inside somebody's
    # transaction it needs a savepoint, since a lock not had in time would spoil the rest.
    alone = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with alone, connection.cursor() as cursor:
            call, more = (_CALL_ONCE, kept.arguments()) if kept else (_CALL, {})
            cursor.execute(call, arguments | {"wait": wait} | more)
            row = cursor.fetchone()
    except IntegrityError as error:
        if kept and broken_rule(error) == "idempotency_key_is_used_once" and (twin := find(kept)):
            raise AnsweredBefore(twin) from error
        raise
    except OperationalError as error:
        if sql_state(error) != _LOCK_NOT_AVAILABLE:
            raise
        return "busy", {}, None
    if kept:
        *row, request, status, answer = row
        if status is not None:
            raise AnsweredBefore(Stored(request, status, json.loads(answer)))
    verdict, facts, claim_id, place_ids, *times = row
    lock = Lock(claim_id, sorted(place_ids), *times) if verdict == "granted" else None
    return verdict, json.loads(facts or "{}"), lock


def _give_back_due(show_id: int, claim_ids: list[int] | None, now: datetime | None) -> None:
    """Expire what is due, waiting half a second at most for whoever has it in hand; then the buyer looks again."""
    try:
        with transaction.atomic():
            moves.wait_shortly()
            expire_locks(show_id=show_id, claim_ids=claim_ids, now=now)
    except OperationalError as error:
        if sql_state(error) != _LOCK_NOT_AVAILABLE:
            raise


def _arguments(
    show_id: int,
    channel_id: int,
    wanted: Wanted,
    by: By,
    holder: Holder,
    lock_for_s: int | None,
    reference: str,
    now: datetime | None,
) -> dict[str, Any]:
    seats = wanted if isinstance(wanted, Seats) else None
    some = wanted if isinstance(wanted, Admissions) else None
    return holder.digests() | {
        "show_id": show_id,
        "channel_id": channel_id,
        "tier_id": some and some.tier_id,
        "section_id": some and some.section_id,
        "quantity": wanted.quantity,
        "place_ids": seats and sorted(set(seats.place_ids)),
        "lock_for_s": lock_for_s if lock_for_s is None else min(lock_for_s, A_DAY_S),
        "reference": reference,
        "actor": by.actor,
        "reason_code": by.reason_code,
        "note": by.note,
        "now": now,
    }
