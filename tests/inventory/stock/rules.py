"""Rules of selling, written down directly: openings, ladders, freezes. The verbs for some of them are elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from inventory.models import Allocation, AllocationChannel, Channel, Freeze, FreezeRule, Movement, ReleaseStep, Show
from tests.houses import NOON


def slice_for(show: Show, *channels: Channel, name: str = "Slice", opens_at: datetime | None = None) -> Allocation:
    """An allocation that these channels sell from."""
    allocation = Allocation.objects.create(show=show, name=name)
    for channel in channels:
        AllocationChannel.objects.create(allocation=allocation, channel=channel, opens_at=opens_at)
    return allocation


def step(show: Show, at: datetime, **fields: Any) -> ReleaseStep:
    if not fields.keys() & {"share_percent", "quantity"}:
        fields["share_percent"] = 100
    return ReleaseStep.objects.create(show=show, at=at, **fields)


def freeze(show: Show, *, at: datetime = NOON, actor: str = "user:1", **fields: Any) -> Freeze:
    """Stop selling a tier, a section or a channel."""
    frozen = Movement.objects.create(show=show, verb="freeze", actor=actor, quantity=0, at=at)
    return Freeze.objects.create(show=show, frozen=frozen, **fields)


def thaw(stopped: Freeze, *, at: datetime = NOON) -> None:
    stopped.thawed = Movement.objects.create(show=stopped.show, verb="thaw", actor="user:1", quantity=0, at=at)
    stopped.save()


def rule(show: Show, margin: int, **fields: Any) -> FreezeRule:
    return FreezeRule.objects.create(show=show, margin=margin, **fields)
