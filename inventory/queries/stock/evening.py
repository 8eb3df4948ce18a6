"""Several shows at a glance: each section by state, and who has sold how much of them, all of one moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from inventory.queries.stock.availability import BY_STATE
from inventory.queries.stock.board import STATES
from inventory.queries.stock.seen import MANY_SHOWS, moment, places


@dataclass(frozen=True, slots=True)
class SectionStock:
    """How many places of a section are in each of STATES."""

    section_id: int
    name: str
    states: dict[str, int]


@dataclass(frozen=True, slots=True)
class ChannelSold:
    """Places that a channel has sold and that are sold still; `lately` is how many of them since the moment asked."""

    channel_id: int
    name: str
    places: int
    lately: int


@dataclass(frozen=True, slots=True)
class House:
    """One show's sections in the house's order, and the channels that have sold some of it, in theirs."""

    sections: list[SectionStock] = field(default_factory=list)
    channels: list[ChannelSold] = field(default_factory=list)


def evening(show_ids: Collection[int], *, since: datetime, at: datetime | None = None) -> dict[int, House]:
    """The house of each of these shows, in one statement however many they are; a show without places is not there."""
    houses: dict[int, House] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_ids": list(show_ids), "since": since, "at": at})
        for show_id, is_section, pk, name, counts in cursor.fetchall():
            house = houses.setdefault(show_id, House())
            if is_section:
                house.sections.append(SectionStock(pk, name, dict(zip(STATES, counts, strict=True))))
            else:
                house.channels.append(ChannelSold(pk, name, *counts))
    return houses


# Sales are read off the places themselves, beside what is seen of them: a sold place is sold, whatever is due.
_STATEMENT = f"""WITH {moment(MANY_SHOWS)}, {places(of=MANY_SHOWS)},
    cells AS MATERIALIZED (
        SELECT show_id, section_id, status, phase, count(*) AS places FROM seen GROUP BY 1, 2, 3, 4),
    sections AS (SELECT show_id, section_id, {BY_STATE} FROM cells GROUP BY 1, 2),
    sold AS (
        SELECT p.show_id, c.channel_id, count(*)::integer AS places,
               (count(*) FILTER (WHERE c.created_at >= %(since)s))::integer AS lately
        FROM inventory_place p JOIN inventory_claim c ON c.id = p.claim_id
        WHERE p.show_id {MANY_SHOWS} AND p.status = 'sold' GROUP BY 1, 2)
    SELECT show_id, is_section, id, name, counts FROM (
        SELECT t.show_id, true AS is_section, e.id, e.name, ARRAY[{", ".join(STATES)}] AS counts, e.ordinal
        FROM sections t JOIN inventory_section e ON e.id = t.section_id
        UNION ALL
        SELECT s.show_id, false, h.id, h.name, ARRAY[s.places, s.lately], 0
        FROM sold s JOIN inventory_channel h ON h.id = s.channel_id) told
    ORDER BY show_id, is_section DESC, ordinal, id"""
