"""Writing tens of thousands of places in one statement, and what must be known before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.db import connection

from inventory.manifest.house import Spot
from inventory.models import Section

EVERY = 2_000
NAMED_AT_MOST = 20


def follow_on(show_id: int, section_ids: Mapping[str, int], spots: Sequence[Spot]) -> list[Spot]:
    """The spots after what is there: ranks after every place, in each section runs after its last one, and so numbers.

    Numbers follow on in general admission only; a seat keeps the one that stands on it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(rank), 0) FROM inventory_place WHERE show_id = %s", [show_id])
        (last_rank,) = cursor.fetchone()
        cursor.execute(
            """SELECT section_id, max(CASE WHEN "row" = '' THEN number::integer ELSE 0 END), max(run)
               FROM inventory_place WHERE show_id = %s AND section_id = ANY(%s) GROUP BY section_id""",
            [show_id, list(section_ids.values())],
        )
        last = {section_id: (number, run) for section_id, number, run in cursor.fetchall()}
    if not last_rank:
        return list(spots)
    return [_after(spot, last_rank, *last.get(section_ids[spot.section], (0, 0))) for spot in spots]


def _after(spot: Spot, last_rank: int, last_number: int, last_run: int) -> Spot:
    if spot.row:
        return replace(spot, rank=spot.rank + last_rank, run=spot.run + last_run)
    return replace(spot, rank=spot.rank + last_rank, number=str(int(spot.number) + last_number))


def existing(show_id: int, sections: Mapping[str, Section], spots: Sequence[Spot]) -> list[str]:
    """Those of the seats that the show has already, as `section row-number`; twenty of them at most."""
    names = {section.pk: code for code, section in sections.items()}
    with connection.cursor() as cursor:
        cursor.execute('SELECT section_id, "row", number FROM inventory_place WHERE show_id = %s', [show_id])
        there = {(names[section_id], row, number) for section_id, row, number in cursor.fetchall()}
    both = [spot for spot in spots if (spot.section, spot.row, spot.number) in there] if there else []
    return [f"{spot.section} {spot.row}-{spot.number}" for spot in both[:NAMED_AT_MOST]]


def copy_places(
    *,
    show_id: int,
    movement_id: int,
    allocation_id: int,
    section_ids: Mapping[str, int],
    tier_ids: Mapping[str, int],
    spots: Sequence[Spot],
    progress: Callable[[int], None],
) -> None:
    """COPY the places in: one statement, as the trigger wants it, however many there are."""
    columns = """show_id, movement_id, allocation_id, section_id, tier_id, status, "row", number, run, position, rank,
                 x, y, is_accessible, is_companion, is_restricted_view"""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY inventory_place ({columns}) FROM STDIN") as copy,
    ):
        for written, spot in enumerate(spots, start=1):
            copy.write_row(
                (
                    show_id,
                    movement_id,
                    allocation_id,
                    section_ids[spot.section],
                    tier_ids[spot.tier],
                    "open",
                    spot.row,
                    spot.number,
                    spot.run,
                    spot.position,
                    spot.rank,
                    spot.x,
                    spot.y,
                    spot.is_accessible,
                    spot.is_companion,
                    spot.is_restricted_view,
                )
            )
            if written % EVERY == 0 or written == len(spots):
                progress(written)


def raise_manifest_version(show_id: int) -> None:
    """Tell every copy of the house's geometry that it is old."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_show SET manifest_version = manifest_version + 1 WHERE id = %s", [show_id])
