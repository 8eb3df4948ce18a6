"""Idempotency-Key: a write that is sent twice is done once, and both get the same answer. Answers are kept for good.

After draft-ietf-httpapi-idempotency-key-header: the key is the client's own, and belongs to one request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
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
    """Under what this request's answer is kept: the caller's own key, and a keyed digest of method, path and body.

    Keyed, since it is kept for good and a body may hold a telephone number: of a plain hash all numbers could be tried.
    """
    asked = [str(request.method).encode(), request.get_full_path().encode(), canonical(request.data)]
    digest = salted_hmac("core.idempotency", b"\n".join(asked), algorithm="sha256").hexdigest()
    return Kept(caller.digest(), key_of(request), digest)


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


def answer_once_prepared(kept: Kept, prepare: Callable[[], object], act: Callable[[], Any], status: int) -> Answer:
    """`answer_once` for an act that needs the network first: `prepare` goes there, outside of any transaction.

    It is safe to repeat, as after a crash it will be; its refusals are kept like those of `act`.
    """
    if stored := find(kept):
        return _again(kept, stored)
    prepared = answer_kept_by_act(kept, prepare, status)
    return prepared if prepared.is_replay else answer_once(kept, act, status)


def kept_or_first(kept: Kept, status: int, content: Any) -> Any:
    """Keep what an act says, and return it. Raises AnsweredBefore where a twin's answer was kept meanwhile."""
    if keep(kept, status, content):
        return content
    raise answered_before(kept)


def answered_before(kept: Kept) -> AnsweredBefore:
    """The answer that is known to be kept under this key, for an act to raise."""
    stored = find(kept)
    assert stored  # an answer is never deleted
    return AnsweredBefore(stored)


def _again(kept: Kept, stored: Stored) -> Answer:
    if stored.request != kept.request:
        raise IdempotencyKeyReused
    return Answer(stored.status, stored.answer, is_replay=True)
