"""Many at once, for real: threads with connections of their own, let go by one barrier.

And the scratch table of the controls, where the same race runs without the guard and shows its harm.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

from tests.database import superuser

Result = TypeVar("Result")
WAIT_S = 30


def together(count: int, act: Callable[[int], Result]) -> list[Result | Exception]:
    """Run `act(0) … act(count - 1)` at the same moment; each one's result, or the exception it raised."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Result | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(WAIT_S)
            return act(number)
        except Exception as error:  # noqa: BLE001  the race's outcome is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(pool.map(run, range(count)))


def succeeded(results: Sequence[Result | Exception]) -> list[Result]:
    return [result for result in results if not isinstance(result, Exception)]


def refused(results: Sequence[object]) -> list[str]:
    """The kinds of exceptions among the results, sorted."""
    return sorted(type(result).__name__ for result in results if isinstance(result, Exception))


@contextmanager
def naive_stock(count: int) -> Iterator[None]:
    """A table of places without a referee: `naive_place (id, owner, rule)`, so many, owned by nobody."""
    with superuser() as free:
        free.execute("CREATE TABLE naive_place (id int PRIMARY KEY, owner text, rule text DEFAULT 'pool')")
        free.execute("INSERT INTO naive_place SELECT generate_series(1, %s)", [count])
        free.execute("GRANT ALL ON naive_place TO PUBLIC")
    try:
        yield
    finally:
        with superuser() as free:
            free.execute("DROP TABLE naive_place")


def run(statement: str, *parameters: Any) -> list[tuple[object, ...]]:
    """One statement on this thread's connection; the rows it gives back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
