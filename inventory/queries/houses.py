"""The house of a show as a manifest would describe it, read off its places; and how its places were last sliced."""

from __future__ import annotations

from django.db import connection

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Section, Tier


def house_of(show_id: int) -> House:
    """Sections, tiers and places as they are now, in the order of the show. Three statements."""
    sections = [SectionSpec(one.code, one.name, one.is_ga) for one in Section.objects.filter(show=show_id)]
    tiers = [TierSpec(one.code, one.name, one.colour) for one in Tier.objects.filter(show=show_id)]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.code, t.code, p."row", p.number, p.run, p.position, p.rank, p.x, p.y,
                      p.is_accessible, p.is_companion, p.is_restricted_view
               FROM inventory_place p JOIN inventory_section s ON s.id = p.section_id
               JOIN inventory_tier t ON t.id = p.tier_id
               WHERE p.show_id = %s ORDER BY p.rank, p.id""",
            [show_id],
        )
        return House(sections, tiers, [Spot(*row) for row in cursor.fetchall()])


def slices_of(show_id: int, of_show_id: int) -> dict[int, list[int]]:
    """For each allocation of another show: which places of this one stand where it was last given places by hand.

    What a ladder gave back later is not asked: the slice is copied as it was cut.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH cut AS (
                   SELECT DISTINCT ON (e.place_id) e.place_id, e.to_allocation
                   FROM inventory_movement m JOIN inventory_entry e ON e.movement_id = m.id
                   WHERE m.show_id = %(of)s AND m.verb = 'allocate_places' ORDER BY e.place_id, m.id DESC)
               SELECT cut.to_allocation, array_agg(n.id ORDER BY n.id)
               FROM cut JOIN inventory_place o ON o.id = cut.place_id
               JOIN inventory_section os ON os.id = o.section_id
               JOIN inventory_section ns ON ns.show_id = %(show)s AND ns.code = os.code
               JOIN inventory_place n ON n.show_id = %(show)s AND n.section_id = ns.id
                    AND n."row" = o."row" AND n.number = o.number
               JOIN inventory_allocation a ON a.id = cut.to_allocation AND NOT a.is_pool
               GROUP BY 1 ORDER BY 1""",
            {"show": show_id, "of": of_show_id},
        )
        return dict(cursor.fetchall())
