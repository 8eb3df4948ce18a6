"""What places cost, and which taxes are in it. The server alone decides: no client's number is ever looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.refusals import DomainError
from inventory.queries.doors import Label
from ticketing.queries.quotes import LockHeld, PriceHeld, Taxed
from ticketing.tax.bands import BandsInvalid, Contradictory, Reading, choose_band
from ticketing.tax.split import split_price
from ticketing.tax.words import Band, Basis, LocalTax, Seller, Split, Supply


class NotPriced(DomainError):
    code, message = "not_priced", "Some of these places have no price yet."


class PriceBetweenBands(DomainError):
    code, message = (
        "price_between_bands",
        "This price lies between two tax bands: as the lower it is too high, as the upper too low. Say how it is read.",
    )


class TaxUnsettled(DomainError):
    code, message = "tax_unsettled", "The tax rates of this show are not in order. Ask the box office."


@dataclass(frozen=True, slots=True)
class LineQuote:
    """One place, what it costs, and the taxes inside that."""

    place: Label
    tier_id: int
    price: PriceHeld
    split: Split

    @property
    def paise(self) -> int:
        return self.price.paise


def quote_lines(held: LockHeld) -> list[LineQuote]:
    """What each place of a lock costs. Raises NotPriced, PriceBetweenBands and TaxUnsettled."""
    if held.taxed is None or any(price is None for price in held.prices.values()):
        raise NotPriced(tiers=sorted({label.tier for label, tier in held.places if held.prices.get(tier) is None}))
    priced = {tier: (price, taxes_in(price.paise, price.reading, held.taxed)) for tier, price in _known(held)}
    return [LineQuote(label, tier, *priced[tier]) for label, tier in held.places]


def _known(held: LockHeld) -> list[tuple[int, PriceHeld]]:
    return [(tier, price) for tier, price in held.prices.items() if price is not None]


def taxes_in(paise: int, reading: str, taxed: Taxed) -> Split:
    """Take an inclusive price apart. Raises PriceBetweenBands and TaxUnsettled."""
    bands = tuple(tuple(band) for band in taxed.bands)
    return _taxes_in(
        paise, reading, bands, taxed.gst_status, taxed.seller_state, taxed.venue_state, taxed.local_rate_bp
    )


# A show has few prices and thousands of buyers.
@lru_cache(maxsize=4096)
def _taxes_in(
    paise: int,
    reading: str,
    bands: Sequence[tuple[Any, ...]],
    gst_status: str,
    seller_state: str,
    venue_state: str,
    local_rate_bp: int,
) -> Split:
    local = (LocalTax("local", local_rate_bp),) if local_rate_bp else ()
    try:
        ladder = [Band(up_to, rate_bp, Basis(basis), is_exempt) for up_to, rate_bp, basis, is_exempt in bands]
        band = choose_band(paise, ladder, local_taxes=local, reading=Reading(reading) if reading else None)
    except (BandsInvalid, ValueError) as error:
        raise TaxUnsettled(why=str(error)) from error
    seller = Seller(gst_status)
    if isinstance(band, Contradictory):
        if seller is Seller.REGULAR:
            raise PriceBetweenBands(low_paise=band.low_paise, high_paise=band.high_paise)
        band = band.band(Reading.LOWER)
    return split_price(paise, band, supply=Supply(seller_state, venue_state), seller=seller, local_taxes=local)
