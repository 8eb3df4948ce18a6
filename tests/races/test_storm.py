"""All verbs at once on one small house: no deadlock, no bug behind a refusal, and a sound ledger at the end."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from core.refusals import DomainError
from inventory.acts import Admissions, By, Holder, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Claim, Place, Show
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.holds import extend_hold, place_hold, release_hold
from inventory.services.kills import kill_places, unkill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock, end_payment, extend_lock, release_lock
from inventory.services.manifests import add_places
from inventory.services.sales import return_sold
from inventory.services.sweep import expire_locks
from tests.houses import make_show, rows, standing
from tests.races.together import refused, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 40


class Storm:
    """One actor's random acts on a show, refusals counted and bugs let through."""

    def __init__(self, show: Show, web: Channel, counter: Channel, seed: int) -> None:
        self.show_id = show.pk
        self.channel_ids = [web.pk, counter.pk]
        self.tier_id = show.tiers.order_by("id").first().pk  # type: ignore[union-attr]
        self.allocation_ids = list(show.allocations.values_list("pk", flat=True))
        self.random = random.Random(seed)
        self.by = By(actor=f"user:{seed}", reason_code="storm")

    def ids(self, status: str | None = None, most: int = 3) -> list[int]:
        places = Place.objects.filter(show_id=self.show_id)
        found = list((places.filter(status=status) if status else places).values_list("pk", flat=True))
        return self.random.sample(found, min(len(found), self.random.randint(1, most)))

    def claim(self, kind: str) -> int:
        live = list(Claim.objects.filter(show_id=self.show_id, kind=kind, ended_at=None).values_list("pk", flat=True))
        return self.random.choice(live) if live else 0

    def wanted(self) -> Seats | Admissions:
        if self.random.random() < 0.5:
            return Admissions(self.tier_id, self.random.randint(1, 3))
        return Seats(self.ids())

    def step(self) -> None:
        claim, hold, by = self.claim("lock"), self.claim("hold"), self.by
        show_id = self.show_id
        acts: list[Callable[[], object]] = [
            lambda: lock_places(
                show_id=show_id, channel_id=self.random.choice(self.channel_ids), wanted=self.wanted(), by=by,
                holder=Holder(session=f"s{self.random.randint(1, 3)}", address="203.0.113.1"),
            ),
            lambda: extend_lock(claim_id=claim, for_s=600, by=by),
            lambda: begin_payment(claim_id=claim, by=by),
            lambda: end_payment(claim_id=claim, by=by),
            lambda: release_lock(claim_id=claim, by=by),
            lambda: commit_lock(claim_id=claim, by=by),
            lambda: return_sold(show_id=show_id, place_ids=self.ids("sold"), by=by),
            lambda: place_hold(show_id=show_id, wanted=self.wanted(), purpose="press", party="Daily", by=by),
            lambda: extend_hold(claim_id=hold, until=None, by=by),
            lambda: release_hold(claim_id=hold, by=by),
            lambda: release_hold(claim_id=hold, place_ids=self.ids("held", 1), by=by),
            lambda: kill_places(show_id=show_id, wanted=self.wanted(), by=by),
            lambda: unkill_places(show_id=show_id, place_ids=self.ids("killed"), by=by),
            lambda: allocate_places(
                allocation_id=self.random.choice(self.allocation_ids), wanted=Seats(self.ids()), by=by
            ),
            lambda: expire_locks(show_id=show_id, skip_busy=True),
            lambda: add_places(show_id=show_id, house=standing(1), by=by),
        ]  # fmt: skip
        self.random.choice(acts)()

    def run(self) -> int:
        done = 0
        for _ in range(STEPS):
            try:
                self.step()
                done += 1
            except DomainError:
                continue
        return done


def test_a_storm_of_all_verbs_neither_deadlocks_nor_breaks_the_ledger(web: Channel, counter: Channel) -> None:
    show = make_show(rows("ABC", 8), lock_for_s=30, cap_per_address=1000)
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    AllocationChannel.objects.create(allocation=slice_, channel=counter)

    results = together(8, lambda number: Storm(show, web, counter, number).run())

    assert refused(results) == []
    assert sum(succeeded(results)) > 8 * STEPS / 4
    report = verify(show)
    assert report.differences == []
