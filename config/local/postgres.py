"""A PostgreSQL cluster of our own: made, started, adopted, stopped. Durable, and reached by one private socket only."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from config.local import binaries, copies, orphans
from config.local.console import CannotStart, fresh_log, short, tail
from config.local.places import PORT, Places

START_S = 60
RETRY_S = 10
# What a start says while a killed server is still being cleared away: by the kernel, or by its last backends.
_TRANSIENT = ("lock file", "pre-existing shared memory block", "is another postmaster")


class Cluster:
    """One data directory and its server. `name` tells the clusters of one set apart."""

    def __init__(self, places: Places, name: str = "postgres", bin_dir: Path | None = None) -> None:
        self.account = places.account
        self._is_throwaway = places.is_throwaway
        self.data = places.theirs / name
        self.socket = places.socket(f"{name}-socket")
        self.log = places.log(name)
        self._children: list[subprocess.Popen[bytes]] = []
        found = bin_dir or binaries.postgres_bin()
        self.bin = copies.program(self.account, found / "postgres", found.parent).parent

    @property
    def superuser(self) -> str:
        """How the superuser connects. No password: only this account and root can enter the socket's directory."""
        return make_conninfo(host=str(self.socket), port=PORT, user="postgres", dbname="postgres", connect_timeout=5)

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@:{PORT}/{database}?host={quote(str(self.socket))}"

    def version(self) -> str:
        """The version of the server that answers, or nothing."""
        try:
            with psycopg.connect(self.superuser) as connection:
                here = connection.execute("SELECT current_setting('data_directory')").fetchone()
                if here is None or Path(here[0]).resolve() != self.data.resolve():
                    return ""
                return str(connection.info.parameter_status("server_version")).split()[0]
        except psycopg.OperationalError:
            return ""

    def start(self) -> bool:
        """Bring it up; true if it was up already and has been adopted."""
        self._refuse_other_major()
        if self.version():
            return True
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._forget_stale_locks()
        fresh_log(self.log)
        until = time.monotonic() + RETRY_S
        while not self._try_start():
            if time.monotonic() > until:
                raise CannotStart(f"PostgreSQL did not start.\n{tail(self.log)}")
            time.sleep(0.5)
            self._forget_stale_locks()
        return False

    def stop(self) -> None:
        """Shut down cleanly; sessions that are still open are ended, transactions that are still open roll back."""
        if (self.data / "postmaster.pid").exists():
            self.account.run([self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop"])
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(30)

    def _refuse_other_major(self) -> None:
        file = self.data / "PG_VERSION"
        if not file.exists():
            return
        theirs, ours = file.read_text().strip(), binaries.major(self.bin)
        if theirs == str(ours):
            return
        raise CannotStart(
            f"{short(self.data)} was made by PostgreSQL {theirs}; the binaries in {self.bin} are PostgreSQL {ours}.\n"
            + ("" if self._is_throwaway else self._how_to_take_over(theirs))
            + f"To start with nothing, remove {short(self.data)}."
        )

    def _how_to_take_over(self, theirs: str) -> str:
        old = f"/usr/lib/postgresql/{theirs}/bin"
        servers = ".venv/bin/python -m config.local servers"
        reach = f"-h {shlex.quote(str(self.socket))} -p {PORT} -U postgres"
        return (
            f"To keep what is in it, take it over by the binaries of {theirs} (apt-get install postgresql-{theirs}):\n"
            f"  POSTGRES_BIN={old} {servers} start\n"
            f"  {old}/pg_dump {reach} -Fc -f housefull.dump housefull\n"
            f"  POSTGRES_BIN={old} {servers} stop\n"
            f"  mv {shlex.quote(str(self.data))} {shlex.quote(f'{self.data}-{theirs}')}\n"
            f"  {servers} start\n"
            f"  {shlex.quote(str(self.bin / 'pg_restore'))} {reach} -d housefull housefull.dump\n"
            f"  {servers} stop\n"
        )

    def _initialise(self) -> None:
        # Beside its place and then renamed, so that a kill half-way leaves nothing that looks like a cluster.
        unfinished = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.own(unfinished)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        log = fresh_log(self.log)
        with log.open("wb") as output:
            failed = self.account.run([self.bin / "initdb", "-D", unfinished, *options], output)
        if failed:
            raise CannotStart(f"initdb failed.\n{tail(log)}")
        if self.data.exists():
            self.data.rmdir()  # an empty one; anything else is not ours to remove
        unfinished.rename(self.data)

    def _settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            # A list, of which each may be quoted: the path may hold a space.
            "unix_socket_directories": '"{}"'.format(str(self.socket).replace('"', '""')),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            # The ledger is what this program is for: a local start keeps it as safely as production does.
            "fsync": "on",
            "synchronous_commit": "on",
        }
        if any(self.bin.parent.glob("lib/**/pg_stat_statements.*")):
            settings["shared_preload_libraries"] = "pg_stat_statements"
        return settings

    def _try_start(self) -> bool:
        """Start the server and wait until it answers; false if a server that was killed is still in the way."""
        arguments = [f"--{name}={value}" for name, value in self._settings().items()]
        with self.log.open("ab") as output:
            before = output.tell()
            server = self.account.spawn([self.bin / "postgres", "-D", self.data, *arguments], output)
        self._children.append(server)
        try:
            if self._wait_for(server):
                return True
        except BaseException:  # a Ctrl-C, say: nobody else knows of it yet
            server.send_signal(signal.SIGINT)
            server.wait(30)
            raise
        said = self.log.read_bytes()[before:].decode(errors="replace")
        if any(words in said for words in _TRANSIENT):
            return False
        raise CannotStart(f"PostgreSQL did not start.\n{tail(self.log)}")

    def _wait_for(self, server: subprocess.Popen[bytes]) -> bool:
        """True when it answers, false if it ended instead."""
        until = time.monotonic() + START_S
        while server.poll() is None:
            if self.version():
                return True
            if time.monotonic() > until:
                raise CannotStart(f"PostgreSQL did not answer within {START_S} s.\n{tail(self.log)}")
            time.sleep(0.05)
        return False

    def _forget_stale_locks(self) -> None:
        """Remove lock files whose pid is a zombie's or a stranger's, which PostgreSQL takes for a living server's.

        A killed server is a zombie until its parent asks after it, which some containers never do; and after a hard
        stop of the machine its pid may be anybody's. Sessions of a killed server that are still alive are noticed by
        PostgreSQL itself, by the memory they share.
        """
        for lock in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError, ValueError):
                if not self._may_be_ours(int(lock.read_text().split("\n", 1)[0])):
                    lock.unlink()

    def _may_be_ours(self, pid: int) -> bool:
        """A postmaster works in its data directory. Without /proc we cannot know, and take it for ours."""
        if not orphans.PROC.exists():
            return True
        return orphans.start_of(pid) != "" and orphans.works_in(pid) == self.data.resolve()
