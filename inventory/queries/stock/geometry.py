"""Where the seats of a house are: what changes only with its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection

ACCESSIBLE, COMPANION, RESTRICTED_VIEW = 1, 2, 4


@dataclass(frozen=True, slots=True)
class SectionShape:
    """A section; `capacity` counts its places, and is all that there is of general admission."""

    id: int
    code: str
    name: str
    is_ga: bool
    capacity: int


@dataclass(frozen=True, slots=True)
class TierShape:
    id: int
    code: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Geometry:
    """Numbered seats in columns, in the order of their places' ids: entry n of each column is of the same seat.

    `section` and `tier` are ids. `flags` adds up ACCESSIBLE, COMPANION and RESTRICTED_VIEW. Coordinates are as in the
    manifest, None where it has none.
    """

    show_id: int
    manifest_version: int
    sections: list[SectionShape]
    tiers: list[TierShape]
    ids: list[int]
    section: list[int]
    tier: list[int]
    row: list[str]
    number: list[str]
    x: list[float | None]
    y: list[float | None]
    flags: list[int]


def geometry(show_id: int) -> Geometry | None:
    """The house of a show, in one statement; None where there is no such show. Cache it by its manifest version."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"show_id": show_id})
        row = cursor.fetchone()
    if row is None:
        return None
    version, *arrays = row
    sections, tiers, seats = arrays[:5], arrays[5:9], arrays[9:]
    return Geometry(
        show_id,
        version,
        [SectionShape(*section) for section in zip(*sections, strict=True)],
        [TierShape(*tier) for tier in zip(*tiers, strict=True)],
        *seats,
    )


def in_columns(house: Geometry) -> dict[str, Any]:
    """As doors tell it: ids as steps, sections and tiers by their index, so that it packs well."""
    sections = {section.id: index for index, section in enumerate(house.sections)}
    tiers = {tier.id: index for index, tier in enumerate(house.tiers)}
    return {
        "manifest_version": house.manifest_version,
        "sections": [{"code": each.code, "name": each.name, "is_ga": each.is_ga} for each in house.sections],
        "tiers": [{"code": each.code, "name": each.name, "colour": each.colour} for each in house.tiers],
        "id_steps": [after - before for before, after in pairwise([0, *house.ids])],
        "section": [sections[section_id] for section_id in house.section],
        "tier": [tiers[tier_id] for tier_id in house.tier],
        "row": house.row,
        "number": house.number,
        "x": house.x,
        "y": house.y,
        "flags": house.flags,
    }


def _columns(**columns: str) -> str:
    return ", ".join(f"coalesce(array_agg({column}), '{{}}') AS {name}" for name, column in columns.items())


_STATEMENT = f"""
    WITH places AS MATERIALIZED (
        SELECT p.id, p.section_id, p.tier_id, p."row", p.number, p.x, p.y,
               p.is_accessible::integer * {ACCESSIBLE} + p.is_companion::integer * {COMPANION}
               + p.is_restricted_view::integer * {RESTRICTED_VIEW} AS flags
        FROM inventory_place p WHERE p.show_id = %(show_id)s ORDER BY p.id)
    SELECT s.manifest_version, sections.*, tiers.*, seats.*
    FROM inventory_show s CROSS JOIN (
        SELECT {_columns(a="id", b="code", c="name", d="is_ga", e="capacity")} FROM (
            SELECT e.*, coalesce(c.capacity, 0) AS capacity FROM inventory_section e LEFT JOIN (
                SELECT section_id, count(*) AS capacity FROM places GROUP BY 1) c ON c.section_id = e.id
            WHERE e.show_id = %(show_id)s ORDER BY e.ordinal, e.id) e) sections CROSS JOIN (
        SELECT {_columns(a="id", b="code", c="name", d="colour")} FROM (
            SELECT * FROM inventory_tier WHERE show_id = %(show_id)s ORDER BY ordinal, id) i) tiers CROSS JOIN (
        SELECT {_columns(a="p.id", b="section_id", c="tier_id", d='"row"', e="number", f="x", g="y", h="flags")}
        FROM (SELECT p.* FROM places p JOIN inventory_section e ON e.id = p.section_id AND NOT e.is_ga ORDER BY p.id) p
    ) seats
    WHERE s.id = %(show_id)s"""
