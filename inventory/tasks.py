"""Housekeeping by beat. What has run out or is due counts on time without it; this keeps the books short."""

from __future__ import annotations

from time import time

from celery import shared_task
from django.core.cache import cache

from inventory.services.releases import run_all_due_releases
from inventory.services.sweep import sweep

SWEPT_AT = "inventory:swept-at"


@shared_task
def sweep_expired_locks() -> int:
    swept = sweep()
    cache.set(SWEPT_AT, time(), timeout=None)
    return swept


@shared_task
def run_due_releases() -> int:
    return run_all_due_releases()
