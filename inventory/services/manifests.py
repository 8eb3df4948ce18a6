"""Manifests become places: the one way in which stock comes into being."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.manifest.house import House
from inventory.models import Allocation, Movement, Place, Section, Show, Tier
from inventory.models.ledger import Verb
from inventory.queries import loading, moves
from inventory.services.headers import annotate
from inventory.services.refusals import ShowUnknown

POOL = "Pool"
Progress = Callable[[int], None]


class ManifestAlreadyLoaded(DomainError):
    code, message = "manifest_already_loaded", "This show has its house already. Add places to it instead."


class ManifestEmpty(DomainError):
    code, status, message = "manifest_empty", 400, "This manifest has no places."


class PlacesExist(DomainError):
    code, message = "places_exist", "Some of these places are in this show already."


class SectionKindDiffers(DomainError):
    code, message = "section_kind_differs", "A section is numbered or general admission, for good."


@transaction.atomic
def load_manifest(
    *, show_id: int, house: House, by: By, progress: Progress = lambda _: None, now: datetime | None = None
) -> Movement:
    """Give a show its house: sections, tiers and every place, open and in the pool, in one movement.

    `progress` hears how many places are written so far. Raises ShowUnknown, ManifestEmpty, ManifestAlreadyLoaded.
    """
    show = _enter(show_id, house)
    if Place.objects.filter(show_id=show_id).exists():
        raise ManifestAlreadyLoaded(show=show.slug)
    return _load(show, house, Verb.LOAD_MANIFEST, by, progress, now)


@transaction.atomic
def add_places(
    *, show_id: int, house: House, by: By, progress: Progress = lambda _: None, now: datetime | None = None
) -> Movement:
    """Add places to a show that has some: an extra row, more standing room. New general-admission numbers follow on.

    Raises ShowUnknown, ManifestEmpty, PlacesExist and SectionKindDiffers.
    """
    return _load(_enter(show_id, house), house, Verb.ADD_PLACES, by, progress, now)


def _enter(show_id: int, house: House) -> Show:
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        raise ShowUnknown(show_id=show_id)
    if not house.spots:
        raise ManifestEmpty(show=show.slug)
    moves.seize_show(show_id)
    return show


def _load(show: Show, house: House, verb: str, by: By, progress: Progress, now: datetime | None) -> Movement:
    at = now or moves.database_now()
    sections = _sections(show, house)
    tiers = _tiers(show, house)
    pool, _ = Allocation.objects.get_or_create(show=show, is_pool=True, defaults={"name": POOL})
    spots = loading.follow_on(show.pk, {code: section.pk for code, section in sections.items()}, house.spots)
    if existing := loading.existing(show.pk, sections, spots):
        raise PlacesExist(places=existing)
    movement = Movement.objects.create(
        show=show,
        verb=verb,
        channel_id=by.channel_id,
        actor=by.actor,
        reason_code=by.reason_code,
        quantity=len(spots),
        at=at,
    )
    annotate(movement.pk, by)
    loading.copy_places(
        show_id=show.pk,
        movement_id=movement.pk,
        allocation_id=pool.pk,
        section_ids={code: section.pk for code, section in sections.items()},
        tier_ids={code: tier.pk for code, tier in tiers.items()},
        spots=spots,
        progress=progress,
    )
    loading.raise_manifest_version(show.pk)
    return movement


def _sections(show: Show, house: House) -> dict[str, Section]:
    known = {section.code: section for section in show.sections.all()}
    for ordinal, spec in enumerate(house.sections, start=len(known) + 1):
        section = known.get(spec.code)
        if section is None:
            known[spec.code] = Section.objects.create(
                show=show, code=spec.code, name=spec.name, is_ga=spec.is_ga, ordinal=ordinal
            )
        elif section.is_ga != spec.is_ga:
            raise SectionKindDiffers(section=spec.code)
    return known


def _tiers(show: Show, house: House) -> dict[str, Tier]:
    known = {tier.code: tier for tier in show.tiers.all()}
    for ordinal, spec in enumerate(house.tiers, start=len(known) + 1):
        if spec.code not in known:
            known[spec.code] = Tier.objects.create(
                show=show, code=spec.code, name=spec.name, colour=spec.colour, ordinal=ordinal
            )
    return known
