"""What is left, and what may be sold of it on one channel now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inventory.queries.stock.offers import offers


@dataclass(frozen=True, slots=True)
class Counts:
    """Places by what is seen of them: `open + locked + paying + held + leased + sold + killed = capacity`.

    `locked` is browsing only. `sellable` is how many of the open places one channel may sell now; `frozen` says that a
    freeze stops it, for all of these places.
    """

    capacity: int
    open: int
    sellable: int
    locked: int
    paying: int
    held: int
    leased: int
    sold: int
    killed: int
    frozen: bool
    next_release: datetime | None


@dataclass(frozen=True, slots=True)
class Line(Counts):
    """One section by tier. `next_release`: when something more could become sellable here, by what is known now."""

    section_id: int
    section: str
    section_name: str
    is_ga: bool
    tier_id: int
    tier: str
    tier_name: str


@dataclass(frozen=True, slots=True)
class Headroom:
    """How many places a freeze rule still lets this channel sell, of a tier, a section, or of the whole show."""

    rule_id: int
    tier_id: int | None
    section_id: int | None
    places: int


@dataclass(frozen=True, slots=True)
class Availability:
    """A show's stock at a moment, for one channel: section by tier, in the house's order.

    Totals sum the lines; their `sellable` is within every rule, so it can be less than the sum. Where rules of tiers
    and rules of sections cross, the total of the whole show is the least that any of them allows.
    """

    show_id: int
    channel_id: int
    at: datetime
    state: str
    manifest_version: int
    channel_is_active: bool
    lines: list[Line]
    headrooms: list[Headroom]

    @property
    def by_tier(self) -> dict[int, Counts]:
        return {tier_id: self._total(lines) for tier_id, lines in _grouped(self.lines, lambda line: line.tier_id)}

    @property
    def by_section(self) -> dict[int, Counts]:
        return {section: self._total(lines) for section, lines in _grouped(self.lines, lambda line: line.section_id)}

    @property
    def total(self) -> Counts:
        most = min(
            (sum(counts.sellable for counts in part.values()) for part in (self.by_tier, self.by_section)), default=0
        )
        return self._total(self.lines, most)

    def _total(self, lines: Sequence[Line], most: int | None = None) -> Counts:
        """The sum of the lines, within every rule that covers them all, and `most`."""
        caps = [headroom.places for headroom in self.headrooms if all(_covers(headroom, line) for line in lines)]
        sellable = min([sum(line.sellable for line in lines), *caps, *([] if most is None else [most])])
        moments = [line.next_release for line in lines if line.next_release]
        return Counts(
            capacity=sum(line.capacity for line in lines),
            open=sum(line.open for line in lines),
            sellable=sellable,
            locked=sum(line.locked for line in lines),
            paying=sum(line.paying for line in lines),
            held=sum(line.held for line in lines),
            leased=sum(line.leased for line in lines),
            sold=sum(line.sold for line in lines),
            killed=sum(line.killed for line in lines),
            frozen=bool(lines) and all(line.frozen for line in lines),
            next_release=min(moments, default=None),
        )


def availability(show_id: int, *, channel_id: int, at: datetime | None = None) -> Availability | None:
    """What is left of a show and what this channel may sell of it, in one statement; None where there is no such show.

    An unknown channel sells nothing. `at` is for tests; without it the database's clock decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id, "channel_id": channel_id, "at": at, "as_if_on_sale": False})
        rows = cursor.fetchall()
    if not rows:
        return None
    seen_at, state, version, is_active, rule_ids, tier_ids, section_ids, places = rows[0][:8]
    return Availability(
        show_id=show_id,
        channel_id=channel_id,
        at=seen_at,
        state=state,
        manifest_version=version,
        channel_is_active=is_active,
        lines=[Line(*row[8:]) for row in rows if row[8] is not None],
        headrooms=[Headroom(*row) for row in zip(rule_ids, tier_ids, section_ids, places, strict=True)],
    )


def _covers(headroom: Headroom, line: Line) -> bool:
    return headroom.tier_id in (None, line.tier_id) and headroom.section_id in (None, line.section_id)


def _grouped(lines: Iterable[Line], key: Callable[[Line], int]) -> list[tuple[int, list[Line]]]:
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return list(groups.items())


