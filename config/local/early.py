"""What bin/up looks at before anything that takes long. Standard library only: nothing may be installed yet."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

from config.local import orphans
from config.local.console import BASE_DIR, CannotStart, step
from config.local.lock import only_one

VAR = BASE_DIR / "var"
PROCESSES = ("web", "worker", "beat")


def address() -> tuple[str, int]:
    """Where the site is to be served: address, port."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT={port} is not a port number.")
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]), int(
            port
        )  # granian wants a number
    except OSError as reason:
        raise CannotStart(f"HOST={host} is not an address of this machine: {reason.strerror}.") from reason


def first_look() -> None:
    """Refuse now what would be refused after the installation."""
    VAR.mkdir(mode=0o755, exist_ok=True)
    with only_one(VAR / "up.lock", "bin/up"):
        clear_the_way(VAR / "run")


def clear_the_way(records: Path) -> None:
    """End what a killed run left; refuse a port that somebody else has."""
    left = [name for name in PROCESSES if orphans.end(records / f"{name}.pid", BASE_DIR)]
    if left:
        step(f"ended {', '.join(left)} of a run that was killed")
    refuse_taken_port(*address())


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            if reason.errno != errno.EADDRINUSE:
                raise CannotStart(f"HOST={host} PORT={port} cannot be used: {reason.strerror}.") from reason
            raise CannotStart(
                f"Port {port} on {host} is taken by another program. Choose one: PORT={port + 1} bin/up"
            ) from reason
