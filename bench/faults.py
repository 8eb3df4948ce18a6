"""`bin/bench faults`: PostgreSQL is killed with SIGKILL in the middle of a locking storm, and started again.

What was acknowledged before the kill is looked for afterwards, and `verify` runs. The control does the same with
`synchronous_commit=off`, which the program refuses to start on, and loses some: a few tries, since it needs luck.
The cluster is the benchmarks' own, under `var/bench`, and holds nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import Any

import psycopg

from bench import ground
from bench.figures import Report
from bench.ledger import service

CLIENTS = 8
TRIES = 5
PLACES = 200_000


def _storm(number: int, given: dict[str, Any], acknowledged: Any) -> None:
    """Lock until the server dies, and tell each lock that was acknowledged, at once."""
    if given["forgetful"]:
        os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    act = service(number, given)
    from django.db import Error

    try:
        while True:
            acknowledged.put(act().claim_id)
    except Error:
        acknowledged.put(None)


def _kill(cluster: Any) -> None:
    """SIGKILL the whole server, postmaster first, each process by its own id."""
    postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
    with psycopg.connect(cluster.superuser, autocommit=True) as connection:
        backends = [row[0] for row in connection.execute("SELECT pid FROM pg_stat_activity")]
    for pid in [postmaster, *backends]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def storm_and_kill(cluster: Any, given: dict[str, Any], after_s: float) -> tuple[int, int]:
    """One storm, one kill, one restart; how many locks were acknowledged, and how many of those are gone."""
    context = multiprocessing.get_context("spawn")
    acknowledged = context.Queue()
    clients = [
        context.Process(target=_storm, args=(number, given, acknowledged), daemon=True) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    told = {acknowledged.get(timeout=60)}
    killer = threading.Timer(after_s, _kill, [cluster])
    killer.start()
    living = CLIENTS
    while living:
        claim = acknowledged.get(timeout=60)
        if claim is None:
            living -= 1
        else:
            told.add(claim)
    for client in clients:
        client.join()
    killer.join()
    cluster.start()
    with ground.superuser() as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM inventory_claim WHERE kind = 'lock'")}
    return len(told), len(told - kept)


def main(report: Report, quick: bool) -> None:
    from config.local.account import server_account
    from config.local.console import BASE_DIR
    from config.local.places import lay_out
    from config.local.postgres import Cluster

    cluster = Cluster(lay_out("bench", server_account(), BASE_DIR))
    if cluster.url("postgres", "postgres") != ground.SUPERUSER_URL:
        report.say("Not run: this benchmark kills its PostgreSQL, so it needs an embedded one (unset DATABASE_URL).")
        return
    from bench.houses import standing_show

    for case, forgetful, tries in (("synchronous_commit on", False, 1 if quick else 3), ("control: off", True, TRIES)):
        told = lost = 0
        for number in range(tries):
            ground.make_database()
            given = standing_show(PLACES // (4 if quick else 1)) | {"forgetful": forgetful}
            acknowledged, missing = storm_and_kill(cluster, given, after_s=1.0 + 0.37 * number)
            told, lost = told + acknowledged, lost + missing
            report.figure(f"{case}, try {number + 1}", "differences", _differences(), "found")
            if forgetful and lost:
                break
        report.figure(case, "acknowledged", told, "locks")
        report.figure(case, "lost", lost, "locks")


def _differences() -> int:
    from django.db import connection

    from inventory.models import Show
    from inventory.queries.verify import verify

    connection.close()
    return sum(len(verify(show).differences) for show in Show.objects.all())
