"""`GET /health/`: is the program able to sell, and is anything late? For load balancers and the engineer on call."""

from __future__ import annotations

from time import time

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from inventory.queries.health import overdue_locks
from inventory.referee import faults_of_database
from inventory.tasks import SWEPT_AT


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when sales are safe, 503 when not.

    `database` and `ledger` decide; `broker`, `sweep_age_s` (seconds since the last sweep, null if none is known) and
    `overdue_locks` (run out, not yet swept: open to buyers all the same) are late at worst, never unsafe.
    """
    answer: dict[str, object] = {}
    try:
        faults = faults_of_database(connection)
        answer |= {"database": "ok", "ledger": "ok" if not faults else "unsafe", "overdue_locks": overdue_locks()}
    except Exception as error:  # noqa: BLE001  the page's purpose is to say that something is wrong
        faults = [type(error).__name__]
        answer |= {"database": "unreachable", "ledger": "unknown"}
    answer |= broker()
    return JsonResponse(answer, status=503 if faults else 200)


def broker() -> dict[str, object]:
    """Whether the queue can be reached, and how old the last sweep is: what runs in the background, runs after it."""
    try:
        age = cache.get(SWEPT_AT)
    except Exception:  # noqa: BLE001  as above
        return {"broker": "unreachable", "sweep_age_s": None}
    return {"broker": "ok", "sweep_age_s": None if age is None else round(time() - age, 1)}
