"""`bin/bench rush`: buyers with baskets of two, from a lock to tickets, all over HTTP; sandbox and load on these cores.

Each locks the best places, orders, starts a payment by QR code (the web process asks the sandbox for one), has it
captured (a signed webhook, played by the load), and fetches the tickets. Nothing is oversold, and the books are true.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import ground, web
from bench.buyers import STEPS, Bought, Way, rush
from bench.figures import Report, percentile
from bench.processors import between, spent

CLIENTS = (32, 96)
SECONDS = 20
KEYS = {
    "RAZORPAY_KEY_ID": "rzp_test_bench",
    "RAZORPAY_KEY_SECRET": "a-secret-of-the-bench",
    "RAZORPAY_WEBHOOK_SECRETS": "a-webhook-secret-of-the-bench",
}
# Addresses are drawn at random, so that some buyers share one: throttles count, and refuse nobody.
UNCOUNTED = {"RATE_VISITOR_READ_ADDRESS": "1000000", "RATE_VISITOR_WRITE_ADDRESS": "1000000"}
INDIAN_RAILWAYS = 14_904  # tickets in a minute, its published record


def main(report: Report, quick: bool) -> None:
    from bench.houses import priced, seated_show, standing_show

    ground.make_database()
    houses = {
        "general admission": standing_show(60_000, capped=True, slug="standing", progress=report.say),
        "pairs of seats": seated_show(500, 120, slug="seated", progress=report.say),
    }
    for given in houses.values():
        priced(given)
    ground.settle()
    with _sandbox() as gateway_port:
        told = KEYS | {"RAZORPAY_BASE_URL": f"http://127.0.0.1:{gateway_port}", "TRUSTED_PROXIES": "1"} | UNCOUNTED
        with web.serving(**told) as port, _worker(told):
            for house, given in houses.items():
                way = Way(port, given["slug"], 2, KEYS["RAZORPAY_WEBHOOK_SECRETS"].encode())
                rush(way, clients=8, for_s=2)
                for clients in CLIENTS[:1] if quick else CLIENTS:
                    before, cpu = _statements(), spent()
                    ran = rush(way, clients=clients, for_s=4 if quick else SECONDS)
                    _tell(report, f"{house}, {clients} buyers at a time", ran, before, between(cpu, spent()))
    _books(report)


def _tell(report: Report, case: str, ran: Bought, before: Statements, cpu: Counter[str]) -> None:
    if not ran.orders:
        raise AssertionError(f"nobody bought anything: {ran.odd}; webhooks: {_webhooks()}")
    minutes = (ran.last_at - ran.first_at) / 60
    report.figure(case, "tickets a minute", ran.tickets / minutes, "")
    report.figure(case, "of Indian Railways' record", ran.tickets / minutes / INDIAN_RAILWAYS, "times")
    for step in (*STEPS, "whole"):
        times = ran.times[step]
        report.figure(case, f"{step} p50", percentile(times, 0.5) * 1000, "ms")
        report.figure(case, f"{step} p99", percentile(times, 0.99) * 1000, "ms")
    report.figure(case, "looks for tickets", ran.looks / ran.orders, "an order")
    for kind, spent_ms in cpu.most_common():
        report.figure(case, f"CPU of {kind}", spent_ms / ran.orders, "ms an order")
    report.figure(case, "CPU in all", cpu.total() / ran.orders, "ms an order")
    _tell_statements(report, case, ran.orders, before)
    for odd, count in ran.odd.most_common(5):
        report.say(f"  {count} times {odd}")
    if ran.odd:
        report.say(f"  webhooks by kind, outcome, error, tries, whether open: {_webhooks()}")


def _webhooks() -> list[tuple[Any, ...]]:
    return ground.rows(
        """SELECT kind, outcome, error, tries, done_at IS NULL, count(*) FROM ticketing_gatewayevent
           GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC"""
    )


Statements = dict[str, tuple[int, float]]


def _statements() -> Statements:
    """Statements that the program has sent so far, by text: how many, and PostgreSQL's milliseconds for them."""
    with ground.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        rows = connection.execute(
            """SELECT query, sum(calls), sum(total_exec_time + total_plan_time) FROM pg_stat_statements s
               JOIN pg_database d ON d.oid = s.dbid
               WHERE d.datname = current_database() AND toplevel AND userid <> %s::regrole GROUP BY 1""",
            ["postgres"],
        ).fetchall()
    return {query: (int(calls), float(ms)) for query, calls, ms in rows}


def _tell_statements(report: Report, case: str, orders: int, before: Statements) -> None:
    """How many statements an order took, PostgreSQL's time for them, and which they were."""
    spent = {
        query: (calls - before.get(query, (0, 0.0))[0], ms - before.get(query, (0, 0.0))[1])
        for query, (calls, ms) in _statements().items()
    }
    report.figure(case, "statements", sum(calls for calls, _ in spent.values()) / orders, "an order")
    report.figure(case, "in PostgreSQL", sum(ms for _, ms in spent.values()) / orders, "ms an order")
    for query, (calls, ms) in sorted(spent.items(), key=lambda one: -one[1][1])[:12]:
        report.say(f"  {calls / orders:6.2f} an order, {ms / orders:7.3f} ms: {' '.join(query.split())[:110]}")


def _books(report: Report) -> None:
    """After a rush the ledger and the money are true, and no place has two tickets."""
    from inventory.models import Show
    from inventory.queries.verify import verify
    from ticketing.queries.verify import verify_money

    money = verify_money()
    stock = [difference for show in Show.objects.all() for difference in verify(show).differences]
    ((oversold,),) = ground.rows(
        """SELECT count(*) FROM (SELECT place_id FROM ticketing_ticket WHERE voided_at IS NULL
           GROUP BY place_id HAVING count(*) > 1) t"""
    )
    report.say(f"verify_money: {money.differences or 'sound'}; verify_stock: {stock or 'sound'}; oversold: {oversold}")
    assert not (money.differences or stock or oversold)


@contextmanager
def _sandbox() -> Iterator[int]:
    port = web.unused_port()
    told = {
        "SANDBOX_KEY_ID": KEYS["RAZORPAY_KEY_ID"],
        "SANDBOX_KEY_SECRET": KEYS["RAZORPAY_KEY_SECRET"],
        "SANDBOX_QUIET": "1",
    }
    with _process([sys.executable, "-m", "ticketing.sandbox", "--port", str(port)], told):
        web.wait_for_port(port)
        yield port


@contextmanager
def _worker(told: dict[str, str]) -> Iterator[None]:
    from config.local.processes import commands

    with _process(commands("127.0.0.1", 0)["worker"], told | {"DATABASE_URL": ground.program_url()}):
        _wait_for_worker()
        yield


def _wait_for_worker() -> None:
    from config.celery import app

    end = time.monotonic() + 60
    # A connection of its own: the app's pool would be inherited by the load's processes, which then wait to close it.
    with app.connection_for_write() as connection:
        while not app.control.ping(timeout=1, connection=connection):
            if time.monotonic() > end:
                raise RuntimeError("the worker does not answer")


@contextmanager
def _process(command: list[str], told: dict[str, Any]) -> Iterator[None]:
    """Run beside the benchmark; ends by its own process id."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env={**os.environ, **told}, stdout=log, stderr=log)
        try:
            yield
        finally:
            ended = process.poll()
            process.terminate()
            process.wait(timeout=30)
            if ended is not None:
                log.seek(0)
                raise RuntimeError(f"{command[:4]} ended by itself:\n{log.read().decode(errors='replace')[-2000:]}")
