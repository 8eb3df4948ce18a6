"""The processes of the program, and the sandbox gateway beside them, run by honcho: if one ends, all end."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from honcho.compat import ProcessManager
from honcho.manager import Manager

from config.local import orphans, sandbox
from config.local.console import BASE_DIR, CannotStart, fresh_log, say, tail
from config.local.places import Places

_STARTED = re.compile(r"(\w+) started \(pid=(\d+)\)")
_STOPPED = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")


def commands(host: str, port: int, gateway: tuple[str, int] | None = None) -> dict[str, list[str]]:
    """How each process is started; `gateway` is where the sandbox is to be served."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery"]
    web = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning"]
    # A request waits for the database more than it computes: more threads than cores, each with one connection.
    web += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "4"]
    scheduler = ["-S", "django_celery_beat.schedulers:DatabaseScheduler"]
    beside = {"sandbox": sandbox.command(*gateway)} if gateway else {}
    return {
        "web": [sys.executable, "-m", "granian", *web, "config.wsgi:application"],
        "worker": [*celery, "worker", "--loglevel", "WARNING", "-c", "2", "--without-gossip", "--without-mingle"],
        # Remote control lets `inspect ping` ask beat too.
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--enable-remote-control", *scheduler],
        **beside,
    }


def environment(found: Mapping[str, str]) -> dict[str, str]:
    """What the processes are told: ours, and the addresses of the servers."""
    plain = {"LOG_FORMAT": "plain"} if sys.stdout.isatty() else {}
    # As root Celery prints a page of advice; whoever starts this as root has chosen to.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"} if os.geteuid() == 0 else {}
    return {"PYTHONUNBUFFERED": "1", **plain, **quiet, **os.environ, **found}


class _Leaders(ProcessManager):  # type: ignore[misc]
    """Ask the leader only: Celery's pool would die under a group's SIGTERM with its task half done."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class _Book:
    """What honcho prints to: a log for each process, and a record of each pid for the start after a kill."""

    width = 0  # honcho sets it

    def __init__(self, places: Places, names: Mapping[str, object]) -> None:
        self._records = places.records
        self._logs: dict[str, IO[bytes]] = {name: fresh_log(places.log(name)).open("wb", 0) for name in names}
        self._unstarted = set(names)
        self.on_started: Callable[[], None] = lambda: None
        self.first_stopped = ""
        self.first_status = ""
        self.echo = False
        self.ending = False

    def write(self, message: Any) -> None:
        if message.name in self._logs:
            self._logs[message.name].write(message.data)
            if self.echo and not self.ending:
                say(f"{message.name:>7} | {message.data.decode(errors='replace').rstrip()}")
        elif started := _STARTED.match(message.data):
            self._note_start(started[1], int(started[2]))
        elif (stopped := _STOPPED.match(message.data)) and not self.first_stopped:
            self.first_stopped, self.first_status = stopped[1], stopped[2]

    def _note_start(self, name: str, pid: int) -> None:
        orphans.record(self._records / f"{name}.pid", pid, orphans.parent_of(pid))
        self._unstarted.discard(name)
        if not self._unstarted:
            self.on_started()


class Processes(Manager):  # type: ignore[misc]
    """honcho's manager with logs and records. `watch` runs beside it as soon as all processes have been started."""

    def __init__(self, places: Places, wanted: Mapping[str, list[str]], told: Mapping[str, str]) -> None:
        self.book = _Book(places, wanted)
        super().__init__(printer=self.book)
        self._places = places
        self._procmgr = _Leaders()
        self._asked = False
        for name, command in wanted.items():
            # exec: the pid is then the program's own, not a shell's.
            self.add_process(name, f"exec {shlex.join(command)}", env=dict(told), cwd=str(BASE_DIR))

    def run(self, watch: Callable[[], None]) -> None:
        """Return when all have ended because that was asked for; refuse if one ended by itself."""
        # Not before: honcho forks, and a thread may hold a lock that the fork would wait for.
        self.book.on_started = threading.Thread(target=watch, daemon=True).start
        # A closed terminal is a Ctrl-C for whoever sat before it.
        signal.signal(signal.SIGHUP, lambda *_: self.stop())
        self.loop()
        if not self._asked:
            name, status = self.book.first_stopped, self.book.first_status
            log = tail(self._places.log(name))
            raise CannotStart(f"{name} ended by itself (exit status {status}), so all were ended.\n{log}")

    def stop(self) -> None:
        """End them all, as a Ctrl-C does; may be called from any thread."""
        os.kill(os.getpid(), signal.SIGTERM)

    def terminate(self) -> None:
        """As honcho's, which fails if it comes before every process has told its pid."""
        self._asked = self._asked or not self.book.first_stopped
        self.book.ending = True
        if self._all_started():
            super().terminate()
        else:
            again = threading.Timer(0.1, self.terminate)
            again.daemon = True
            again.start()