# When a place under a label could become sellable on the channel: `first`. A label is so from its opening on, or from
# its closing and the pool's opening; before that, steps of its allocation may lead the place to another label, and
# from there on. Open places wait for that alone; held ones also for their hold's end, or for a step of its ladder.
_RELEASES = """
    labels AS MATERIALIZED (
        SELECT a.id, CASE WHEN a.id = ANY (h.labels) THEN clock.at WHEN a.is_pool THEN o.opens_at
                     ELSE least(o.opens_at, CASE WHEN a.closes_at IS NOT NULL THEN greatest(a.closes_at, (
                         SELECT n.opens_at FROM inventory_allocation pool
                         JOIN inventory_allocationchannel n ON n.allocation_id = pool.id AND n.channel_id = h.id
                         WHERE pool.show_id = a.show_id AND pool.is_pool)) END) END AS sells_from
        FROM clock CROSS JOIN inventory_allocation a CROSS JOIN channels h
        LEFT JOIN inventory_allocationchannel o ON o.allocation_id = a.id AND o.channel_id = h.id
        WHERE a.show_id = %(show_id)s),
    steps AS MATERIALIZED (
        SELECT s.allocation_id, s.hold_id, s.at, CASE WHEN s.hold_id IS NOT NULL THEN s.to_allocation_id
               ELSE coalesce(s.to_allocation_id, pool.id) END AS to_label
        FROM clock, inventory_allocation pool, inventory_releasestep s
        WHERE s.show_id = %(show_id)s AND s.done_at IS NULL AND s.at > clock.at
          AND pool.show_id = %(show_id)s AND pool.is_pool),
    ways (origin, label, from_at) AS (
        SELECT id, id, clock.at FROM labels, clock
        UNION
        SELECT w.origin, s.to_label, s.at FROM ways w JOIN steps s ON s.allocation_id = w.label AND s.at >= w.from_at),
    first AS MATERIALIZED (
        SELECT w.origin AS label, min(greatest(w.from_at, l.sells_from)) AS moment
        FROM ways w JOIN labels l ON l.id = w.label WHERE l.sells_from IS NOT NULL GROUP BY w.origin),
    ends AS (
        SELECT c.id AS hold_id, c.expires_at AS moment, NULL::bigint AS to_label FROM clock, inventory_claim c
        WHERE c.show_id = %(show_id)s AND c.kind = 'hold' AND c.ended_at IS NULL AND c.expires_at > clock.at
        UNION ALL SELECT hold_id, at, to_label FROM steps WHERE hold_id IS NOT NULL),
    moments AS (
        SELECT c.section_id, c.tier_id, min(f.moment) AS next FROM (
            SELECT section_id, tier_id, label, NULL::timestamptz AS freed FROM cells WHERE status = 'open'
            UNION ALL
            SELECT c.section_id, c.tier_id, coalesce(e.to_label, c.label), e.moment
            FROM claimed c JOIN ends e ON e.hold_id = c.claim_id WHERE c.status = 'held') c
        CROSS JOIN clock JOIN LATERAL (
            SELECT greatest(first.moment, c.freed) AS moment FROM first WHERE first.label = c.label
        ) f ON f.moment > clock.at
        GROUP BY 1, 2)"""

# Upon `cells`: a column for each state, in the order of the fields of Counts.
_STATES = {
    "open": "status = 'open'",
    "locked": "status = 'locked' AND phase = 'browsing'",
    "paying": "phase = 'paying'",
    "held": "status = 'held'",
    "leased": "status = 'leased'",
    "sold": "status = 'sold'",
    "killed": "status = 'killed'",
}
BY_STATE = ", ".join(
    f"coalesce(sum(places) FILTER (WHERE {which}), 0)::integer AS {state}" for state, which in _STATES.items()
)

_STATEMENT = f"""WITH RECURSIVE {offers()}, {_RELEASES}
    SELECT clock.at, s.state, s.manifest_version, coalesce(h.is_active, false), r.ids, r.tiers, r.sections, r.headrooms,
           t.capacity, t.open, coalesce(o.sellable, 0), t.locked, t.paying, t.held, t.leased, t.sold, t.killed,
           coalesce(o.frozen, false), m.next,
           t.section_id, e.code, e.name, e.is_ga, t.tier_id, i.code, i.name
    FROM clock CROSS JOIN inventory_show s LEFT JOIN channels h ON true CROSS JOIN (
        SELECT coalesce(array_agg(id ORDER BY id), '{{}}') AS ids,
               coalesce(array_agg(tier_id ORDER BY id), '{{}}') AS tiers,
               coalesce(array_agg(section_id ORDER BY id), '{{}}') AS sections,
               coalesce(array_agg(headroom ORDER BY id), '{{}}') AS headrooms
        FROM rules WHERE channel_id IS NULL OR channel_id = %(channel_id)s) r
    LEFT JOIN (
        SELECT section_id, tier_id, sum(places)::integer AS capacity, {BY_STATE}
        FROM cells GROUP BY 1, 2) t ON true
    LEFT JOIN inventory_section e ON e.id = t.section_id LEFT JOIN inventory_tier i ON i.id = t.tier_id
    LEFT JOIN offers o ON o.section_id = t.section_id AND o.tier_id = t.tier_id
    LEFT JOIN moments m ON m.section_id = t.section_id AND m.tier_id = t.tier_id
    WHERE s.id = %(show_id)s ORDER BY e.ordinal, e.id, i.ordinal, i.id"""
