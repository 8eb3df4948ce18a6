"""A Valkey of our own: loopback, a free port, a generated password that no command line shows, an append-only file."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.local import binaries, copies, orphans
from config.local.console import CannotStart, fresh_log, short, tail
from config.local.places import Places

START_S = 20


class Valkey:
    """One directory and its server. The configuration file is also where port and password are remembered."""

    def __init__(self, places: Places) -> None:
        self.account = places.account
        self.directory = self.account.own(places.theirs / "valkey")
        self.conf = self.directory / "valkey.conf"
        self.log = places.log("valkey")
        self._server: subprocess.Popen[bytes] | None = None  # if this process started it
        self._record = places.records / "valkey.server"
        found = binaries.valkey_binary()
        self._binary = copies.program(self.account, found, found.parent)

    @property
    def url(self) -> str:
        remembered = self._remembered()
        return f"redis://:{remembered['requirepass']}@127.0.0.1:{remembered['port']}/0"

    def version(self) -> str:
        """The version of our server if it answers, or nothing."""
        about = self._about()
        return str(about.get("valkey_version") or about.get("redis_version") or "")

    def start(self) -> bool:
        """Bring it up; true if it was up already and has been adopted."""
        if self.version():
            return True
        # Two servers must not append to one file: a recorded one that lives but does not answer goes first.
        orphans.end(self._record, self.directory.resolve())
        fresh_log(self.log)
        for _ in range(3):  # another program may take the port between our look and the server's
            self._configure()
            if self._try_start():
                return False
        raise CannotStart(
            f"Valkey did not start. It holds no money and no seats: {short(self.directory)} may be removed.\n"
            + tail(self.log)
        )

    def stop(self) -> None:
        """Shut down cleanly, the append-only file written out; by signal if it does not answer."""
        if self.version():
            with self._client() as client, contextlib.suppress(redis.RedisError):
                client.shutdown()  # its answer is a closed connection
        orphans.end(self._record, self.directory.resolve())
        if self._server:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(30)

    def _client(self) -> redis.Redis:
        # No retry: whether it answers now is the question.
        return redis.Redis.from_url(self.url, socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def _about(self) -> dict[str, Any]:
        """What our server says of itself; nothing if there is none or it is somebody else's."""
        if not self._remembered():
            return {}
        try:
            with self._client() as client:
                about: Any = client.info("server")
                where: Any = client.config_get("dir")
        except redis.RedisError:
            return {}
        # Port and password alone would also fit the server of a checkout this one was copied from, var/ and all.
        return dict(about) if Path(where["dir"]).resolve() == self.directory.resolve() else {}

    def _remembered(self) -> dict[str, str]:
        if not self.conf.exists():
            return {}
        pairs = (line.split(" ", 1) for line in self.conf.read_text(encoding="utf-8").splitlines() if line)
        settings = {pair[0]: pair[-1] for pair in pairs}
        return settings if {"port", "requirepass"} <= settings.keys() else {}

    def _configure(self) -> None:
        """Write the configuration, with the port and the password of the last time where they can still be used."""
        before = self._remembered()
        port = before.get("port", "")
        settings = {
            "bind": "127.0.0.1",
            "port": port if port and _is_free(int(port)) else str(_free_port()),
            "requirepass": before.get("requirepass") or secrets.token_hex(24),
            "dir": json.dumps(str(self.directory), ensure_ascii=False),  # quoted: the path may hold a space
            "appendonly": "yes",
            "daemonize": "no",
        }
        temporary = self.conf.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        if self.account.changes:
            shutil.chown(temporary, self.account.uid, self.account.gid)
        temporary.replace(self.conf)

    def _try_start(self) -> bool:
        with self.log.open("ab") as output:
            server = self._server = self.account.spawn([self._binary, self.conf], output)
        orphans.record(self._record, server.pid)
        until = time.monotonic() + START_S
        while time.monotonic() < until and server.poll() is None:
            if self.version():
                return True
            time.sleep(0.05)
        if server.poll() is None:
            server.terminate()
            server.wait()
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
