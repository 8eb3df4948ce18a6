"""`bin/bench api`: a lock over HTTP through the whole stack, beside a bare DRF view that runs one equivalent statement.

Both under granian with two workers, on the same database, in turn. Every request is another buyer's, with a
cookie, an address (behind one trusted proxy) and an Idempotency-Key of its own: caps are counted, and answers kept.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from bench import ground, web
from bench.figures import Report
from bench.http_load import Answers, Request, load

CLIENTS = (16, 64)
SECONDS, ROUNDS = 4, 5
PLACES = 120_000
TELLING: list[tuple[str, str, Callable[[Answers], float]]] = [
    ("rate", "locks/s", lambda ran: ran.rate),
    ("p50", "ms", lambda ran: ran.ms(0.5)),
    ("p99", "ms", lambda ran: ran.ms(0.99)),
]


def whole(slug: str) -> Request:
    """Two places, the best together, as the storefront asks for them."""
    body = json.dumps({"best": {"quantity": 2}, "lock_for_s": 60}).encode()

    def request(connection: int, number: int) -> bytes:
        random = secrets.token_hex(16)
        headers = {"Idempotency-Key": random, "Cookie": f"hf_buyer={random}", "X-Forwarded-For": _address(random)}
        return web.request("POST", f"/api/v1/shows/{slug}/locks", headers, body)

    return request


def floor(given: dict[str, Any]) -> Request:
    """The same lock by the statement alone."""

    def request(connection: int, number: int) -> bytes:
        random = secrets.token_hex(16)
        body = {"show": given["show"], "channel": given["channel"], "tier": given["tier"], "quantity": 2}
        body |= {"session": random, "address": random[::-1]}
        return web.request("POST", "/lock", {}, json.dumps(body).encode())

    return request


def _address(random: str) -> str:
    return f"10.{int(random[:2], 16)}.{int(random[2:4], 16)}.{int(random[4:6], 16)}"


def main(report: Report, quick: bool) -> None:
    from bench.houses import seated_show, standing_show

    ground.make_database()
    houses = {
        "general admission": standing_show(PLACES, capped=True, slug="standing", progress=report.say),
        "pairs of seats": seated_show(1000, 120, slug="seated", progress=report.say),
    }
    ground.settle()
    with web.serving(TRUSTED_PROXIES="1") as port, web.serving("bench.floor.wsgi:application") as floor_port:
        for house, given in houses.items():
            requests = {"floor": (floor_port, floor(given)), "api": (port, whole(given["slug"]))}
            for which, (at, request) in requests.items():
                warm = load(at, request, clients=8, for_s=1)
                assert set(warm.statuses) == {201}, (which, warm.statuses, warm.example)
            for clients in CLIENTS:
                _compare(report, f"{house}, {clients} clients", requests, clients, 1 if quick else ROUNDS)


def _compare(report: Report, case: str, requests: dict[str, tuple[int, Request]], clients: int, rounds: int) -> None:
    ran: dict[str, list[Answers]] = {which: [] for which in requests}
    for _ in range(rounds):
        for which, (port, request) in requests.items():
            ran[which].append(load(port, request, clients=clients, for_s=SECONDS))
    for which, answers in ran.items():
        refused = sum((answer.statuses for answer in answers), start=type(answers[0].statuses)())
        assert set(refused) == {201}, (which, refused)
    for figure, unit, of in TELLING:
        report.compare(f"{case}: bare view", figure, [of(one) for one in ran["floor"]], unit, None)
        report.compare(case, figure, [of(one) for one in ran["api"]], unit, [of(one) for one in ran["floor"]])
