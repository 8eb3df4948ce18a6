"""How often one may ask; and a lost Redis refuses nobody."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from redis import Redis

from core import throttles
from core.redis import ask
from tests.api.described import operations
from tests.houses import make_show, standing, statuses
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
ONE = {"quantity": 1, "tiers": ["general"]}


@pytest.fixture(autouse=True)
def _a_fresh_minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of this test process's own, empty; and a clock that stands still twenty seconds into a minute."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.REDIS_URL = settings.REDIS_URL.rpartition("/")[0] + f"/{1 + int(worker) % 15}"
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.flushdb()
    monkeypatch.setattr("core.throttles.time.time", lambda: 1_800_000_020.0)
    monkeypatch.setitem(throttles._down, "until", 0.0)
    monkeypatch.setitem(throttles._down, "told", -60.0)


def test_an_address_that_reads_too_often_is_told_when_to_come_back(visitor: Shop, settings: Any) -> None:
    settings.THROTTLES = {"visitor_read_address": 3}

    answers = [visitor.get("shows") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert said(answers[-1]) == (429, "throttled")
    assert answers[-1].json()["facts"] == {"retry_after_s": 40}
    assert answers[-1].headers["Retry-After"] == "40"
    assert Shop(address="203.0.113.99").get("shows").status_code == 200


def test_the_next_minute_counts_anew(visitor: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.THROTTLES = {"visitor_read_address": 1}
    visitor.get("shows")
    assert visitor.get("shows").status_code == 429

    monkeypatch.setattr("core.throttles.time.time", lambda: 1_800_000_061.0)

    assert visitor.get("shows").status_code == 200


def test_one_browser_writes_only_so_often_and_nothing_is_kept_of_the_refusal(visitor: Shop, settings: Any) -> None:
    show = make_show(standing(9))
    visitor.lock(show, best=ONE)  # from here on it has its cookie
    settings.THROTTLES = {"visitor_write_name": 1, "visitor_write_address": 100}

    answers = [visitor.lock(show, best=ONE), visitor.lock(show, best=ONE, key="k")]
    settings.THROTTLES = {}
    again = visitor.lock(show, best=ONE, key="k")

    assert [answer.status_code for answer in (*answers, again)] == [201, 429, 201]
    assert statuses(show) == {"locked": 3, "open": 6}


def test_without_cookies_the_address_counts(settings: Any) -> None:
    show = make_show(standing(9))
    settings.THROTTLES = {"visitor_write_name": 1, "visitor_write_address": 2}

    assert [Shop().lock(show, best=ONE).status_code for _ in range(3)] == [201, 201, 429]


def test_a_key_has_its_own_rate_and_no_address(partner: Shop, visitor: Shop, settings: Any) -> None:
    settings.THROTTLES = {"visitor_read_address": 1, "key_read_name": 2}

    assert [partner.get("shows").status_code for _ in range(3)] == [200, 200, 429]
    assert visitor.get("shows").status_code == 200


def test_a_lost_redis_refuses_nobody_and_is_logged_once_a_minute(
    visitor: Shop, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLES, settings.REDIS_URL = {"visitor_read_address": 1}, "redis://127.0.0.1:1/0"
    monkeypatch.setattr(throttles, "REST_S", 0.0)

    with caplog.at_level(logging.WARNING, logger="core.throttles"):
        answers = [visitor.get("shows") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(caplog.records) == 1


def test_after_a_failure_redis_is_left_alone_for_a_moment(
    visitor: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLES, settings.REDIS_URL = {"visitor_read_address": 1}, "redis://127.0.0.1:1/0"
    asked: list[object] = []
    monkeypatch.setattr(throttles, "ask", _noting(asked))

    for _ in range(3):
        visitor.get("shows")

    assert len(asked) == 1


def test_one_round_trip_counts_everything(visitor: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    show = make_show(standing(9))
    settings.THROTTLES = {"visitor_write_name": 9, "visitor_write_address": 9}
    sent: list[object] = []
    visitor.lock(show, best=ONE)  # the script is known from here on
    monkeypatch.setattr(throttles, "ask", _noting(sent))

    visitor.lock(show, best=ONE)

    assert sent == ["EVALSHA"]


def _noting(names: list[object]) -> Callable[..., Any]:
    def noted(*command: str | int) -> Any:
        names.append(command[0])
        return ask(*command)

    return noted


NAMES = {"slug": "hamlet", "lock_id": "a" * 26, "reference": "a" * 26, "payment_id": "a" * 26}


def test_every_write_is_counted_but_the_gateways(settings: Any) -> None:
    """A gateway that is refused tells us later, or not at all; what it must bring is a signature."""
    settings.THROTTLES = {"visitor_write_address": 1, "visitor_write_name": 1}
    writes = [name for name in operations() if name[0] != "get"]

    for number, (method, path) in enumerate(writes):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        answers = [client.generic(method.upper(), path.format(**NAMES)) for _ in range(3)]
        counted = [answer.status_code == 429 for answer in answers]
        assert counted == ([False] * 3 if "webhooks" in path else [False, True, True]), path
