"""How often one may ask. Counted in Redis by the minute, in one round trip; without Redis nobody is refused."""

from __future__ import annotations

import logging
import time
from hashlib import blake2s, sha1
from typing import TYPE_CHECKING

from django.conf import settings
from redis import RedisError
from redis.exceptions import NoScriptError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.callers import Caller
from core.redis import ask

if TYPE_CHECKING:  # that module reads the settings that name this one
    from rest_framework.views import APIView

WINDOW_S = 60
REST_S = 1.0  # after a failure Redis is left alone so long
_SAFE = {"GET", "HEAD", "OPTIONS"}
_log = logging.getLogger(__name__)
_down = {"until": 0.0, "told": -WINDOW_S}


class Rates(BaseThrottle):
    """Refuses whoever is over one of their rates: `settings.THROTTLES`, requests a minute by `<kind>_<act>_<by>`.

    `visitor_read_address` is the rate of reads of one address, `key_write_name` that of one key's writes. What is not
    named there, or is 0, is not counted.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._now = time.time()
        caller = request.user
        act = "read" if request.method in _SAFE else "write"
        assert isinstance(caller, Caller)
        counted = _counted(caller, act)
        if not counted or time.monotonic() < _down["until"]:
            return True
        window = int(self._now // WINDOW_S)
        keys = [
            f"throttle:{name}:{blake2s(subject.encode(), digest_size=12).hexdigest()}:{window}"
            for name, subject, _ in counted
        ]
        try:
            counts = _count(keys)
        except RedisError:
            _rest()
            return True
        return all(count <= most for count, (*_, most) in zip(counts, counted, strict=True))

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW_S - self._now % WINDOW_S


def _counted(caller: Caller, act: str) -> list[tuple[str, str, int]]:
    rates = settings.THROTTLES
    subjects = [(f"{caller.kind}_{act}_{by}", getattr(caller, by)) for by in ("address", "name")]
    return [(rate, subject, rates[rate]) for rate, subject in subjects if subject and rates.get(rate)]


# One command and one answer, where a pipeline would take two of each for every key.
_COUNT = """
local counts = {}
for nth, key in ipairs(KEYS) do
    counts[nth] = redis.call('INCR', key)
    if counts[nth] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return counts
"""
_COUNT_SHA = sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()


def _count(keys: list[str]) -> list[int]:
    arguments: list[str | int] = [len(keys), *keys, 2 * WINDOW_S]
    try:
        return list(ask("EVALSHA", _COUNT_SHA, *arguments))
    except NoScriptError:
        return list(ask("EVAL", _COUNT, *arguments))


def _rest() -> None:
    now = time.monotonic()
    _down["until"] = now + REST_S
    if now - _down["told"] >= WINDOW_S:
        _down["told"] = now
        _log.warning("Redis does not answer: requests are not counted, nobody is throttled")
