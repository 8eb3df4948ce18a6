"""Locking places: the hot path. One call to PostgreSQL decides; here its verdict becomes a lock or a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from core.queries import AnsweredBefore, Kept, Stored, find
from core.refusals import DomainError, broken_rule, sql_state
from inventory.acts import Admissions, Best, By, Holder, Seats, Wanted
from inventory.queries import moves
from inventory.services import refusals
from inventory.services.choosing import refuse_odd, refuse_unknown_tiers
from inventory.services.incidents import note_refused_by_freeze
from inventory.services.releases import run_due_releases
from inventory.services.sweep import expire_locks

MOST_PLACES = 1000
ATTEMPTS = 6
A_DAY_S = 86_400  # longer than any cap, and small enough for PostgreSQL's integers
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Lock:
    """Places locked for one cart or till until `expires_at`, never beyond `hard_until`. Times are the database's.

    `groups` are the places as they sit together, each along its row: one group, unless the party had to be split.
    `strands` are open seats that this choice leaves single although another would not have; a warning.
    """

    claim_id: int
    place_ids: list[int]
    groups: list[list[int]]
    strands: list[int]
    locked_at: datetime
    expires_at: datetime
    hard_until: datetime
    labels: list[list[Any]] | None = None
    """What a buyer calls the places, by rank: id, section, row, number, tier; for a lock kept as a key's answer."""

    @property
    def is_split(self) -> bool:
        return len(self.groups) > 1


def lock_places(
    *,
    show_id: int,
    channel_id: int,
    wanted: Wanted | Best,
    by: By,
    holder: Holder = Holder(),  # noqa: B008  frozen
    lock_for_s: int | None = None,
    reference: str = "",
    kept: Kept | None = None,
    now: datetime | None = None,
) -> Lock:
    """Lock exactly these seats, or the best so many that there are, all or none; together, or else split.

    What "best", "together" and "strands" mean is docs/adr/0010. Locks that have run out are given back, releases that
    are due are carried out, and the request is tried again, so a buyer never waits for a worker; near the end of a tier
    it waits briefly for places that other buyers have in hand. `lock_for_s` may make the lock shorter than the show's.

    With `kept` the lock is kept as that key's answer, in the very statement that makes it (`lock_from` reads it back);
    where the key has an answer, nothing is locked and AnsweredBefore is raised.

    Raises ShowUnknown, ShowNotOnSale, ChannelNotSelling, QuantityInvalid, TierUnknown, PlacesUnknown, PlacesTaken,
    PlacesNotOnSaleHere, PlacesKeptAccessible, PlacesStranded, Frozen, NotEnoughPlaces (it is the truth), NotTogether,
    OverCap, and Busy (undecided: try again).
    """
    best = as_best(wanted)
    refuse_odd(show_id, wanted, most=MOST_PLACES)
    arguments = _arguments(show_id, channel_id, best, by, holder, lock_for_s, reference, now)
    for _ in range(ATTEMPTS):
        verdict, facts, lock = _try_once(arguments, kept)
        if lock is not None:
            return lock
        if verdict in _TRY_AGAIN:
            _TRY_AGAIN[verdict](show_id, arguments, facts, now)
        elif verdict == "short":
            _settle_short(arguments, facts, best)
        elif verdict == "places_taken" and facts["due_claims"]:
            _give_back_due(show_id, facts["due_claims"], now)
        elif verdict == "frozen":
            raise _frozen(arguments, facts)
        else:
            facts.pop("due_claims", None)
            raise _REFUSALS[verdict](**facts)
    raise refusals.Busy


def as_best(wanted: Wanted | Best) -> Seats | Best:
    """Admissions of a tier are the best places of that tier."""
    if isinstance(wanted, Admissions):
        return Best(wanted.quantity, (wanted.tier_id,), wanted.section_id)
    return wanted


