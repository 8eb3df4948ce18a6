"""An answer to "Why can't I sell this?": a verdict, and of each cause whose it is, since when, until when, a way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from core.words import counted
from inventory.admin import reasons as codes
from inventory.admin import remedies, words
from inventory.admin.remedies import Way
from inventory.models import Channel, Place, Section, Show, Tier
from inventory.queries.moves import database_now
from inventory.queries.places import stranded_by
from inventory.queries.stock import Counts, Reason, availability, explain_part, explain_place

TITLES = {
    "show_not_on_sale": "The show",
    "channel_not_selling": "The channel",
    "locked": "In a basket",
    "paying": "Payment pending",
    "held": "Held",
    "killed": "Killed",
    "leased": "Lent to a till",
    "sold": "Sold",
    "not_on_sale_here": "Allocated elsewhere",
    "not_on_sale_here_yet": "Not on sale here yet",
    "frozen": "Frozen",
    "at_rules_line": "At a rule's line",
    "kept_back_by_rule": "Kept back by a rule",
    "over_cap": "More than one buyer may have",
    "places_stranded": "Leaves a single seat",
    "places_kept_accessible": "Kept for whoever needs it",
}
OF_ALL = ("show_not_on_sale", "channel_not_selling")
OF_BUYERS = ("locked", "paying", "sold")
OF_STOPS = ("frozen", "at_rules_line")


@dataclass(frozen=True, slots=True)
class Part:
    """A tier, a section, what both have in common, or with neither the whole house."""

    tier: Tier | None = None
    section: Section | None = None

    def __bool__(self) -> bool:
        return bool(self.tier or self.section)

    @property
    def name(self) -> str:
        return " in ".join(str(one) for one in (self.tier, self.section) if one) or "the whole house"

    def has(self, place: Place) -> bool:
        return self.tier in (None, place.tier) and self.section in (None, place.section)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that stands in the way. `facts` are pairs of a word and what it is; `way` is where it is lifted."""

    title: str
    words: str
    facts: list[tuple[str, str]]
    remedy: str
    way: Way | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`sells` where what was asked for can be sold; `causes` are then of what else of it cannot.

    `sum` says how the numbers of several causes come to the number of places that cannot be sold.
    """

    sells: bool
    verdict: str
    about: str
    place: Place | None
    causes: list[Cause]
    sum: str = ""


class Teller:
    """Tells about one show on one channel, and shows whoever asks the ways that they may go."""

    def __init__(self, model_admin: Any, request: HttpRequest, show: Show, channel: Channel) -> None:
        self.show, self.channel, self.at = show, channel, database_now()
        self.name_of_sale = model_admin.name_of_sale
        self.ways = partial(remedies.found_for, model_admin, request, show, channel)

    def of_place(self, place: Place) -> Answer:
        reasons = explain_place(place.pk, self.show.pk, self.channel.pk, self.at) or []
        sells = not reasons
        reasons = reasons or self._by_itself(place)
        stranded = any(reason.code == "places_stranded" for reason in reasons)
        can = "can" if sells and not stranded else "cannot"
        alone = " by itself" if stranded else ""
        marks = [str(place.tier), *words.marks(place)]
        return Answer(
            sells=sells and not stranded,
            verdict=f"{words.seat(place)} {can} be sold on {self.channel} now{alone}.",
            about=", ".join(marks),
            place=place,
            causes=self._causes(reasons),
        )

    def of_part(self, part: Part, quantity: int | None) -> Answer:
        reasons = explain_part(
            self.show.pk,
            self.channel.pk,
            self.at,
            tier_id=part.tier.pk if part.tier else None,
            section_id=part.section.pk if part.section else None,
        )
        counts = self._counts(part)
        if reasons is None or counts is None:
            none = "No place belongs to" if part else "No house is loaded: there is nothing to sell in"
            return Answer(False, f"{none} {part.name}.", "", None, [])
        over = self._over_cap(quantity)
        sells = 0 < counts.sellable >= (quantity or 1) and not over
        return Answer(
            sells=sells,
            verdict=_verdict(part.name, str(self.channel), counts, quantity),
            about=f"{counts.open:,} of {counted(counts.capacity, 'place')} open",
            place=None,
            # What stops the whole show or channel comes before what stops this party.
            causes=self._causes(sorted([*over, *reasons], key=lambda reason: reason.code not in OF_ALL), part),
            sum=_sum(reasons, counts),
        )

    def _counts(self, part: Part) -> Counts | None:
        stock = availability(self.show.pk, channel_id=self.channel.pk, at=self.at)
        if stock is None or not stock.lines:
            return None
        if part.tier and part.section:
            pairs = {(line.tier_id, line.section_id): line for line in stock.lines}
            return pairs.get((part.tier.pk, part.section.pk))
        if part.tier:
            return stock.by_tier.get(part.tier.pk)
        return stock.by_section.get(part.section.pk) if part.section else stock.total

    def _by_itself(self, place: Place) -> list[Reason]:
        """Of a place that nothing stops: what stops or marks it where it is asked for alone."""
        said = []
        if place.is_accessible or place.is_companion:
            which = "wheelchair" if place.is_accessible else "companion's"
            text = f"It is a {which} place: it is sold only where the buyer says that it is needed."
            said.append(Reason("places_kept_accessible", text, remedy="Ask for wheelchair places when selling."))
        if self.show.orphan_rule == Show.OrphanRule.REFUSE and (left := stranded_by(self.show.pk, place.pk, self.at)):
            names = ", ".join(words.seat(one) for one in Place.objects.select_related("section").filter(pk__in=left))
            text = f"Sold by itself it would leave {names} single, and this show refuses that."
            said.append(Reason("places_stranded", text, remedy="Sell its neighbour with it, or choose another seat."))
        return said

    def _over_cap(self, quantity: int | None) -> list[Reason]:
        most = self.show.cap_per_session
        if not quantity or not self.channel.is_capped or quantity <= most:
            return []
        text = f"One buyer on {self.channel} may keep {counted(most, 'place')} of this show locked at most."
        return [Reason("over_cap", text, remedy="Sell them in several baskets, or raise the show's limit.")]

    def _causes(self, reasons: Sequence[Reason], part: Part | None = None) -> list[Cause]:
        """In as many statements however many reasons there are."""
        behind = remedies.behind(self.show, reasons)
        return [
            Cause(
                title=TITLES.get(reason.code, reason.code),
                words=_words(reason),
                facts=self._facts(reason, behind),
                remedy=reason.remedy,
                way=self.ways(reason, behind, part.tier if part else None, part.section if part else None),
            )
            for reason in reasons
        ]

    def _facts(self, reason: Reason, behind: remedies.Behind) -> list[tuple[str, str]]:
        """Whose, by whom, since, until: as far as there is something to say, and never who a buyer is."""
        told, reference = behind.of(reason), reason.facts.get("reference")
        pairs = [
            ("Whose", told.whose or _whose(reason)),
            ("Order", self.name_of_sale(reference) if reference else ""),
            ("By", told.by),
            ("Why", told.why),
            ("Since", _clock(told.since)),
            ("Until", _clock(reason.until)),
            ("Stops", _stopped(reason)),
        ]
        return [(word, text) for word, text in pairs if text]


def _verdict(what: str, channel: str, counts: Counts, quantity: int | None) -> str:
    left = counts.sellable
    if not left:
        return f"{channel} cannot sell anything of {what} now."
    if quantity is None:
        return f"{channel} can sell {left:,} of {counted(counts.capacity, 'place')} of {what} now."
    if quantity > left:
        return f"{channel} cannot sell {quantity:,} of {what} now: only {left:,} can be sold."
    return (
        f"{channel} has {left:,} of {what} to sell now, and {quantity:,} {'is' if quantity == 1 else 'are'} asked for."
    )


def _sum(reasons: Sequence[Reason], counts: Counts) -> str:
    """How several reasons come to what cannot be sold; nothing where all is stopped as a whole."""
    named = [reason.facts["places"] for reason in reasons if reason.facts.get("places")]
    missing = counts.capacity - counts.sellable
    if len(named) < 2 or any(reason.code in OF_ALL for reason in reasons) or sum(named) < missing:
        return ""
    if sum(named) == missing:
        return f"Together that is all {missing:,} that cannot be sold."
    return (
        f"Of these reasons some overlap, for one place may be stopped by several: they name {sum(named):,} in all, and "
        f"{counted(missing, 'place')} cannot be sold."
    )


def _stopped(reason: Reason) -> str:
    """How many places a freeze stops; of other reasons the words say it."""
    stops = reason.facts.get("places") if reason.code in OF_STOPS else None
    return counted(stops, "open place") if stops else ""


def _words(reason: Reason) -> str:
    """As the ledger says them; but a kill's code in words, and a sale's reference by the name that people know."""
    if reason.code == "killed":
        code = reason.facts["reason_code"]
        return f"{reason.words.removesuffix(f'{code}.')}{codes.in_line(code)}."
    return f"It is sold on {reason.owner}." if reason.facts.get("reference") else reason.words


def _whose(reason: Reason) -> str:
    if reason.code not in OF_BUYERS:
        return reason.owner
    return f"{'a buyer' if reason.facts.get('places') == 1 else 'buyers'} on {reason.owner}"


def _clock(at: datetime | None) -> str:
    return words.clock(at).removesuffix(":00") if at else ""
