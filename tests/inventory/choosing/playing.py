"""A drawn house as a show in the database, or as the reference's seats; what was asked of it; and the picture after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.acts import Best, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Place, Show
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from tests.houses import NOON, make_show, seconds
from tests.inventory.choosing import reference
from tests.inventory.choosing.drawing import ANOTHERS, CLOSED, OWN, POOL, TAKEN, TIERS, Key, Picture, key_of

BUYER = By(actor="session:buyer")
STAGE = By(actor="user:1", reason_code="drawn")
LONG_AGO = NOON - seconds(3600)
LABELS = [POOL, *OWN, ANOTHERS, CLOSED]  # in the order of their ids
SELLABLE = [*OWN, POOL, CLOSED]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for the best of a drawn house: tiers by their letters, a section by its name."""

    quantity: int
    tiers: str = ""
    section: str = ""
    accessible: int = 0
    together: bool = False
    rule: str = "warn"


# In plain Python -----------------------------------------------------------------------------------------------------


def seats_of(picture: Picture) -> dict[Key, reference.Seat]:
    house = picture.house()
    sections = [spec.code for spec in house.sections]
    return {
        key_of(spot): reference.Seat(
            id=number,
            section=sections.index(spot.section),
            run=spot.run,
            position=spot.position,
            rank=spot.rank,
            tier=list(TIERS.values()).index(spot.tier),
            label=LABELS.index(picture.labels[key_of(spot)]),
            is_open=picture.marks[key_of(spot)] not in TAKEN,
            is_accessible=spot.is_accessible,
            is_companion=spot.is_companion,
            is_standing=not spot.row,
        )
        for number, spot in enumerate(house.spots, start=1)
    }


def asked_of(picture: Picture, ask: Ask) -> reference.Asked:
    sections = [spec.code for spec in picture.house().sections]
    return reference.Asked(
        quantity=ask.quantity,
        tiers=[list(TIERS).index(letter) for letter in ask.tiers or TIERS],
        labels=[LABELS.index(label) for label in SELLABLE],
        section=sections.index(ask.section) if ask.section else None,
        accessible=ask.accessible,
        together=ask.together,
        orphans_matter=ask.rule != "off",
    )


def reference_draws(picture: Picture, ask: Ask) -> str:
    """What the reference makes of it: the picture after, or the refusal's code."""
    seats = seats_of(picture)
    groups = reference.best(list(seats.values()), asked_of(picture, ask))
    return groups if isinstance(groups, str) else _marked(picture, {key: s.id for key, s in seats.items()}, groups)


# In the database -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Play:
    """A drawn house, loaded: `ids` are its places."""

    picture: Picture
    show: Show
    channel: Channel
    ids: Mapping[Key, int]

    def best(self, ask: Ask, now: datetime = NOON) -> str:
        """The picture after the best were locked. Refused as `lock_places` refuses."""
        tiers = {letter: self.show.tiers.filter(code=name).first() for letter, name in TIERS.items()}
        wanted = Best(
            quantity=ask.quantity,
            tier_ids=[tier.pk for letter in ask.tiers if (tier := tiers[letter])],
            section_id=self.show.sections.get(code=ask.section).pk if ask.section else None,
            accessible=ask.accessible,
            together=ask.together,
        )
        lock = lock_places(show_id=self.show.pk, channel_id=self.channel.pk, wanted=wanted, by=BUYER, now=now)
        assert lock.place_ids == sorted(place_id for group in lock.groups for place_id in group)
        return self.drawn(lock.groups)

    def choose(self, names: str, *, accessible: bool = False, now: datetime = NOON) -> str:
        """The picture after these seats were locked, as `A-3 A-4`; refused as `lock_places` refuses."""
        wanted = Seats(self.places(names), accessible=accessible)
        lock = lock_places(show_id=self.show.pk, channel_id=self.channel.pk, wanted=wanted, by=BUYER, now=now)
        return self.drawn([lock.place_ids], lock.strands)

    def places(self, names: str) -> list[int]:
        by_name = {f"{row}-{number}": place_id for (_, row, number), place_id in self.ids.items()}
        return [by_name[name] for name in names.split()]

    def drawn(self, groups: Sequence[Sequence[int]] = (), singles: Sequence[int] = ()) -> str:
        """The house as it is in the database now, these groups and single seats marked in it."""
        stored = dict(Place.objects.filter(show=self.show).values_list("pk", "status"))
        assert {stored[place_id] for group in groups for place_id in group} <= {Place.Status.LOCKED}
        letters: dict[str, str] = {Place.Status.KILLED: "x", Place.Status.HELD: "h", Place.Status.LOCKED: "l"}
        now = {
            key: letters[stored[place_id]] if stored[place_id] in letters else self._when_open(key)
            for key, place_id in self.ids.items()
        }
        return _marked(self.picture, self.ids, groups, singles, now)

    def _when_open(self, key: Key) -> str:
        mark = self.picture.marks[key]
        return "." if mark in TAKEN else mark


def play(picture: Picture, channel: Channel, *, slug: str = "hamlet", rule: str = "warn") -> Play:
    """Load a drawn house: labels first, then what is taken, by ordinary verbs; then the rule for single seats."""
    show = make_show(picture.house(), slug=slug, orphan_rule=Show.OrphanRule.OFF)
    places = show.places.select_related("section")
    ids = {(place.section.code, place.row, place.number): place.pk for place in places}

    def where(letters: Mapping[Key, str], letter: str) -> list[int]:
        return [place_id for key, place_id in ids.items() if letters[key] == letter]

    for label in LABELS[1:]:
        allocation = Allocation.objects.create(show=show, name=label, closes_at=NOON if label == CLOSED else None)
        if label in OWN:
            AllocationChannel.objects.create(allocation=allocation, channel=channel)
        if theirs := where(picture.labels, label):
            allocate_places(allocation_id=allocation.pk, wanted=Seats(theirs), by=STAGE, now=LONG_AGO)
    if killed := where(picture.marks, "x"):
        kill_places(show_id=show.pk, wanted=Seats(killed), by=STAGE, now=LONG_AGO)
    if held := where(picture.marks, "h"):
        place_hold(show_id=show.pk, wanted=Seats(held), purpose="press", party="Daily", by=STAGE, now=LONG_AGO)
    if ran_out := where(picture.marks, "l"):
        lock_places(show_id=show.pk, channel_id=channel.pk, wanted=Seats(ran_out), by=STAGE, now=LONG_AGO)
    Show.objects.filter(pk=show.pk).update(orphan_rule=rule)
    return Play(picture, show, channel, ids)


def _marked(
    picture: Picture,
    ids: Mapping[Key, int],
    groups: Sequence[Sequence[int]],
    singles: Sequence[int] = (),
    marks: Mapping[Key, str] | None = None,
) -> str:
    chosen = {
        place_id: "o" if len(groups) == 1 else str(number)
        for number, group in enumerate(groups, start=1)
        for place_id in group
    }
    marks = marks or picture.marks
    marked = {key: "!" if ids[key] in singles else chosen.get(ids[key], mark) for key, mark in marks.items()}
    return picture.drawn(marked)
