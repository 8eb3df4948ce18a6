"""What each verb may do to a place: Python's copy of the trigger's table, for people and for messages.

PostgreSQL decides (`inventory_is_legal` in the migrations); a test holds the two together.
"""

from __future__ import annotations

from inventory.models.house import Place
from inventory.models.ledger import Verb

S = Place.Status

LEGAL: dict[str, set[tuple[str, str]]] = {
    Verb.LOCK_PLACES: {(S.OPEN, S.LOCKED)},
    Verb.RELEASE_LOCK: {(S.LOCKED, S.OPEN)},
    Verb.EXPIRE_LOCKS: {(S.LOCKED, S.OPEN)},
    Verb.COMMIT_LOCK: {(S.LOCKED, S.SOLD)},
    Verb.RETURN_SOLD: {(S.SOLD, S.OPEN)},
    Verb.SWAP_PLACES: {(S.SOLD, S.OPEN), (S.OPEN, S.SOLD)},
    Verb.PLACE_HOLD: {(S.OPEN, S.HELD)},
    Verb.RELEASE_HOLD: {(S.HELD, S.OPEN)},
    Verb.SELL_FROM_HOLD: {(S.HELD, S.SOLD)},
    Verb.KILL_PLACES: {(S.OPEN, S.KILLED)},
    Verb.UNKILL_PLACES: {(S.KILLED, S.OPEN)},
    Verb.RUN_DUE_RELEASES: {(S.HELD, S.OPEN)} | {(status, status) for status in S.values},
    # A label may change whatever the place's state: what is locked or sold keeps it for when it returns.
    Verb.ALLOCATE_PLACES: {(status, status) for status in S.values},
}
