"""`bin/bench expiry`: 100,000 locks that have run out are swept while buyers lock.

The floor is the same buyers on the same house with nothing to sweep.
"""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

from bench import ground
from bench.figures import Report
from bench.ledger import service

BUYERS = 4
DUE = 100_000


def _sweep(told: Any) -> None:
    """One sweep of everything that is due, as the worker does it; how many places, in how many seconds."""
    ground.start_django()
    from inventory.services.sweep import sweep

    began = time.perf_counter()
    told.put((sweep(), time.perf_counter() - began))


def main(report: Report, quick: bool) -> None:
    from bench.houses import locks_that_ran_out, standing_show

    due = 5_000 if quick else DUE
    seconds = 3.0 if quick else 10.0
    ground.make_database()
    given = standing_show(due + 300_000, progress=report.say)
    ground.settle()
    ((alone,),) = ground.run_rounds([ground.Case("buyers alone", service, given)], BUYERS, seconds)
    report.figure("buyers alone", "rate", alone.rate, "locks/s")
    report.figure("buyers alone", "p50", alone.ms(0.5), "ms")
    report.figure("buyers alone", "p99", alone.ms(0.99), "ms")

    locks_that_ran_out(given, due, report.say)
    ground.settle()
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    sweeper = context.Process(target=_sweep, args=(told,), daemon=True)
    sweeper.start()
    ((beside,),) = ground.run_rounds([ground.Case("beside", service, given)], BUYERS, seconds)
    opened, took_s = told.get(timeout=600)
    sweeper.join()
    report.figure("buyers beside the sweep", "rate", beside.rate, "locks/s", alone.rate)
    report.figure("buyers beside the sweep", "p50", beside.ms(0.5), "ms", alone.ms(0.5))
    report.figure("buyers beside the sweep", "p99", beside.ms(0.99), "ms", alone.ms(0.99))
    report.figure("the sweep beside buyers", "places", opened, "places")
    report.figure("the sweep beside buyers", "rate", opened / took_s, "places/s")
    report.figure("the sweep beside buyers", "took", took_s, "s")
