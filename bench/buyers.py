"""Buyers over HTTP: each goes the whole way from a lock to tickets, one request after the other, on a kept connection.

The captured payment is played: a webhook like the gateway's, with its signature, sent by the load itself. Bare sockets
in a few processes, so that two cores are left to what is measured. Loopback only, bounded by time and by number.
"""

from __future__ import annotations

import hmac
import json
import multiprocessing
import secrets
import selectors
import socket
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from bench.web import request

STEPS = ("lock", "order", "pay", "webhook", "tickets")
LOOK_AGAIN_S = 0.05
PATIENCE_S = 15  # after the end, nobody waits longer for tickets


@dataclass(slots=True)
class Bought:
    """What came of all buyers: seconds of each step, from a lock to tickets in hand, and every odd answer."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    looks: int = 0
    orders: int = 0
    tickets: int = 0
    odd: Counter[str] = field(default_factory=Counter)
    first_at: float = 0.0
    last_at: float = 0.0

    def add(self, other: Bought) -> None:
        for step, times in other.times.items():
            self.times[step] += times
        self.looks += other.looks
        self.orders += other.orders
        self.tickets += other.tickets
        self.odd += other.odd
        self.first_at = min(self.first_at or other.first_at, other.first_at)
        self.last_at = max(self.last_at, other.last_at)


@dataclass(slots=True)
class Buyer:
    """One connection, and the purchase that is under way on it."""

    socket: socket.socket
    step: str = ""
    began: float = 0.0
    set_out: float = 0.0
    sent: float = 0.0
    got: bytes = b""
    cookie: str = ""
    order: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where buyers go: the web's port, the show, how many each wants, and the secret that signs webhooks."""

    port: int
    slug: str
    quantity: int
    secret: bytes
    body: dict[str, Any] = field(default_factory=dict)


def rush(way: Way, *, clients: int, for_s: float, processes: int = 2) -> Bought:
    """Have so many buy at a time for so long; whoever has set out comes home."""
    context = multiprocessing.get_context("fork")
    parts: multiprocessing.Queue[Bought | str] = context.Queue()
    start = context.Barrier(processes)
    shares = [len(range(first, clients, processes)) for first in range(processes)]
    workers = [
        context.Process(target=_buy_or_say, args=(way, share, for_s, start, parts), daemon=True) for share in shares
    ]
    for worker in workers:
        worker.start()
    whole = Bought()
    for _ in workers:
        part = parts.get(timeout=for_s + 120)
        if isinstance(part, str):
            raise RuntimeError(part)
        whole.add(part)
    for worker in workers:
        worker.join()
    return whole


def _buy_or_say(way: Way, share: int, for_s: float, start: Any, parts: multiprocessing.Queue[Bought | str]) -> None:
    try:
        parts.put(_Crowd(way).buy(share, for_s, start))
    except Exception:  # noqa: BLE001  the parent raises it
        start.abort()
        parts.put(traceback.format_exc())


