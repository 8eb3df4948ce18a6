"""Counting incidents: one row for what recurs within an hour."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def count_one(*, kind: str, show_id: int, channel_id: int | None, subject: str, at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO inventory_incident (kind, show_id, channel_id, subject, facts, hour_at, last_at, times)
               SELECT %(kind)s, %(show_id)s, c.id, %(subject)s, '{}', date_trunc('hour', t.at), t.at, 1
               FROM (SELECT coalesce(%(at)s, clock_timestamp()) AS at) t
               LEFT JOIN inventory_channel c ON c.id = %(channel_id)s
               ON CONFLICT ON CONSTRAINT incident_counts_within_its_hour
               DO UPDATE SET times = inventory_incident.times + 1, last_at = excluded.last_at""",
            {"kind": str(kind), "show_id": show_id, "channel_id": channel_id, "subject": subject, "at": at},
        )
