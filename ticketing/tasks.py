"""Housekeeping of money by beat. Each run finds what is due in the database; a lost message loses nothing."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from inventory.queries.moves import database_now
from ticketing.gateways import gateway
from ticketing.services.inbox import work_on_inbox
from ticketing.services.returning import send_refunds
from ticketing.services.watching import expire_orders, look_at_payments, sweep_account


@shared_task
def work_on_webhooks() -> int:
    return work_on_inbox(gateway=gateway())


@shared_task
def watch_payments() -> int:
    return look_at_payments(gateway=gateway()) + expire_orders()


@shared_task
def send_due_refunds() -> int:
    return send_refunds(gateway=gateway())


@shared_task
def sweep_gateway_account(hours: int = 2) -> int:
    now = database_now()
    return len(sweep_account(gateway=gateway(), begin=now - timedelta(hours=hours), end=now))
