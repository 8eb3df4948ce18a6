"""Why something cannot be sold, in words for whoever stands at a counter; and in fewer for a buyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from inventory.models import Hold, Show


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, most of all for people: `words` say it, `owner` whose it is, `until` when it ends by itself, `remedy`
    who can end it sooner. `facts` has what the words were made of."""

    code: str
    words: str
    owner: str = ""
    until: datetime | None = None
    remedy: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """The next step of a ladder. `to` is empty where a hold's places keep their allocations, each its own."""

    at: datetime
    share_percent: int | None
    quantity: int | None
    to: str

    @property
    def words(self) -> str:
        shares = {25: "a quarter", 50: "half", 100: "everything"}
        much = str(self.quantity) if self.share_percent is None else shares.get(self.share_percent)
        go = "go" if self.quantity and self.quantity > 1 else "goes"
        to = f"to {self.to}" if self.to else "back on sale"
        return f"{much or f'{self.share_percent} %'} {go} {to} on {moment(self.at)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Places that cannot be sold, or not here, for one and the same reason; `is_one` where one was asked about."""

    places: int
    is_one: bool
    step: Step | None
    status: str
    phase: str
    until: datetime | None
    claim_id: int | None
    channel: str
    reference: str
    kill_reason: str
    purpose: str
    party: str
    breakable_by: str
    allocation: str
    sellers: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_pool: bool

    @property
    def are(self) -> str:
        return "It is" if self.is_one else _count(self.places, "place is", "places are")


@dataclass(frozen=True, slots=True)
class Stop:
    """A freeze, or (without `since`) a rule at its line, or one that keeps places back. `margin` is None where a person
    froze without a rule. `stopped`: how many open places it takes from the channel; 0 where one place was asked about.
    """

    freeze_id: int | None
    rule_id: int | None
    tier: str
    section: str
    channel: str
    actor: str
    since: datetime | None
    reason_code: str
    margin: int | None
    open: int
    exposure: int
    stopped: int

    @property
    def what(self) -> str:
        return self.tier or self.section or "The whole show"

    @property
    def where(self) -> str:
        return f"on {self.channel}" if self.channel else "on every channel"

    @property
    def is_safe(self) -> bool:
        return self.margin is not None and self.open > self.margin + self.exposure


def moment(at: datetime) -> str:
    """A moment as it stands in words, in the house's time zone."""
    return f"{timezone.localtime(at):%d %b %H:%M}"


def of_show(state: str) -> Reason | None:
    says = {
        Show.State.DRAFT: "The show is not on sale yet.",
        Show.State.PAUSED: "Sales of the show are paused.",
        Show.State.CLOSED: "Sales of the show are closed.",
        Show.State.CANCELLED: "The show is cancelled.",
    }.get(Show.State(state))
    if says is None:
        return None
    return Reason("show_not_on_sale", says, remedy="A manager puts the show on sale.", facts={"state": state})


def of_channel(name: str, is_active: bool) -> Reason | None:
    if is_active:
        return None
    words = f"{name} may not sell at the moment." if name else "There is no such channel."
    return Reason("channel_not_selling", words, owner=name, remedy="A manager lets the channel sell.")


def of_group(group: Group) -> Reason:
    return _OF_STATUS[group.phase if group.phase == "paying" else group.status](group)


def of_stop(stop: Stop) -> Reason:
    """Of a freeze, of a rule at its line, or of one that keeps places back."""
    facts = {"freeze_id": stop.freeze_id, "rule_id": stop.rule_id, "reason_code": stop.reason_code}
    facts |= {"places": stop.stopped} if stop.stopped else {}
    kept = ""
    if stop.margin is not None:
        facts |= {"open": stop.open, "margin": stop.margin, "exposure": stop.exposure}
        kept = (
            f"{_count(stop.open, 'place is', 'places are')} open, and the rule keeps {stop.margin + stop.exposure} back"
        )
        if stop.exposure:
            kept += f" ({stop.margin}, and {stop.exposure} for late payments)"
    if stop.since is None and stop.is_safe:
        return Reason("kept_back_by_rule", _kept_back(stop), "rule", facts=facts, remedy="A manager changes the rule.")
    if stop.since is None:
        return Reason("at_rules_line", f"{stop.what} is at its limit {stop.where}: {kept}.", "rule", facts=facts,
                      remedy="A manager changes the rule.")  # fmt: skip
    whose = "by rule" if stop.rule_id else "by a person"
    words = f"{stop.what} is frozen {stop.where} {whose}, since {moment(stop.since)}."
    advice = f" That would {'be safe' if stop.is_safe else 'not be safe yet'}: {kept}." if kept else ""
    return Reason("frozen", words, stop.actor, remedy=f"A person thaws it.{advice}", facts=facts)


