"""All that changes what a channel may sell without a movement of places: rules, clocks, states. And its fingerprint."""

from __future__ import annotations

from inventory.queries.stock.seen import covers

_IS_OPEN = "FROM inventory_place p WHERE p.show_id = r.show_id AND p.status = 'open'"

# A rule stops where `open <= margin + exposure`. Open places are counted only up to that line, along an index, tier by
# tier or section by section: near the line that is a few rows, and far from it, too. Each ORDER BY is its index's.
_STOPS = f"""
    stops AS MATERIALIZED (
        SELECT 'f' || f.id AS name, f.tier_id, f.section_id FROM inventory_freeze f
        WHERE f.show_id = %(show_id)s AND f.thawed_id IS NULL
          AND (f.channel_id IS NULL OR f.channel_id = %(channel_id)s)
        UNION ALL
        SELECT 'r' || r.id, r.tier_id, r.section_id
        FROM clock, inventory_freezerule r, LATERAL (
            SELECT r.margin + inventory_exposure(r.show_id, r.tier_id, r.section_id, clock.at) AS line) l
        WHERE r.show_id = %(show_id)s AND r.is_active AND (r.channel_id IS NULL OR r.channel_id = %(channel_id)s)
          AND l.line >= CASE
              WHEN r.tier_id IS NOT NULL THEN (SELECT count(*) FROM (
                  SELECT {_IS_OPEN} AND p.tier_id = r.tier_id
                  ORDER BY p.allocation_id, p.rank, p.id LIMIT l.line + 1) open)
              WHEN r.section_id IS NOT NULL THEN (SELECT count(*) FROM (
                  SELECT {_IS_OPEN} AND p.section_id = r.section_id ORDER BY p."row", p.number LIMIT l.line + 1) open)
              ELSE (SELECT count(*) FROM (
                  SELECT {_IS_OPEN} ORDER BY p.tier_id, p.allocation_id, p.rank, p.id LIMIT l.line + 1) open)
          END + (
              SELECT count(*) FROM inventory_place p
              WHERE p.claim_id = ANY (ARRAY(SELECT id FROM due)) AND {covers("r", "p.section_id", "p.tier_id")}
          ) + (
              SELECT count(*) FROM releases x JOIN inventory_place p ON p.id = x.place_id
              WHERE x.opens AND {covers("r", "p.section_id", "p.tier_id")}))"""

OUTLOOK = f"""{_STOPS},
    outlook AS MATERIALIZED (
        SELECT o.*, left(md5(concat_ws('|',
                   %(show_id)s, %(channel_id)s, %(public)s, o.manifest_version, o.sells, o.labels,
                   (SELECT string_agg(name, ',' ORDER BY name) FROM stops),
                   (SELECT string_agg(concat_ws(':', place_id, label, opens), ',' ORDER BY place_id) FROM releases)
               )), 12) AS fingerprint, pg_current_snapshot()::text AS snapshot
        FROM (SELECT s.manifest_version, s.state = 'on_sale' AND coalesce(h.is_active, false) AS sells,
                     inventory_sellable(s.id, %(channel_id)s, clock.at) AS labels
              FROM clock CROSS JOIN inventory_show s LEFT JOIN inventory_channel h ON h.id = %(channel_id)s
              WHERE s.id = %(show_id)s) o)"""

# Section by tier where some stop stands; few rows, so that thousands of places can look there.
SHUT = f"""
    shut AS MATERIALIZED (
        SELECT place.section_id, place.tier_id FROM (
            SELECT e.id AS section_id, i.id AS tier_id FROM inventory_section e
            JOIN inventory_tier i ON i.show_id = e.show_id WHERE e.show_id = %(show_id)s) place
        WHERE EXISTS (SELECT FROM stops WHERE {covers("stops", "place.section_id", "place.tier_id")}))"""
