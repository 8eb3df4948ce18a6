"""What an address names, for this caller: a show, or one's own lock."""

from __future__ import annotations

from hmac import compare_digest
from time import monotonic

from core.opaque import revealed
from inventory.api.asking import Asker
from inventory.api.private import LockUnknown
from inventory.queries.doors import Ground, OwnLock, ground, lock_whole
from inventory.services.refusals import ShowUnknown

KNOWN_FOR_S, MOST_KNOWN = 2.0, 1000
_known: dict[tuple[object, ...], tuple[float, Ground]] = {}


def show_for(asker: Asker, slug: str, **named: list[str]) -> Ground:
    """The show of this slug. Drafts are there for staff only. Raises ShowUnknown."""
    here = ground(slug, asker.channel, **named)
    if here is None or (here.state == "draft" and not asker.is_staff):
        raise ShowUnknown
    return here


def show_to_lock_in(asker: Asker, slug: str, **named: list[str]) -> Ground:
    """The same, looked up once in two seconds: every buyer of a rush names the same few.

    Ids and codes of a loaded house never change, and whether the show is on sale the lock itself decides. What can be
    two seconds old is that a show has become a draft again. Raises ShowUnknown.
    """
    key = (slug, asker.channel, asker.is_staff, *(code for codes in named.values() for code in (*codes, "")))
    known = _known.get(key)
    if known is None or known[0] < monotonic():
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        known = _known[key] = (monotonic() + KNOWN_FOR_S, show_for(asker, slug, **named))
    return known[1]


def forget() -> None:
    """Look everything up anew: for tests, whose shows come and go."""
    _known.clear()


def own_lock(lock_id: str, asker: Asker) -> OwnLock:
    """The caller's own lock. Somebody else's is as unknown as none. Raises LockUnknown."""
    claim_id = revealed("lock", lock_id)
    lock = None if claim_id is None else lock_whole(claim_id)
    if lock is None or not owns_lock(asker, lock.channel, lock.session, lock.actor):
        raise LockUnknown
    return lock


def owns_lock(asker: Asker, channel: str, session: str, actor: str) -> bool:
    """A visitor is known by the digest of a cookie; a key or a cashier by name, under which the lock was made."""
    theirs, own = (session, asker.digests()["session"]) if asker.buyer else (actor, asker.actor())
    return channel == asker.channel and compare_digest(theirs, own)
