"""`bin/bench reads`: what is left of a house of 60,000 numbered seats, and how each of them stands.

A third is sold, some held, some in baskets, the rest open. Each read as a function beside the least SQL that reads the
same rows (a count by status; the statuses in one string), then over HTTP: the picture, and a poll when nothing has
changed, with the bytes on the wire, plain and as gzip would send them.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from bench import ground, web
from bench.figures import Report, percentile
from bench.http_load import Answers, Request, load

ROWS, EACH = 1000, 60
TIMES = 40

_COUNT = """
SELECT section_id, tier_id, status, count(*) FROM inventory_place WHERE show_id = %s GROUP BY 1, 2, 3
"""
_STRING = """
SELECT string_agg(left(status, 1), '' ORDER BY id) FROM inventory_place WHERE show_id = %s
"""


def main(report: Report, quick: bool) -> None:
    from bench.houses import seated_show

    ground.make_database()
    given = seated_show(ROWS, EACH, progress=report.say)
    _let_it_live(given)
    ground.settle()
    _functions(report, given, 5 if quick else TIMES)
    with web.serving(RATE_VISITOR_READ_ADDRESS="0") as port:  # one address stands for a crowd
        _over_http(report, given, port, 1 if quick else 4)


def _let_it_live(given: dict[str, Any]) -> None:
    """Sell a third of the house, seats here and there, hold some rows, leave some seats in baskets."""
    from inventory.acts import Best, By, Seats
    from inventory.models import Channel, Place
    from inventory.services.holds import place_hold
    from inventory.services.locking import lock_places
    from inventory.services.locks import commit_lock

    by, counter = By(actor="system:bench"), Channel.objects.get(code="counter").pk
    # Scattered, so that nothing compresses for being regular.
    scattered = list(
        Place.objects.filter(show_id=given["show"]).exclude(row__startswith="R9").values_list("pk", flat=True)
    )
    Random(1).shuffle(scattered)
    for first in range(0, ROWS * EACH // 3, 500):
        wanted = Seats(scattered[first : first + 500])
        lock = lock_places(show_id=given["show"], channel_id=counter, wanted=wanted, by=by)
        commit_lock(claim_id=lock.claim_id, by=by)
    for row in range(900, 920):
        seats = Place.objects.filter(show_id=given["show"], row=f"R{row}").values_list("pk", flat=True)
        place_hold(show_id=given["show"], wanted=Seats(list(seats)), purpose="sponsor", party="Bench", by=by)
    for _ in range(200):
        lock_places(show_id=given["show"], channel_id=counter, wanted=Best(2), by=by)


def _functions(report: Report, given: dict[str, Any], times: int) -> None:
    from inventory.acts import Best, By
    from inventory.models import Channel
    from inventory.queries.stock import availability, by_channel, seat_states
    from inventory.services.locking import lock_places

    show, web_channel = given["show"], given["channel"]
    counter = Channel.objects.get(code="counter").pk
    first = seat_states(show, channel_id=web_channel, public=True)
    assert first is not None
    known = [first.version]

    def one_lock() -> None:
        lock_places(show_id=show, channel_id=counter, wanted=Best(2), by=By(actor="system:bench"))

    def difference() -> None:
        seen = seat_states(show, channel_id=web_channel, public=True, since=known[0])
        assert seen is not None
        assert seen.letters is None
        assert len(seen.changes) in (0, 2)
        known[0] = seen.version

    reads: list[tuple[str, str, Callable[[], object], Callable[[], object]]] = [
        ("availability", _COUNT, lambda: availability(show, channel_id=web_channel), lambda: None),
        ("by_channel", _COUNT, lambda: by_channel(show), lambda: None),
        (
            "seat_states, the picture",
            _STRING,
            lambda: seat_states(show, channel_id=web_channel, public=True),
            lambda: None,
        ),
        ("seat_states, after one lock", _STRING, difference, one_lock),
        ("seat_states, nothing changed", _STRING, difference, lambda: None),
    ]
    for case, statement, read, before in reads:
        floors, took = [], []
        for _ in range(times):
            floors.append(_timed(partial(ground.rows, statement, show)))
            before()
            took.append(_timed(read))
        report.figure(case, "p50", percentile(took, 0.5) * 1000, "ms", percentile(floors, 0.5) * 1000)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _over_http(report: Report, given: dict[str, Any], port: int, for_s: float) -> None:
    slug = given["slug"]
    version = web.header(web.ask(port, "GET", f"/api/v1/shows/{slug}/seat-states"), "ETag")
    since = version.strip('"')
    polls = {
        "GET availability": (f"/api/v1/shows/{slug}/availability", {}),
        "GET seats (geometry)": (f"/api/v1/shows/{slug}/seats?v=1", {}),
        "GET seat-states, the picture": (f"/api/v1/shows/{slug}/seat-states", {}),
        "GET seat-states?since, nothing changed": (f"/api/v1/shows/{slug}/seat-states?since={since}", {}),
        "GET seat-states, If-None-Match": (f"/api/v1/shows/{slug}/seat-states", {"If-None-Match": version}),
    }
    for case, (path, headers) in polls.items():
        asked = web.request("GET", path, headers)
        ran = load(port, _always(asked), clients=16, for_s=for_s)
        assert set(ran.statuses) <= {200, 204, 304}, ran.example
        _tell(report, case, ran)


def _always(asked: bytes) -> Request:
    return lambda connection, number: asked


def _tell(report: Report, case: str, ran: Answers) -> None:
    report.figure(case, "rate", ran.rate, "/s")
    report.figure(case, "p50 of 16", ran.ms(0.5), "ms")
    report.figure(case, "p99 of 16", ran.ms(0.99), "ms")
    report.figure(case, "answer", len(ran.example), "bytes")
    body = ran.example.partition(b"\r\n\r\n")[2]
    if len(body) > 1000:
        report.figure(case, "body, gzip", len(gzip.compress(body, 6)), "bytes")
