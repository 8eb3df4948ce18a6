"""What the tax in a price is made of. Rates are basis points (1800 is 18 %), amounts are whole paise.

Rules that come from the law are named where they are used; which apply to a show is for its organiser's accountant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ticketing.tax.states import UNION_TERRITORIES

WHOLE = 10_000  # basis points in one


class Basis(StrEnum):
    """What a band's threshold is compared with: the price as the buyer pays it, or the price without its GST."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class Seller(StrEnum):
    """How the organiser stands towards GST. Only a regular one may charge and show it (CGST Act, s.10(4), s.32)."""

    UNREGISTERED = "unregistered"
    COMPOSITION = "composition"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a category's rates: up to and including `up_to_paise`, or without an end where it is None."""

    up_to_paise: int | None
    rate_bp: int
    basis: Basis = Basis.EXCLUSIVE
    is_exempt: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.rate_bp <= WHOLE or self.rate_bp % 2:
            raise ValueError(f"A rate of {self.rate_bp} basis points has no two equal halves below one.")
        if self.is_exempt and self.rate_bp:
            raise ValueError("What is exempt has no rate.")
        if self.up_to_paise is not None and self.up_to_paise < 0:
            raise ValueError("A threshold is not below zero.")


@dataclass(frozen=True, slots=True)
class LocalTax:
    """A local body's own tax on admission (Entry 62 of the State List), counted on the price before every tax.

    It is part of what GST is counted on (CGST Act, s.15(2)(a)), unless `in_gst_value` is False.
    """

    code: str
    rate_bp: int
    in_gst_value: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.rate_bp <= WHOLE:
            raise ValueError(f"A local tax of {self.rate_bp} basis points is not between nothing and all.")
        if self.code in {"cgst", "sgst", "utgst", "igst"}:
            raise ValueError(f"{self.code} is not a local body's.")


@dataclass(frozen=True, slots=True)
class Supply:
    """Between which states: two digits each, as in a GSTIN.

    Admission is supplied where the event is held, whoever buys (IGST Act, s.12(6)); the seller's state is that of the
    registration it sells under.
    """

    seller_state: str
    venue_state: str

    @property
    def gst_codes(self) -> tuple[str, ...]:
        """`(cgst, sgst)` within a state, `(cgst, utgst)` in a Union Territory without a legislature, else `(igst,)`."""
        if self.seller_state != self.venue_state:
            return ("igst",)
        return ("cgst", "utgst" if self.venue_state in UNION_TERRITORIES else "sgst")


@dataclass(frozen=True, slots=True)
class Component:
    """One tax inside a price. `code` is cgst, sgst, utgst, igst, or a local tax's own."""

    code: str
    rate_bp: int
    paise: int


@dataclass(frozen=True, slots=True)
class Split:
    """A price taken apart: `net_paise` and all components are exactly `gross_paise`.

    `taxable_paise` is what GST is counted on and what a document calls the taxable value: the net price, and those
    local taxes that belong to it. Without local taxes it is the net price. `is_exempt` is the admission's own
    exemption; a seller who charges no GST has no GST components either, and is not therefore exempt.
    """

    gross_paise: int
    net_paise: int
    taxable_paise: int
    components: tuple[Component, ...]
    is_exempt: bool
    band: Band

    @property
    def tax_paise(self) -> int:
        """All taxes together."""
        return self.gross_paise - self.net_paise

    def paise(self, code: str) -> int:
        """The tax of this code, 0 where there is none."""
        return sum(component.paise for component in self.components if component.code == code)
