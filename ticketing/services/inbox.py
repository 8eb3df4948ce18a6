"""Webhooks: a row first, an answer within a second, the work afterwards.

Delivered at least once and in any order, so each is taken once by its event id, and what it says is only news to a
state machine that moves forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import DatabaseError

from core.refusals import DomainError
from core.sealed import seal, unseal
from ticketing.gateways.words import Event, Gateway
from ticketing.queries import inbox
from ticketing.services.returning import take_refund
from ticketing.services.settling import take_money

SEALED_AS = "ticketing.gateway_event"
AGAIN_S = 30
BATCH = 50
# In gaps that double from half a minute to an hour: a week.
MOST_TRIES = 164
# A refund may be told of before its payment.
TOO_EARLY, EARLY_TRIES = {"unknown", "early"}, 5
_log = structlog.get_logger(__name__)


class SignatureInvalid(DomainError):
    code, status, message = "signature_invalid", 400, "The signature is not one of ours."


class EventIdMissing(DomainError):
    code, status, message = "event_id_missing", 400, "A webhook names its event."


def take_event(*, gateway: Gateway, raw: bytes, headers: Mapping[str, str]) -> bool:
    """Keep a genuine webhook; whether it is new. Raises SignatureInvalid and EventIdMissing, and keeps nothing then."""
    if not gateway.is_genuine(raw, headers):
        raise SignatureInvalid
    event_id = gateway.event_id(headers)
    if not event_id or len(event_id) > 64:
        raise EventIdMissing
    return inbox.take(gateway.name, event_id, seal(SEALED_AS, raw))


def work_on_inbox(*, gateway: Gateway, now: datetime | None = None) -> int:
    """Work on all events that are due, each in a transaction of its own; how many were done."""
    count = 0
    while waiting := inbox.claim(gateway.name, BATCH, AGAIN_S):
        for one in waiting:
            count += _work_on(one, gateway, now)
    return count


def _work_on(one: inbox.Waiting, gateway: Gateway, now: datetime | None) -> bool:
    try:
        event = gateway.read_event(unseal(SEALED_AS, one.sealed))
    except ValueError as error:
        # What cannot be read today cannot be read tomorrow. The poller finds the money, if there is any.
        _log.error("webhook cannot be read", webhook=one.id, why=str(error))
        inbox.done(one.id, "", "unreadable")
        return True
    try:
        outcome = take_news(event=event, gateway=gateway.name, now=now)
    except (DomainError, DatabaseError) as error:
        _log.warning("webhook left for later", webhook=one.id, kind=event.kind, why=type(error).__name__)
        return _left(one, event.kind, error)
    except Exception as error:  # noqa: BLE001
        # A bug with this one is loud in the log, and the others of its batch do not wait for it.
        _log.exception("webhook left for later", webhook=one.id, kind=event.kind)
        return _left(one, event.kind, error)
    if outcome in TOO_EARLY and one.tries <= EARLY_TRIES:
        inbox.failed(one.id, event.kind, f"{outcome}: its payment is not known yet")
        return False
    inbox.done(one.id, event.kind, outcome)
    return True


def _left(one: inbox.Waiting, kind: str, error: Exception) -> bool:
    """It stays due, in growing gaps; after a week it is given up. Polls and sweeps have looked for its money since."""
    says = _reason(error)
    if one.tries < MOST_TRIES:
        inbox.failed(one.id, kind, says)
        return False
    inbox.done(one.id, kind, "given_up", error=says)
    return True


def _reason(error: Exception) -> str:
    # Below its first line PostgreSQL shows the row, which may name people.
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def take_news(*, event: Event, gateway: str, now: datetime | None = None) -> str:
    """What came of one event, in a word."""
    if event.returned is not None:
        return take_refund(told=event.returned, gateway=gateway, now=now)
    if event.money is not None:
        return take_money(money=event.money, gateway=gateway, now=now).word
    return "ignored"