class _Crowd:
    """The buyers of one process."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.bought = Bought()
        self.ready = selectors.DefaultSelector()
        self.waiting: list[tuple[float, int, Buyer]] = []
        self.end = 0.0

    def buy(self, share: int, for_s: float, start: Any) -> Bought:
        buyers = [self._arrive() for _ in range(share)]
        start.wait()
        self.bought.first_at = time.time()
        self.end = time.perf_counter() + for_s
        under_way = sum(self._set_out(buyer) for buyer in buyers)
        while under_way:
            while self.waiting and self.waiting[0][0] <= time.perf_counter():
                self._ask(heappop(self.waiting)[2], "tickets")
            pause = max(0.0, self.waiting[0][0] - time.perf_counter()) if self.waiting else 30
            for key, _ in self.ready.select(min(pause, 30)):
                answer = _received(key.data)
                if answer is not None and not self._go_on(key.data, *answer):
                    under_way -= 1
        self.bought.last_at = time.time()
        for buyer in buyers:
            buyer.socket.close()
        return self.bought

    def _arrive(self) -> Buyer:
        buyer = Buyer(socket.create_connection(("127.0.0.1", self.way.port)))
        buyer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ready.register(buyer.socket, selectors.EVENT_READ, buyer)
        return buyer

    def _set_out(self, buyer: Buyer) -> bool:
        """A new buyer on this connection, from another address; False when the time is over."""
        buyer.set_out = time.perf_counter()
        if buyer.set_out >= self.end:
            return False
        buyer.cookie = ""
        random = secrets.token_bytes(3)
        buyer.address = f"10.{random[0]}.{random[1]}.{random[2]}"
        wanted = {"best": {"quantity": self.way.quantity, **self.way.body}}
        self._ask(buyer, "lock", "POST", f"/api/v1/shows/{self.way.slug}/locks", wanted)
        return True

    def _go_on(self, buyer: Buyer, status: int, head: bytes, body: bytes) -> bool:
        """What follows an answer; False where this connection has bought its last."""
        now = time.perf_counter()
        if buyer.step != "tickets":
            self.bought.times[buyer.step].append(now - buyer.sent)
        if status not in (200, 201):
            self.bought.odd[f"{buyer.step} {status} {body[:120].decode(errors='replace')}"] += 1
            return self._set_out(buyer)
        told = json.loads(body)
        match buyer.step:
            case "lock":
                buyer.cookie = _cookie(head)
                wanted = {"lock": told["id"], "contact": f"{buyer.address}@example.com"}
                self._ask(buyer, "order", "POST", "/api/v1/orders", wanted)
            case "order":
                buyer.order = told["id"]
                self._ask(buyer, "pay", "POST", f"/api/v1/orders/{buyer.order}/payments", {"way": "qr"})
            case "pay":
                self._tell(buyer, told["link"], told["amount_paise"])
            case "webhook":
                self._ask(buyer, "tickets")
            case "tickets":
                self.bought.looks += 1
                if not told["tickets"] and now < self.end + PATIENCE_S:
                    heappush(self.waiting, (now + LOOK_AGAIN_S, id(buyer), buyer))
                    return True
                if not told["tickets"]:
                    self.bought.odd["no tickets in time"] += 1
                    return False
                self.bought.times["tickets"].append(now - buyer.began)
                self.bought.times["whole"].append(now - buyer.set_out)
                self.bought.orders += 1
                self.bought.tickets += len(told["tickets"])
                return self._set_out(buyer)
        return True

    def _ask(self, buyer: Buyer, step: str, method: str = "GET", path: str = "", body: Any = None) -> None:
        headers = {"X-Forwarded-For": buyer.address}
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        if buyer.cookie:
            headers["Cookie"] = f"hf_buyer={buyer.cookie}"
        raw = b"" if body is None else json.dumps(body).encode()
        self._send(buyer, step, request(method, path or f"/api/v1/orders/{buyer.order}/tickets", headers, raw))

    def _tell(self, buyer: Buyer, link: str, amount_paise: int) -> None:
        """The gateway's news that this code was paid, signed as the gateway signs."""
        # The sandbox's reference names its code, as RZP<code>qrv2.
        code = "qr_" + link.partition("&tr=")[2].partition("&")[0].removeprefix("RZP").removesuffix("qrv2")
        raw = _credited(code, "pay_" + secrets.token_hex(7), amount_paise)
        signature = hmac.new(self.way.secret, raw, "sha256").hexdigest()
        headers = {"X-Razorpay-Signature": signature, "x-razorpay-event-id": secrets.token_hex(12)}
        self._send(buyer, "webhook", request("POST", "/api/v1/webhooks/razorpay", headers, raw))

    def _send(self, buyer: Buyer, step: str, raw: bytes) -> None:
        buyer.sent, buyer.got = time.perf_counter(), b""
        if buyer.step != step:
            buyer.step, buyer.began = step, buyer.sent
        buyer.socket.sendall(raw)


def _credited(code: str, payment: str, amount_paise: int) -> bytes:
    now = int(time.time())
    entity = {
        "id": payment,
        "entity": "payment",
        "amount": amount_paise,
        "currency": "INR",
        "status": "captured",
        "order_id": None,
        "method": "upi",
        "amount_refunded": 0,
        "captured": True,
        "vpa": "buyer@upi",
        "email": None,
        "contact": None,
        "notes": [],
        "fee": amount_paise // 50,
        "tax": amount_paise // 328,
        "acquirer_data": {"rrn": "123456789012"},
        "created_at": now,
    }
    body = {
        "entity": "event",
        "account_id": "acc_Bench",
        "event": "qr_code.credited",
        "contains": ["payment", "qr_code"],
        "payload": {
            "payment": {"entity": entity},
            "qr_code": {"entity": {"id": code, "entity": "qr_code", "notes": [], "status": "closed"}},
        },
        "created_at": now,
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _cookie(head: bytes) -> str:
    return head.partition(b"hf_buyer=")[2].partition(b";")[0].decode()


def _received(buyer: Buyer) -> tuple[int, bytes, bytes] | None:
    """Status, head and body of a whole answer; None while some of it is still to come."""
    chunk = buyer.socket.recv(262_144)
    if not chunk:
        raise ConnectionError("the server closed the connection")
    buyer.got += chunk
    head, blank, body = buyer.got.partition(b"\r\n\r\n")
    if not blank:
        return None
    at = head.lower().find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    return (int(head[9:12]), head, body) if len(body) >= length else None
