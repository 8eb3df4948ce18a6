"""How many places of each status carry which label: what is left of every slice."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection

from inventory.queries.stock.seen import moment, places


def by_label(show_id: int, at: datetime | None = None) -> dict[int, dict[str, int]]:
    """Places by status for each allocation of the show that has any, as seen at that moment; in one statement."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {moment()}, {places()} SELECT label, status, count(*) FROM seen GROUP BY 1, 2",
            {"show_id": show_id, "at": at},
        )
        for label, status, count in cursor.fetchall():
            counts[label][status] = count
    return dict(counts)
