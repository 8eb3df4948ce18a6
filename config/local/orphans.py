"""Processes of a run that was killed. One is ended only if it is the same: its pid and its start time were recorded.

Without `/proc` (macOS) nothing can be told apart, so nothing is ended; a taken port is then reported as such.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process by pid and start time. A pid comes again; the pair does not, within one boot of the machine."""

    pid: int
    start: str

    @property
    def lives(self) -> bool:
        return self.start != "" and start_of(self.pid) == self.start

    def send(self, number: int) -> None:
        if self.lives:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _stat(pid: int) -> list[str]:
    """Fields 3 onward of /proc/PID/stat; the second is a name that may hold anything, even a bracket."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def start_of(pid: int) -> str:
    """When a living process started: boot and clock ticks since. Empty if there is none, or only its zombie."""
    fields = _stat(pid)
    if not fields or fields[0] in {"Z", "X"}:
        return ""
    return f"{(PROC / 'sys/kernel/random/boot_id').read_text().strip()}:{fields[19]}"


def parent_of(pid: int) -> int:
    """The parent's pid, or 0."""
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def record(file: Path, *pids: int) -> None:
    """Write down processes, the leader of a session first."""
    lines = [f"{pid} {start}" for pid in pids if (start := start_of(pid))]
    temporary = file.with_suffix(".new")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(file)


def recorded(file: Path) -> list[Process]:
    """The processes written down in a file."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pairs = (line.split() for line in lines)
    return [Process(int(pair[0]), pair[1]) for pair in pairs if len(pair) == 2]


def _session(leader: Process, directory: Path) -> list[Process]:
    """What still runs in the session a recorded leader began; the leader itself may be gone.

    The kernel gives a pid to nobody while a session bears its number, so a stranger under that pid means that the
    session has ended; and ours work in one directory.
    """
    if start_of(leader.pid) not in {"", leader.start}:
        return []
    pids = [int(entry.name) for entry in PROC.glob("[0-9]*")]
    members = [pid for pid in pids if _stat(pid)[3:4] == [str(leader.pid)] and works_in(pid) == directory]
    return [member for pid in members if (member := Process(pid, start_of(pid))).lives]


def works_in(pid: int) -> Path | None:
    """The directory a process works in, if we may know."""
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def end(file: Path, directory: Path, patience_s: float = 10) -> bool:
    """End what a record names if it still runs, gently and then not, and remove the record. True if something ran."""
    processes = recorded(file)
    ran = False
    if processes:
        leader, *keepers = processes
        ran = bool(_session(leader, directory))
        leader.send(signal.SIGTERM)
        if not _within(patience_s, lambda: not _session(leader, directory)):
            for one in _session(leader, directory):
                one.send(signal.SIGKILL)
            _within(2, lambda: not _session(leader, directory))
        # honcho's own process beside each of ours ends by itself when its child has, unless nobody reads its queue.
        if not _within(1, lambda: not any(keeper.lives for keeper in keepers)):
            for keeper in keepers:
                keeper.send(signal.SIGKILL)
    file.unlink(missing_ok=True)
    return ran


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
