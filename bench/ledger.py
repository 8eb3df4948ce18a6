"""`bin/bench ledger`: locking two general-admission places, 16 clients, beside the same work as bare SQL.

The floor is the least SQL that writes the same rows over the same triggers: pick, claim, movement, places, in one
prepared statement through psycopg, with no rule looked at and nothing of ours around it. Three more figures tell the
parts apart: our own statement sent bare (what Python costs), the floor not prepared (what it would cost behind a pooler
that knows no prepared statements), and the floor with triggers off (what the referee costs).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench import ground
from bench.figures import Report

if TYPE_CHECKING:
    from inventory.services.locking import Lock

CLIENTS = 16
SECONDS = 1.0
ROUNDS = 12
PLACES = 200_000


def service(number: int, given: dict[str, Any]) -> Callable[[], Lock]:
    """`lock_places`, as a door calls it."""
    ground.start_django()
    from inventory.acts import Admissions, By, Holder
    from inventory.services.locking import lock_places

    by, wanted = By(actor=f"session:{number}"), Admissions(given["tier"], 2)
    buyers = itertools.count()

    def act() -> Lock:
        # Each lock is another buyer's, as in a rush: a session, an address and a contact of its own to count.
        buyer = f"{number}-{next(buyers)}"
        holder = Holder(buyer, buyer, buyer) if given.get("holder") else Holder()
        return lock_places(
            show_id=given["show"], channel_id=given["channel"], wanted=wanted, by=by, holder=holder, lock_for_s=60
        )

    return act


_BARE = """
SELECT verdict, facts, claim_id, place_ids, locked_at, expires_at, hard_until FROM inventory_lock_places(
    %(show)s, %(channel)s, ARRAY[%(tier)s]::bigint[], NULL, 2, 0, false, NULL, false, false, false, '', '', '', 60,
    '', %(actor)s, '', '', NULL)
"""


def bare(number: int, given: dict[str, Any]) -> ground.Act:
    """Our own statement, through psycopg and nothing else."""
    import psycopg

    connection = psycopg.connect(ground.program_url(), cursor_factory=psycopg.ClientCursor, prepare_threshold=None)
    connection.autocommit = True
    arguments = given | {"actor": f"session:{number}"}

    def act() -> None:
        row = connection.execute(_BARE, arguments).fetchone()
        assert row and row[0] == "granted", row

    return act


_INLINE = """
WITH picked AS MATERIALIZED (
    SELECT id FROM inventory_place WHERE show_id = %(show)s AND tier_id = %(tier)s AND allocation_id = %(pool)s
      AND status = 'open' ORDER BY rank, id LIMIT 2 FOR NO KEY UPDATE SKIP LOCKED
), claim AS (
    INSERT INTO inventory_claim (show_id, kind, channel_id, phase, expires_at, hard_until, session, address, contact,
        reference, created_at)
    SELECT %(show)s, 'lock', %(channel)s, 'browsing', now() + interval '1 min', now() + interval '30 min', '', '', '',
        '', now() RETURNING id
), header AS (
    INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
    SELECT %(show)s, 'lock_places', claim.id, %(channel)s, %(actor)s, '', 2, now() FROM claim RETURNING id
)
UPDATE inventory_place p SET status = 'locked', claim_id = claim.id, movement_id = header.id
FROM picked, claim, header WHERE p.id = picked.id RETURNING p.id
"""


def inline(number: int, given: dict[str, Any]) -> ground.Act:
    """The least SQL that locks two places: no rules, no caps, no advisory lock, prepared by the server."""
    import psycopg

    prepare_after = None if given.get("unprepared") else 0
    connection = psycopg.connect(ground.program_url(), prepare_threshold=prepare_after, autocommit=True)
    if given.get("superuser"):
        connection = psycopg.connect(ground.SUPERUSER_URL, dbname=ground.NAME, prepare_threshold=0, autocommit=True)
        connection.execute("SET session_replication_role = replica")
    # As in our own function: a plan made for the session must not be made for an unlucky moment.
    connection.execute("SET enable_seqscan = off")
    arguments = given | {"actor": f"session:{number}"}

    def act() -> None:
        rows = connection.execute(_INLINE, arguments).fetchall()
        assert len(rows) == 2

    return act


def main(report: Report, quick: bool) -> None:
    from bench.houses import standing_show

    ground.make_database()
    given = standing_show(PLACES, capped=True, progress=report.say)
    ground.settle()
    cases = [
        ground.Case("bare SQL, the same rows", inline, given),
        ground.Case("lock_places", service, given),
        ground.Case("lock_places, with all caps counted", service, given | {"holder": True}),
        ground.Case("bare SQL, our own statement", bare, given),
        ground.Case("bare SQL, the same rows, not prepared", inline, given | {"unprepared": True}),
        ground.Case("bare SQL, the same rows, triggers off", inline, given | {"superuser": True}),
    ]
    floors, *others = ground.run_rounds(cases, CLIENTS, SECONDS, 1 if quick else ROUNDS)
    _tell(report, cases[0].name, floors, None)
    for case, rounds in zip(cases[1:], others, strict=True):
        _tell(report, case.name, rounds, floors)


def _tell(report: Report, case: str, rounds: list[ground.Round], floors: list[ground.Round] | None) -> None:
    figures: list[tuple[str, str, Callable[[ground.Round], float]]] = [
        ("rate", "locks/s", lambda ran: ran.rate),
        ("p50", "ms", lambda ran: ran.ms(0.5)),
        ("p99", "ms", lambda ran: ran.ms(0.99)),
    ]
    for figure, unit, of in figures:
        beside = None if floors is None else [of(floor) for floor in floors]
        report.compare(case, figure, [of(ran) for ran in rounds], unit, beside)
