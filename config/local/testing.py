"""`test`: servers of its own, then every check, one after the other; all run, the summary says which failed."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.local import binaries, roles
from config.local.child import run_here, stop_as_by_ctrl_c, stop_in_peace
from config.local.console import BASE_DIR, say
from config.local.early import VAR
from config.local.lock import only_one
from config.local.postgres import Cluster
from config.local.servers import DATABASE, Servers

OLDEST = 15  # the oldest PostgreSQL the ledger is held to


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    told: Mapping[str, str]


def run(arguments: Sequence[str]) -> int:
    """Run the checks, or with arguments only pytest. Exit status 0 if all passed."""
    stop_as_by_ctrl_c()
    for name in ("test", "static"):  # WhiteNoise warns of a missing static root, and in tests a warning is an error
        (VAR / name).mkdir(parents=True, exist_ok=True)
    with only_one(VAR / "test" / "test.lock", "bin/test"):
        servers = Servers("test")
        clusters: list[Cluster] = []
        try:
            told = {**os.environ, **servers.start()}
            checks = [_pytest(told, arguments)] if arguments else _all(servers, told, clusters)
            return _summary([(check.name, *_run(check)) for check in checks])
        except KeyboardInterrupt:
            say("bin/test: interrupted")
            return 130
        finally:
            _stop(servers, clusters)


def _all(servers: Servers, told: Mapping[str, str], clusters: list[Cluster]) -> Iterator[Check]:
    """The quick checks first. A generator: the second cluster is started when its turn comes."""
    yield Check("ruff check .", [sys.executable, "-m", "ruff", "check", "."], told)
    yield Check("ruff format --check .", [sys.executable, "-m", "ruff", "format", "--check", "."], told)
    yield Check("mypy", [sys.executable, "-m", "mypy"], told)
    missing = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    yield Check("manage.py makemigrations --check", missing, told)
    yield from _node(told)
    yield _pytest(told, [])
    yield from _oldest(servers, told, clusters)


def _pytest(told: Mapping[str, str], arguments: Sequence[str]) -> Check:
    workers = str(max(2, min(4, os.cpu_count() or 2)))
    command = [sys.executable, "-m", "pytest", "-n", workers, *arguments]
    return Check(" ".join(["pytest", "-n", workers, *arguments]), command, told)


def _node(told: Mapping[str, str]) -> Iterator[Check]:
    # The files by name: what a directory means to `node --test` differs between its versions.
    files = sorted(str(file) for file in (BASE_DIR / "tests" / "js").rglob("*test*.*js"))
    if not files:
        return
    if node := shutil.which("node"):
        yield Check("node --test tests/js", [node, "--test", *files], told)
    else:
        say("-- node --test tests/js: skipped, there is no node on PATH")


def _oldest(servers: Servers, told: Mapping[str, str], clusters: list[Cluster]) -> Iterator[Check]:
    """The ledger's tests on the oldest PostgreSQL we promise, where that is installed."""
    bin_dir = binaries.DEBIAN / str(OLDEST) / "bin"
    name = f"pytest -m ledger on PostgreSQL {OLDEST}"
    if servers.cluster is None:
        say(f"-- {name}: skipped, the database is given by DATABASE_URL")
    elif not (bin_dir / "postgres").is_file():
        say(f"-- {name}: skipped, it is not installed (apt-get install postgresql-{OLDEST})")
    elif binaries.major(servers.cluster.bin) == OLDEST:
        say(f"-- {name}: skipped, everything ran on it already")
    else:
        cluster = Cluster(servers.places, f"postgres-{OLDEST}", bin_dir)
        clusters.append(cluster)
        cluster.start()
        roles.prepare_roles(cluster.superuser)
        roles.prepare_database(cluster.superuser, DATABASE)
        check = _pytest({**told, **servers.database_environment(cluster)}, ["-m", "ledger"])
        yield Check(name, check.command, check.told)


def _run(check: Check) -> tuple[int, float]:
    """Run a check: its exit status, and how many seconds it took."""
    say(f"== {check.name}")
    began = time.monotonic()
    return run_here(check.command, check.told), time.monotonic() - began


def _summary(results: Sequence[tuple[str, int, float]]) -> int:
    say("")
    for name, status, seconds in results:
        say(f"{seconds:6.1f}s  {'passed' if status == 0 else f'FAILED ({status})':10}  {name}")
    failed = [name for name, status, _ in results if status]
    say(f"bin/test: FAILED: {', '.join(failed)}" if failed else "bin/test: everything passed")
    return 1 if failed else 0


def _stop(servers: Servers, clusters: Sequence[Cluster]) -> None:
    stop_in_peace()
    for cluster in clusters:
        cluster.stop()
    if not os.environ.get("KEEP_SERVERS") and not servers.keep.exists():
        servers.stop()
