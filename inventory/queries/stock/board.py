"""A show at a glance for who runs it: every place by state, every channel's part, and the rules, all of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inventory.queries.stock.availability import BY_STATE
from inventory.queries.stock.channels import TAKEN
from inventory.queries.stock.offers import offers

STATES = ("open", "locked", "paying", "held", "leased", "sold", "killed")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A freeze rule in force: how many places it counts open, and how many it keeps back (`margin + exposure`).

    `tier_id` and `section_id` None: it counts the whole show. `channel_id` None: it stops every channel.
    """

    rule_id: int
    tier_id: int | None
    section_id: int | None
    channel_id: int | None
    margin: int
    open: int
    exposure: int

    @property
    def headroom(self) -> int:
        """How many of its places may still be sold. At 0 the next sale trips it."""
        return max(0, self.open - self.margin - self.exposure)


@dataclass(frozen=True, slots=True)
class Part:
    """What one channel has of some places: how many it can sell now, has locked, is being paid for, has sold."""

    sellable: int
    locked: int
    paying: int
    sold: int


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One section by tier: how many places are in each of STATES, and each channel's part by its id."""

    section_id: int
    tier_id: int
    states: dict[str, int]
    parts: dict[int, Part]


@dataclass(frozen=True, slots=True)
class Board:
    """A show at the moment `at`. Sections, tiers and channels are names by id, each in its own order.

    `refused` is how often freezes have refused a sale since `refused_since`: the hour that was going on an hour ago.
    """

    show_id: int
    at: datetime
    state: str
    refused: int
    refused_since: datetime
    sections: dict[int, str]
    tiers: dict[int, str]
    channels: dict[int, tuple[str, bool]]
    """(name, whether it may sell)"""
    lines: list[BoardLine]
    rules: list[RuleLine]

    def states_of(self, lines: Iterable[BoardLine]) -> dict[str, int]:
        """Places in each state, over these lines."""
        chosen = list(lines)
        return {state: sum(line.states[state] for line in chosen) for state in STATES}

    def part_of(self, channel_id: int, lines: Sequence[BoardLine]) -> Part:
        """A channel's part of these lines, of which it can sell no more than any rule lets it that covers them all."""
        parts = [line.parts[channel_id] for line in lines]
        caps = [rule.headroom for rule in self.rules if rule.channel_id in (None, channel_id) and _covers(rule, lines)]
        return Part(
            min([sum(part.sellable for part in parts), *caps]),
            sum(part.locked for part in parts),
            sum(part.paying for part in parts),
            sum(part.sold for part in parts),
        )

    def whole_of(self, channel_id: int) -> Part:
        """A channel's part of the show: rules of tiers and rules of sections count alike, as in `availability`."""
        whole = self.part_of(channel_id, self.lines)
        by_tier = (self.part_of(channel_id, [line for line in self.lines if line.tier_id == pk]) for pk in self.tiers)
        by_section = (
            self.part_of(channel_id, [line for line in self.lines if line.section_id == pk]) for pk in self.sections
        )
        least = min(sum(part.sellable for part in by_tier), sum(part.sellable for part in by_section), whole.sellable)
        return Part(least, whole.locked, whole.paying, whole.sold)


def board(show_id: int, at: datetime | None = None, *, as_if_on_sale: bool = False) -> Board | None:
    """The board of a show, in one statement, so that all its numbers agree; None where there is no such show.

    `as_if_on_sale`: what could be sold if the show were put on sale as it stands.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "channel_id": None, "at": at, "as_if_on_sale": as_if_on_sale})
        rows = cursor.fetchall()
    if not rows:
        return None
    seen_at, state, refused, since, rules = rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[0][4:11]
    sections: dict[int, str] = {}
    tiers: dict[int, tuple[int, int, str]] = {}
    channels: dict[int, tuple[str, bool]] = {}
    lines: dict[tuple[int, int], BoardLine] = {}
    for row in rows:
        section_id, section, tier_id, tier, ordinal, channel_id, channel, is_active = row[11:19]
        if section_id is None:
            continue
        sections.setdefault(section_id, section)
        tiers.setdefault(tier_id, (ordinal, tier_id, tier))
        channels.setdefault(channel_id, (channel, is_active))
        counts = dict(zip(STATES, row[23:], strict=True))
        line = lines.setdefault((section_id, tier_id), BoardLine(section_id, tier_id, counts, {}))
        line.parts[channel_id] = Part(*row[19:23])
    return Board(
        show_id=show_id,
        at=seen_at,
        state=state,
        refused=refused,
        refused_since=since,
        sections=sections,
        tiers={pk: name for _, pk, name in sorted(tiers.values())},
        channels=dict(sorted(channels.items())),
        lines=list(lines.values()),
        rules=[RuleLine(*rule) for rule in zip(*rules, strict=True)],
    )


def _covers(rule: RuleLine, lines: Sequence[BoardLine]) -> bool:
    return all(rule.tier_id in (None, line.tier_id) and rule.section_id in (None, line.section_id) for line in lines)


_OF_RULES = ("id", "tier_id", "section_id", "channel_id", "margin", "open", "exposure")
_RULES = ", ".join(f"coalesce(array_agg({name} ORDER BY id), '{{}}') AS {name}s" for name in _OF_RULES)

_STATEMENT = f"""WITH {offers()}, {TAKEN},
    states AS (SELECT section_id, tier_id, sum(places)::integer AS capacity, {BY_STATE} FROM cells GROUP BY 1, 2),
    refused AS (
        SELECT h.since, coalesce(sum(i.times), 0)::integer AS times
        FROM (SELECT date_trunc('hour', at - interval '1 hour') AS since FROM clock) h
        LEFT JOIN inventory_incident i ON i.show_id = %(show_id)s AND i.kind = 'lock_refused_by_freeze'
            AND i.hour_at >= h.since
        GROUP BY 1)
    SELECT clock.at, s.state, refused.times, refused.since, {", ".join(f"r.{name}s" for name in _OF_RULES)},
           e.id, e.name, i.id, i.name, i.ordinal, h.id, h.name, h.is_active,
           o.sellable, coalesce(k.locked, 0)::integer, coalesce(k.paying, 0)::integer, coalesce(k.sold, 0)::integer,
           t.open, t.locked, t.paying, t.held, t.leased, t.sold, t.killed
    FROM clock CROSS JOIN inventory_show s CROSS JOIN refused CROSS JOIN (SELECT {_RULES} FROM rules) r
    LEFT JOIN (states t JOIN inventory_section e ON e.id = t.section_id JOIN inventory_tier i ON i.id = t.tier_id
        JOIN offers o ON o.section_id = t.section_id AND o.tier_id = t.tier_id
        JOIN inventory_channel h ON h.id = o.channel_id
        LEFT JOIN taken k ON k.section_id = o.section_id AND k.tier_id = o.tier_id AND k.channel_id = o.channel_id
    ) ON true
    WHERE s.id = %(show_id)s ORDER BY e.ordinal, e.id, i.ordinal, i.id, h.id"""
