"""Load over HTTP: many keep-alive connections in a few processes, each asking again as soon as it is answered.

A bare client on sockets, so that two cores are left to what is measured. Loopback only; bounded by time.
"""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.figures import percentile

Request = Callable[[int, int], bytes]
"""The bytes of request number n of one connection: `request(connection, n)`."""


@dataclass(slots=True)
class Answers:
    """What came back: seconds for each answer, how many of each status, and one answer's bytes as an example."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    for_s: float = 0.0
    example: bytes = b""

    @property
    def rate(self) -> float:
        return len(self.times) / self.for_s

    def ms(self, share: float) -> float:
        return percentile(self.times, share) * 1000


@dataclass(slots=True)
class _Connection:
    number: int
    socket: socket.socket
    asked: int = 0
    began: float = 0.0
    got: bytes = b""


def load(port: int, request: Request, *, clients: int, for_s: float, processes: int = 2) -> Answers:
    """Ask 127.0.0.1:`port` for `for_s` seconds on so many connections."""
    context = multiprocessing.get_context("fork")
    parts: multiprocessing.Queue[Answers | str] = context.Queue()
    start = context.Barrier(processes)
    shares = [range(first, clients, processes) for first in range(processes)]
    workers = [
        context.Process(target=_ask_or_say, args=(port, request, share, for_s, start, parts), daemon=True)
        for share in shares
    ]
    for worker in workers:
        worker.start()
    whole = Answers(for_s=for_s)
    for part in [parts.get(timeout=for_s + 60) for _ in workers]:
        if isinstance(part, str):
            raise RuntimeError(part)
        whole.times += part.times
        whole.statuses += part.statuses
        whole.example = whole.example or part.example
    for worker in workers:
        worker.join()
    return whole


def _ask_or_say(
    port: int, request: Request, numbers: range, for_s: float, start: Any, parts: multiprocessing.Queue[Answers | str]
) -> None:
    try:
        parts.put(_ask(port, request, numbers, for_s, start))
    except Exception:  # noqa: BLE001  the parent raises it
        start.abort()
        parts.put(traceback.format_exc())


def _ask(port: int, request: Request, numbers: range, for_s: float, start: Any) -> Answers:
    answers = Answers()
    ready = selectors.DefaultSelector()
    connections = []
    for number in numbers:
        connection = _Connection(number, socket.create_connection(("127.0.0.1", port)))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.register(connection.socket, selectors.EVENT_READ, connection)
        connections.append(connection)
    start.wait()
    end = time.perf_counter() + for_s
    for connection in connections:
        _send(connection, request)
    waiting = len(connections)
    while waiting:
        for key, _ in ready.select(30):
            connection = key.data
            answer = _received(connection)
            if answer is None:
                continue
            now = time.perf_counter()
            answers.times.append(now - connection.began)
            answers.statuses[int(answer[9:12])] += 1
            answers.example = answers.example or answer
            if now < end:
                _send(connection, request)
            else:
                waiting -= 1
    for connection in connections:
        connection.socket.close()
    return answers


def _send(connection: _Connection, request: Request) -> None:
    connection.began, connection.got = time.perf_counter(), b""
    connection.socket.sendall(request(connection.number, connection.asked))
    connection.asked += 1


def _received(connection: _Connection) -> bytes | None:
    """The whole answer, or None while some of it is still to come."""
    chunk = connection.socket.recv(262_144)
    if not chunk:
        raise ConnectionError("the server closed the connection")
    connection.got += chunk
    head, blank, body = connection.got.partition(b"\r\n\r\n")
    if not blank:
        return None
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
    is_bodiless = head[9:12] in (b"304", b"204")
    if length is None and not is_bodiless:
        raise ValueError(f"an answer without a length: {head!r}")
    return connection.got if len(body) >= (0 if is_bodiless else length or 0) else None
