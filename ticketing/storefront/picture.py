"""A show as its page tells of it: what is left, where, and for how much, all charges included."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from inventory.api.asking import Asker
from inventory.api.availability import state_of
from inventory.api.finding import show_for
from inventory.models import Show
from inventory.queries.doors import Ground
from inventory.queries.shows import show_whole
from inventory.queries.stock import Availability, Counts, availability
from inventory.services.refusals import ShowUnknown
from ticketing.queries.quotes import prices_at
from ticketing.storefront.forms import BestForm
from ticketing.storefront.words import STATES, left_words

BUYABLE = ("available", "few_left")
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Left:
    """How something stands. `state` is the API's word; `head` and `words` are for people."""

    state: str
    left: int
    head: str
    words: str

    @property
    def can_be_bought(self) -> bool:
        return self.state in BUYABLE


@dataclass(frozen=True, slots=True)
class TierPicture:
    """A tier with its mark: a shape besides the colour, for whoever does not see colours. `paise` None: no price."""

    code: str
    name: str
    colour: str
    mark: int
    paise: int | None
    list_paise: int | None
    left: Left


@dataclass(frozen=True, slots=True)
class SectionPicture:
    code: str
    name: str
    is_ga: bool
    left: Left
    lines: list[tuple[TierPicture, Left]]


@dataclass(frozen=True)
class Picture:
    """Everything a show's page tells; read in a handful of statements."""

    show: Show
    here: Ground
    stock: Availability
    tiers: list[TierPicture]
    sections: list[SectionPicture]
    total: Left

    @cached_property
    def is_priced(self) -> bool:
        return any(tier.paise is not None for tier in self.tiers)

    @property
    def can_be_bought(self) -> bool:
        return self.total.can_be_bought and self.is_priced

    @property
    def has_map(self) -> bool:
        return any(not section.is_ga for section in self.sections)

    @property
    def sellable_tiers(self) -> list[TierPicture]:
        return [tier for tier in self.tiers if tier.paise is not None]

    def choices(self) -> dict[str, Any]:
        """What the form of the best places offers."""
        return {
            "most": max(1, min(self.show.cap_per_session or MOST_AT_ONCE, MOST_AT_ONCE)),
            "tiers": [tier.code for tier in self.sellable_tiers],
            "sections": [section.code for section in self.sections],
            "wheelchairs": self.has_map,
        }

    def form(self) -> BestForm:
        return BestForm.blank(**self.choices())

    def for_scripts(self) -> dict[str, Any]:
        """What the scripts of the page start from: each tier's price, and how many places one buyer may have."""
        return {
            "tiers": [{"code": tier.code, "name": tier.name, "paise": tier.paise} for tier in self.tiers],
            "most": self.choices()["most"],
        }


def picture_of(asker: Asker, slug: str) -> Picture:
    """The show of this slug as this buyer may see it. Raises ShowUnknown."""
    here = show_for(asker, slug)
    show = show_whole(slug, drafts=False)
    stock = availability(here.show_id, channel_id=here.channel_id or 0)
    if show is None or stock is None:
        raise ShowUnknown
    by_tier, by_section = stock.by_tier, stock.by_section
    colours = {tier.pk: tier.colour for tier in show.tiers.all()}
    tiers = [
        TierPicture(
            code=priced.code,
            name=priced.name,
            colour=colours.get(priced.tier_id, ""),
            mark=mark,
            paise=priced.price.paise if priced.price else None,
            list_paise=priced.price.list_paise if priced.price else None,
            left=_left(stock, by_tier[priced.tier_id]),
        )
        for mark, priced in enumerate(prices_at(here.show_id, here.channel_id))
        if priced.tier_id in by_tier
    ]
    known = {tier.code: tier for tier in tiers}
    sections = [
        SectionPicture(
            code=section.code,
            name=section.name,
            is_ga=section.is_ga,
            left=_left(stock, by_section[section.pk]),
            lines=[
                (known[line.tier], _left(stock, line))
                for line in stock.lines
                if line.section_id == section.pk and line.tier in known
            ],
        )
        for section in show.sections.all()
        if section.pk in by_section
    ]
    return Picture(show, here, stock, tiers, sections, _left(stock, stock.total))


def _left(stock: Availability, counts: Counts) -> Left:
    state = state_of(stock, counts)
    words = left_words(state, counts.sellable, counts.locked + counts.paying, counts.next_release)
    return Left(state, counts.sellable, STATES[state], words)
