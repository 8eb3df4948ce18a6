"""The web process for benchmarks: granian as `bin/up` starts it, on the benchmark's database."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bench import ground


@contextmanager
def serving(application: str = "config.wsgi:application", **told: str) -> Iterator[int]:
    """Run the application; its port. Ends by its own process id."""
    from config.local.processes import commands

    port = unused_port()
    command = [*commands("127.0.0.1", port)["web"][:-1], application]
    environment = {**os.environ, "DATABASE_URL": ground.program_url(), "LOG_LEVEL": "ERROR", **told}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def unused_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    """Return as soon as somebody listens there. Raises OSError after half a minute."""
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Any) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as asked:
                asked.sendall(b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if asked.recv(64).startswith(b"HTTP/1.1 "):
                    return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"the web process does not answer:\n{log.read().decode(errors='replace')[-2000:]}")


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request's bytes for a keep-alive connection."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port: int, method: str, path: str) -> bytes:
    """One answer's bytes."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request(method, path, {"Connection": "close"}))
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def header(answer: bytes, name: str) -> str:
    """A header of an answer."""
    for line in answer.partition(b"\r\n\r\n")[0].decode().split("\r\n"):
        said, _, value = line.partition(":")
        if said.lower() == name.lower():
            return value.strip()
    raise KeyError(name)
