"""One command to Redis on the way of a request: over this thread's own connection, and without what a client adds.

Counting and waking need neither retries nor pools: whoever asks goes on without the answer (`core/throttles.py`).
"""

from __future__ import annotations

import os
import threading
from typing import Any

from django.conf import settings
from redis import Redis, RedisError, ResponseError

# Long enough for a busy Redis, short enough for a buyer.
TIMEOUT_S = 0.25
_mine = threading.local()


def ask(*command: str | int) -> Any:
    """What Redis answers. Raises RedisError where it does not answer, and ResponseError where it answers with one."""
    connection = _connection()
    try:
        connection.send_command(*command, check_health=False)
        return connection.read_response()
    except ResponseError:
        raise
    except RedisError:
        _mine.made = None
        connection.disconnect()
        raise


def _connection() -> Any:
    """This thread's connection; another one after a fork, or where the settings name another Redis."""
    key = (os.getpid(), settings.REDIS_URL)
    made = getattr(_mine, "made", None)
    if made is None or made[0] != key:
        client = Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        fresh: Any = client.connection_pool.make_connection()  # its own types leave half of it out
        made = _mine.made = (key, fresh)
        made[1].connect()
    return made[1]
