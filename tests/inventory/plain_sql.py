"""Getting at the ledger past the services: rows by hand, and the name of the rule that refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.refusals import broken_rule
from inventory.models import Claim, Entry, Movement, Place, Show


def movement(show: Show, verb: str = "place_hold", claim: Claim | None = None, quantity: int = 1) -> Movement:
    return Movement.objects.create(
        show=show, verb=verb, claim=claim, actor="user:1", quantity=quantity, at=timezone.now()
    )


def claim(show: Show, kind: str = "hold", **fields: object) -> Claim:
    return Claim.objects.create(show=show, kind=kind, created_at=timezone.now(), **fields)


def rule_of(act: Callable[[], object]) -> str:
    """The name of the rule that PostgreSQL refused the act by; the act must be refused and change nothing."""
    before = list(Place.objects.order_by("id").values()), Entry.objects.count()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    assert (list(Place.objects.order_by("id").values()), Entry.objects.count()) == before
    return broken_rule(refused.value)


def run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
