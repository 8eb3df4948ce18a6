"""Housekeeping by beat. Expired locks are open without it, on time; the sweep keeps the books short."""

from __future__ import annotations

from time import time

from celery import shared_task
from django.core.cache import cache

from inventory.services.sweep import sweep

SWEPT_AT = "inventory:swept-at"


@shared_task
def sweep_expired_locks() -> int:
    swept = sweep()
    cache.set(SWEPT_AT, time(), timeout=None)
    return swept
