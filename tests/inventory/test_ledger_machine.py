"""Any sequence of verbs, with jumps of the clock: a plain model predicts each outcome, `verify` holds after each."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.refusals import DomainError
from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Place
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.holds import extend_hold, place_hold, release_hold
from inventory.services.kills import kill_places, unkill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock, end_payment, extend_lock, release_lock
from inventory.services.manifests import add_places
from inventory.services.sales import return_sold
from inventory.services.selling import HoldSale, sell_from_hold
from inventory.services.sweep import sweep
from tests.houses import NOON, make_show, rows, seconds, standing

SEATS = 6
BY = By(actor="user:1", reason_code="machine")
few_seats = st.sets(st.integers(0, SEATS - 1), min_size=1, max_size=3)
any_claim = st.integers(0, 5)
numbering = itertools.count()


@dataclass
class ModelLock:
    """A lock as the model knows it. It is over at `expires` while browsing, at `hard` while paying."""

    ids: list[int]
    expires: datetime
    hard: datetime
    paying: bool = False

    def is_due(self, now: datetime) -> bool:
        return now >= (self.hard if self.paying else self.expires)


class Ledger(RuleBasedStateMachine):
    """The model: one status for each place, the live locks with their times, holds, and labels."""

    @initialize()
    def build(self) -> None:
        number = next(numbering)
        self.show = make_show(rows("A", SEATS), slug=f"machine-{number}", lock_for_s=60, lock_cap_s=180, retry_for_s=20)
        self.web = Channel.objects.get(code="web")
        self.counter = Channel.objects.get(code="counter")
        self.gold = self.show.tiers.get()
        self.pool = self.show.allocations.get()
        self.slice = Allocation.objects.create(show=self.show, name="Counter slice")
        AllocationChannel.objects.create(allocation=self.slice, channel=self.counter)
        self.ids = list(self.show.places.order_by("rank").values_list("pk", flat=True))
        self.status = dict.fromkeys(self.ids, "open")
        self.label = dict.fromkeys(self.ids, self.pool.pk)
        self.locks: dict[int, ModelLock] = {}
        self.holds: dict[int, list[int]] = {}
        self.now = NOON
        self.extra = 0

    # The model's own reasoning -----------------------------------------------------------------------------------

    def pick(self, seats: set[int]) -> list[int]:
        return [self.ids[number] for number in sorted(seats)]

    def nth(self, claims: dict[int, Any], number: int) -> int:
        return sorted(claims)[number % len(claims)] if claims else 0

    def is_open(self, place_id: int) -> bool:
        """Open, or under a lock that has run out: the two are the same to a buyer."""
        locked_by = [lock for lock in self.locks.values() if place_id in lock.ids]
        return self.status[place_id] == "open" or any(lock.is_due(self.now) for lock in locked_by)

    def give_back_due(self, only: list[int] | None = None) -> None:
        """Those of the due locks that the ledger has given back by now."""
        for claim_id, lock in list(self.locks.items()):
            if lock.is_due(self.now) and (only is None or set(only) & set(lock.ids)):
                del self.locks[claim_id]
                for place_id in lock.ids:
                    self.status[place_id] = "open"

    def attempt(self, expected: bool, act: Any) -> Any:
        """Run a verb that the model expects to succeed, or to be refused."""
        try:
            result = act()
        except DomainError as refusal:
            assert not expected, f"refused with {refusal.code} {refusal.facts}, the model saw no reason"
            return None
        assert expected, "let through what the model would refuse"
        return result

    # The verbs -----------------------------------------------------------------------------------------------------

    @rule(passed_s=st.sampled_from([0, 10, 30, 59, 60, 61, 120, 179, 180, 200]))
    def time_passes(self, passed_s: int) -> None:
        self.now += seconds(passed_s)

    @rule(seats=few_seats, at_counter=st.booleans())
    def lock(self, seats: set[int], at_counter: bool) -> None:
        ids = self.pick(seats)
        channel = self.counter if at_counter else self.web
        taken = [place_id for place_id in ids if not self.is_open(place_id)]
        foreign = [place_id for place_id in ids if self.label[place_id] == self.slice.pk and not at_counter]
        lock = self.attempt(
            not taken and not foreign,
            lambda: lock_places(show_id=self.show.pk, channel_id=channel.pk, wanted=Seats(ids), by=BY, now=self.now),
        )
        # A refusal may have given back what had run out on the way.
        self.give_back_due(ids)
        if lock:
            self.locks[lock.claim_id] = ModelLock(ids, lock.expires_at, lock.hard_until)
            self.status |= dict.fromkeys(ids, "locked")
            assert (lock.expires_at, lock.hard_until) == (self.now + seconds(60), self.now + seconds(180))

    @rule(number=any_claim, for_s=st.sampled_from([10, 100, 1000]))
    def extend(self, number: int, for_s: int) -> None:
        claim_id = self.nth(self.locks, number)
        lock = self.locks.get(claim_id)
        lives = lock is not None and not lock.paying and not lock.is_due(self.now) and lock.expires < lock.hard
        row = self.attempt(lives, lambda: extend_lock(claim_id=claim_id, for_s=for_s, by=BY, now=self.now))
        if row and lock:
            assert row.expires_at == min(lock.hard, max(lock.expires, self.now + seconds(for_s)))
            lock.expires = row.expires_at

    @rule(number=any_claim)
    def pay(self, number: int) -> None:
        claim_id = self.nth(self.locks, number)
        lock = self.locks.get(claim_id)
        lives = lock is not None and not lock.is_due(self.now)
        if self.attempt(lives, lambda: begin_payment(claim_id=claim_id, by=BY, now=self.now)) and lock:
            lock.paying = True

    @rule(number=any_claim)
    def payment_fails(self, number: int) -> None:
        claim_id = self.nth(self.locks, number)
        lock = self.locks.get(claim_id)
        lives = lock is not None and not lock.is_due(self.now)
        row = self.attempt(lives, lambda: end_payment(claim_id=claim_id, by=BY, now=self.now))
        if row and lock:
            if lock.paying:
                lock.expires = min(lock.hard, max(lock.expires, self.now + seconds(20)))
            lock.paying = False
            assert row.expires_at == lock.expires

    @rule(number=any_claim)
    def release(self, number: int) -> None:
        claim_id = self.nth(self.locks, number)
        lock = self.locks.get(claim_id)
        may = lock is not None and (not lock.paying or lock.is_due(self.now))
        if self.attempt(may, lambda: release_lock(claim_id=claim_id, by=BY, now=self.now)) and lock:
            self.status |= dict.fromkeys(lock.ids, "open")
            del self.locks[claim_id]

    @rule(number=any_claim)
    def commit(self, number: int) -> None:
        claim_id = self.nth(self.locks, number)
        lock = self.locks.get(claim_id)
        lives = lock is not None and not lock.is_due(self.now)
        sale = self.attempt(lives, lambda: commit_lock(claim_id=claim_id, by=BY, now=self.now))
        if sale and lock:
            assert sale.origin_id == claim_id
            self.status |= dict.fromkeys(lock.ids, "sold")
            del self.locks[claim_id]

    @rule()
    def sweep_runs(self) -> None:
        sweep(now=self.now)
        self.give_back_due()

    @rule(seats=few_seats)
    def hold(self, seats: set[int]) -> None:
        ids = self.pick(seats)
        free = all(self.is_open(place_id) for place_id in ids)
        hold = self.attempt(
            free,
            lambda: place_hold(
                show_id=self.show.pk, wanted=Seats(ids), purpose="press", party="Daily", by=BY, now=self.now
            ),
        )
        self.give_back_due(ids)
        if hold:
            self.holds[hold.pk] = ids
            self.status |= dict.fromkeys(ids, "held")

    @rule(number=any_claim)
    def keep_hold_longer(self, number: int) -> None:
        claim_id = self.nth(self.holds, number)
        until = self.now + seconds(1000)
        self.attempt(bool(claim_id), lambda: extend_hold(claim_id=claim_id, until=until, by=BY, now=self.now))

    @rule(number=any_claim, one=st.booleans())
    def release_from_hold(self, number: int, one: bool) -> None:
        claim_id = self.nth(self.holds, number)
        ids = self.holds.get(claim_id, [])
        going = ids[:1] if one else ids
        self.attempt(
            bool(claim_id),
            lambda: release_hold(claim_id=claim_id, place_ids=going if one else None, by=BY, now=self.now),
        )
        self.status |= dict.fromkeys(going, "open")
        if claim_id:
            self.holds[claim_id] = ids[len(going) :]
            if not self.holds[claim_id]:
                del self.holds[claim_id]

    @rule(number=any_claim, one=st.booleans())
    def sell_out_of_hold(self, number: int, one: bool) -> None:
        claim_id = self.nth(self.holds, number)
        ids = self.holds.get(claim_id, [])
        going = ids[:1] if one else ids
        self.attempt(
            bool(claim_id),
            lambda: sell_from_hold(
                claim_id=claim_id,
                sales=[HoldSale([place_id], f"order:{place_id}") for place_id in going or self.ids[:1]],
                channel_id=self.counter.pk,
                by=BY,
                now=self.now,
            ),
        )
        self.status |= dict.fromkeys(going, "sold")
        if claim_id:
            self.holds[claim_id] = ids[len(going) :]
            if not self.holds[claim_id]:
                del self.holds[claim_id]

    @rule(seats=few_seats)
    def kill(self, seats: set[int]) -> None:
        ids = self.pick(seats)
        free = all(self.is_open(place_id) for place_id in ids)
        killed = self.attempt(free, lambda: kill_places(show_id=self.show.pk, wanted=Seats(ids), by=BY, now=self.now))
        self.give_back_due(ids)
        if killed:
            self.status |= dict.fromkeys(ids, "killed")

    @rule(seats=few_seats, verb=st.sampled_from([(unkill_places, "killed"), (return_sold, "sold")]))
    def bring_back(self, seats: set[int], verb: tuple[Any, str]) -> None:
        act, status = verb
        ids = self.pick(seats)
        theirs = all(self.status[place_id] == status for place_id in ids)
        if self.attempt(theirs, lambda: act(show_id=self.show.pk, place_ids=ids, by=BY, now=self.now)):
            self.status |= dict.fromkeys(ids, "open")

    @rule(seats=few_seats, to_slice=st.booleans())
    def allocate(self, seats: set[int], to_slice: bool) -> None:
        target = self.slice if to_slice else self.pool
        ids = self.pick(seats)
        changed = allocate_places(allocation_id=target.pk, wanted=Seats(ids), by=BY, now=self.now)
        self.give_back_due()
        assert changed == [place_id for place_id in ids if self.label[place_id] != target.pk]
        self.label |= dict.fromkeys(ids, target.pk)

    @rule()
    def add_standing_room(self) -> None:
        self.extra += 1
        add_places(show_id=self.show.pk, house=standing(1), by=BY, now=self.now)

    @rule(quantity=st.integers(1, 3))
    def lock_the_best(self, quantity: int) -> None:
        on_sale = [place_id for place_id in self.ids if self.label[place_id] == self.pool.pk]
        if sum(self.status[place_id] == "open" for place_id in on_sale) < quantity:
            self.give_back_due()  # the request runs short, so what has run out comes back first
        there = {place_id for place_id in on_sale if self.status[place_id] == "open"}
        lock = self.attempt(
            len(there) >= quantity,
            lambda: lock_places(
                show_id=self.show.pk,
                channel_id=self.web.pk,
                wanted=Admissions(self.gold.pk, quantity),
                by=BY,
                now=self.now,
            ),
        )
        if lock:
            # Which of them are the best is another test's matter (tests/inventory/choosing).
            assert len(lock.place_ids) == quantity
            assert set(lock.place_ids) <= there
            self.locks[lock.claim_id] = ModelLock(lock.place_ids, lock.expires_at, lock.hard_until)
            self.status |= dict.fromkeys(lock.place_ids, "locked")

    # After every step ------------------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_is_sound_and_agrees_with_the_model(self) -> None:
        if not hasattr(self, "ids"):
            return
        report = verify(self.show)
        assert report.differences == []
        assert report.capacity == SEATS + self.extra
        stored = dict(Place.objects.filter(pk__in=self.ids).values_list("pk", "status"))
        assert stored == self.status


@pytest.mark.django_db(transaction=True)
def test_any_sequence_of_verbs_leaves_a_sound_ledger() -> None:
    long = os.environ.get("HYPOTHESIS_LONG") == "1"
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=200 if long else 20,
            stateful_step_count=50 if long else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
