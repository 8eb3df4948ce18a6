"""What a basket or an order holds, as lines that a buyer reads: where one sits, for how much, and the taxes inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ticketing.queries.shop import Seat

TAXES = {
    "cgst_paise": "CGST",
    "sgst_paise": "SGST",
    "igst_paise": "IGST",
    "local_tax_paise": "Entertainment tax",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one place costs, of its quote or its order's line."""

    paise: int
    list_paise: int
    taxes: tuple[int, int, int, int]
    """By the names of TAXES, in paise."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """Places of one row, one tier and one price. `numbers` are empty for general admission."""

    section: str
    row: str
    numbers: tuple[str, ...]
    tier: str
    count: int
    paise: int
    list_paise: int
    notes: tuple[str, ...]

    @property
    def total_paise(self) -> int:
        return self.count * self.paise

    @property
    def where(self) -> str:
        """`Stalls, row C: 11, 12`, or `Floor`."""
        return f"{self.section}, row {self.row}: {', '.join(self.numbers)}" if self.row else self.section


@dataclass(frozen=True, slots=True)
class Bill:
    lines: list[BillLine]
    total_paise: int
    taxes: list[tuple[str, int]]
    groups: list[str]
    """Where the party sits, one for each unbroken stretch of neighbours: `C 11, C 12`. More than one: it is split."""

    @property
    def is_split(self) -> bool:
        return len(self.groups) > 1


def bill_of(seats: Sequence[Seat], costs: dict[int, Cost]) -> Bill:
    """The bill of these places, in the house's order; `costs` by the place's id."""

    def alike(seat: Seat) -> tuple[object, ...]:
        cost = costs[seat.id]
        return seat.section, seat.row, seat.tier, cost.paise, cost.list_paise

    lines = []
    for _, part in groupby(sorted(seats, key=_in_order), key=alike):
        together = list(part)
        first, cost = together[0], costs[together[0].id]
        numbers = tuple(seat.number for seat in together) if first.row else ()
        lines.append(
            BillLine(
                section=first.section,
                row=first.row,
                numbers=numbers,
                tier=first.tier,
                count=len(together),
                paise=cost.paise,
                list_paise=cost.list_paise,
                notes=_notes(together),
            )
        )
    sums = [sum(costs[seat.id].taxes[nth] for seat in seats) for nth in range(len(TAXES))]
    return Bill(
        lines=lines,
        total_paise=sum(line.total_paise for line in lines),
        taxes=[(name, paise) for name, paise in zip(TAXES.values(), sums, strict=True) if paise],
        groups=[", ".join(f"{seat.row} {seat.number}" for seat in group) for group in _stretches(seats)],
    )


def _in_order(seat: Seat) -> tuple[object, ...]:
    return seat.section, seat.run, seat.position, seat.id


def _notes(seats: Iterable[Seat]) -> tuple[str, ...]:
    traits = {
        "wheelchair place": any(seat.is_accessible for seat in seats),
        "companion place": any(seat.is_companion for seat in seats),
        "restricted view": any(seat.is_restricted_view for seat in seats),
    }
    return tuple(name for name, is_so in traits.items() if is_so)


def _stretches(seats: Sequence[Seat]) -> list[list[Seat]]:
    """Numbered seats as they sit beside each other. Standing places have no neighbours and are left out."""
    stretches: list[list[Seat]] = []
    for seat in sorted((seat for seat in seats if seat.run), key=_in_order):
        last = stretches[-1][-1] if stretches else None
        if last and (last.section, last.run, last.position + 1) == (seat.section, seat.run, seat.position):
            stretches[-1].append(seat)
        else:
            stretches.append([seat])
    return stretches
