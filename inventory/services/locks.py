"""The life of a lock: longer, paying, given back, or turned into a sale. Each races with expiry on the claim's row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Claim, Place
from inventory.models.ledger import Verb
from inventory.queries import claims, moves
from inventory.queries.claims import LockRow
from inventory.services.headers import annotate, record
from inventory.services.refusals import ClaimUnknown


class LockExpired(DomainError):
    code, status, message = "lock_expired", 410, "The time ran out and the places were given back."


class LockAtItsCap(DomainError):
    code, message = "lock_at_its_cap", "This lock cannot be extended any further."


class LockIsPaying(DomainError):
    code, message = "lock_is_paying", "A payment is pending on this lock. It ends with the payment."


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


@transaction.atomic
def commit_lock(*, claim_id: int, by: By, reference: str = "", now: datetime | None = None) -> Claim:
    """Turn a live lock into a sale: a new claim that names the lock as its origin. Returns the sale.

    Raises ClaimUnknown, LockExpired (somebody else may have the places by now) and LockCommitted.
    """
    show_id, at = _enter(claim_id, now)
    sale = claims.turn_into_sale(claim_id, reference, at)
    if sale is None:
        raise _why_not(claim_id, at)
    moved = moves.move_places(
        show_id=show_id,
        verb=Verb.COMMIT_LOCK,
        by=by,
        at=at,
        where=moves.OF_CLAIMS,
        claim_ids=[claim_id],
        to_status=Place.Status.SOLD,
        to_claim_id=sale[0],
    )
    annotate(moved.movement_id, by)
    return Claim.objects.get(pk=sale[0])


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
