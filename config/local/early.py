"""What bin/up looks at before anything that takes long. Standard library only: nothing may be installed yet."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

from config.local import orphans, sandbox
from config.local.console import BASE_DIR, CannotStart, step
from config.local.lock import only_one

VAR = BASE_DIR / "var"
PROCESSES = ("web", "worker", "beat", "sandbox")


def address() -> tuple[str, int]:
    """Where the site is to be served: address, port."""
    port = _port("PORT", "8000")
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]), port
    except OSError as reason:
        raise CannotStart(f"HOST={host} is not an address of this machine: {reason.strerror}.") from reason


def sandbox_address() -> tuple[str, int] | None:
    """Where the sandbox gateway is to be served; None where an account at a real one is given."""
    if not sandbox.is_wanted():
        return None
    host, taken = address()
    port = _port("SANDBOX_PORT", "8100")
    if port == taken:
        raise CannotStart(f"PORT and SANDBOX_PORT are both {port}. Choose another for one of them.")
    return host, port


def _port(name: str, default: str) -> int:
    port = os.environ.get(name) or default
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"{name}={port} is not a port number.")
    return int(port)


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
    if gateway := sandbox_address():
        refuse_taken_port(*gateway, "SANDBOX_PORT")


def refuse_taken_port(host: str, port: int, name: str = "PORT") -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            if reason.errno != errno.EADDRINUSE:
                raise CannotStart(f"HOST={host} {name}={port} cannot be used: {reason.strerror}.") from reason
            raise CannotStart(
                f"Port {port} on {host} is taken by another program. Choose one: {name}={port + 1} bin/up"
            ) from reason
