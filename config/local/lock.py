"""One at a time in a checkout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local.console import CannotStart


@contextmanager
def only_one(file: Path, name: str, wait: bool = False) -> Iterator[None]:
    """Hold a lock while inside; refuse if another process holds it, or wait for it.

    `lockf`, not `flock`: honcho forks, and a forked process would keep a `flock` when we are killed.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as taken:
            holder = os.pread(descriptor, 20, 0).decode().strip()
            raise CannotStart(f"{name} is already running in this checkout, as process {holder or '?'}.") from taken
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
