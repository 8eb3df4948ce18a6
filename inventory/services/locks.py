"""The life of a lock: longer, paying, given back, or turned into a sale. Each races with expiry on the claim's row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Claim, Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves
from inventory.queries.claims import LockRow
from inventory.services.headers import annotate, record
from inventory.services.locking import lock_places
from inventory.services.refusals import ClaimUnknown
from inventory.services.sweep import expire_locks


class LockExpired(DomainError):
    code, status, message = "lock_expired", 410, "The time ran out and the places were given back."


class LockAtItsCap(DomainError):
    code, message = "lock_at_its_cap", "This lock cannot be extended any further."


class LockIsPaying(DomainError):
    code, message = "lock_is_paying", "A payment is pending on this lock. It ends with the payment."


class LockNotPaying(DomainError):
    code, message = "lock_not_paying", "No payment is pending on this lock."


class LockCommitted(DomainError):
    code, message = "lock_committed", "These places are sold already."


@transaction.atomic
def extend_lock(*, claim_id: int, for_s: int, by: By, now: datetime | None = None) -> LockRow:
    """Give a browsing lock `for_s` seconds from now, up to its cap. Raises ClaimUnknown and why it may not."""
    show_id, at = _enter(claim_id, now)
    lock = claims.extend(claim_id, for_s, at)
    if lock is None:
        raise _why_not(claim_id, at)
    record(show_id=show_id, verb=Verb.EXTEND_LOCK, claim_id=claim_id, by=by, at=at)
    return lock


@transaction.atomic
def begin_payment(*, claim_id: int, by: By, now: datetime | None = None) -> LockRow:
    """A payment has started: keep the places until the cap, which this does not move. Twice is once."""
    show_id, at = _enter(claim_id, now)
    lock = claims.begin_paying(claim_id, at)
    if lock is None:
        return _already(claim_id, Claim.Phase.PAYING, at)
    record(show_id=show_id, verb=Verb.BEGIN_PAYMENT, claim_id=claim_id, by=by, at=at)
    return lock


@transaction.atomic
def end_payment(*, claim_id: int, by: By, now: datetime | None = None) -> LockRow:
    """The payment came to nothing: browsing again, with the show's time to try once more. Twice is once."""
    show_id, at = _enter(claim_id, now)
    lock = claims.end_paying(claim_id, at)
    if lock is None:
        return _already(claim_id, Claim.Phase.BROWSING, at)
    record(show_id=show_id, verb=Verb.END_PAYMENT, claim_id=claim_id, by=by, at=at)
    return lock


@transaction.atomic
def release_lock(*, claim_id: int, by: By, now: datetime | None = None) -> list[int]:
    """Give the places back; which. A lock that already ended without a sale gives back nothing.

    Raises ClaimUnknown, LockIsPaying (end the payment first) and LockCommitted.
    """
    show_id, at = _enter(claim_id, now)
    if claims.end_lock(claim_id, at) is None:
        refusal = _why_not(claim_id, at)
        if isinstance(refusal, LockExpired):
            return []
        raise refusal
    return _open_places(show_id, claim_id, by, at)


@transaction.atomic
def lapse_payment(*, claim_id: int, by: By, now: datetime | None = None) -> list[int]:
    """Give back the places of a payment that nobody waits for any more; which. Its money may still come.

    So the places count as exposure for as long as the show watches lapsed payments, or until `stop_watching`. A lock
    that has ended gives back nothing. Raises ClaimUnknown, LockNotPaying and LockCommitted.
    """
    show_id, at = _enter(claim_id, now)
    if claims.lapse(claim_id, at) is None:
        refusal = _why_not(claim_id, at)
        if isinstance(refusal, LockExpired):
            return []
        raise refusal if isinstance(refusal, (LockCommitted, ClaimUnknown)) else LockNotPaying(claim_id=claim_id)
    return _open_places(show_id, claim_id, by, at)


@transaction.atomic
def stop_watching(*, claim_id: int, now: datetime | None = None) -> None:
    """The money of a lapsed payment has come, or it is certain that it never will: the places are exposed no more."""
    claims.stop_watching(claim_id, now or moves.database_now())


