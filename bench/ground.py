"""What the benchmarks stand on: a database of their own, on servers of their own, and processes of load."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from bench.figures import percentile

SUPERUSER_URL = os.environ["DATABASE_SUPERUSER_URL"]
NAME = "bench_housefull"


def make_database() -> None:
    """A fresh database, migrated by the owner, with the program's role on Django's connection. Starts Django."""
    import django
    from django.conf import settings

    from config.local.roles import prepare_database

    with psycopg.connect(SUPERUSER_URL, autocommit=True) as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
    prepare_database(SUPERUSER_URL, NAME)
    start_django()
    assert settings.DATABASES["default"]["NAME"] == NAME
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    assert django.VERSION


def start_django() -> None:
    """Django on the benchmark's database; in this process or in a worker's."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = NAME
    connection.settings_dict["CONN_HEALTH_CHECKS"] = False


def program_url() -> str:
    """The program's own role on the benchmark's database, for bare psycopg."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo(os.environ["DATABASE_URL"], dbname=NAME)


def superuser() -> psycopg.Connection[Any]:
    return psycopg.connect(SUPERUSER_URL, dbname=NAME, autocommit=True)


def rows(statement: str, *parameters: int | str | None) -> list[tuple[Any, ...]]:
    """One statement on Django's connection, and its rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def settle() -> None:
    """Let nothing of the last case weigh on the next: vacuum, analyse, and write out."""
    with superuser() as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


@contextmanager
def old_snapshot() -> Iterator[None]:
    """One transaction that holds a snapshot open, as a long report would."""
    with psycopg.connect(SUPERUSER_URL, dbname=NAME) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM inventory_show")
        yield
        connection.rollback()


Act = Callable[[], Any]
Client = Callable[[int, dict[str, Any]], Act]


@dataclass(frozen=True, slots=True)
class Case:
    """What one kind of client does: `prepare(number, given)` runs once in each process and returns the act."""

    name: str
    prepare: Client
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """One case's run in one round: acts per second over all clients, and the seconds each act took."""

    rate: float
    times: list[float]

    def ms(self, share: float) -> float:
        return percentile(self.times, share) * 1000


def _client(cases: list[Case], number: int, rounds: int, start: Any, for_s: float, results: Any) -> None:
    acts = [case.prepare(number, case.given) for case in cases]
    for _ in range(rounds):
        for which, act in enumerate(acts):
            act()
            start.wait()
            times: list[float] = []
            end = time.perf_counter() + for_s
            while (began := time.perf_counter()) < end:
                act()
                times.append(time.perf_counter() - began)
            results.put((which, times))
            start.wait()


def run_rounds(cases: list[Case], clients: int, for_s: float, rounds: int = 1) -> list[list[Round]]:
    """Run the cases in turn, A B C A B C …, with the same client processes; for each case its rounds.

    In turn, since these machines' speed drifts: what is compared stands side by side in time.
    """
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_client, args=(cases, number, rounds, start, for_s, results), daemon=True)
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    ran: list[list[Round]] = [[] for _ in cases]
    for _ in range(rounds * len(cases)):
        told = [results.get(timeout=for_s + 180) for _ in processes]
        times = [taken for _, taken_by_one in told for taken in taken_by_one]
        ran[told[0][0]].append(Round(len(times) / for_s, times))
    for process in processes:
        process.join()
    return ran
