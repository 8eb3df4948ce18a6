"""Freezes by hand: selling stopped for a tier, a section or a channel of a show, and let go again by a person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Channel, Freeze, Section, Show, Tier
from inventory.models.ledger import Verb
from inventory.queries import moves
from inventory.services import refusals
from inventory.services.headers import record
from inventory.services.kills import ReasonMissing


class FreezeUnknown(DomainError):
    code, status, message = "freeze_unknown", 404, "There is no such freeze."


class FreezeTargetMissing(DomainError):
    code, status, message = (
        "freeze_target_missing",
        400,
        "Name a tier, a section or a channel of this show to freeze; a tier or a section, not both.",
    )


class AlreadyFrozen(DomainError):
    code, message = "already_frozen", "This is frozen already."


class AlreadyThawed(DomainError):
    code, message = "already_thawed", "This freeze was thawed already."


@transaction.atomic
def freeze(
    *,
    show_id: int,
    by: By,
    tier_id: int | None = None,
    section_id: int | None = None,
    channel_id: int | None = None,
    now: datetime | None = None,
) -> Freeze:
    """Stop selling a tier, a section or everything, on one channel or on all, for the reason in `by`.

    It waits for the sales in flight, and no sale begun afterwards gets past it. What is locked already may still be
    paid. Raises ReasonMissing, ShowUnknown, FreezeTargetMissing and AlreadyFrozen.
    """
    if not by.reason_code:
        raise ReasonMissing
    if not Show.objects.filter(pk=show_id).exists():
        raise refusals.ShowUnknown(show_id=show_id)
    _refuse_odd_target(show_id, tier_id, section_id, channel_id)
    moves.seize_show(show_id)
    target = {"show_id": show_id, "tier_id": tier_id, "section_id": section_id, "channel_id": channel_id}
    if Freeze.objects.filter(**target, thawed=None).exists():
        raise AlreadyFrozen
    movement = record(show_id=show_id, verb=Verb.FREEZE, by=by, at=now or moves.database_now())
    return Freeze.objects.create(**target, frozen=movement)


@transaction.atomic
def thaw(*, freeze_id: int, by: By, now: datetime | None = None) -> Freeze:
    """Let selling go on. Where a rule's line is still reached, the next sale trips it again.

    Raises FreezeUnknown and AlreadyThawed.
    """
    show_id = Freeze.objects.filter(pk=freeze_id).values_list("show_id", flat=True).first()
    if show_id is None:
        raise FreezeUnknown(freeze_id=freeze_id)
    moves.seize_show(show_id)
    movement = record(show_id=show_id, verb=Verb.THAW, by=by, at=now or moves.database_now())
    if not Freeze.objects.filter(pk=freeze_id, thawed=None).update(thawed=movement):
        raise AlreadyThawed(freeze_id=freeze_id)
    return Freeze.objects.get(pk=freeze_id)


def _refuse_odd_target(show_id: int, tier_id: int | None, section_id: int | None, channel_id: int | None) -> None:
    is_named = not (tier_id is None and section_id is None and channel_id is None)
    is_here = (
        (tier_id is None or Tier.objects.filter(pk=tier_id, show_id=show_id).exists())
        and (section_id is None or Section.objects.filter(pk=section_id, show_id=show_id).exists())
        and (channel_id is None or Channel.objects.filter(pk=channel_id).exists())
    )
    if not is_named or not is_here or (tier_id is not None and section_id is not None):
        raise FreezeTargetMissing(tier_id=tier_id, section_id=section_id, channel_id=channel_id)
