"""A week in a show's life, told through the ordinary services alone: every line of it is in the ledger."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import Q

from inventory.acts import Admissions, By, Holder, Seats, Wanted
from inventory.demo.programme import Block, Plan, Room, Slice
from inventory.models import Allocation, AllocationChannel, Channel, FreezeRule, Hold, ReleaseStep, Show, Tier
from inventory.services import locks
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold, release_hold
from inventory.services.kills import kill_places
from inventory.services.locking import Lock, lock_places
from inventory.services.refusals import Frozen
from inventory.services.sales import return_sold
from inventory.services.sweep import expire_locks

BEFORE = timedelta(days=7)
TRIES = 60


@dataclass(frozen=True, slots=True)
class Seat:
    """A numbered seat as the demo remembers it: its place, its neighbourhood, and whose slice it is in."""

    place_id: int
    row: str
    number: str
    section: str
    run: int
    position: int


def live(show: Show, plan: Plan, *, rng: Random, now: datetime, manager: By, scale: float) -> int:
    """Let the plan happen to the show in the week before `now`; how many sales. `scale` thins the sales out."""
    return _Week(show, plan, rng, now, manager).live(max(1, round(plan.sales * scale)) if plan.sales else 0)


class _Week:
    def __init__(self, show: Show, plan: Plan, rng: Random, now: datetime, manager: By) -> None:
        self.show, self.plan, self.rng, self.now, self.manager = show, plan, rng, now, manager
        self.channels = {channel.code: channel for channel in Channel.objects.all()}
        self.tiers: list[Tier] = list(show.tiers.all())
        places = show.places.filter(section__is_ga=False).order_by("rank")
        self.seats = {
            seat[0]: Seat(*seat)
            for seat in places.values_list("pk", "row", "number", "section__code", "run", "position")
        }
        self.runs: dict[tuple[str, int], list[int]] = defaultdict(list)
        # Nobody in the demo asks for a wheelchair place or the one beside it, so those are never chosen.
        kept = set(places.filter(Q(is_accessible=True) | Q(is_companion=True)).values_list("pk", flat=True))
        for seat in sorted(self.seats.values(), key=lambda seat: seat.position):
            if seat.place_id not in kept:
                self.runs[seat.section, seat.run].append(seat.place_id)
        # Which channels may sell a seat, and which seats are not open: known without asking again and again.
        self.sellers = {place_id: set(self.channels) for place_id in self.seats}
        self.taken: set[int] = set()

    def live(self, sales: int) -> int:
        opening = self.now - BEFORE
        self._set_up(opening)
        for at in self._moments(opening + timedelta(hours=2), self.now - timedelta(minutes=45), sales):
            self._one_of_many_things(at)
        self._leave_hanging()
        self._stop()
        return sales

    # The house's own acts, before the first sale -----------------------------------------------------------------

    def _set_up(self, at: datetime) -> None:
        for kill in self.plan.killed:
            by = self._manager(kill.reason_code, kill.note)
            kill_places(show_id=self.show.pk, wanted=self._wanted(kill.what, take=True), by=by, now=at)
        for slice_ in self.plan.slices:
            self._cut(slice_, at)
        for held in self.plan.held:
            until = self._before_start(held.ends_before_start)
            hold = place_hold(
                show_id=self.show.pk,
                wanted=self._wanted(held.what, take=True),
                purpose=held.purpose,
                party=held.party,
                contact=held.contact,
                breakable_by=held.breakable_by,
                until=until,
                by=self._manager("guest_list"),
                now=at + timedelta(minutes=20),
            )
            if held.purpose == Hold.Purpose.PRESS:
                one = list(hold.claim.places.order_by("pk").values_list("pk", flat=True)[:1])
                by = self._manager("not_needed", "They come without their photographer.")
                release_hold(claim_id=hold.claim_id, place_ids=one, by=by, now=at + timedelta(hours=1))
                self.taken.difference_update(one)

    def _cut(self, slice_: Slice, at: datetime) -> None:
        allocation = Allocation.objects.create(
            show=self.show, name=slice_.name, closes_at=self._before_start(slice_.closes_before_start)
        )
        for code, span in slice_.opens.items():
            AllocationChannel.objects.create(
                allocation=allocation, channel=self.channels[code], opens_at=self._before_start(span)
            )
        for span, share in slice_.ladder:
            ReleaseStep.objects.create(
                show=self.show, allocation=allocation, at=self.show.starts_at - span, share_percent=share
            )
        for what in slice_.what:
            wanted = self._wanted(what)
            by = self._manager("channel_split")
            allocate_places(allocation_id=allocation.pk, wanted=wanted, by=by, now=at + timedelta(minutes=10))
            for place_id in wanted.place_ids if isinstance(wanted, Seats) else ():
                self.sellers[place_id] = {code for code, span in slice_.opens.items() if span is None}

    def _before_start(self, span: timedelta | None) -> datetime | None:
        return None if span is None else self.show.starts_at - span

    def _wanted(self, what: Block | Room, *, take: bool = False) -> Wanted:
        if isinstance(what, Room):
            return Admissions(next(tier.pk for tier in self.tiers if tier.code == what.tier), what.quantity)
        numbers = {str(number) for number in what.numbers}
        chosen = [
            seat.place_id
            for seat in self.seats.values()
            if seat.section == what.section and seat.row in what.rows and seat.number in numbers
        ]
        if take:
            self.taken.update(chosen)
        return Seats(chosen)

    # Buyers --------------------------------------------------------------------------------------------------------

    def _moments(self, first: datetime, last: datetime, count: int) -> list[datetime]:
        """So many moments in order, denser towards the end, as sales are."""
        return sorted(first + (last - first) * self.rng.random() ** 0.6 for _ in range(count))

    def _one_of_many_things(self, at: datetime) -> None:
        """Mostly somebody buys; some think better of it, some let the time run out, some bring their tickets back."""
        (code,) = self.rng.choices(list(self.plan.shares), list(self.plan.shares.values()))
        channel = self.channels[code]
        chance = self.rng.random()
        by = self._buyer(channel)
        if (lock := self._lock(channel, by, at)) is None:
            return
        paid = at + timedelta(seconds=self.rng.randint(20, 240))
        if chance < 0.06:
            self.taken.difference_update(locks.release_lock(claim_id=lock.claim_id, by=by, now=paid))
            return
        if chance < 0.10:
            expire_locks(show_id=self.show.pk, claim_ids=[lock.claim_id], now=lock.expires_at)
            self.taken.difference_update(lock.place_ids)
            return
        locks.begin_payment(claim_id=lock.claim_id, by=by, now=paid)
        if chance < 0.14:
            locks.end_payment(claim_id=lock.claim_id, by=by, now=paid + timedelta(seconds=40))
            locks.begin_payment(claim_id=lock.claim_id, by=by, now=paid + timedelta(seconds=70))
        reference = f"DEMO-{lock.claim_id:06}"
        bought = paid + timedelta(seconds=self.rng.randint(80, 160))
        locks.commit_lock(claim_id=lock.claim_id, by=by, reference=reference, now=bought)
        if chance > 0.96:
            because = self._manager(self.rng.choice(["customer_request", "duplicate_booking"]))
            back = bought + timedelta(minutes=self.rng.randint(5, 30))
            return_sold(show_id=self.show.pk, place_ids=lock.place_ids, by=because, now=back)
            self.taken.difference_update(lock.place_ids)

    def _leave_hanging(self) -> None:
        """What the demo opens on: carts in use, a payment pending, and locks that have run out and await the sweep."""
        web = self.channels["web"]
        ago = self.rng.randint
        for _ in range(self.plan.hanging.run_out):
            self._lock(web, self._buyer(web), self.now - timedelta(minutes=ago(10, 14)))
        for _ in range(self.plan.hanging.browsing):
            self._lock(web, self._buyer(web), self.now - timedelta(seconds=ago(5, 300)))
        for _ in range(self.plan.hanging.paying):
            at, by = self.now - timedelta(seconds=ago(90, 240)), self._buyer(web)
            if lock := self._lock(web, by, at):
                locks.begin_payment(claim_id=lock.claim_id, by=by, now=at + timedelta(seconds=60))

    def _stop(self) -> None:
        """Rules that stop selling by themselves, and what the manager froze by hand, with whom that has refused."""
        for rule in self.plan.rules:
            tier = next((tier for tier in self.tiers if tier.code == rule.tier), None)
            channel = self.channels.get(rule.channel)
            FreezeRule.objects.create(show=self.show, tier=tier, channel=channel, margin=rule.margin)
        for frozen in self.plan.frozen:
            section, channel = self.show.sections.get(code=frozen.section), self.channels[frozen.channel]
            by, at = self._manager(frozen.reason_code, frozen.note), self.now - frozen.ago
            freeze(show_id=self.show.pk, section_id=section.pk, channel_id=channel.pk, by=by, now=at)
            wanted = Seats([section.places.order_by("rank")[0].pk])
            for nth in range(frozen.refused):
                with suppress(Frozen):
                    lock_places(
                        show_id=self.show.pk,
                        channel_id=channel.pk,
                        wanted=wanted,
                        by=self._buyer(channel),
                        now=at + timedelta(minutes=nth),
                    )

    def _lock(self, channel: Channel, by: By, at: datetime) -> Lock | None:
        wanted = self._choice(channel.code)
        if wanted is None:
            return None
        holder = Holder(session=by.actor) if channel.kind == Channel.Kind.WEB else Holder()
        lock = lock_places(show_id=self.show.pk, channel_id=channel.pk, wanted=wanted, by=by, holder=holder, now=at)
        self.taken.update(lock.place_ids)
        return lock

    def _choice(self, code: str) -> Wanted | None:
        """Neighbouring seats that this channel may sell, the better runs more often; or admissions of some tier."""
        size = self.rng.choice(self.plan.party_of)
        if not self.seats:
            return Admissions(self.rng.choices(self.tiers, [5, 3, 2][: len(self.tiers)])[0].pk, size)
        runs = list(self.runs.values())
        for _ in range(TRIES):
            run = runs[int(len(runs) * self.rng.random() ** 1.5)]
            start = self.rng.randrange(len(run))
            chosen = run[start : start + size]
            if len(chosen) == size and all(self._may_sell(code, place_id) for place_id in chosen):
                return Seats(chosen)
        return None

    def _may_sell(self, code: str, place_id: int) -> bool:
        return place_id not in self.taken and code in self.sellers[place_id]

    def _buyer(self, channel: Channel) -> By:
        if channel.kind == Channel.Kind.COUNTER:
            return By(actor=self.manager.actor, channel_id=channel.pk)
        actor = "session" if channel.kind == Channel.Kind.WEB else channel.code
        return By(actor=f"{actor}:{self.rng.getrandbits(32):08x}", channel_id=channel.pk)

    def _manager(self, reason_code: str, note: str = "") -> By:
        return By(actor=self.manager.actor, reason_code=reason_code, note=note)
