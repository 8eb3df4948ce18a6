"""A guest list looked at: what each row comes to, who would sit where, and what is wrong. Nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib

from core.money import rupees
from core.words import counted
from inventory.admin import seat_names
from inventory.models import Claim, Place, Show, Tier
from inventory.queries.moves import database_now
from inventory.queries.picking import Order, not_open, pick
from inventory.queries.stock import geometry
from ticketing.models import Complimentary
from ticketing.queries.quotes import prices_at
from ticketing.resources import Fault, GuestResource, GuestRow, faults_of, heads
from ticketing.services.seating import Party, Spot, seat_parties

EVERYTHING = 10_000_000


@dataclass
class Seen:
    """What became of a file: its rows with their places, or its faults."""

    rows: list[GuestRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What is wrong with the file as a whole."""

    @property
    def is_good(self) -> bool:
        return bool(self.rows) and not self.faults and not self.wrong

    @property
    def tickets(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def mailed(self) -> int:
        return sum("@" in row.contact for row in self.rows)


def look(
    show: Show,
    claim: Claim | None,
    table: tablib.Dataset,
    *,
    seated: Sequence[Sequence[int]] | None = None,
    act: Callable[[list[GuestRow]], object] | None = None,
) -> Seen:
    """Read a list for a show, out of a hold or the pool. With `seated`, each row has the places it was seen with.

    With `act` the list is issued by it, if it is good: all rows or none. What `act` refuses with is raised.
    """
    if wrong := heads(table):
        return Seen(wrong=wrong)
    seating = _Given(seated) if seated is not None else _Seating(show, claim)
    resource = GuestResource(
        show_id=show.pk,
        read_seats=_reader(show),
        not_read=seat_names.NotRead,
        seat=seating.seat,
        act=act,
    )
    result = resource.import_data(
        table, dry_run=act is None, use_transactions=True, rollback_on_validation_errors=True, is_look=act is None
    )
    faults = faults_of(result, table)
    wrong = [] if resource.guests or faults else ["The file has headings and no guest."]
    return Seen(resource.guests, faults, wrong)


def _reader(show: Show) -> Callable[[str], list[int]]:
    house = geometry(show.pk)
    assert house is not None
    return seat_names.reader(house)


class _Given:
    """Everybody sits where it was seen; nobody where rows are missing, since then none of the list is issued."""

    def __init__(self, places: Sequence[Sequence[int]]) -> None:
        self.places = places

    def seat(self, rows: list[GuestRow]) -> dict[int, list[str]]:
        if len(rows) == len(self.places):
            for row, places in zip(rows, self.places, strict=True):
                row.places = list(places)
        return {}


class _Seating:
    """Seats a list: what is named first, then everybody else together, the first of the list the best."""

    def __init__(self, show: Show, claim: Claim | None) -> None:
        self.show, self.claim = show, claim
        self.tiers = dict(Tier.objects.filter(show=show).values_list("pk", "name"))

    def seat(self, rows: list[GuestRow]) -> dict[int, list[str]]:
        faults: dict[int, list[str]] = defaultdict(list)
        self._look_at_named(rows, faults)
        good = [row for row in rows if row.row not in faults]
        parties = [Party(row.quantity, row.tier, row.seats) for row in good]
        for row, places in zip(good, seat_parties(parties, self._spots()), strict=True):
            row.places = places
            if not places:
                faults[row.row].append(self._too_few(row))
        return faults

    def _look_at_named(self, rows: list[GuestRow], faults: dict[int, list[str]]) -> None:
        named = [place_id for row in rows for place_id in row.seats]
        if not named:
            return
        taken, often = self._not_to_be_had(named), Counter(named)
        tiers = dict(Place.objects.filter(pk__in=named).values_list("pk", "tier_id"))
        for row in rows:
            if gone := [place_id for place_id in row.seats if place_id in taken]:
                whose = "" if self.claim else seat_names.whose(self.show.pk, gone)
                faults[row.row].append(f"seats: {whose or f'{seat_names.spoken(gone)}: not of this hold'}")
            if twice := [place_id for place_id in row.seats if often[place_id] > 1]:
                faults[row.row].append(f"seats: another row names {seat_names.spoken(twice)} as well")
            if row.tier and any(tiers[place_id] != row.tier for place_id in row.seats):
                faults[row.row].append(f"tier: not all of these seats are {self.tiers[row.tier]}")

    def _not_to_be_had(self, named: Sequence[int]) -> set[int]:
        if self.claim is None:
            return set(not_open(self.show.pk, sorted(set(named))))
        return set(named) - set(self._held().values_list("pk", flat=True))

    def _held(self) -> Any:
        return Place.objects.filter(claim=self.claim, status=Place.Status.HELD)

    def _spots(self) -> list[Spot]:
        there = self._held() if self.claim else Place.objects.filter(pk__in=pick(self.show.pk, EVERYTHING, Order.BEST))
        columns = ("pk", "tier_id", "section_id", "run", "position", "rank")
        return [
            Spot(pk, tier, (section, run), position, rank)
            for pk, tier, section, run, position, rank in there.values_list(*columns)
        ]

    def _too_few(self, row: GuestRow) -> str:
        of = f" of {self.tiers[row.tier]}" if row.tier else ""
        where = "this hold" if self.claim else "the open pool"
        return f"quantity: asks for {row.quantity}{of}, and {where} has fewer left. Ask for fewer, or elsewhere"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it."""

    row: int
    name: str
    recipient: str
    quantity: int
    where: str
    contact: str
    note: str


def lines_of(rows: Sequence[GuestRow]) -> list[Line]:
    """Rows in words, each with its seats. One statement."""
    ids = [place_id for row in rows for place_id in row.places]
    places = Place.objects.select_related("section").in_bulk(ids)
    labels = dict(Complimentary.Recipient.choices)

    def spoken(row: GuestRow) -> str:
        own = [places[place_id] for place_id in row.places if place_id in places]
        own.sort(key=lambda place: (place.section.ordinal, place.section_id, place.run, place.position, place.pk))
        return seat_names.named(own)

    return [
        Line(row.row, row.name, labels[row.recipient], row.quantity, spoken(row), row.contact, row.note) for row in rows
    ]


def worth(show: Show, rows: Sequence[GuestRow]) -> str:
    """What all of it would cost, in rupees; '' where a tier has no price."""
    tiers = Counter(
        Place.objects.filter(pk__in=[pk for row in rows for pk in row.places]).values_list("tier_id", flat=True)
    )
    prices = {tier.tier_id: tier.price for tier in prices_at(show.pk, None, database_now())}
    costs = [(price.list_paise * count if (price := prices.get(tier)) else None) for tier, count in tiers.items()]
    return "" if None in costs else rupees(sum(cost or 0 for cost in costs))


def summary(show: Show, seen: Seen) -> str:
    """`12 guests, 20 tickets, for which others pay ₹23,600.00. By mail: 8 guests; to be printed: 4.`"""
    cost = worth(show, seen.rows)
    what = f"{counted(len(seen.rows), 'guest')}, {counted(seen.tickets, 'ticket')}"
    how = f"By mail: {counted(seen.mailed, 'guest')}; to be printed: {len(seen.rows) - seen.mailed:,}."
    return f"{what}{f', for which others pay {cost}' if cost else ''}. {how}"
