"""From what was wanted to places, for verbs of the house's own: holds, kills and allocations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from inventory.acts import Admissions, Best, By, Seats, Wanted
from inventory.models import Claim, Place, Section, Show, Tier
from inventory.queries import ladders, moves, places
from inventory.services import refusals
from inventory.services.headers import annotate
from inventory.services.releases import run_due_releases
from inventory.services.sweep import expire_locks

ATTEMPTS = 6
MOST_ID = 2**63 - 1  # bigint
MOST_SHOW_ID = 2**31 - 1  # half of an advisory lock's key
Row = TypeVar("Row")


class RacedAway(Exception):
    """Some of the chosen places moved between the choice and the lock on their rows. Never leaves this package."""


def refuse_odd(show_id: int, wanted: Wanted | Best, most: int | None = None) -> None:
    """Refuse what no house can have: nothing, one place twice, too many, or ids past PostgreSQL's integers."""
    twice = isinstance(wanted, Seats) and wanted.quantity != len(wanted.place_ids)
    if twice or wanted.quantity < 1 or (most is not None and wanted.quantity > most):
        raise refusals.QuantityInvalid(quantity=wanted.quantity, most=most)
    if not 0 < show_id <= MOST_SHOW_ID:
        raise refusals.ShowUnknown(show_id=show_id)
    if isinstance(wanted, Seats):
        if impossible := [place_id for place_id in wanted.place_ids if not 0 < place_id <= MOST_ID]:
            raise refusals.PlacesUnknown(place_ids=impossible)
        return
    if isinstance(wanted, Best) and not 0 <= wanted.accessible <= wanted.quantity:
        raise refusals.QuantityInvalid(quantity=wanted.quantity, accessible=wanted.accessible)
    tier_ids = wanted.tier_ids if isinstance(wanted, Best) else (wanted.tier_id,)
    if not all(0 < number <= MOST_ID for number in (*tier_ids, wanted.section_id or 1)):
        raise refusals.TierUnknown(tier_ids=list(tier_ids), section_id=wanted.section_id)


def refuse_unknown_tier(show_id: int, wanted: Wanted) -> None:
    """Raise TierUnknown where a tier or a section of another show was asked for: nothing there could be open."""
    if isinstance(wanted, Admissions):
        refuse_unknown_tiers(show_id, (wanted.tier_id,), wanted.section_id)


def refuse_unknown_tiers(show_id: int, tier_ids: Sequence[int], section_id: int | None) -> None:
    known = set(Tier.objects.filter(pk__in=tier_ids, show_id=show_id).values_list("pk", flat=True))
    if known != set(tier_ids) or (
        section_id is not None and not Section.objects.filter(pk=section_id, show_id=show_id).exists()
    ):
        raise refusals.TierUnknown(tier_ids=list(tier_ids), section_id=section_id)


def take(show_id: int, wanted: Wanted, act: Callable[[Sequence[int]], Row], now: datetime | None) -> Row:
    """Choose open places, run `act` on exactly those in a transaction, and choose again where a sale was quicker.

    What has run out is expired on the way. `act` raises RacedAway when it did not get every place.
    Raises ShowUnknown, QuantityInvalid, TierUnknown, PlacesUnknown, PlacesTaken, NotEnoughPlaces and Busy.
    """
    refuse_odd(show_id, wanted)
    if not Show.objects.filter(pk=show_id).exists():
        raise refusals.ShowUnknown(show_id=show_id)
    refuse_unknown_tier(show_id, wanted)
    for _ in range(ATTEMPTS):
        chosen = _seats(show_id, wanted, now) if isinstance(wanted, Seats) else _admissions(show_id, wanted, now)
        if chosen is None:
            continue
        try:
            with transaction.atomic():
                return act(chosen)
        except RacedAway:
            continue
    raise refusals.Busy


def put_into_claim(
    *,
    show_id: int,
    place_ids: Sequence[int],
    kind: str,
    status: str,
    verb: str,
    by: By,
    at: datetime,
    expires_at: datetime | None = None,
) -> Claim:
    """Move exactly these open places into a new claim. Raises RacedAway where one of them is open no more."""
    claim = Claim.objects.create(
        show_id=show_id, kind=kind, channel_id=by.channel_id, expires_at=expires_at, created_at=at
    )
    moved = moves.move_places(
        show_id=show_id,
        verb=verb,
        by=by,
        at=at,
        where=f"{moves.BY_IDS} AND status = 'open'",
        place_ids=list(place_ids),
        to_status=status,
        to_claim_id=claim.pk,
    )
    if len(moved.place_ids) < len(place_ids):
        raise RacedAway
    annotate(moved.movement_id, by)
    return claim


def _seats(show_id: int, wanted: Seats, now: datetime | None) -> Sequence[int] | None:
    ids = sorted(wanted.place_ids)
    found = places.states(show_id, ids, now)
    if len(found) < len(ids):
        raise refusals.PlacesUnknown(place_ids=sorted(set(ids) - set(found)))
    if due := sorted({state.claim_id for state in found.values() if state.is_due and state.claim_id}):
        expire_locks(show_id=show_id, claim_ids=due, now=now)
        return None
    if any(state.status == Place.Status.HELD for state in found.values()) and _give_back_due(show_id, now):
        return None
    taken = {place_id: state.status for place_id, state in found.items() if state.status != Place.Status.OPEN}
    if taken:
        raise refusals.PlacesTaken(place_ids=sorted(taken), statuses={str(key): taken[key] for key in sorted(taken)})
    return ids


def tidy(show_id: int, now: datetime | None) -> None:
    """Give back all that ran out or is due. Before a long transaction: inside it these locks come out of order."""
    while expire_locks(show_id=show_id, now=now):
        continue
    _give_back_due(show_id, now)


def _give_back_due(show_id: int, now: datetime | None) -> bool:
    """What a ladder or a hold's end promised counts from its second: carry it out, as a sale would. Was there any?"""
    return (
        bool(ladders.due_acts(show_id, now or moves.database_now())) and run_due_releases(show_id=show_id, now=now) > 0
    )


def _admissions(show_id: int, wanted: Admissions, now: datetime | None) -> Sequence[int] | None:
    chosen = places.open_admissions(show_id, wanted.tier_id, wanted.section_id, wanted.quantity)
    if len(chosen) < wanted.quantity:
        # Whether we expire what is due or find that another just did, only a second look is the truth.
        expired = expire_locks(show_id=show_id, now=now)
        chosen = places.open_admissions(show_id, wanted.tier_id, wanted.section_id, wanted.quantity)
        if expired and len(chosen) < wanted.quantity:
            return None
    if len(chosen) < wanted.quantity:
        raise refusals.NotEnoughPlaces(asked=wanted.quantity, open=len(chosen))
    return chosen
