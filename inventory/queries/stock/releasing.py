"""What is given back soon, over all shows: how many places, by which hold or slice, and to whom they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

ON_FOR = timedelta(hours=12)  # so long after its beginning a show still counts


@dataclass(frozen=True, slots=True)
class Target:
    """So many places go to this allocation; `name` '' is the pool, which is everybody's."""

    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Releasing:
    """One release at its moment. `kind`: `gives` (a step of a ladder), `ends` (a hold) or `closes` (an allocation).

    `name` is the allocation's, or the party's for whom is held; `claim_id` is the hold's, else `allocation_id` is set.
    """

    at: datetime
    kind: str
    show_id: int
    show: str
    name: str
    claim_id: int | None
    allocation_id: int | None
    share_percent: int | None
    targets: list[Target] = field(default_factory=list)

    @property
    def places(self) -> int:
        return sum(target.places for target in self.targets)


def releasing(at: datetime, until: datetime) -> list[Releasing]:
    """What is released after `at` and not after `until`, the earliest first, by shows that are not over or cancelled.

    In one statement. How many open places that gives is what `inventory_due_releases` says of the later moment: as
    many as if nothing were sold, held or given back before. What is sold only changes its label, and is not counted.
    """
    found: dict[tuple[object, ...], Releasing] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"at": at, "until": until, "begun_after": at - ON_FOR})
        for *about, step_id, to, places in cursor.fetchall():
            line = found.setdefault((*about, step_id), Releasing(*about))
            if places:
                line.targets.append(Target(to, places))
    return list(found.values())


_STATEMENT = """
    WITH shows AS MATERIALIZED (
        SELECT id, title FROM inventory_show WHERE starts_at > %(begun_after)s AND state <> 'cancelled'),
    ahead AS MATERIALIZED (
        SELECT s.show_id, s.at, 'gives' AS kind, s.id AS step_id, s.hold_id, s.allocation_id, s.share_percent
        FROM shows v JOIN inventory_releasestep s ON s.show_id = v.id LEFT JOIN inventory_claim c ON c.id = s.hold_id
        WHERE s.done_at IS NULL AND s.at > %(at)s AND s.at <= %(until)s AND c.ended_at IS NULL
        UNION ALL
        SELECT c.show_id, c.expires_at, 'ends', NULL, c.id, NULL, NULL
        FROM shows v JOIN inventory_claim c ON c.show_id = v.id
        WHERE c.kind = 'hold' AND c.ended_at IS NULL AND c.expires_at > %(at)s AND c.expires_at <= %(until)s
        UNION ALL
        SELECT a.show_id, a.closes_at, 'closes', NULL, NULL, a.id, NULL
        FROM shows v JOIN inventory_allocation a ON a.show_id = v.id
        WHERE a.closes_at > %(at)s AND a.closes_at <= %(until)s),
    acts AS MATERIALIZED (
        SELECT r.step_id, r.hold_id, r.allocation_id, count(*) AS places
        FROM (SELECT d.*, bool_or(d.opens) OVER (PARTITION BY d.place_id ORDER BY d.act) AS opened
              FROM (SELECT DISTINCT show_id FROM ahead) v, inventory_due_releases(v.show_id, %(until)s) d) r
        JOIN inventory_place p ON p.id = r.place_id WHERE r.opened OR p.status = 'open'
        GROUP BY 1, 2, 3),
    given AS (
        SELECT step_id, CASE WHEN step_id IS NULL THEN hold_id END AS ends_id, NULL::bigint AS closes_id,
               allocation_id AS to_id, places
        FROM acts
        UNION ALL
        SELECT NULL, NULL, x.allocation_id, NULL, (
            SELECT count(*) FROM inventory_place p
            WHERE p.show_id = x.show_id AND p.allocation_id = x.allocation_id AND p.status = 'open')
        FROM ahead x WHERE x.kind = 'closes')
    SELECT x.at, x.kind, x.show_id, v.title, coalesce(f.party, a.name), x.hold_id, x.allocation_id, x.share_percent,
           x.step_id, CASE WHEN t.is_pool OR t.id IS NULL THEN '' ELSE t.name END, coalesce(g.places, 0)
    FROM ahead x JOIN shows v ON v.id = x.show_id
    LEFT JOIN inventory_hold f ON f.claim_id = x.hold_id LEFT JOIN inventory_allocation a ON a.id = x.allocation_id
    LEFT JOIN given g ON g.step_id = x.step_id OR x.kind = 'ends' AND g.ends_id = x.hold_id
        OR x.kind = 'closes' AND g.closes_id = x.allocation_id
    LEFT JOIN inventory_allocation t ON t.id = g.to_id
    ORDER BY x.at, v.title, x.show_id, x.step_id, x.hold_id, x.allocation_id, t.is_pool DESC, t.name"""
