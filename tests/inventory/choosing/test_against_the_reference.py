"""Any little house, asked until it is full: the database seats every party exactly as the reference does."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from core.refusals import DomainError
from inventory.acts import Best, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Place, Show
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from tests.houses import NOON, make_show
from tests.inventory.choosing import reference
from tests.inventory.choosing.drawing import CLOSED, OWN
from tests.inventory.choosing.playing import BUYER, LABELS, LONG_AGO, SELLABLE, STAGE
from tests.inventory.choosing.random_houses import RandomAsk, RandomChoice, RandomHouse, asks, choices, houses, large

LONG = os.environ.get("HYPOTHESIS_LONG") == "1"
numbering = itertools.count()
parties = st.lists(st.one_of(asks(), asks(), choices()), min_size=4, max_size=12)


class Playing:
    """A random house in the database, and the same seats as the reference knows them."""

    def __init__(self, random_house: RandomHouse, channel: Channel) -> None:
        self.channel = channel
        self.show = make_show(random_house.house, slug=f"random-{next(numbering)}")
        places = list(self.show.places.select_related("section").order_by("id"))
        self.labels = {LABELS[0]: self.show.allocations.get(is_pool=True).pk}
        for letter in LABELS[1:]:
            self.labels[letter] = self._label(letter)
            theirs = [place.pk for place, label in zip(places, random_house.labels, strict=True) if label == letter]
            if theirs:
                allocate_places(allocation_id=self.labels[letter], wanted=Seats(theirs), by=STAGE, now=LONG_AGO)
        taken = [place.pk for place, is_taken in zip(places, random_house.taken, strict=True) if is_taken]
        if taken:
            kill_places(show_id=self.show.pk, wanted=Seats(taken), by=STAGE, now=LONG_AGO)
        self.seats = [
            reference.Seat(
                id=place.pk,
                section=place.section_id,
                run=place.run,
                position=place.position,
                rank=place.rank,
                tier=place.tier_id,
                label=self.labels[label],
                is_open=place.pk not in taken,
                is_accessible=place.is_accessible,
                is_companion=place.is_companion,
                is_standing=place.section.is_ga,
            )
            for place, label in zip(places, random_house.labels, strict=True)
        ]
        self.sellable = [self.labels[letter] for letter in SELLABLE]
        self.tiers = {tier.code: tier.pk for tier in self.show.tiers.all()}
        self.sections = {section.code: section.pk for section in self.show.sections.all()}

    def _label(self, letter: str) -> int:
        allocation = Allocation.objects.create(
            show=self.show, name=letter, closes_at=NOON if letter == CLOSED else None
        )
        if letter in OWN:
            AllocationChannel.objects.create(allocation=allocation, channel=self.channel)
        return allocation.pk

    def lock(self, wanted: Best | Seats, rule: str) -> tuple[list[list[int]], list[int]] | DomainError:
        Show.objects.filter(pk=self.show.pk).update(orphan_rule=rule)
        try:
            lock = lock_places(show_id=self.show.pk, channel_id=self.channel.pk, wanted=wanted, by=BUYER, now=NOON)
        except DomainError as refusal:
            return refusal
        assert lock.place_ids == sorted(place_id for group in lock.groups for place_id in group)
        return lock.groups, lock.strands

    def take(self, place_ids: Sequence[int]) -> None:
        self.seats = [replace(seat, is_open=seat.is_open and seat.id not in place_ids) for seat in self.seats]

    # What was asked of both ------------------------------------------------------------------------------------------

    def best(self, ask: RandomAsk) -> None:
        section = self.sections[ask.section] if ask.section else None
        tiers = [self.tiers[code] for code in ask.tiers]
        asked = reference.Asked(
            quantity=ask.quantity,
            tiers=tiers or list(self.tiers.values()),
            labels=self.sellable,
            section=section,
            accessible=ask.accessible,
            together=ask.together,
            orphans_matter=ask.rule != "off",
        )
        expected = reference.best(self.seats, asked)
        wanted = Best(ask.quantity, tiers, section, ask.accessible, ask.together)

        answer = self.lock(wanted, ask.rule)

        got = answer.code if isinstance(answer, DomainError) else answer[0]
        assert self.by_rank(got) == self.by_rank(expected), ask
        if isinstance(answer, DomainError):
            return
        taken = [place_id for group in answer[0] for place_id in group]
        singles = reference.stranded(self.seats, taken) if ask.rule == "warn" else []
        assert self.by_rank([answer[1]]) == self.by_rank([singles])
        self.take(taken)

    def choose(self, choice: RandomChoice) -> None:
        """Choose among what is open and on sale here; what is not is other tests' matter."""
        seats = [seat for seat in self.seats if seat.is_open and seat.label in self.sellable]
        if not seats:
            return
        chosen = {seats[at % len(seats)].id for at in itertools.accumulate(choice.steps, initial=choice.first)}
        kept = sorted(seat.id for seat in seats if seat.id in chosen and seat.is_kept)
        singles = [] if choice.rule == "off" else reference.stranded(self.seats, chosen)

        answer = self.lock(Seats(sorted(chosen), accessible=choice.accessible), choice.rule)

        if kept and not choice.accessible:
            assert isinstance(answer, DomainError), "kept places were sold"
            assert (answer.code, answer.facts) == ("places_kept_accessible", {"place_ids": kept})
        elif singles and choice.rule == "refuse":
            assert isinstance(answer, DomainError), f"{self.by_rank([singles])} were stranded"
            assert (answer.code, answer.facts) == ("places_stranded", {"place_ids": singles})
        else:
            assert not isinstance(answer, DomainError), answer
            assert sorted(answer[1]) == singles
            self.take(sorted(chosen))

    def by_rank(self, answer: list[list[int]] | str) -> list[list[int]] | str:
        """Groups as ranks, which can be read in the house's picture. Standing places have no order of position."""
        if isinstance(answer, str):
            return answer
        seats = {seat.id: seat for seat in self.seats}
        groups = [[seats[place_id] for place_id in group] for group in answer]
        return [
            [
                seat.rank
                for seat in (sorted(group, key=lambda s: s.rank) if any(seat.is_standing for seat in group) else group)
            ]
            for group in groups
        ]


