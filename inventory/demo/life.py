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
from inventory.demo.shops import Shop, Visit
from inventory.models import Channel, FreezeRule, Hold, Show, Tier
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold, release_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import release_lock
from inventory.services.refusals import Frozen
from inventory.services.slices import More, Opening, Pick, SliceStep
from inventory.services.slices import Slice as Cut
from inventory.services.slicing import slice_pool

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


def live(show: Show, plan: Plan, *, shop: Shop, rng: Random, now: datetime, manager: By, scale: float) -> int:
    """Let the plan happen to the show in the week before `now`; how many sales. `scale` thins the sales out."""
    return _Week(show, plan, shop, rng, now, manager).live(max(1, round(plan.sales * scale)) if plan.sales else 0)


class _Week:
    def __init__(self, show: Show, plan: Plan, shop: Shop, rng: Random, now: datetime, manager: By) -> None:
        self.show, self.plan, self.shop, self.rng, self.now, self.manager = show, plan, shop, rng, now, manager
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
        self.shop.open(self.show, self.manager, opening + timedelta(hours=1))
        for at in self._moments(opening + timedelta(hours=2), self.now - timedelta(minutes=45), sales):
            self._one_of_many_things(at)
        self._leave_hanging()
        self.shop.go_wrong(self.show, self._come, self.now)
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
        cut = Cut(
            slice_.name,
            [Opening(self.channels[code].pk, self._before_start(span)) for code, span in slice_.opens.items()],
            closes_at=self._before_start(slice_.closes_before_start),
            ladder=[SliceStep(self.show.starts_at - span, share_percent=share) for span, share in slice_.ladder],
        )
        by, at = self._manager("channel_split"), at + timedelta(minutes=10)
        (made,) = slice_pool(show_id=self.show.pk, slices=[cut], by=by, now=at)
        for what in slice_.what:
            wanted = self._wanted(what)
            places = wanted if isinstance(wanted, Seats) else Pick(wanted.quantity, tier_id=wanted.tier_id)
            slice_pool(show_id=self.show.pk, slices=[More(made.allocation.pk, places)], by=by, now=at)
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
        chance = self.rng.random()
        if (visit := self._come(code, at)) is None:
            return
        paid = at + timedelta(seconds=self.rng.randint(20, 240))
        if chance < 0.06:
            release_lock(claim_id=visit.lock.claim_id, by=visit.by, now=paid)
        elif chance < 0.10:
            self.shop.run_out(visit)
        else:
            bought = paid + timedelta(seconds=self.rng.randint(80, 160))
            self._buy(visit, paid, bought, is_second_try=chance < 0.14)
            if chance <= 0.96:
                return
            because = self._manager(self.rng.choice(["customer_request", "duplicate_booking"]))
            self.shop.take_back(visit, because, bought + timedelta(minutes=self.rng.randint(5, 30)))
        self.taken.difference_update(visit.lock.place_ids)

    def _buy(self, visit: Visit, paid: datetime, bought: datetime, *, is_second_try: bool) -> None:
        self.shop.begin_payment(visit, paid, will_be_paid=not is_second_try)
        if is_second_try:
            self.shop.fail_payment(visit, paid + timedelta(seconds=40))
            self.shop.begin_payment(visit, paid + timedelta(seconds=70), will_be_paid=True)
        self.shop.sell(visit, bought)

    def _leave_hanging(self) -> None:
        """What the demo opens on: carts in use, a payment pending, and locks that have run out and await the sweep."""
        ago = self.rng.randint
        for _ in range(self.plan.hanging.run_out):
            self._come("web", self.now - timedelta(minutes=ago(10, 14)))
        for _ in range(self.plan.hanging.browsing):
            self._come("web", self.now - timedelta(seconds=ago(5, 300)))
        for _ in range(self.plan.hanging.paying):
            at = self.now - timedelta(seconds=ago(90, 240))
            if visit := self._come("web", at):
                self.shop.begin_payment(visit, at + timedelta(seconds=60), will_be_paid=False)

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

    def _come(self, code: str, at: datetime) -> Visit | None:
        """Somebody comes on this channel and locks what they like; None where there is nothing for them."""
        channel = self.channels[code]
        by = self._buyer(channel)
        wanted = self._choice(code)
        if wanted is None:
            return None
        holder = Holder(session=by.actor) if channel.kind == Channel.Kind.WEB else Holder()
        lock = lock_places(show_id=self.show.pk, channel_id=channel.pk, wanted=wanted, by=by, holder=holder, now=at)
        self.taken.update(lock.place_ids)
        return Visit(self.show, channel, by, lock)

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
