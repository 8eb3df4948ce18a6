"""Any sequence of verbs, rules and jumps of the clock: every read says what plain Python counts from the entries."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.refusals import DomainError
from inventory.acts import Admissions, By, Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Allocation, AllocationChannel, Channel, Claim, Freeze, FreezeRule, Hold, Place, Show
from inventory.queries import stock
from inventory.services.allocations import allocate_places
from inventory.services.holds import extend_hold, place_hold, release_hold
from inventory.services.kills import kill_places, unkill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock, end_payment, extend_lock, release_lock
from inventory.services.manifests import load_manifest
from inventory.services.releases import run_due_releases
from inventory.services.sales import return_sold
from inventory.services.sweep import sweep
from tests.houses import NOON, make_show, seconds
from tests.inventory.stock import rules
from tests.inventory.stock.oracle import STATES, Oracle

BY = By(actor="user:1", reason_code="machine")
SPOTS = [
    *(Spot("stalls", "gold" if n < 5 else "silver", "A", str(n), 1, n, n) for n in range(1, 8)),
    *(Spot("circle", "silver", "B", str(n), 2, n, 7 + n) for n in range(1, 4)),
    *(Spot("lawn", "silver", "", str(n), 0, 0, 10 + n) for n in range(1, 5)),
]
SECTIONS = [SectionSpec("stalls", "Stalls"), SectionSpec("circle", "Circle"), SectionSpec("lawn", "Lawn", is_ga=True)]
HOUSE = House(SECTIONS, [TierSpec("gold", "Gold"), TierSpec("silver", "Silver")], SPOTS)
some_places = st.sets(st.integers(0, len(SPOTS) - 1), min_size=1, max_size=4)
any_one = st.integers(0, 5)
at_counter = st.booleans()
soon_s = st.sampled_from([10, 30, 60, 100])
scope = st.sampled_from(["", "tier", "section"])
numbering = itertools.count()


class Reads(RuleBasedStateMachine):
    @initialize()
    def build(self) -> None:
        self.show = make_show(
            slug=f"reads-{next(numbering)}",
            lock_for_s=60,
            lock_cap_s=180,
            retry_for_s=20,
            watch_payment_for_s=60,
        )
        load_manifest(show_id=self.show.pk, house=HOUSE, by=BY, now=NOON)
        self.web, self.counter = Channel.objects.get(code="web"), Channel.objects.get(code="counter")
        Channel.objects.update(is_active=True)
        self.ids = list(self.show.places.order_by("pk").values_list("pk", flat=True))
        self.tiers, self.sections = list(self.show.tiers.all()), list(self.show.sections.all())
        self.slice = rules.slice_for(self.show, self.counter, name="Counter slice")
        self.presale = rules.slice_for(self.show, self.web, name="Presale", opens_at=NOON + seconds(40))
        self.labels = list(self.show.allocations.order_by("pk"))
        self.now, self.turn = NOON, 0
        self.readers: dict[tuple[int, bool], tuple[str | None, list[str]]] = {}

    def attempt(self, act: Any) -> None:
        with suppress(DomainError, IntegrityError), transaction.atomic():
            act()

    def pick(self, numbers: set[int]) -> Seats:
        return Seats([self.ids[number] for number in sorted(numbers)])

    def nth(self, kind: str, number: int) -> int:
        live = list(Claim.objects.filter(show=self.show, kind=kind, ended_at=None).order_by("pk"))
        return live[number % len(live)].pk if live else 0

    def channel(self, is_counter: bool) -> Channel:
        return Channel.objects.get(pk=(self.counter if is_counter else self.web).pk)

    # Verbs ----------------------------------------------------------------------------------------------------------

    @rule(passed=st.sampled_from([seconds(s) for s in (0, 0.000001, 10, 20, 30, 60, 120, 180)]))
    def time_passes(self, passed: Any) -> None:
        self.now += passed

    @rule(numbers=some_places, is_counter=at_counter)
    def lock(self, numbers: set[int], is_counter: bool) -> None:
        channel = self.channel(is_counter)
        self.attempt(
            lambda: lock_places(
                show_id=self.show.pk, channel_id=channel.pk, wanted=self.pick(numbers), by=BY, now=self.now
            )
        )

    @rule(quantity=st.integers(1, 4), is_counter=at_counter)
    def lock_admissions(self, quantity: int, is_counter: bool) -> None:
        wanted = Admissions(self.tiers[1].pk, quantity, self.sections[2].pk)
        channel = self.channel(is_counter)
        self.attempt(
            lambda: lock_places(show_id=self.show.pk, channel_id=channel.pk, wanted=wanted, by=BY, now=self.now)
        )

    @rule(number=any_one, verb=st.sampled_from([begin_payment, end_payment, release_lock, commit_lock, begin_payment]))
    def use_lock(self, number: int, verb: Any) -> None:
        self.attempt(lambda: verb(claim_id=self.nth("lock", number), by=BY, now=self.now))

    @rule(number=any_one)
    def extend(self, number: int) -> None:
        self.attempt(lambda: extend_lock(claim_id=self.nth("lock", number), for_s=100, by=BY, now=self.now))

    @rule()
    def sweep_runs(self) -> None:
        sweep(now=self.now)

    @rule()
    def releases_run(self) -> None:
        """What the reads say of releases that are due is what carrying them out then makes true."""
        before = [self.letters(channel) for channel in (self.web, self.counter)]
        run_due_releases(show_id=self.show.pk, now=self.now)
        assert [self.letters(channel) for channel in (self.web, self.counter)] == before

    def letters(self, channel: Channel) -> str | None:
        states = stock.seat_states(self.show.pk, channel_id=channel.pk, at=self.now)
        assert states
        return states.letters

    @rule(numbers=some_places, for_s=st.sampled_from([None, 30, 60]))
    def hold(self, numbers: set[int], for_s: int | None) -> None:
        until = self.now + seconds(for_s) if for_s else None
        self.attempt(
            lambda: place_hold(
                show_id=self.show.pk,
                wanted=self.pick(numbers),
                purpose="press",
                party="Daily",
                by=BY,
                until=until,
                now=self.now,
            )
        )

    @rule(number=any_one, longer=st.booleans())
    def change_hold(self, number: int, longer: bool) -> None:
        claim_id = self.nth("hold", number)
        until = self.now + seconds(90)
        self.attempt(
            lambda: (
                extend_hold(claim_id=claim_id, until=until, by=BY, now=self.now)
                if longer
                else release_hold(claim_id=claim_id, by=BY, now=self.now)
            )
        )

    @rule(numbers=some_places)
    def kill(self, numbers: set[int]) -> None:
        self.attempt(lambda: kill_places(show_id=self.show.pk, wanted=self.pick(numbers), by=BY, now=self.now))

    @rule(numbers=some_places, verb=st.sampled_from([unkill_places, return_sold]))
    def bring_back(self, numbers: set[int], verb: Any) -> None:
        for place_id in self.pick(numbers).place_ids:
            self.attempt(lambda one=place_id: verb(show_id=self.show.pk, place_ids=[one], by=BY, now=self.now))

    @rule(numbers=some_places, label=st.integers(0, 2))
    def allocate(self, numbers: set[int], label: int) -> None:
        allocate_places(allocation_id=self.labels[label].pk, wanted=self.pick(numbers), by=BY, now=self.now)

    # Rules ----------------------------------------------------------------------------------------------------------

    @rule(label=st.integers(1, 2), after_s=soon_s)
    def close_allocation(self, label: int, after_s: int) -> None:
        Allocation.objects.filter(pk=self.labels[label].pk).update(closes_at=self.now + seconds(after_s))

    @rule(label=st.integers(0, 2), is_counter=at_counter, after_s=soon_s)
    def open_allocation(self, label: int, is_counter: bool, after_s: int) -> None:
        AllocationChannel.objects.update_or_create(
            allocation=self.labels[label],
            channel=self.channel(is_counter),
            defaults={"opens_at": self.now + seconds(after_s)},
        )

    @rule(
        source=st.integers(1, 2),
        to_label=st.integers(-1, 2),
        after_s=soon_s,
        much=st.sampled_from([{"share_percent": 100}, {"share_percent": 50}, {"quantity": 2}]),
        number=any_one,
        of_hold=st.booleans(),
    )
    def add_step(self, source: int, to_label: int, after_s: int, much: Any, number: int, of_hold: bool) -> None:
        to = self.labels[to_label] if to_label >= 0 and (of_hold or to_label != source) else None
        hold = Hold.objects.filter(pk=self.nth("hold", number)).first() if of_hold else None
        if of_hold and hold is None:
            return
        whose = {"hold": hold} if hold else {"allocation": self.labels[source]}
        rules.step(self.show, self.now + seconds(after_s), to_allocation=to, **whose, **much)

    @rule(what=scope, number=any_one, on=st.sampled_from(["web", "counter", ""]))
    def freeze(self, what: str, number: int, on: str) -> None:
        fields = self._scoped(what, number, on)
        if fields:
            self.attempt(lambda: rules.freeze(self.show, at=self.now, **fields))

    @rule()
    def thaw(self) -> None:
        for stopped in Freeze.objects.filter(show=self.show, thawed=None)[:1]:
            rules.thaw(stopped, at=self.now)

    @rule(what=scope, number=any_one, on=st.sampled_from(["web", "counter", ""]), margin=st.integers(0, 5))
    def add_rule(self, what: str, number: int, on: str, margin: int) -> None:
        rules.rule(self.show, margin, **self._scoped(what, number, on))

    @rule()
    def lift_rules(self) -> None:
        FreezeRule.objects.filter(show=self.show).update(is_active=False)

    @rule(state=st.sampled_from(["on_sale", "on_sale", "paused"]), is_active=st.sampled_from([True, True, False]))
    def switch(self, state: str, is_active: bool) -> None:
        Show.objects.filter(pk=self.show.pk).update(state=state)
        Channel.objects.filter(pk=self.web.pk).update(is_active=is_active)

    def _scoped(self, what: str, number: int, on: str) -> dict[str, Any]:
        fields: dict[str, Any] = {"channel": Channel.objects.get(code=on)} if on else {}
        if what:
            fields[what] = (self.tiers if what == "tier" else self.sections)[number % 2]
        return fields

    # The reads --------------------------------------------------------------------------------------------------------

    @rule(is_counter=at_counter, public=st.booleans())
    def look_again(self, is_counter: bool, public: bool) -> None:
        """A reader that comes back with its version holds the whole picture, however long it was away."""
        channel = self.channel(is_counter)
        since, letters = self.readers.get((channel.pk, public), (None, []))
        states = stock.seat_states(self.show.pk, channel_id=channel.pk, at=self.now, since=since, public=public)
        assert states
        if states.letters is not None:
            letters = list(states.letters)
        for index, letter in states.changes.items():
            letters[index] = letter
        assert "".join(letters) == Oracle(self.show, self.now).letters(channel, public=public)
        assert states.version == since or states.changes or states.letters is not None
        self.readers[channel.pk, public] = (states.version, letters)

    @invariant()
    def reads_say_what_the_entries_do(self) -> None:
        if not hasattr(self, "readers"):
            return
        oracle = Oracle(self.show, self.now)
        self.turn += 1
        channel = self.channel(self.turn % 2 == 0)
        seen = stock.availability(self.show.pk, channel_id=channel.pk, at=self.now)
        assert seen and seen.at == self.now
        keys = ("capacity", "sellable", *STATES, "frozen", "next_release")
        lines = {(line.section_id, line.tier_id): {key: asdict(line)[key] for key in keys} for line in seen.lines}
        assert lines == oracle.availability(channel)
        for headroom, (_, room) in zip(seen.headrooms, oracle.headrooms(channel), strict=True):
            assert headroom.places == room
            if headroom.tier_id:
                assert seen.by_tier[headroom.tier_id].sellable <= room
            if headroom.section_id:
                assert seen.by_section[headroom.section_id].sellable <= room
            if not headroom.tier_id and not headroom.section_id:
                assert seen.total.sellable <= room
        assert self.letters(channel) == oracle.letters(channel, public=False)
        found = {
            (line.section_id, line.tier_id, line.channel_id): (line.sellable, line.locked, line.paying, line.sold)
            for line in stock.by_channel(self.show.pk, at=self.now)
        }
        assert found == oracle.by_channel()
        exposed = stock.exposure(self.show.pk, at=self.now)
        assert exposed and exposed.places == oracle.exposure()
        assert {(line.tier_id, line.section_id): line.places for line in exposed.lines} == {
            (tier, section): places
            for section, tier in itertools.product([s.pk for s in self.sections], [t.pk for t in self.tiers])
            if (places := oracle.exposure(tier, section))
        }
        self.accounts_add_up()

    def accounts_add_up(self) -> None:
        """Of two accounts one after the other the first closes as the second opens, which closes with what is there."""
        midway = NOON + (self.now - NOON) / 2
        first = stock.statement(self.show.pk, until=midway)
        second = stock.statement(self.show.pk, since=midway, until=self.now + seconds(1))
        assert set(first.opening.values()) == {0}
        assert first.closing == second.opening
        there = Counter(Place.objects.filter(show=self.show).values_list("status", flat=True))
        assert {status: count for status, count in second.closing.items() if count} == there

    def teardown(self) -> None:
        if hasattr(self, "readers"):
            for is_counter, public in itertools.product((False, True), repeat=2):
                self.look_again(is_counter, public)


@pytest.mark.django_db(transaction=True)
def test_every_read_says_what_plain_python_counts_from_the_entries() -> None:
    long = os.environ.get("HYPOTHESIS_LONG") == "1"
    run_state_machine_as_test(
        Reads,
        settings=settings(
            max_examples=200 if long else 7,
            stateful_step_count=50 if long else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
