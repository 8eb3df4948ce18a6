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
from ticketing.services.cancelling import void_what_went_back
from ticketing.services.returning import take_refund
from ticketing.services.settling import take_money

SEALED_AS = "ticketing.gateway_event"
AGAIN_S = 30
BATCH = 50
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
    kind = ""
    try:
        event = gateway.read_event(unseal(SEALED_AS, one.sealed))
        kind = event.kind
        outcome = take_news(event=event, gateway=gateway.name, now=now)
    except ValueError as error:
        # What cannot be read today cannot be read tomorrow. The poller finds the money, if there is any.
        _log.error("webhook cannot be read", row=one.id, why=str(error))
        inbox.done(one.id, kind, "unreadable")
        return True
    except (DomainError, DatabaseError) as error:
        _log.warning("webhook left for later", row=one.id, kind=kind, why=type(error).__name__)
        inbox.failed(one.id, kind, _reason(error))
        return False
    except Exception as error:  # noqa: BLE001  a bug that one event finds must not keep the others waiting
        _log.error("webhook failed", row=one.id, kind=kind, exc_info=error)
        inbox.failed(one.id, kind, type(error).__name__)
        return False
    inbox.done(one.id, kind, outcome)
    return True


def _reason(error: Exception) -> str:
    # Below its first line PostgreSQL shows the row, which may name people.
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def take_news(*, event: Event, gateway: str, now: datetime | None = None) -> str:
    """What came of one event, in a word."""
    outcome = "ignored"
    if event.returned is not None:
        outcome = take_refund(told=event.returned, gateway=gateway, now=now)
        if outcome == "external":
            void_what_went_back(gateway=gateway, gateway_payment_id=event.returned.payment_id, now=now)
    elif event.money is not None:
        outcome = take_money(money=event.money, gateway=gateway, now=now).word
    return outcome
