"""Counts for the health page."""

from __future__ import annotations

from django.db.models.functions import Now

from inventory.models import Claim


def overdue_locks() -> int:
    """Locks that have run out and are not swept yet. Buyers see their places as open all the same."""
    return Claim.objects.filter(kind=Claim.Kind.LOCK, ended_at__isnull=True, due_at__lte=Now()).count()
