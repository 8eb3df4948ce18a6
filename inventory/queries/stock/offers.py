"""What each channel may sell of it: the SQL that `availability` and `by_channel` share."""

from __future__ import annotations

from inventory.queries.stock.seen import covers, moment, places


def is_frozen(section: str, tier: str, channel: str) -> str:
    """Whether a freeze that nobody thawed stops this channel there."""
    return f"""EXISTS (SELECT FROM inventory_freeze f WHERE f.show_id = %(show_id)s AND f.thawed_id IS NULL
        AND (f.channel_id IS NULL OR f.channel_id = {channel}) AND {covers("f", section, tier)})"""


def offers() -> str:
    """Common table expressions upon `seen`:

    `claimed`, places counted by all that matters and by claim; `cells`, the same without the claim; `rules` in force,
    each with what it counts and its headroom: how many of its places may still be sold; `channels` (the one asked for,
    or all) with the labels they sell under; `lines`, section by tier; and `offers`, line by channel: `frozen`, and
    `sellable`, never more than the headroom of any rule that covers it.

    Parameters besides those of `moment`: `channel_id` (None: all), and `as_if_on_sale`, whatever the show's state.
    """
    return f"""{moment()}, {places()},
        claimed AS MATERIALIZED (
            SELECT section_id, tier_id, label, status, phase, claim_id, count(*) AS places
            FROM seen GROUP BY 1, 2, 3, 4, 5, 6),
        cells AS MATERIALIZED (
            SELECT section_id, tier_id, label, status, phase, sum(places) AS places
            FROM claimed GROUP BY 1, 2, 3, 4, 5),
        rules AS MATERIALIZED (
            SELECT r.id, r.tier_id, r.section_id, r.channel_id, r.margin,
                   open.places AS open, second.claimants AS exposure,
                   greatest(0, open.places - r.margin - second.claimants)::integer AS headroom
            FROM clock, inventory_freezerule r, LATERAL (
                SELECT coalesce(sum(places), 0)::integer AS places FROM cells
                WHERE status = 'open' AND {covers("r", "cells.section_id", "cells.tier_id")}) open, LATERAL (
                SELECT inventory_exposure(r.show_id, r.tier_id, r.section_id, clock.at) AS claimants) second
            WHERE r.show_id = %(show_id)s AND r.is_active),
        channels AS MATERIALIZED (
            SELECT c.id, c.is_active, (s.state = 'on_sale' OR %(as_if_on_sale)s) AND c.is_active AS sells,
                   inventory_sellable(s.id, c.id, clock.at) AS labels
            FROM clock, inventory_show s, inventory_channel c
            WHERE s.id = %(show_id)s AND (%(channel_id)s::bigint IS NULL OR c.id = %(channel_id)s)),
        lines AS MATERIALIZED (SELECT DISTINCT section_id, tier_id FROM cells),
        offers AS MATERIALIZED (
            SELECT o.section_id, o.tier_id, o.channel_id, o.frozen,
                   CASE WHEN o.sells AND NOT o.frozen THEN least(o.labelled, o.headroom) ELSE 0 END::integer AS sellable
            FROM (SELECT l.section_id, l.tier_id, h.id AS channel_id, h.sells,
                         {is_frozen("l.section_id", "l.tier_id", "h.id")} AS frozen,
                         (SELECT coalesce(sum(c.places), 0) FROM cells c
                          WHERE c.section_id = l.section_id AND c.tier_id = l.tier_id AND c.status = 'open'
                            AND c.label = ANY (h.labels)) AS labelled,
                         (SELECT min(r.headroom) FROM rules r
                          WHERE (r.channel_id IS NULL OR r.channel_id = h.id)
                            AND {covers("r", "l.section_id", "l.tier_id")}) AS headroom
                  FROM lines l CROSS JOIN channels h) o)"""
