"""Why can't I sell this? One place, a tier, or everything on a channel; for staff, or with `public` for a buyer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from inventory.queries.stock.offers import is_frozen
from inventory.queries.stock.reasons import (
    Group,
    Reason,
    Step,
    Stop,
    for_public,
    of_channel,
    of_group,
    of_show,
    of_stop,
)
from inventory.queries.stock.seen import covers, moment, places


def explain_place(
    place_id: int, show_id: int, channel_id: int, at: datetime | None = None, *, public: bool = False
) -> list[Reason] | None:
    """Why this channel cannot sell this place, what matters most first; empty where it can, None where it is unknown.

    Two statements, since the second looks at the rules of the place's own tier and section; both at one moment.
    """
    return _explain(show_id, channel_id, at, public, place_id=place_id)


def explain_tier(
    show_id: int, tier_id: int, channel_id: int, at: datetime | None = None, *, public: bool = False
) -> list[Reason] | None:
    """Why this channel cannot sell all of a tier: what stops it first, then how many places for which reason.

    None where the show has no place of this tier. Two statements, as `explain_place`.
    """
    return _explain(show_id, channel_id, at, public, tier_id=tier_id)


def explain_part(
    show_id: int,
    channel_id: int,
    at: datetime | None = None,
    *,
    tier_id: int | None = None,
    section_id: int | None = None,
) -> list[Reason] | None:
    """The same for a tier, a section, or what both have in common. Two statements, as `explain_place`."""
    return _explain(show_id, channel_id, at, False, tier_id=tier_id, section_id=section_id)


def explain_channel(
    show_id: int, channel_id: int, at: datetime | None = None, *, public: bool = False
) -> list[Reason] | None:
    """The same for every place of the show; None where it has none. Two statements, as `explain_place`."""
    return _explain(show_id, channel_id, at, public)


def _explain(
    show_id: int,
    channel_id: int,
    at: datetime | None,
    public: bool,
    place_id: int | None = None,
    tier_id: int | None = None,
    section_id: int | None = None,
) -> list[Reason] | None:
    part = {"tier_id": tier_id, "section_id": section_id}
    asked = {"show_id": show_id, "channel_id": channel_id, "place_id": place_id, "at": at} | part
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, asked)
        rows = cursor.fetchall()
    if not rows:
        return None
    state, channel, is_active, seen_at, tier, section = rows[0][:6]
    one = {"tier_id": tier, "section_id": section} if place_id else {}
    with connection.cursor() as cursor:
        cursor.execute(_STOPS, asked | one | {"at": seen_at})
        stops = [Stop(*row) for row in cursor.fetchall()]

    frozen_by = {stop.rule_id for stop in stops if stop.freeze_id}
    stopped = [of_stop(stop) for stop in stops if stop.freeze_id or stop.rule_id not in frozen_by]
    groups = [of_group(_group(row[6:], place_id is not None)) for row in rows if row[6] is not None]
    found = [reason for reason in (of_show(state), of_channel(channel, is_active)) if reason]
    found += groups + stopped if place_id else stopped + groups
    return for_public(found) if public else found


def _group(row: tuple[Any, ...], is_one: bool) -> Group:
    *facts, step_at, share, quantity, to = row
    step = Step(step_at, share, quantity, to) if step_at else None
    return Group(facts[0], is_one, step, *facts[1:])


_ONLY = """(%(place_id)s::bigint IS NULL OR p.id = %(place_id)s)
        AND (%(tier_id)s::bigint IS NULL OR p.tier_id = %(tier_id)s)
        AND (%(section_id)s::bigint IS NULL OR p.section_id = %(section_id)s)"""

# One row for each reason, or a single one without a reason. What is open and sells here by its label is none.
_PLACES = f"""
    WITH {moment()}, {places(only=_ONLY)},
    here AS MATERIALIZED (
        SELECT s.state, coalesce(h.name, '') AS name, coalesce(h.is_active, false) AS is_active, clock.at,
               inventory_sellable(s.id, %(channel_id)s, clock.at) AS labels
        FROM clock CROSS JOIN inventory_show s LEFT JOIN inventory_channel h ON h.id = %(channel_id)s
        WHERE s.id = %(show_id)s),
    claimed AS MATERIALIZED (
        SELECT status, phase, label, claim_id, count(*) AS places, min(tier_id) AS tier_id,
               min(section_id) AS section_id
        FROM seen GROUP BY 1, 2, 3, 4),
    groups AS (
        SELECT k.status, k.phase, CASE WHEN k.status = 'open' THEN k.label END AS label,
               CASE WHEN k.status = 'held' OR %(place_id)s IS NOT NULL THEN c.id END AS claim_id, c.channel_id,
               CASE WHEN k.status = 'held' OR %(place_id)s IS NOT NULL THEN c.reference ELSE '' END AS reference,
               kill.reason_code,
               sum(k.places)::integer AS places,
               min(CASE WHEN c.kind = 'lock' THEN c.due_at ELSE c.expires_at END) AS until
        FROM here CROSS JOIN claimed k LEFT JOIN inventory_claim c ON c.id = k.claim_id AND k.status <> 'open'
        LEFT JOIN LATERAL (
            SELECT m.reason_code FROM inventory_movement m
            WHERE k.status = 'killed' AND m.claim_id = c.id AND m.verb = 'kill_places' LIMIT 1) kill ON true
        WHERE k.status <> 'open' OR NOT k.label = ANY (here.labels)
        GROUP BY 1, 2, 3, 4, 5, 6, 7)
    SELECT here.state, here.name, here.is_active, here.at, whole.tier_id, whole.section_id,
           g.places, g.status, g.phase, g.until, g.claim_id, coalesce(h.name, ''), coalesce(g.reference, ''),
           coalesce(g.reason_code, ''), coalesce(f.purpose, ''), coalesce(f.party, ''), coalesce(f.breakable_by, ''),
           coalesce(a.name, ''), coalesce(sellers.names, ''),
           CASE WHEN a.is_pool OR a.closes_at <= here.at THEN least(sellers.opens_at, pool.opens_at)
                ELSE sellers.opens_at END, a.closes_at,
           coalesce(a.is_pool OR a.closes_at <= here.at, false),
           step.at, step.share_percent, step.quantity, step.name
    FROM here CROSS JOIN (
        SELECT min(tier_id) AS tier_id, min(section_id) AS section_id, count(*) AS n FROM claimed) whole
    LEFT JOIN groups g ON true
    LEFT JOIN inventory_channel h ON h.id = g.channel_id
    LEFT JOIN inventory_hold f ON f.claim_id = g.claim_id
    LEFT JOIN inventory_allocation a ON a.id = g.label
    LEFT JOIN LATERAL (
        SELECT string_agg(c.name, ', ' ORDER BY c.id) FILTER (WHERE coalesce(o.opens_at <= here.at, true)) AS names,
               min(o.opens_at) FILTER (WHERE c.id = %(channel_id)s) AS opens_at
        FROM inventory_allocationchannel o JOIN inventory_channel c ON c.id = o.channel_id
        WHERE o.allocation_id = g.label) sellers ON true
    LEFT JOIN LATERAL (
        SELECT o.opens_at FROM inventory_allocation p JOIN inventory_allocationchannel o ON o.allocation_id = p.id
        WHERE p.show_id = %(show_id)s AND p.is_pool AND o.channel_id = %(channel_id)s) pool ON true
    LEFT JOIN LATERAL (
        SELECT s.at, s.share_percent, s.quantity,
               CASE WHEN t.is_pool OR t.id IS NULL AND s.hold_id IS NULL THEN 'the pool'
                    ELSE coalesce(t.name, '') END AS name
        FROM inventory_releasestep s LEFT JOIN inventory_allocation t ON t.id = s.to_allocation_id
        WHERE (s.hold_id = f.claim_id OR s.allocation_id = g.label) AND s.done_at IS NULL AND s.at > here.at
        ORDER BY s.at, s.id LIMIT 1) step ON true
    WHERE whole.n > 0
    ORDER BY g.places DESC, g.status, g.phase, g.claim_id, g.label, g.channel_id, g.reason_code"""

# What stops this channel: freezes, rules at their line, and rules that keep some back of what is asked about. The last
# column is how many open places of that part, which it would sell otherwise, the stop takes from it.
_STOPS = f"""
    WITH {moment()}, {places()},
    here AS MATERIALIZED (SELECT inventory_sellable(%(show_id)s, %(channel_id)s, clock.at) AS labels FROM clock),
    counted AS MATERIALIZED (
        SELECT section_id, tier_id, count(*) FILTER (WHERE status = 'open') AS places,
               count(*) FILTER (WHERE status = 'open' AND label = ANY (here.labels)) AS labelled
        FROM seen CROSS JOIN here GROUP BY 1, 2),
    cells AS MATERIALIZED (
        SELECT k.*, {is_frozen("k.section_id", "k.tier_id", "%(channel_id)s")} AS frozen,
               (%(tier_id)s::bigint IS NULL OR k.tier_id = %(tier_id)s)
               AND (%(section_id)s::bigint IS NULL OR k.section_id = %(section_id)s) AS asked
        FROM counted k),
    stops AS (
        SELECT f.id AS freeze_id, f.rule_id, f.tier_id, f.section_id, f.channel_id, m.actor, m.at AS since,
               m.reason_code
        FROM inventory_freeze f JOIN inventory_movement m ON m.id = f.frozen_id
        WHERE f.show_id = %(show_id)s AND f.thawed_id IS NULL
        UNION ALL
        SELECT NULL, r.id, r.tier_id, r.section_id, r.channel_id, '', NULL, ''
        FROM inventory_freezerule r WHERE r.show_id = %(show_id)s AND r.is_active)
    SELECT p.freeze_id, p.rule_id, coalesce(i.name, ''), coalesce(e.name, ''), coalesce(h.name, ''), p.actor, p.since,
           p.reason_code, r.margin, coalesce(open.places, 0)::integer, coalesce(open.exposure, 0),
           CASE WHEN %(place_id)s::bigint IS NULL THEN greatest(0, its.places - its.headroom) ELSE 0 END::integer
    FROM clock CROSS JOIN stops p LEFT JOIN inventory_freezerule r ON r.id = p.rule_id
    LEFT JOIN inventory_tier i ON i.id = p.tier_id LEFT JOIN inventory_section e ON e.id = p.section_id
    LEFT JOIN inventory_channel h ON h.id = p.channel_id
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(c.places), 0) AS places,
               inventory_exposure(%(show_id)s, r.tier_id, r.section_id, (SELECT at FROM clock)) AS exposure
        FROM cells c WHERE {covers("r", "c.section_id", "c.tier_id")}) open ON r.id IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(c.labelled) FILTER (WHERE p.freeze_id IS NOT NULL OR NOT c.frozen), 0) AS places,
               CASE WHEN p.freeze_id IS NULL THEN greatest(0, open.places - r.margin - open.exposure) ELSE 0
               END AS headroom
        FROM cells c WHERE c.asked AND {covers("p", "c.section_id", "c.tier_id")}) its
    WHERE (p.channel_id IS NULL OR p.channel_id = %(channel_id)s)
      AND (p.freeze_id IS NOT NULL OR open.places <= r.margin + open.exposure
           OR %(place_id)s::bigint IS NULL AND its.places > its.headroom)
      AND (coalesce(%(tier_id)s::bigint, %(section_id)s::bigint) IS NULL OR EXISTS (
          SELECT FROM cells c WHERE c.asked AND {covers("p", "c.section_id", "c.tier_id")}))
    ORDER BY p.freeze_id NULLS LAST, p.rule_id"""