_REFUSALS: dict[str, Callable[..., DomainError]] = {
    "quantity_invalid": refusals.QuantityInvalid,
    "show_unknown": refusals.ShowUnknown,
    "show_not_on_sale": refusals.ShowNotOnSale,
    "channel_not_selling": refusals.ChannelNotSelling,
    "over_cap": refusals.OverCap,
    "places_unknown": refusals.PlacesUnknown,
    "places_taken": refusals.PlacesTaken,
    "places_not_on_sale_here": refusals.PlacesNotOnSaleHere,
    "places_kept_accessible": refusals.PlacesKeptAccessible,
    "places_stranded": refusals.PlacesStranded,
    "not_together": refusals.NotTogether,
}

_COLUMNS = (
    "verdict",
    "facts",
    "claim_id",
    "place_ids",
    "group_sizes",
    "strands",
    "locked_at",
    "expires_at",
    "hard_until",
)
_EARLIER = ("labels", "earlier_request", "earlier_status", "earlier_answer")
_ARGUMENTS = """
    %(show_id)s, %(channel_id)s, %(tier_ids)s::bigint[], %(section_id)s, %(quantity)s, %(accessible)s, %(together)s,
    %(place_ids)s::bigint[], %(wait)s, %(alone)s, %(as_is)s, %(session)s, %(address)s, %(contact)s, %(lock_for_s)s,
    %(reference)s, %(actor)s, %(reason_code)s, %(note)s, %(now)s"""
_CALL = f"SELECT {', '.join(_COLUMNS)} FROM inventory_lock_places({_ARGUMENTS})"  # noqa: S608  names of columns
_CALL_ONCE = f"""SELECT {", ".join((*_COLUMNS, *_EARLIER))} FROM inventory_lock_places_once(
    %(kept_scope)s, %(kept_key)s, %(kept_request)s, {_ARGUMENTS})"""  # noqa: S608  as above


class _NotGranted(Exception):
    """Takes a savepoint back, so that inside somebody's transaction a try leaves no lock behind."""


def _try_once(arguments: dict[str, Any], kept: Kept | None) -> tuple[str, dict[str, Any], Lock | None]:
    # One statement is a transaction by itself, and spares the two round trips of BEGIN and COMMIT. Inside somebody's
    # transaction it needs a savepoint, since a lock not had in time would spoil the rest, and the show's lock, once
    # shared, must be let go before it can be had alone.
    row: tuple[Any, ...] = ()
    alone = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with alone, connection.cursor() as cursor:
            cursor.execute(*(_CALL_ONCE, arguments | kept.arguments()) if kept else (_CALL, arguments))
            row = cursor.fetchone()
            if row[0] != "granted" and connection.in_atomic_block:
                raise _NotGranted
    except _NotGranted:
        pass
    except IntegrityError as error:
        if kept and broken_rule(error) == "idempotency_key_is_used_once" and (twin := find(kept)):
            raise AnsweredBefore(twin) from error
        raise
    except OperationalError as error:
        if sql_state(error) != _LOCK_NOT_AVAILABLE:
            raise
        return "busy", {}, None
    done = dict(zip((*_COLUMNS, *_EARLIER) if kept else _COLUMNS, row, strict=True))
    if done.get("earlier_status"):
        raise AnsweredBefore(
            Stored(done["earlier_request"], done["earlier_status"], json.loads(done["earlier_answer"]))
        )
    if done["verdict"] != "granted":
        return done["verdict"], json.loads(done["facts"] or "{}"), None
    return "granted", {}, lock_from(done)


def lock_from(done: Mapping[str, Any]) -> Lock:
    """The lock that a call made, from its columns: as they came, or as they are kept as an answer."""
    place_ids, labels = done["place_ids"], done.get("labels")
    locked_at, expires_at, hard_until = (
        datetime.fromisoformat(at) if isinstance(at, str) else at
        for at in (done["locked_at"], done["expires_at"], done["hard_until"])
    )
    return Lock(
        claim_id=done["claim_id"],
        place_ids=sorted(place_ids),
        groups=_grouped(place_ids, done["group_sizes"]),
        strands=done["strands"] or [],
        locked_at=locked_at,
        expires_at=expires_at,
        hard_until=hard_until,
        labels=json.loads(labels) if isinstance(labels, str) else labels,
    )


