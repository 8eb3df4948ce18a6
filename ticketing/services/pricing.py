"""Setting prices: another one begins, and the old one stays in the books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core.refusals import DomainError
from core.times import day_in_india
from inventory.acts import By
from inventory.models import Tier
from inventory.queries import moves
from inventory.services.refusals import TierUnknown
from ticketing.models import Price, PriceException
from ticketing.queries.quotes import taxed_on
from ticketing.services.quoting import NotPriced, taxes_in

LEAST_PAISE = 100
# Another price begins a moment after it is written, so that nobody locks at one price what was shown at another.
SOON = timedelta(seconds=5)


class PriceTooLow(DomainError):
    code, status, message = "price_too_low", 400, "A price is one rupee at least."


class ReasonNeeded(DomainError):
    code, status, message = "reason_needed", 400, "Another price than the tier's needs a reason code and a note."


class TimesInvalid(DomainError):
    code, status, message = "times_invalid", 400, "A price begins now or later, and an exception ends after it begins."


class PriceBeginsThen(DomainError):
    code, message = "price_begins_then", "Another price of this tier begins at that very moment. Choose another."


@transaction.atomic
def set_price(
    *,
    tier_id: int,
    paise: int,
    by: By,
    from_at: datetime | None = None,
    reading: str = "",
    reading_reason: str = "",
    now: datetime | None = None,
) -> Price:
    """From `from_at` on the tier costs so much, all taxes and charges included: a first price at once, another soon.

    Locks made before keep the price they were made at. Raises TierUnknown, NotPriced (the show has no terms yet),
    PriceTooLow, TimesInvalid, PriceBeginsThen, and PriceBetweenBands where such a price needs `reading` with
    `reading_reason`.
    """
    at = now or moves.database_now()
    begins = from_at or (at + SOON if Price.objects.filter(tier_id=tier_id).exists() else at)
    _check(tier_id, paise, begins, at, reading, reading_reason)
    if Price.objects.filter(tier_id=tier_id, from_at=begins).exists():
        raise PriceBeginsThen
    return Price.objects.create(
        tier_id=tier_id,
        paise=paise,
        from_at=begins,
        reading=reading,
        reading_reason=reading_reason,
        actor=by.actor,
        made_at=at,
    )


@transaction.atomic
def set_prices(
    *, show_id: int, paise: Mapping[int, int], by: By, from_at: datetime | None = None, now: datetime | None = None
) -> list[Price]:
    """What several tiers of a show cost, by their ids: all of it, or nothing. Raises what `set_price` does, and the
    refusal's facts say of which tier.
    """
    if strays := set(paise) - set(Tier.objects.filter(show_id=show_id, pk__in=paise).values_list("pk", flat=True)):
        raise TierUnknown(tier_ids=sorted(strays))
    prices = []
    for tier_id in sorted(paise):
        try:
            prices.append(set_price(tier_id=tier_id, paise=paise[tier_id], by=by, from_at=from_at, now=now))
        except DomainError as refusal:
            refusal.facts["tier_id"] = tier_id
            raise
    return prices


@transaction.atomic
def except_price(
    *,
    tier_id: int,
    channel_id: int,
    paise: int,
    reason_code: str,
    note: str,
    approver_id: int,
    ends_at: datetime,
    by: By,
    begins_at: datetime | None = None,
    reading: str = "",
    reading_reason: str = "",
    now: datetime | None = None,
) -> PriceException:
    """Until `ends_at` this channel sells the tier at another price, for a reason that somebody approved.

    Raises what `set_price` does, and ReasonNeeded.
    """
    at = now or moves.database_now()
    begins = begins_at or at + SOON
    if not reason_code.strip() or not note.strip():
        raise ReasonNeeded
    if ends_at <= begins:
        raise TimesInvalid
    _check(tier_id, paise, begins, at, reading, reading_reason)
    return PriceException.objects.create(
        tier_id=tier_id,
        channel_id=channel_id,
        paise=paise,
        reason_code=reason_code.strip(),
        note=note.strip(),
        approver_id=approver_id,
        begins_at=begins,
        ends_at=ends_at,
        reading=reading,
        reading_reason=reading_reason,
        actor=by.actor,
        made_at=at,
    )


@transaction.atomic
def end_exception(*, exception_id: int, now: datetime | None = None) -> bool:
    """From now on the tier's own price holds again. Whether the exception was still in force, or to come."""
    at = now or moves.database_now()
    ended = PriceException.objects.filter(pk=exception_id, ends_at__gt=at)
    # One that has not begun never will: it ends as it begins.
    begun = ended.filter(begins_at__lte=at).update(ends_at=at)
    return bool(begun or _end_unbegun(exception_id, at))


def _end_unbegun(exception_id: int, at: datetime) -> int:
    return PriceException.objects.filter(pk=exception_id, begins_at__gt=at, ends_at__gt=F("begins_at")).update(
        ends_at=F("begins_at")
    )


def _check(tier_id: int, paise: int, begins: datetime, at: datetime, reading: str, reading_reason: str) -> None:
    tier = Tier.objects.filter(pk=tier_id).only("show_id").first()
    if tier is None:
        raise TierUnknown(tier_id=tier_id)
    if paise < LEAST_PAISE:
        raise PriceTooLow(paise=paise)
    if begins < at:
        raise TimesInvalid
    taxed = taxed_on(tier.show_id, day_in_india(begins))
    if taxed is None:
        raise NotPriced("Say who sells this show and how it is taxed before you price it.", show_id=tier.show_id)
    if bool(reading) != bool(reading_reason.strip()):
        raise ReasonNeeded("How a price between two tax bands is read needs its reason.")
    taxes_in(paise, reading, taxed)
