"""What a show's tiers cost now, what is inside that, what they will cost, and which channels ask another price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.money import rupees
from core.refusals import DomainError
from core.times import day_in_india
from inventory.admin.reasons import in_line
from inventory.admin.words import clock
from inventory.models import Show
from inventory.queries.moves import database_now
from ticketing.models import Price, PriceException, Terms
from ticketing.models.prices import Reading
from ticketing.queries.quotes import Taxed, TierPrice, prices_at, taxed_on
from ticketing.services.quoting import taxes_in

NAMES = {"cgst": "CGST", "sgst": "SGST", "utgst": "UTGST", "igst": "IGST", "local": "local tax"}


@dataclass(frozen=True, slots=True)
class TierCard:
    """A tier, its price of now and what is in it, prices to come, and its exceptions, each in words."""

    tier_id: int
    name: str
    price: str
    inside: str
    coming: Sequence[str]
    exceptions: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PriceBoard:
    show_id: int
    terms: Terms | None
    at: datetime
    tiers: Sequence[TierCard]


def price_board(show: Show) -> PriceBoard:
    """All of a show's prices, in five statements however many tiers it has."""
    at = database_now()
    terms = Terms.objects.select_related("seller", "category", "local_tax").filter(show=show).first()
    taxed = taxed_on(show.pk, day_in_india(at))
    coming = list(Price.objects.filter(tier__show=show, from_at__gt=at).order_by("from_at"))
    exceptions = list(
        PriceException.objects.filter(tier__show=show, ends_at__gt=at)
        .select_related("channel", "approver")
        .order_by("begins_at")
    )
    return PriceBoard(
        show.pk,
        terms,
        at,
        [
            TierCard(
                tier.tier_id,
                tier.name,
                rupees(tier.price.list_paise) if tier.price else "no price yet",
                inside_of(tier, taxed),
                [f"{rupees(one.paise)} from {clock(one.from_at)}" for one in coming if one.tier_id == tier.tier_id],
                [(one.pk, exception_in_words(one, at)) for one in exceptions if one.tier_id == tier.tier_id],
            )
            for tier in prices_at(show.pk, None, at)
        ],
    )


def inside_of(tier: TierPrice, taxed: Taxed | None) -> str:
    """Which taxes are in a tier's price, in words; '' where it has none."""
    return taxes_inside(tier.price.list_paise, tier.price.reading, taxed) if tier.price and taxed else ""


def taxes_inside(paise: int, reading: str, taxed: Taxed) -> str:
    """`₹1,000.00, CGST ₹90.00, SGST ₹90.00 (18 %)`, or why there is none, or why that cannot be said."""
    try:
        split = taxes_in(paise, reading, taxed)
    except DomainError as refusal:
        return refusal.text
    parts = [f"{NAMES[part.code]} {rupees(part.paise)}" for part in split.components]
    read = f", read as {Reading(reading).name.lower()}" if reading else ""
    if not parts:
        why = "exempt" if split.is_exempt else "no tax"
        return f"{'not registered, no GST' if taxed.gst_status == 'unregistered' else why}{read}"
    rate = f" ({split.band.rate_bp / 100:g} %{read})" if split.band.rate_bp else ""
    return f"{rupees(split.net_paise)} and {', '.join(parts)}{rate}"


def exception_in_words(exception: PriceException, at: datetime) -> str:
    """`₹1,593.00 on Tiffin Tickets until 26 Nov, 19:30: a partner's rate, as agreed`."""
    begins = f" from {clock(exception.begins_at)}" if exception.begins_at > at else ""
    until = clock(exception.ends_at).removesuffix(":00")
    return f"{rupees(exception.paise)} on {exception.channel}{begins} until {until}: {in_line(exception.reason_code)}"


def context_of(board: PriceBoard, may: Any) -> dict[str, Any]:
    """What the card on a show's page needs; `may` says what its reader may do."""
    return {
        "prices": board,
        "may_price": may("ticketing.set_price"),
        "may_except": may("ticketing.approve_price_exception"),
        "may_terms": may("ticketing.add_terms"),
    }