def _kept_back(stop: Stop) -> str:
    """`20 places are kept back by the freeze rule: Web stops at 20 of Platinum.`"""
    assert stop.margin is not None
    kept = f"{stop.margin + stop.exposure:,}"
    if stop.exposure:
        kept += f" ({stop.margin:,}, and {stop.exposure:,} for late payments)"
    words = f"{_count(stop.stopped, 'place is', 'places are')} kept back by the freeze rule: "
    words += f"{stop.channel or 'Every channel'} stops at {kept} of {stop.tier or stop.section or 'the whole show'}"
    if stop.stopped != stop.margin + stop.exposure:
        words += f", counted over all {stop.open:,} that are open there, whoever may sell them"
    return f"{words}."


def for_public(reasons: Sequence[Reason]) -> list[Reason]:
    """What a buyer may know of these: each kind once, without whose it is, how many, or what stands behind it."""
    told: dict[str, Reason] = {}
    for reason in reasons:
        public = _for_public(reason)
        told.setdefault(public.code, public)
    return list(told.values())


def _for_public(reason: Reason) -> Reason:
    if reason.code == "show_not_on_sale":
        return Reason(reason.code, reason.words)
    if reason.code in ("locked", "paying"):
        return Reason("in_a_basket", f"In somebody's basket, until {_until(reason.until)} at most.", until=reason.until)
    if reason.code in ("not_on_sale_here", "not_on_sale_here_yet") and reason.until:
        return Reason("not_on_sale_here_yet", f"On sale here from {_until(reason.until)}.", until=reason.until)
    return Reason("not_available", "Not available.")


def _until(at: datetime | None) -> str:
    assert at is not None
    return moment(at)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _locked(group: Group) -> Reason:
    words = f"{group.are} in a basket on {group.channel} until {_until(group.until)}."
    if not group.is_one:
        words = f"{group.are} in baskets on {group.channel}; the first of them ends at {_until(group.until)}."
    return _reason("locked", group, words, group.channel, "Wait, or ask the buyer to give it back.", group.until)


def _paying(group: Group) -> Reason:
    words = f"A payment for it on {group.channel} is pending; at {_until(group.until)} it is open again at the latest."
    if not group.is_one:
        words = f"{group.are} being paid for on {group.channel}; the first may be open again at {_until(group.until)}."
    return _reason("paying", group, words, group.channel, "Wait for the payment's end.", group.until)


def _held(group: Group) -> Reason:
    words = f"{group.are} held for {group.party} ({Hold.Purpose(group.purpose).label.lower()})"
    words += f" until {moment(group.until)}" if group.until else ""
    words += f"; {group.step.words}" if group.step else ""
    words += ", ordered and not paid yet" if group.reference else ""
    remedy = f"{group.breakable_by or 'Any manager'} may break the hold."
    if group.reference:
        remedy = "Its order is cancelled, or paid: nobody breaks such a hold."
    return _reason("held", group, f"{words}.", group.party, remedy, group.until, purpose=group.purpose)


def _killed(group: Group) -> Reason:
    words = f"{group.are} not for sale at this show: {group.kill_reason}."
    return _reason("killed", group, words, "", "A manager unkills it.", None, reason_code=group.kill_reason)


def _leased(group: Group) -> Reason:
    words = (
        f"{group.are} lent to a till of {group.channel} until {_until(group.until)}, and back when the till reports."
    )
    return _reason("leased", group, words, group.channel, "The till gives it back, or a manager writes it off.")


def _sold(group: Group) -> Reason:
    words = f"{group.are} sold on {group.channel}{f', order {group.reference}' if group.reference else ''}."
    return _reason("sold", group, words, group.channel, "A sale returned opens it.", None, reference=group.reference)


def _elsewhere(group: Group) -> Reason:
    if group.is_pool:
        words = f"{group.are} in the open pool, which is on sale here from {_until(group.opens_at)}."
        remedy = "A manager lets this channel sell the pool earlier."
        return _reason("not_on_sale_here_yet", group, words, "", remedy, group.opens_at, allocation=group.allocation)
    whose = f"which only {group.sellers} may sell" if group.sellers else "which nobody may sell yet"
    words = f"{group.are} in the allocation {group.allocation}, {whose}"
    words += f"; on sale here from {moment(group.opens_at)}" if group.opens_at else ""
    words += f"; {group.step.words}" if group.step else ""
    words += f"; it closes into the pool on {moment(group.closes_at)}" if group.closes_at else ""
    until = min((at for at in (group.opens_at, group.closes_at) if at), default=None)
    remedy = "A manager moves it to an allocation of this channel."
    return _reason("not_on_sale_here", group, f"{words}.", group.sellers, remedy, until, allocation=group.allocation)


def _reason(
    code: str, group: Group, words: str, owner: str, remedy: str, until: datetime | None = None, **facts: Any
) -> Reason:
    if group.step:
        facts |= {"next_step_at": group.step.at}
    return Reason(code, words, owner, until, remedy, {"places": group.places, "claim_id": group.claim_id} | facts)


_OF_STATUS = {
    "open": _elsewhere,
    "locked": _locked,
    "paying": _paying,
    "held": _held,
    "leased": _leased,
    "sold": _sold,
    "killed": _killed,
}
