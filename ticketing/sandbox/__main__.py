"""`python -m ticketing.sandbox --port 8100`: serve until stopped. Everything else is said by `SANDBOX_…` variables."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ticketing.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    os.environ.setdefault("SANDBOX_PUBLIC_URL", f"http://{given.host}:{given.port}")
    if given.with_parent:
        threading.Thread(target=_stop_with_parent, daemon=True).start()
    Granian(
        "ticketing.sandbox.app:make_app",
        factory=True,
        address=given.host,
        port=given.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=2,
    ).serve()
    return 0


def _stop_with_parent() -> None:
    """A test process that is killed closes the pipe, and so leaves no server behind."""
    while os.read(0, 1024):  # not through sys.stdin, whose lock granian's forked worker would wait for
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
