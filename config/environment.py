"""What the process is told from outside: its environment, and, below it, the file a local start wrote.

`bin/up` and `bin/test` start servers for a machine that has none and write their addresses to `var/local.env`.
A variable in the real environment always wins, so a deployment never looks at that file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_FILE = BASE_DIR / "var" / "local.env"


class NotConfigured(RuntimeError):
    """A setting without which the program cannot start is missing; the message says how to give it."""


def read_local(path: Path = LOCAL_FILE) -> dict[str, str]:
    """The `KEY=VALUE` lines of a local start, or nothing where there was none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, value in pairs}


class Environment:
    """The environment over the local file; `text`, `flag`, `number` and `words` read one setting each."""

    def __init__(self, real: Mapping[str, str] | None = None, local: Mapping[str, str] | None = None) -> None:
        self._values = {**(read_local() if local is None else local), **(os.environ if real is None else real)}

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, "")
        if value:
            return value
        if default is None:
            raise NotConfigured(f"{name} is not set. Run bin/up, which starts what is missing, or set {name}.")
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}

    def number(self, name: str, default: int) -> int:
        return int(self.text(name, str(default)))

    def words(self, name: str, default: str) -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Django's settings for a libpq URL, parsed by libpq's own rules (`?host=/socket/dir` included)."""
    parts = conninfo_to_dict(url)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in parts.items() if key not in named}
    settings: dict[str, object] = {django: str(parts.get(libpq, "")) for libpq, django in named.items()}
    return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options, **settings}
