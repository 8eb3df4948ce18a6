"""How many places of each status many shows have, for lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from inventory.queries.stock.seen import MANY_SHOWS, moment, places


def counts_of(show_ids: Collection[int], at: datetime | None = None) -> dict[int, dict[str, int]]:
    """Places by status for each of these shows, as seen at that moment; a show without places is not among them."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {moment(MANY_SHOWS)}, {places(of=MANY_SHOWS)}
                SELECT show_id, status, count(*) FROM seen GROUP BY 1, 2""",
            {"show_ids": list(show_ids), "at": at},
        )
        for show_id, status, count in cursor.fetchall():
            counts[show_id][status] = count
    return dict(counts)
