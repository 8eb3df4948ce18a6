"""What an address names, for this caller: a show, or one's own lock."""

from __future__ import annotations

from hmac import compare_digest

from core.opaque import revealed
from inventory.api.asking import Asker
from inventory.api.private import LockUnknown
from inventory.queries.doors import Ground, OwnLock, ground, lock_whole
from inventory.services.refusals import ShowUnknown


def show_for(asker: Asker, slug: str, **named: list[str]) -> Ground:
    """The show of this slug. Drafts are there for staff only. Raises ShowUnknown."""
    here = ground(slug, asker.channel, **named)
    if here is None or (here.state == "draft" and not asker.is_staff):
        raise ShowUnknown
    return here


def own_lock(lock_id: str, asker: Asker) -> OwnLock:
    """The caller's own lock. Somebody else's is as unknown as none. Raises LockUnknown."""
    claim_id = revealed("lock", lock_id)
    lock = None if claim_id is None else lock_whole(claim_id)
    if lock is None or lock.channel != asker.channel:
        raise LockUnknown
    # A visitor is known by the digest of a cookie; a key or a cashier by name, under which the lock was made.
    theirs, own = (lock.session, asker.digests()["session"]) if asker.buyer else (lock.actor, asker.actor())
    if not compare_digest(theirs, own):
        raise LockUnknown
    return lock
