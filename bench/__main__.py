"""`bin/bench NAME [--json] [--quick] [--long]`."""

from __future__ import annotations

import argparse
import importlib

from bench.figures import Report
from config.local.child import stop_as_by_ctrl_c

BENCHES = ["ledger", "growth", "expiry", "faults", "api", "reads", "rush", "admin"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Figures beside a floor measured in the same run.")
    parser.add_argument("bench", choices=[*BENCHES, "all"])
    parser.add_argument("--json", action="store_true", help="one JSON object for each figure and line")
    parser.add_argument("--quick", action="store_true", help="short runs: does it work, not how fast is it")
    given = parser.parse_args()
    # A worker that outlives its benchmark takes the next one's messages.
    stop_as_by_ctrl_c()
    for name in BENCHES if given.bench == "all" else [given.bench]:
        importlib.import_module(f"bench.{name}").main(Report(name, given.json), given.quick)


if __name__ == "__main__":
    main()
