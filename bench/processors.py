"""Whose the processors' time is: seconds of CPU by kind of process, which a noisy neighbour does not change."""

from __future__ import annotations

import os
import resource
from collections import Counter
from pathlib import Path

KINDS = {
    "web": "config.wsgi:application",
    "worker": "celery",
    "sandbox": "ticketing.sandbox",
    "Valkey": "valkey",
    "PostgreSQL": "postgres",
}
_TICKS = os.sysconf("SC_CLK_TCK")


Spent = dict[tuple[str, int], int]


def spent() -> Spent:
    """CPU milliseconds so far, by kind and process id, of everything this benchmark has started and that still runs;
    and of the load, whose processes have ended."""
    spent_ms: Spent = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            told = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            stat = (directory / "stat").read_text().rpartition(")")[2].split()
            home = (directory / "cwd").readlink() if "postgres" not in told else None
        except OSError:
            continue
        kind = next((name for name, mark in KINDS.items() if mark in told), None)
        is_ours = "bench" in told if kind in ("PostgreSQL", "Valkey") else home == Path.cwd()
        if kind and is_ours:
            spent_ms[kind, int(directory.name)] = (int(stat[11]) + int(stat[12])) * 1000 // _TICKS
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_ms["load", 0] = round((used.ru_utime + used.ru_stime) * 1000)
    return spent_ms


def between(before: Spent, after: Spent) -> Counter[str]:
    """What each kind has spent from one moment to the other. A process that ended meanwhile is left out."""
    by_kind: Counter[str] = Counter()
    for (kind, pid), spent_ms in after.items():
        by_kind[kind] += spent_ms - before.get((kind, pid), 0)
    return by_kind
