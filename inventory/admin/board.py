"""The start page's shows: what is on today and next, each section as a bar, and which channel has sold how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from inventory.admin import words
from inventory.admin.links import list_of, stock_page_of, why_page_of
from inventory.admin.mix import Mix, mixes
from inventory.admin.shows import STATE_LABELS
from inventory.admin.stock import BROWSING, Stock
from inventory.models import Freeze, Place, Show
from inventory.queries.stock import House, SectionStock, evening

STILL_ON_FOR = timedelta(hours=6)  # last night's show is tonight's until it is over
MOST_TODAY, MOST_IN_ALL, LEAST_NEXT = 12, 8, 2
MOST_SECTIONS = 6  # more of them fold away below the whole house, as do all of them of a show of another day
MOST_STOPS = 3  # of what is frozen of one show; its stock page has them all

May = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Bar:
    """Some places of a show by state. Without a name it is the whole house; `places_url` is '' for whoever may not,
    `frozen` where nothing stops just this section.
    """

    name: str
    stock: Stock
    places_url: str = ""
    frozen: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A freeze in force on a show; `thaw_url` is '' for whoever may not thaw."""

    pk: int
    name: str
    thaw_url: str


@dataclass(frozen=True, slots=True)
class Head:
    """One show on the start page. `ways` are pairs of an address and a word."""

    show: Show
    when: str
    state: SafeString
    url: str
    house: Bar | None
    bars: list[Bar]
    stops: list[Stopped]
    more_stops: int
    ways: list[tuple[str, str]] = field(default_factory=list)
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """What is on. `more_today` says that today has more shows than are here."""

    today: list[Head]
    coming: list[Head]
    mixes: list[Mix]
    unsold: list[Show]
    more_today: bool


def may_see(may: May) -> bool:
    """Whether somebody may see shows at all."""
    return may("inventory.view_show") or may("inventory.change_show")


def board_of(may: May, at: datetime, freezes: Sequence[Freeze]) -> Board:
    """What is on today and next, in two statements however many shows that are; `freezes` are those in force."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    most = MOST_TODAY + LEAST_NEXT
    shows = list(
        Show.objects.select_related("venue")
        .filter(starts_at__gte=min(midnight, at - STILL_ON_FOR))
        .order_by("starts_at", "pk")[: most + 1]
    )
    on_today = [show for show in shows if show.starts_at < tomorrow]
    today = on_today[:MOST_TODAY]
    coming = shows[len(on_today) :][: max(LEAST_NEXT, MOST_IN_ALL - len(today))]
    houses = evening([show.pk for show in (*today, *coming)], since=midnight, at=at)

    def heads(these: Sequence[Show]) -> list[Head]:
        return [
            _head(may, show, houses.get(show.pk), [one for one in freezes if one.show_id == show.pk], tomorrow)
            for show in these
        ]

    sold = {show: houses[show.pk].channels for show in (*today, *coming) if show.pk in houses}
    return Board(
        today=heads(today),
        coming=heads(coming),
        mixes=mixes([(show.title, _when(show.starts_at, tomorrow), each) for show, each in sold.items() if each]),
        unsold=[show for show, each in sold.items() if not each],
        more_today=len(on_today) > len(today),
    )


def _head(may: May, show: Show, house: House | None, freezes: Sequence[Freeze], tomorrow: datetime) -> Head:
    sections = house.sections if house else []
    bars = [
        Bar(
            section.name,
            _stock([section]),
            list_of(Place, show=show.pk, section=section.section_id) if may("inventory.view_place") else "",
            _frozen([freeze for freeze in freezes if freeze.section_id == section.section_id]),
        )
        for section in sections
    ]
    ways = [(stock_page_of(show.pk), "Stock")]
    if sections and may("inventory.view_place"):
        ways.append((why_page_of(show.pk), "Can't sell?"))
    if sections and may("inventory.add_freeze"):
        ways.append((reverse("admin:inventory_show_freeze", args=[show.pk]), "Freeze"))
    return Head(
        show=show,
        when=_when(show.starts_at, tomorrow),
        state=words.label(show.get_state_display(), STATE_LABELS[Show.State(show.state)]),
        url=stock_page_of(show.pk),
        house=Bar("", _stock(sections)) if len(sections) > 1 else None,
        bars=bars,
        stops=[
            Stopped(
                freeze.pk,
                str(freeze),
                reverse("admin:inventory_freeze_thaw", args=[freeze.pk]) if may("inventory.change_freeze") else "",
            )
            for freeze in freezes[:MOST_STOPS]
        ],
        more_stops=max(0, len(freezes) - MOST_STOPS),
        ways=ways,
        is_folded=len(sections) > (MOST_SECTIONS if show.starts_at < tomorrow else 1),
    )


def _frozen(freezes: Sequence[Freeze]) -> str:
    """`Frozen`, or where: a section that stands still for one partner is not shut."""
    if not freezes or any(freeze.channel_id is None for freeze in freezes):
        return "Frozen" if freezes else ""
    return f"Frozen on {', '.join(str(freeze.channel) for freeze in freezes)}"


def _when(starts_at: datetime, tomorrow: datetime) -> str:
    local = timezone.localtime(starts_at)
    return f"{local:%H:%M}" if starts_at < tomorrow else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _stock(sections: Sequence[SectionStock]) -> Stock:
    counts: dict[str, int] = {}
    for section in sections:
        for state, count in section.states.items():
            key = BROWSING if state == "locked" else state
            counts[key] = counts.get(key, 0) + count
    return Stock(counts)
