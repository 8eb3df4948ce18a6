"""Which of a category's bands a price lies in, and the prices that lie in none.

A threshold on the price without GST, with a rate that jumps there, leaves prices that contradict themselves. At ₹550
all included, with ₹500 exempt and 18 % above: read as exempt, more than ₹500 was asked; read as taxed, only ₹466.10
was. Neither is safe, so such a price is refused or read as a person says, who then answers for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import floor

from ticketing.tax.split import split_price, value_share
from ticketing.tax.words import Band, Basis, LocalTax, Seller, Split, Supply


class Reading(StrEnum):
    """As what a contradictory price is read: of the band below its threshold (the exempt one), or of that above."""

    LOWER = "lower"
    UPPER = "upper"


class BandsInvalid(ValueError):
    """A list of bands that is no ladder."""

    code = "bands_invalid"


@dataclass(frozen=True, slots=True)
class Contradictory:
    """Every price from `low_paise` to `high_paise`, all included, is above the first band and below the second."""

    low_paise: int
    high_paise: int
    readings: tuple[Band, Band]

    def band(self, reading: Reading) -> Band:
        return self.readings[0 if reading is Reading.LOWER else 1]


def taxes_in(
    gross_paise: int,
    bands: Sequence[Band],
    *,
    supply: Supply,
    seller: Seller = Seller.REGULAR,
    local_taxes: Sequence[LocalTax] = (),
    reading: Reading | None = None,
) -> Split | Contradictory:
    """The band of a price and the taxes in it, in one call: what a sale freezes with each ticket. Raises BandsInvalid.

    No price of a seller who charges no GST contradicts itself: there is none to read it by.
    """
    if seller is not Seller.REGULAR:
        reading = reading or Reading.LOWER
    band = choose_band(gross_paise, bands, local_taxes=local_taxes, reading=reading)
    if isinstance(band, Contradictory):
        return band
    return split_price(gross_paise, band, supply=supply, seller=seller, local_taxes=local_taxes)


def choose_band(
    gross_paise: int,
    bands: Sequence[Band],
    *,
    local_taxes: Sequence[LocalTax] = (),
    reading: Reading | None = None,
) -> Band | Contradictory:
    """The band of a price, taxes included; `reading` decides where it contradicts itself. Raises BandsInvalid.

    The value tested is that of the supply (CGST Act, s.15): with the local taxes that belong to it, without GST. It is
    one person's consideration: what a pass for two costs is to be divided before.
    """
    for gap in contradictions(bands, local_taxes=local_taxes):
        if gap.low_paise <= gross_paise <= gap.high_paise:
            return gap if reading is None else gap.band(reading)
    return next(band for band in bands if gross_paise <= _most(band, band, local_taxes))


def contradictions(bands: Sequence[Band], *, local_taxes: Sequence[LocalTax] = ()) -> list[Contradictory]:
    """The prices that lie in no band, cheapest first; none where the threshold is on the price as paid."""
    _check(bands)
    gaps = [
        Contradictory(int(_most(lower, lower, local_taxes)) + 1, int(_most(lower, upper, local_taxes)), (lower, upper))
        for lower, upper in pairwise(bands)
    ]
    return [gap for gap in gaps if gap.low_paise <= gap.high_paise]


def _most(threshold: Band, reading: Band, local_taxes: Sequence[LocalTax]) -> float:
    """The highest price whose value, read as `reading`, is not above the threshold: whole paise, or infinity."""
    if threshold.up_to_paise is None:
        return float("inf")
    if threshold.basis is Basis.INCLUSIVE:
        return threshold.up_to_paise
    return floor(threshold.up_to_paise / value_share(reading.rate_bp, local_taxes))


def _check(bands: Sequence[Band]) -> None:
    if not bands or bands[-1].up_to_paise is not None:
        raise BandsInvalid("The last band has no end, or some price has no band.")
    if any(band.up_to_paise is None for band in bands[:-1]):
        raise BandsInvalid("Only the last band has no end.")
    if any((below.up_to_paise or 0) >= above.up_to_paise for below, above in pairwise(bands[:-1]) if above.up_to_paise):
        raise BandsInvalid("Every band ends above the one before.")
    if any(below.rate_bp > above.rate_bp for below, above in pairwise(bands)):
        raise BandsInvalid("A dearer band with a lower rate would let one price be of both.")
    if len({band.basis for band in bands[:-1]}) > 1:
        raise BandsInvalid("All thresholds are compared with the same price.")
