"""Where things lie: under `var/` in the checkout, unless the servers' account cannot get there."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from config.local.account import Account
from config.local.console import BASE_DIR, say

PORT = 5432  # only a part of the socket's name: nothing listens on TCP
SOCKET_NAME_LIMIT = 103 if os.uname().sysname == "Darwin" else 107


def mark(*what: object) -> str:
    """A short name made of something long, for directories outside the checkout."""
    return hashlib.sha256(os.fsencode(" ".join(map(str, what)))).hexdigest()[:10]


@dataclass(frozen=True)
class Places:
    """The directories of one set of servers: `ours` holds what we write, `theirs` what the servers write."""

    ours: Path
    theirs: Path
    account: Account

    @property
    def is_throwaway(self) -> bool:
        """For tests and benchmarks: nothing in it is worth keeping, and they may use the superuser."""
        return self.ours.name in {"test", "bench"}

    @property
    def environment(self) -> Path:
        return self.ours / "local.env"

    @property
    def records(self) -> Path:
        return self.ours / "run"

    def log(self, name: str) -> Path:
        return self.ours / "log" / f"{name}.log"

    def socket(self, name: str) -> Path:
        """A private directory for a socket, short enough for the kernel and without a comma, which libpq splits at."""
        near = self.theirs / name
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_NAME_LIMIT and "," not in str(near):
            return self.account.own(near)
        far = Path("/tmp") / f"housefull-{os.geteuid()}-{mark(near)}"  # noqa: S108  `own` refuses a stranger's
        return self.account.own(far)


def outside(base: Path = BASE_DIR) -> Path:
    """A directory for what the servers' account cannot reach in the checkout. Only root ever needs it."""
    directory = Path("/var/lib") / f"housefull-{mark(base)}"
    directory.mkdir(mode=0o755, exist_ok=True)
    directory.chmod(0o755)
    return directory


def lay_out(part: str, account: Account, base: Path = BASE_DIR) -> Places:
    """Make the directories of one set of servers; `part` is `""` for bin/up, else `"test"` or `"bench"`."""
    ours = base / "var" / part
    for directory in (base / "var", ours):
        directory.mkdir(exist_ok=True)
        if account.changes:
            directory.chmod(0o755)
    (ours / "run").mkdir(mode=0o700, exist_ok=True)
    (ours / "log").mkdir(mode=0o700, exist_ok=True)
    theirs = ours
    if not account.reaches(ours):
        theirs = outside(base) / part
        theirs.mkdir(mode=0o755, exist_ok=True)
        theirs.chmod(0o755)
        say(f"         the user {account.name} cannot reach {ours}: the servers' data is in {theirs}")
    return Places(ours, theirs, account)