@transaction.atomic
def commit_lock(*, claim_id: int, by: By, reference: str = "", now: datetime | None = None) -> Claim:
    """Turn a live lock into a sale of all its places: a new claim that names the lock as its origin. Returns the sale.

    Raises ClaimUnknown, LockExpired (somebody else may have the places by now) and LockCommitted.
    """
    sale_id = claims.commit(claim_id, reference, by, now)
    if sale_id is None:
        _, at = _enter(claim_id, now)
        raise _why_not(claim_id, at)
    return Claim.objects.get(pk=sale_id)


@transaction.atomic
def retake_places(*, claim_id: int, by: By, reference: str = "", now: datetime | None = None) -> Claim:
    """Sell the places of a lock that has ended, since its money came late: all of them, or none. Returns the sale.

    Like any sale it obeys freezes, allocations and the show's state, and takes nothing that somebody else has, be it
    only in a cart. What was kept back for this very money is kept back from it no longer. Raises ClaimUnknown,
    LockCommitted, and whatever `lock_places` refuses with.
    """
    lapsed = Claim.objects.filter(pk=claim_id).first()
    if lapsed is None:
        raise ClaimUnknown(claim_id=claim_id)
    # Alone from the start: near a freeze rule's line a sale must be, and of two who share the show already each would
    # wait for the other.
    show_id = lapsed.show_id
    moves.seize_show(show_id)
    at = now or moves.database_now()
    refusal = _why_not(claim_id, at)
    if not isinstance(refusal, LockExpired):
        raise refusal
    expire_locks(show_id=show_id, claim_ids=[claim_id], by=by, now=now)
    claims.stop_watching(claim_id, at)
    place_ids = list(claims.places_locked_by(claim_id))
    assert lapsed.channel_id
    again = lock_places(
        show_id=show_id,
        channel_id=lapsed.channel_id,
        wanted=Seats(place_ids, accessible=True),
        by=by,
        reference=reference,
        now=now,
    )
    return commit_lock(claim_id=again.claim_id, by=by, reference=reference, now=now)


def _open_places(show_id: int, claim_id: int, by: By, at: datetime) -> list[int]:
    moved = moves.move_places(
        show_id=show_id,
        verb=Verb.RELEASE_LOCK,
        by=by,
        at=at,
        where=moves.OF_CLAIMS,
        claim_ids=[claim_id],
        header_claim_id=claim_id,
        to_status=Place.Status.OPEN,
    )
    annotate(moved.movement_id, by)
    return moved.place_ids


def _enter(claim_id: int, now: datetime | None) -> tuple[int, datetime]:
    show_id = moves.share_show_of(claim_id)
    if show_id is None:
        raise ClaimUnknown(claim_id=claim_id)
    return show_id, now or moves.database_now()


def _already(claim_id: int, phase: str, at: datetime) -> LockRow:
    claim = Claim.objects.get(pk=claim_id)
    if claim.kind == Claim.Kind.LOCK and claim.ended_at is None and claim.phase == phase and claim.due_at > at:
        assert claim.channel_id and claim.expires_at and claim.hard_until
        return LockRow(claim.pk, claim.show_id, claim.channel_id, claim.phase, claim.expires_at, claim.hard_until)
    raise _why_not(claim_id, at)


def _why_not(claim_id: int, at: datetime) -> DomainError:
    """Why a guarded change of this claim found no row."""
    claim = Claim.objects.get(pk=claim_id)
    if claim.kind != Claim.Kind.LOCK:
        return ClaimUnknown(claim_id=claim_id)
    if claim.ended_at is not None:
        sale = claim.outcomes.values_list("pk", flat=True).first()
        return LockCommitted(claim_id=claim_id, sale_id=sale) if sale else LockExpired(claim_id=claim_id)
    if claim.due_at is not None and claim.due_at <= at:
        return LockExpired(claim_id=claim_id)
    if claim.phase == Claim.Phase.PAYING:
        return LockIsPaying(claim_id=claim_id)
    return LockAtItsCap(claim_id=claim_id)