def _grouped(place_ids: list[int], sizes: list[int] | None) -> list[list[int]]:
    ends = list(accumulate(sizes or [len(place_ids)]))
    return [place_ids[start:end] for start, end in zip([0, *ends], ends, strict=False)]


# What the next try needs ----------------------------------------------------------------------------------------------


def _settle_short(arguments: dict[str, Any], facts: dict[str, Any], wanted: Seats | Best) -> None:
    """Short of places: give back what has run out, refuse if that is the truth, or wait for other hands to let go."""
    if facts.pop("due"):
        _give_back_due(arguments["show_id"], None, arguments["now"])
    elif facts["open"] < facts["asked"]:
        if isinstance(wanted, Best):
            refuse_unknown_tiers(arguments["show_id"], wanted.tier_ids, wanted.section_id)
        if facts["open"] == 0 and "freezes" in facts:
            raise _frozen(arguments, facts)
        facts.pop("freezes", None)
        raise refusals.NotEnoughPlaces(**facts)
    else:
        arguments["wait"] = True


def _frozen(arguments: dict[str, Any], facts: dict[str, Any]) -> DomainError:
    note_refused_by_freeze(
        show_id=arguments["show_id"],
        channel_id=arguments["channel_id"],
        freeze_ids=facts["freezes"],
        at=arguments["now"],
    )
    return refusals.Frozen()


def _sell_alone(show_id: int, arguments: dict[str, Any], facts: dict[str, Any], now: datetime | None) -> None:
    arguments["alone"] = True


def _release(show_id: int, arguments: dict[str, Any], facts: dict[str, Any], now: datetime | None) -> None:
    _waiting_shortly(lambda: run_due_releases(show_id=show_id, now=now))


def _give_back_all_due(show_id: int, arguments: dict[str, Any], facts: dict[str, Any], now: datetime | None) -> None:
    _give_back_due(show_id, None, now)


def _just_again(show_id: int, arguments: dict[str, Any], facts: dict[str, Any], now: datetime | None) -> None:
    """Somebody had the show or the rows for half a second. The next look may be luckier."""


def _clear_the_way(show_id: int, arguments: dict[str, Any], facts: dict[str, Any], now: datetime | None) -> None:
    """A lock that ran out may keep neighbours apart. Given back once; what is still there then is taken as it is."""
    _give_back_due(show_id, None, now)
    arguments["as_is"] = True


_TRY_AGAIN: dict[str, Callable[[int, dict[str, Any], dict[str, Any], datetime | None], None]] = {
    "busy": _just_again,
    "due": _clear_the_way,
    "near_a_line": _sell_alone,
    "line_reached": _give_back_all_due,
    "releases_due": _release,
}


def _give_back_due(show_id: int, claim_ids: list[int] | None, now: datetime | None) -> None:
    """Expire what is due, waiting half a second at most for whoever has it in hand; then the buyer looks again."""
    _waiting_shortly(lambda: expire_locks(show_id=show_id, claim_ids=claim_ids, now=now))


def _waiting_shortly(act: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            moves.wait_shortly()
            act()
    except OperationalError as error:
        if sql_state(error) != _LOCK_NOT_AVAILABLE:
            raise


def _arguments(
    show_id: int,
    channel_id: int,
    wanted: Seats | Best,
    by: By,
    holder: Holder,
    lock_for_s: int | None,
    reference: str,
    now: datetime | None,
) -> dict[str, Any]:
    seats = wanted if isinstance(wanted, Seats) else None
    best = wanted if isinstance(wanted, Best) else None
    return holder.digests() | {
        "show_id": show_id,
        "channel_id": channel_id,
        "tier_ids": list(best.tier_ids) or None if best else None,
        "section_id": best and best.section_id,
        "quantity": wanted.quantity,
        "accessible": int(wanted.accessible),
        "together": bool(best and best.together),
        "place_ids": seats and sorted(set(seats.place_ids)),
        "wait": False,
        "alone": False,
        "as_is": False,
        "lock_for_s": lock_for_s if lock_for_s is None else min(lock_for_s, A_DAY_S),
        "reference": reference,
        "actor": by.actor,
        "reason_code": by.reason_code,
        "note": by.note,
        "now": now,
    }
