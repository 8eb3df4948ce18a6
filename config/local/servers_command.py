"""`servers start | stop | status`: PostgreSQL and Valkey without the program, for whoever works on it."""

from __future__ import annotations

from config.local.console import say, short, step
from config.local.lock import only_one
from config.local.servers import Servers


def run(verb: str, part: str) -> int:
    servers = Servers(part)
    return {"start": _start, "stop": _stop, "status": _status}[verb](servers)


def _start(servers: Servers) -> int:
    servers.start()
    servers.keep.touch()
    say(f"Running until `servers stop`. Addresses: {short(servers.places.environment)}")
    return 0


def _stop(servers: Servers) -> int:
    name = "test" if servers.places.is_throwaway else "up"
    with only_one(servers.places.ours / f"{name}.lock", f"bin/{name}"):
        servers.keep.unlink(missing_ok=True)
        servers.stop()
    step("stopped")
    return 0


def _status(servers: Servers) -> int:
    """Exit status 0 if everything that is ours answers."""
    ours = {"PostgreSQL": servers.cluster, "Valkey": servers.valkey}
    found = {name: server.version() if server else "given from outside" for name, server in ours.items()}
    for name, version in found.items():
        say(f"{name}: {version or 'not running'}")
    return 0 if all(found.values()) else 3
