"""Who runs the servers: whoever started us, except root, which PostgreSQL refuses; then `postgres`, else `nobody`."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config.local.console import CannotStart


@dataclass(frozen=True)
class Account:
    """An operating-system user, and whether we must change to it."""

    name: str
    uid: int
    gid: int
    changes: bool

    def _how(self) -> dict[str, Any]:
        # PGPORT, PGDATA and their like would reach into the server; its settings are on its command line.
        how: dict[str, Any] = {
            "cwd": "/",
            "stdin": subprocess.DEVNULL,
            "env": {key: value for key, value in os.environ.items() if not key.startswith("PG")},
        }
        return how | ({"user": self.uid, "group": self.gid, "extra_groups": []} if self.changes else {})

    def run(self, command: Sequence[str | Path], output: IO[bytes] | int = subprocess.DEVNULL) -> int:
        """Run a command as this account; its exit status. Never through a pipe: a server would keep that open."""
        return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False, **self._how()).returncode

    def spawn(self, command: Sequence[str | Path], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a server in a session of its own, so that a Ctrl-C at the terminal does not reach it."""
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **self._how())

    def reaches(self, path: Path) -> bool:
        """May this account enter the directory, or execute the file?"""
        return not self.changes or self.run(["test", "-x", path]) == 0

    def own(self, directory: Path) -> Path:
        """Make a directory only this account (and root) can enter. Refuses one that belongs to somebody else."""
        if not directory.is_symlink() and not directory.exists():
            directory.mkdir(parents=True, mode=0o700)
            if self.changes:
                os.chown(directory, self.uid, self.gid)
        found = directory.lstat()
        if directory.is_symlink() or found.st_uid != self.uid:
            raise CannotStart(f"{directory} should be a directory of the user {self.name} and is not; remove it.")
        directory.chmod(0o700)
        return directory


def server_account() -> Account:
    """The account for PostgreSQL and Valkey."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), changes=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, changes=True)
    raise CannotStart("PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Use your own.")
