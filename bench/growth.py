"""`bin/bench growth`: does a lock cost the same in a house of a thousand places and in one of a million?

Each size alone, then with the better half of the house belonging to another channel, then with one old snapshot held
open beside it. The floor of each case is its own smallest house, so a ratio of 1 is flat.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from statistics import median
from typing import Any

from bench import ground
from bench.figures import Report
from bench.ledger import service

CLIENTS = 2
ROUNDS = 5
SIZES = [1_000, 10_000, 100_000, 1_000_000]


def lock_and_release(number: int, given: dict[str, Any]) -> ground.Act:
    """Lock two and give them back, so that a house of a thousand lasts as long as one of a million."""
    lock = service(number, given)
    from inventory.acts import By
    from inventory.services.locks import release_lock

    by = By(actor=f"session:{number}")

    def act() -> None:
        release_lock(claim_id=lock().claim_id, by=by)

    return act


def main(report: Report, quick: bool) -> None:
    from bench.houses import give_better_half_away, standing_show

    seconds, sizes = (0.4, SIZES[:3]) if quick else (1.5, SIZES)
    arounds: list[tuple[str, bool, Callable[[], AbstractContextManager[None]]]] = [
        ("alone", False, nullcontext),
        ("better half another channel's", True, nullcontext),
        ("one old snapshot held open", False, ground.old_snapshot),
    ]
    for around, halve, held in arounds:
        floor: float | None = None
        for size in sizes:
            ground.make_database()
            given = standing_show(size, progress=report.say)
            if halve:
                give_better_half_away(given)
            ground.settle()
            with held():
                (rounds,) = ground.run_rounds([ground.Case(around, lock_and_release, given)], CLIENTS, seconds, ROUNDS)
            p50 = median(ran.ms(0.5) for ran in rounds)
            report.figure(f"{size:,} places, {around}", "p50", p50, "ms", floor)
            report.figure(f"{size:,} places, {around}", "p99", median(ran.ms(0.99) for ran in rounds), "ms")
            floor = floor or p50
