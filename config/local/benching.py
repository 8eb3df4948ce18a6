"""`bench`: servers of its own, then the benchmarks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from config.local.child import run_here, stop_as_by_ctrl_c, stop_in_peace
from config.local.early import VAR
from config.local.lock import only_one
from config.local.servers import Servers


def run(arguments: Sequence[str]) -> int:
    """Run `python -m bench`; its exit status."""
    stop_as_by_ctrl_c()
    (VAR / "bench").mkdir(parents=True, exist_ok=True)
    with only_one(VAR / "bench" / "bench.lock", "bin/bench"):
        servers = Servers("bench")
        try:
            return run_here([sys.executable, "-m", "bench", *arguments], {**os.environ, **servers.start()})
        except KeyboardInterrupt:
            return 130
        finally:
            stop_in_peace()
            servers.stop()
