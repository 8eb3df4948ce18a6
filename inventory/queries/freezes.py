"""Freezes in force, asked by verbs of the house's own. What buyers meet is decided in `inventory_lock_places`."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection


def freezes_over(show_id: int, channel_id: int, place_ids: Sequence[int]) -> list[int]:
    """The freezes that stop any of these places on this channel. Certain while the show's lock is shared."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.id FROM inventory_freeze f
               WHERE f.show_id = %(show_id)s AND f.thawed_id IS NULL
                 AND coalesce(f.channel_id = %(channel_id)s, true)
                 AND (f.tier_id IS NULL AND f.section_id IS NULL OR EXISTS (
                     SELECT FROM inventory_place p WHERE p.id = ANY (%(place_ids)s)
                     AND (p.tier_id = f.tier_id OR p.section_id = f.section_id)))
               ORDER BY f.id""",
            {"show_id": show_id, "channel_id": channel_id, "place_ids": list(place_ids)},
        )
        return [row[0] for row in cursor.fetchall()]
