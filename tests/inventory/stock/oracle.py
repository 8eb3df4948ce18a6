"""The same reads in plain Python, slowly: entries folded one by one, rules looked at one by one. Tests compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

from inventory.models import (
    Allocation,
    AllocationChannel,
    Channel,
    Claim,
    Entry,
    Freeze,
    FreezeRule,
    Movement,
    Place,
    ReleaseStep,
    Show,
)
from tests.houses import seconds


@dataclass(frozen=True)
class Seen:
    """A place as the ledger's entries have it, or as it is to be seen at some moment."""

    place: Place
    status: str
    claim: Claim | None
    label: int
    phase: str = ""

    @property
    def line(self) -> tuple[int, int]:
        return self.place.section_id, self.place.tier_id


class Oracle:
    """One show at one moment."""

    def __init__(self, show: Show, at: datetime) -> None:
        self.show, self.at = Show.objects.get(pk=show.pk), at
        self.claims = {claim.pk: claim for claim in Claim.objects.filter(show=show)}
        self.allocations = {allocation.pk: allocation for allocation in Allocation.objects.filter(show=show)}
        self.pool = next(pk for pk, allocation in self.allocations.items() if allocation.is_pool)
        self.openings = list(AllocationChannel.objects.filter(allocation__show=show))
        self.steps = list(ReleaseStep.objects.filter(show=show, done_at=None).order_by("at", "pk"))
        self.freezes = list(Freeze.objects.filter(show=show, thawed=None))
        self.rules = list(FreezeRule.objects.filter(show=show, is_active=True).order_by("pk"))
        self.seen = self._released(self._folded())
        self.exposed = self._exposed()

    # How places are seen ------------------------------------------------------------------------------------------

    def _folded(self) -> dict[int, Seen]:
        places = {place.pk: place for place in Place.objects.filter(show=self.show).select_related("section", "tier")}
        folded: dict[int, Seen] = {}
        for entry in Entry.objects.filter(place_id__in=places).order_by("pk"):
            place = places[entry.place_id]
            claim = self.claims.get(entry.to_claim or 0)
            folded[place.pk] = Seen(place, entry.to_status, claim, entry.to_allocation)
        return {pk: self._clocked(seen) for pk, seen in folded.items()}

    def _clocked(self, seen: Seen) -> Seen:
        if seen.status != "locked" or seen.claim is None:
            return seen
        ends = seen.claim.hard_until if seen.claim.phase == "paying" else seen.claim.expires_at
        assert ends is not None
        if ends <= self.at:
            return replace(seen, status="open", claim=None)
        return replace(seen, phase=seen.claim.phase)

    def _released(self, seen: dict[int, Seen]) -> dict[int, Seen]:
        """What the due steps and hold ends would do, the worst places first."""
        acts: list[tuple[datetime, float, int, ReleaseStep | None, Claim | None]] = [
            (step.at, step.pk, 0, step, self.claims.get(step.hold_id or 0)) for step in self.steps if step.at <= self.at
        ]
        acts += [
            (claim.expires_at, float("inf"), claim.pk, None, claim)
            for claim in self.claims.values()
            if claim.kind == "hold" and claim.ended_at is None and claim.expires_at and claim.expires_at <= self.at
        ]
        for *_, step, hold in sorted(acts, key=lambda act: act[:3]):
            if hold is not None:
                there = [one for one in seen.values() if one.status == "held" and one.claim == hold]
            else:
                assert step is not None
                there = [one for one in seen.values() if one.label == step.allocation_id]
                if step.share_percent != 100:
                    there = [one for one in there if one.status == "open"]
            there.sort(key=lambda one: (one.place.rank, one.place.pk), reverse=True)
            many = len(there)
            if step is not None and step.share_percent:
                many = ceil(len(there) * step.share_percent / 100)
            elif step is not None and step.quantity:
                many = min(many, step.quantity)
            for one in there[:many]:
                if hold is not None:
                    label = (step and step.to_allocation_id) or one.label
                    seen[one.place.pk] = replace(one, status="open", claim=None, label=label)
                else:
                    assert step is not None
                    seen[one.place.pk] = replace(one, label=step.to_allocation_id or self.pool)
        return seen

    # What may be sold ---------------------------------------------------------------------------------------------

    def is_sellable(self, label: int, channel: Channel) -> bool:
        allocation = self.allocations[label]
        if allocation.is_pool or (allocation.closes_at and allocation.closes_at <= self.at):
            pool_opens_at = self._pool_opens_at(channel)
            if pool_opens_at is None or pool_opens_at <= self.at:
                return True
        mine = [o for o in self.openings if o.allocation_id == label and o.channel_id == channel.pk]
        return any(opening.opens_at is None or opening.opens_at <= self.at for opening in mine)

    def _pool_opens_at(self, channel: Channel) -> datetime | None:
        """From when the channel sells the pool and what counts as pool; None: from the start."""
        mine = [o.opens_at for o in self.openings if o.allocation_id == self.pool and o.channel_id == channel.pk]
        return mine[0] if mine else None

    def _exposed(self) -> list[tuple[int, int]]:
        """Tier and section of every place that may have a second claimant."""
        exposed: list[tuple[int, int]] = []
        origins = {claim.origin_id for claim in self.claims.values()}
        for claim in self.claims.values():
            if claim.kind == "lock" and claim.phase == "paying" and claim.hard_until and claim.pk not in origins:
                lapsed = claim.ended_at is None or claim.ended_at >= claim.hard_until
                watched = claim.hard_until <= self.at < claim.hard_until + seconds(self.show.watch_payment_for_s)
                if lapsed and watched:
                    locking = Movement.objects.get(claim=claim, verb="lock_places")
                    exposed += locking.entries.values_list("to_tier", "place__section_id")
        return exposed

    def exposure(self, tier_id: int | None = None, section_id: int | None = None) -> int:
        return sum(tier_id in (None, tier) and section_id in (None, section) for tier, section in self.exposed)

    def headrooms(self, channel: Channel) -> Iterator[tuple[FreezeRule, int]]:
        for rule in self.rules:
            if rule.channel_id in (None, channel.pk):
                open_ = sum(one.status == "open" and covers(rule, one) for one in self.seen.values())
                exposure = self.exposure(rule.tier_id, rule.section_id)
                yield rule, max(0, open_ - rule.margin - exposure)

    def is_frozen(self, one: Seen, channel: Channel) -> bool:
        return any(covers(freeze, one) and freeze.channel_id in (None, channel.pk) for freeze in self.freezes)

    def sellable(self, channel: Channel, places: Iterable[Seen]) -> int:
        """How many of these places, all of one line, the channel may sell."""
        places = list(places)
        if self.show.state != "on_sale" or not channel.is_active or self.is_frozen(places[0], channel):
            return 0
        labelled = sum(one.status == "open" and self.is_sellable(one.label, channel) for one in places)
        return min([labelled, *(room for rule, room in self.headrooms(channel) if covers(rule, places[0]))])

    def lines(self) -> dict[tuple[int, int], list[Seen]]:
        lines: dict[tuple[int, int], list[Seen]] = {}
        for one in self.seen.values():
            lines.setdefault(one.line, []).append(one)
        return lines

    def availability(self, channel: Channel) -> dict[tuple[int, int], dict[str, Any]]:
        return {
            line: {
                "capacity": len(places),
                "sellable": self.sellable(channel, places),
                **{state: sum(state_of(one) == state for one in places) for state in STATES},
                "frozen": self.is_frozen(places[0], channel),
                "next_release": self.next_release(channel, places),
            }
            for line, places in self.lines().items()
        }

    def by_channel(self) -> dict[tuple[int, int, int], tuple[int, int, int, int]]:
        found = {}
        for line, places in self.lines().items():
            for channel in Channel.objects.all():
                states = Counter(state_of(one) for one in places if one.claim and one.claim.channel_id == channel.pk)
                counts = (states["locked"], states["paying"], states["sold"])
                found[*line, channel.pk] = (self.sellable(channel, places), *counts)
        return found

    def letters(self, channel: Channel, *, public: bool) -> str:
        letters = ""
        for one in sorted(self.seen.values(), key=lambda one: one.place.pk):
            if one.place.section.is_ga:
                continue
            letter = LETTERS[state_of(one)]
            if letter == "o":
                blocked = any(room == 0 and covers(rule, one) for rule, room in self.headrooms(channel))
                sells = self.show.state == "on_sale" and channel.is_active and not self.is_frozen(one, channel)
                letter = "o" if sells and not blocked and self.is_sellable(one.label, channel) else "n"
            letters += {"o": "o", "l": "l", "p": "l"}.get(letter, "x") if public else letter
        return letters

    # When something more could be -----------------------------------------------------------------------------------

    def next_release(self, channel: Channel, places: Iterable[Seen]) -> datetime | None:
        moments = []
        for one in places:
            if one.status == "open":
                moments.append(self._first(one.label, channel, self.at, ()))
            elif one.status == "held" and one.claim is not None:
                ends = [
                    (step.at, step.to_allocation_id or one.label) for step in self.steps if step.hold_id == one.claim.pk
                ]
                if one.claim.expires_at:
                    ends.append((one.claim.expires_at, one.label))
                for end, label in ends:
                    if end > self.at and (first := self._first(label, channel, self.at, ())):
                        moments.append(max(end, first))
        return min((moment for moment in moments if moment and moment > self.at), default=None)

    def _first(self, label: int, channel: Channel, since: datetime, been: tuple[Any, ...]) -> datetime | None:
        """When a place that has this label since then could first be sold on this channel."""
        if self.is_sellable(label, channel):
            return since
        allocation = self.allocations[label]
        mine = [o.opens_at for o in self.openings if o.allocation_id == label and o.channel_id == channel.pk]
        closes_at = allocation.closes_at
        if closes_at and (pool_opens_at := self._pool_opens_at(channel)):
            closes_at = max(closes_at, pool_opens_at)
        firsts = [max(since, moment) for moment in (*mine, closes_at) if moment]
        for step in self.steps:
            if step.allocation_id == label and step.at > self.at and step.at >= since and step.pk not in been:
                further = self._first(step.to_allocation_id or self.pool, channel, step.at, (*been, step.pk))
                firsts += [further] if further else []
        return min(firsts, default=None)


STATES = ("open", "locked", "paying", "held", "leased", "sold", "killed")
LETTERS = dict(zip(STATES, "olphesk", strict=True))


def state_of(one: Seen) -> str:
    return "paying" if one.phase == "paying" else one.status


def covers(rule: Freeze | FreezeRule, one: Seen) -> bool:
    return rule.tier_id in (None, one.place.tier_id) and rule.section_id in (None, one.place.section_id)
