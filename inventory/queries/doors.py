"""What the doors look up before and after a verb: a show and its codes, the labels of places, one lock whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Ground:
    """A show and the channel that asks; `tiers` and `sections` give the ids of the codes that were named."""

    show_id: int
    slug: str
    state: str
    manifest_version: int
    lock_for_s: int
    channel_id: int | None
    tiers: dict[str, int]
    sections: dict[str, int]


def ground(slug: str, channel: str, tiers: Sequence[str] = (), sections: Sequence[str] = ()) -> Ground | None:
    """One cheap statement, so that nothing of it need be remembered between requests."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, s.slug, s.state, s.manifest_version, s.lock_for_s,
                      (SELECT id FROM inventory_channel WHERE code = %(channel)s),
                      (SELECT jsonb_object_agg(code, id) FROM inventory_tier
                       WHERE show_id = s.id AND code = ANY(%(tiers)s)),
                      (SELECT jsonb_object_agg(code, id) FROM inventory_section
                       WHERE show_id = s.id AND code = ANY(%(sections)s))
               FROM inventory_show s WHERE s.slug = %(slug)s""",
            {"slug": slug, "channel": channel, "tiers": list(tiers), "sections": list(sections)},
        )
        row = cursor.fetchone()
    return row and Ground(*row[:6], *(json.loads(codes or "{}") for codes in row[6:]))


@dataclass(frozen=True, slots=True)
class Label:
    """What a buyer calls a place. A standing place has no row; its number only tells it from others."""

    id: int
    section: str
    row: str
    number: str
    tier: str


_LABEL = "p.id, sec.code, p.row, p.number, t.code"
_LABELLED = """inventory_place p JOIN inventory_section sec ON sec.id = p.section_id
    JOIN inventory_tier t ON t.id = p.tier_id"""


@dataclass(frozen=True, slots=True)
class OwnLock:
    """A lock with its places, and by whom it may be seen. `sale_id` once it became one; `now` is the database's."""

    claim_id: int
    show: str
    show_lock_for_s: int
    channel_id: int
    channel: str
    phase: str
    locked_at: datetime
    expires_at: datetime
    hard_until: datetime
    is_over: bool
    sale_id: int | None
    session: str
    actor: str
    now: datetime
    places: list[Label]


def lock_whole(claim_id: int) -> OwnLock | None:
    """One lock with everything a door tells of it, in one statement. None where the claim is none, or no lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT c.id, s.slug, s.lock_for_s, ch.id, ch.code, c.phase, c.created_at, c.expires_at, c.hard_until,
                       c.ended_at IS NOT NULL OR c.due_at <= clock_timestamp(),
                       (SELECT id FROM inventory_claim WHERE origin_id = c.id LIMIT 1),
                       c.session,
                       (SELECT actor FROM inventory_movement WHERE claim_id = c.id AND verb = 'lock_places' LIMIT 1),
                       clock_timestamp(),
                       (SELECT jsonb_agg(jsonb_build_array({_LABEL}) ORDER BY p.rank, p.id)
                        FROM {_LABELLED} WHERE p.claim_id = c.id)
                FROM inventory_claim c JOIN inventory_show s ON s.id = c.show_id
                JOIN inventory_channel ch ON ch.id = c.channel_id
                WHERE c.id = %s AND c.kind = 'lock'""",
            [claim_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    facts: list[Any] = [*row[:-1], [Label(*label) for label in json.loads(row[-1] or "[]")]]
    return OwnLock(*facts)
