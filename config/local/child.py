"""A command at this terminal, and the way it ends with us."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import NoReturn

from config.local.console import BASE_DIR

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_as_by_ctrl_c() -> None:
    """Let every signal that ends us raise `KeyboardInterrupt`, so that servers are stopped on the way out.

    SIGINT too: what a shell starts in the background ignores it, and Python then leaves it ignored.
    """
    for number in STOPPING:
        signal.signal(number, _interrupt)


def stop_in_peace() -> None:
    """Let a second Ctrl-C not leave half of it running."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def run_here(command: Sequence[str], told: Mapping[str, str]) -> int:
    """Run a command from the checkout with this environment; its exit status."""
    process = subprocess.Popen(command, cwd=BASE_DIR, env=dict(told))
    try:
        return process.wait()
    except KeyboardInterrupt:
        # At a terminal it had the Ctrl-C too and is tidying up; a SIGTERM came to us alone.
        _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
