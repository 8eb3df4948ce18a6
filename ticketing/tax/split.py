"""The taxes inside a price that includes them all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.money import round_half_up
from ticketing.tax.words import WHOLE, Band, Component, LocalTax, Seller, Split, Supply


def split_price(
    gross_paise: int,
    band: Band,
    *,
    supply: Supply,
    seller: Seller = Seller.REGULAR,
    local_taxes: Sequence[LocalTax] = (),
) -> Split:
    """Take a price apart under one band. Raises ValueError below zero.

    Each half of GST, the IGST and each local tax is rounded once, a half paisa up, and the net price is what is left,
    so that CGST equals SGST and everything sums. One ticket at a time: a refund of one then reverses exactly.
    """
    if gross_paise < 0:
        raise ValueError("A price is not below zero.")
    rate_bp = band.rate_bp if seller is Seller.REGULAR else 0
    over, of = _value(rate_bp, local_taxes)
    components = _gst(gross_paise * over, of, rate_bp, supply)
    left = gross_paise - sum(component.paise for component in components)
    taxable = left
    inside = WHOLE + _rate(local_taxes, in_gst_value=True)
    for tax in local_taxes:
        # At some paise a ticket, rounding each tax up might take more than there is.
        paise = min(left, round_half_up(gross_paise * over * tax.rate_bp, of * inside))
        components.append(Component(tax.code, tax.rate_bp, paise))
        left -= paise
        taxable -= 0 if tax.in_gst_value else paise
    return Split(gross_paise, left, taxable, tuple(components), band.is_exempt, band)


def value_share(rate_bp: int, local_taxes: Sequence[LocalTax] = ()) -> Fraction:
    """Which part of a price is what GST is counted on: 100/118 at 18 %, before any rounding."""
    return Fraction(*_value(rate_bp, local_taxes))


def _value(rate_bp: int, local_taxes: Sequence[LocalTax]) -> tuple[int, int]:
    """The same as two numbers.

    With local taxes `a` inside GST's value and `b` outside it, a net price P makes the value V = P(1 + a), and the
    price is V + rV + bP; so V is 1 / (1 + r + b/(1 + a)) of it.
    """
    inside = WHOLE + _rate(local_taxes, in_gst_value=True)
    return WHOLE * inside, (WHOLE + rate_bp) * inside + _rate(local_taxes, in_gst_value=False) * WHOLE


def _rate(local_taxes: Sequence[LocalTax], *, in_gst_value: bool) -> int:
    return sum(tax.rate_bp for tax in local_taxes if tax.in_gst_value is in_gst_value)


def _gst(value: int, of: int, rate_bp: int, supply: Supply) -> list[Component]:
    if not rate_bp:
        return []
    codes = supply.gst_codes
    paise = round_half_up(value * rate_bp, of * WHOLE * len(codes))
    return [Component(code, rate_bp // len(codes), paise) for code in codes]
