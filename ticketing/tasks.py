"""Housekeeping of money by beat. Each run finds what is due in the database; a lost message loses nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import structlog
from celery import shared_task
from redis import RedisError

from core.redis import ask
from inventory.queries.moves import database_now
from ticketing.gateways import gateway
from ticketing.services.erasing import purge
from ticketing.services.inbox import work_on_inbox
from ticketing.services.letters import send_due_letters
from ticketing.services.numbering import issue_due_documents
from ticketing.services.returning import send_refunds
from ticketing.services.shows import refund_cancelled_shows
from ticketing.services.watching import expire_orders, look_at_payments, sweep_account

_log = structlog.get_logger(__name__)

WOKEN = "ticketing:inbox:woken"
SENDING = "ticketing:letters:sending"


def wake_inbox() -> None:
    """Have the inbox worked on now. One call wakes for all until it is heard; where the broker is down, beat comes."""
    try:
        if ask("SET", WOKEN, 1, "NX", "EX", 2):
            work_on_webhooks.delay()
    except Exception as error:  # noqa: BLE001  the event is kept, and that is what was asked for
        _log.warning("nobody could be woken", why=type(error).__name__)


@shared_task
def work_on_webhooks() -> int:
    # Forgotten first: whoever comes from now on wakes again, and misses nothing. Unheard, it ends by itself.
    with suppress(RedisError):
        ask("DEL", WOKEN)
    return work_on_inbox(gateway=gateway())


@shared_task
def watch_payments() -> int:
    return look_at_payments(gateway=gateway()) + expire_orders()


@shared_task
def send_due_refunds() -> int:
    return send_refunds(gateway=gateway())


@shared_task
def give_back_cancelled_shows() -> int:
    return refund_cancelled_shows()


@shared_task
def sweep_gateway_account(hours: int = 2) -> int:
    now = database_now()
    return len(sweep_account(gateway=gateway(), begin=now - timedelta(hours=hours), end=now))


@shared_task
def issue_documents() -> int:
    return issue_due_documents()


@shared_task
def send_letters() -> int:
    # One run at a time, and a short one: drawing tickets is work, and whoever pays must find a worker that is free.
    if not ask("SET", SENDING, 1, "NX", "EX", 120):
        return 0
    try:
        return send_due_letters(most=10)
    finally:
        ask("DEL", SENDING)


@shared_task
def purge_what_is_old() -> int:
    return purge()