@pytest.mark.django_db(transaction=True)
def test_the_database_seats_everybody_as_the_reference_does(web: Channel) -> None:
    @settings(max_examples=3000 if LONG else 60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(houses(), parties)
    def property_(random_house: RandomHouse, requests: list[RandomAsk | RandomChoice]) -> None:
        note(random_house.drawn())
        playing = Playing(random_house, web)
        for nth, request in enumerate(requests):
            note(f"{nth}: {request}")
            if isinstance(request, RandomAsk):
                playing.best(request)
            else:
                playing.choose(request)
        open_now = set(Place.objects.filter(show=playing.show, status="open").values_list("pk", flat=True))
        assert open_now == {seat.id for seat in playing.seats if seat.is_open}
        assert verify(playing.show).is_sound

    property_()


@pytest.mark.parametrize("seed", range(30 if LONG else 3))
@pytest.mark.django_db(transaction=True)
def test_so_it_does_in_a_house_larger_than_one_look(seed: int, web: Channel) -> None:
    playing = Playing(large(seed), web)
    chance = random.Random(seed)
    for _ in range(25):
        playing.best(
            RandomAsk(
                quantity=chance.choice([1, 2, 2, 3, 4, 5, 6, 8, 9, 14]),
                tiers=chance.choice([[], ["gold"], ["silver", "gold"]]),
                section=None,
                accessible=chance.choice([0, 0, 0, 1]),
                together=False,
                rule=chance.choice(["warn", "off"]),
            )
        )
