"""Another performance of the same show: house, slices and rules again, and nothing of what was sold or held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, AllocationChannel, FreezeRule, ReleaseStep, Section, Show, Tier
from inventory.queries import moves
from inventory.queries.houses import house_of, slices_of
from inventory.services.allocations import allocate_places
from inventory.services.manifests import load_manifest
from inventory.services.refusals import ShowUnknown

# What a show's copy has of its own; everything else about its clock and limits is the same.
ITS_OWN = {"id", "title", "slug", "starts_at", "state", "manifest_version"}


class SlugTaken(DomainError):
    code, message = "slug_taken", "Another show has this address already. Choose another."


class TimeInvalid(DomainError):
    code, status, message = "time_invalid", 400, "A show starts in the future."


@transaction.atomic
def copy_show(*, show_id: int, title: str, slug: str, starts_at: datetime, by: By, now: datetime | None = None) -> Show:
    """A draft with the same house, allocations, opening times, ladders and freeze rules.

    Times keep their distance from the start of the show. Holds, kills, freezes and sales are not copied. Raises
    ShowUnknown, SlugTaken, TimeInvalid and, for a show without places, ManifestEmpty.
    """
    at = now or moves.database_now()
    source = Show.objects.filter(pk=show_id).first()
    if source is None:
        raise ShowUnknown(show_id=show_id)
    if starts_at <= at:
        raise TimeInvalid(starts_at=starts_at.isoformat())
    if Show.objects.filter(slug=slug).exists():
        raise SlugTaken(slug=slug)
    same = {field.attname: getattr(source, field.attname) for field in Show._meta.concrete_fields}
    copy = Show.objects.create(
        **{name: value for name, value in same.items() if name not in ITS_OWN},
        title=title,
        slug=slug,
        starts_at=starts_at,
    )
    load_manifest(show_id=copy.pk, house=house_of(source.pk), by=by, now=at)
    _keep_order(source, copy)
    _copy_allocations(source, copy, by, at)
    _copy_rules(source, copy)
    copy.refresh_from_db()
    return copy


def _keep_order(source: Show, copy: Show) -> None:
    for model in (Section, Tier):
        order = dict(model.objects.filter(show=source).values_list("code", "ordinal"))
        for part in model.objects.filter(show=copy):
            part.ordinal = order[part.code]
            part.save(update_fields=["ordinal"])


def _copy_allocations(source: Show, copy: Show, by: By, at: datetime) -> None:
    shift = copy.starts_at - source.starts_at
    pool = Allocation.objects.get(show=copy, is_pool=True)
    new: dict[int, Allocation] = {}
    for old in Allocation.objects.filter(show=source):
        new[old.pk] = pool if old.is_pool else Allocation.objects.create(
            show=copy, name=old.name, closes_at=_shifted(old.closes_at, shift)
        )  # fmt: skip
    for opening in AllocationChannel.objects.filter(allocation__show=source):
        AllocationChannel.objects.create(
            allocation=new[opening.allocation_id],
            channel_id=opening.channel_id,
            opens_at=_shifted(opening.opens_at, shift),
        )
    for allocation_id, place_ids in slices_of(copy.pk, source.pk).items():
        allocate_places(allocation_id=new[allocation_id].pk, wanted=Seats(place_ids), by=by, now=at)
    for step in ReleaseStep.objects.filter(show=source, allocation__isnull=False):
        when = step.at + shift
        if when > at:
            ReleaseStep.objects.create(
                show=copy,
                allocation=new[step.allocation_id or 0],
                at=when,
                share_percent=step.share_percent,
                quantity=step.quantity,
                to_allocation=new[step.to_allocation_id] if step.to_allocation_id else None,
            )


def _copy_rules(source: Show, copy: Show) -> None:
    tiers = {tier.code: tier for tier in Tier.objects.filter(show=copy)}
    sections = {section.code: section for section in Section.objects.filter(show=copy)}
    for rule in FreezeRule.objects.filter(show=source).select_related("tier", "section"):
        FreezeRule.objects.create(
            show=copy,
            tier=tiers[rule.tier.code] if rule.tier else None,
            section=sections[rule.section.code] if rule.section else None,
            channel_id=rule.channel_id,
            margin=rule.margin,
            is_active=rule.is_active,
        )


def _shifted(moment: datetime | None, shift: timedelta) -> datetime | None:
    return moment + shift if moment else None
