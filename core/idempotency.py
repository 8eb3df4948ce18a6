"""Idempotency-Key: a write that is sent twice is done once, and both get the same answer. Answers are kept for good.

After draft-ietf-httpapi-idempotency-key-header: the key is the client's own, and belongs to one request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from rest_framework.request import Request

from core.callers import Caller
from core.json_in import canonical
from core.queries import AnsweredBefore, Kept, Stored, find, keep, settle
from core.refusals import DomainError

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class IdempotencyKeyMissing(DomainError):
    code, status = "idempotency_key_missing", 400
    message = "A write needs an Idempotency-Key: a new one for each thing you want, the same one to ask again."


class IdempotencyKeyInvalid(DomainError):
    code, status, message = "idempotency_key_invalid", 400, "An Idempotency-Key is 1 to 200 visible ASCII characters."


class IdempotencyKeyReused(DomainError):
    code, status, message = "idempotency_key_reused", 422, "This Idempotency-Key was used for another request."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write is answered with: a status, JSON, and whether it was given before."""

    status: int
    content: Any
    is_replay: bool = False


def key_of(request: Request) -> str:
    """The request's key. Raises IdempotencyKeyMissing and IdempotencyKeyInvalid."""
    key = request.headers.get(HEADER)
    if key is None:
        raise IdempotencyKeyMissing
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return str(key)


def kept_for(request: Request, caller: Caller) -> Kept:
    """Under what this request's answer is kept: the caller's own key, and a digest of method, path and body."""
    asked = [str(request.method).encode(), request.get_full_path().encode(), canonical(request.data)]
    return Kept(caller.digest(), key_of(request), sha256(b"\n".join(asked)).hexdigest())


def answer_kept_by_act(kept: Kept, act: Callable[[], Any], status: int) -> Answer:
    """Answer with what `act` returns, which it keeps itself in the statement that does the work, or raises
    AnsweredBefore.

    Its refusals are kept here. Where meanwhile a twin under the same key was answered, that answer holds: a twin that
    was refused only because the first already had the seats gets the first one's.
    """
    try:
        return Answer(status, act())
    except AnsweredBefore as before:
        return _again(kept, before.stored)
    except DomainError as refusal:
        if refusal.status >= 500 or keep(kept, refusal.status, refusal.as_envelope()):
            raise
        stored = find(kept)
        assert stored  # an answer is never deleted
        return _again(kept, stored)


@transaction.atomic
def answer_once(kept: Kept, act: Callable[[], Any], status: int) -> Answer:
    """Answer with what `act` returns or refuses, and keep it, in one transaction with the work.

    The key's row comes first: a twin waits there, and then gets this answer. Whatever is no refusal of the caller's
    own making (busy, a bug) rolls everything back, the key too.
    """
    if not keep(kept, 0, None):
        stored = find(kept)
        assert stored  # an answer is never deleted
        return _again(kept, stored)
    try:
        with transaction.atomic():
            answer = Answer(status, act())
    except DomainError as refusal:
        if refusal.status >= 500:
            raise
        answer = Answer(refusal.status, refusal.as_envelope())
    settle(kept, answer.status, answer.content)
    return answer


def _again(kept: Kept, stored: Stored) -> Answer:
    if stored.request != kept.request:
        raise IdempotencyKeyReused
    return Answer(stored.status, stored.answer, is_replay=True)
