"""What a start says: one short line a step with the seconds so far, and the end of a log when a step fails."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# bin/setup.sh began the clock, so that installing counts.
_began = float(os.environ.get("HOUSEFULL_BEGAN") or time.time())


class CannotStart(RuntimeError):
    """Something outside the program is missing or in the way; the message says what, and what to do about it."""


def say(text: str) -> None:
    """Print a line. A terminal that is gone must not keep the servers from being stopped."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def step(text: str) -> None:
    """Say that a step is done."""
    say(f"{time.time() - _began:6.1f}s  {text}")


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, indented, under its name."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    end = text.splitlines()[-lines:] or ["(nothing was written)"]
    return "\n".join([f"  the end of {short(log)}:", *(f"  | {line}" for line in end)])


def short(path: Path) -> str:
    """A path as seen from the checkout, where it lies inside."""
    return str(path.relative_to(BASE_DIR)) if path.is_relative_to(BASE_DIR) else str(path)


def fresh_log(log: Path) -> Path:
    """Make room for a run's log; the log of the run before stays beside it as `NAME.log.1`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    return log
