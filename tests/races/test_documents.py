"""Numbers under load: whoever confirms, numbers, or dies over it, a series has every number once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from tests.database import superuser
from tests.houses import rows
from tests.races.together import WAIT_S, refused, run, succeeded, together
from tests.ticketing.books import BUYER, assert_books_are_true, make_priced_show, order
from tests.ticketing.papers.selling import sold, soon
from ticketing.models import Document, DocumentSeries, Order, Payment
from ticketing.services.numbering import issue_due_documents
from ticketing.services.paying import pay_by_tender

pytestmark = pytest.mark.django_db(transaction=True)


def serials() -> list[int]:
    return list(Document.objects.order_by("serial").values_list("serial", flat=True))


def test_fifty_threads_that_number_at_once_give_every_number_once() -> None:
    show = make_priced_show(rows("ABCDEF", 10))
    for _ in range(55):
        sold(show, 1)

    results = together(50, lambda number: issue_due_documents(now=soon()))

    assert refused(results) == []
    assert sum(succeeded(results)) == 55
    assert serials() == [*range(1, 56)]
    by_serial = Document.objects.order_by("serial").values_list("order_id", flat=True)
    assert list(by_serial) == list(Order.objects.order_by("confirmed_at", "id").values_list("id", flat=True))
    assert_books_are_true()


def test_buyers_who_confirm_while_workers_number_are_all_numbered() -> None:
    """Forty buyers pay while ten workers number again and again; one more run takes whoever came last."""
    show = make_priced_show(rows("ABCDEF", 10), cap_per_session=60)
    placed = [order(show, 1).order_id for _ in range(40)]

    def act(number: int) -> int:
        if number < 40:
            pay_by_tender(order_id=placed[number], tender=Payment.Tender.CASH, by=BUYER)
            return 0
        return sum(issue_due_documents(most=7, now=soon()) for _ in range(10))

    results = together(50, act)
    left = issue_due_documents(now=soon())

    assert refused(results) == []
    assert sum(succeeded(results)) + left == 40
    assert serials() == [*range(1, 41)]
    assert DocumentSeries.objects.get().last == 40
    assert_books_are_true()


def test_a_worker_that_is_killed_leaves_no_gap_and_nothing_undone() -> None:
    show = make_priced_show()
    for _ in range(4):
        sold(show, 1)

    with documents_held():
        (dead,) = in_background(lambda: issue_due_documents(now=soon()))
        kill_who_waits()
        assert isinstance(dead.exception(WAIT_S), OperationalError)

    assert Document.objects.count() == 0
    assert issue_due_documents(now=soon()) == 4
    assert serials() == [1, 2, 3, 4]
    assert not Order.objects.filter(is_document_due=True).exists()


def test_a_worker_that_is_stuck_holds_up_no_buyer() -> None:
    show = make_priced_show()
    sold(show, 1)

    with documents_held():
        (stuck,) = in_background(lambda: issue_due_documents(now=soon()))
        until_somebody_waits()
        assert sold(show, 2).state == "confirmed"
        assert not stuck.done()

    assert stuck.result(WAIT_S) == 1
    assert issue_due_documents(now=soon()) == 1


def test_control_a_number_that_is_read_and_then_written_is_given_twice() -> None:
    both_read = threading.Barrier(2)

    def number(_: int) -> None:
        with transaction.atomic():
            ((last,),) = run("SELECT last FROM naive_series")
            both_read.wait(WAIT_S)
            run("UPDATE naive_series SET last = %s + 1", last)
            run("INSERT INTO naive_document VALUES (%s + 1)", last)

    with naive_series():
        assert refused(together(2, number)) == []
        assert run("SELECT serial FROM naive_document") == [(1,), (1,)]


def test_control_a_sequence_has_a_gap_where_a_worker_died() -> None:
    def number(one: int) -> None:
        with transaction.atomic():
            run("INSERT INTO naive_document VALUES (nextval('naive_serials'))")
            transaction.set_rollback(one == 1)

    with naive_series():
        for one in range(3):
            number(one)
        assert run("SELECT serial FROM naive_document ORDER BY serial") == [(1,), (3,)]


@contextmanager
def documents_held() -> Iterator[None]:
    """Nobody can write a document meanwhile: whoever tries waits inside its transaction."""
    with superuser() as free:
        free.execute("LOCK TABLE ticketing_document IN SHARE MODE")
        yield


@contextmanager
def naive_series() -> Iterator[None]:
    """A series that anybody reads and writes, and a sequence."""
    with superuser() as free:
        free.execute("CREATE TABLE naive_series AS SELECT 0 AS last")
        free.execute("CREATE TABLE naive_document (serial int)")
        free.execute("CREATE SEQUENCE naive_serials")
        free.execute("GRANT ALL ON naive_series, naive_document, naive_serials TO PUBLIC")
    try:
        yield
    finally:
        with superuser() as free:
            free.execute("DROP TABLE naive_series, naive_document")
            free.execute("DROP SEQUENCE naive_serials")


def in_background(*acts: Callable[[], int]) -> list[Future[int]]:
    """Threads with connections of their own that do this meanwhile."""

    def act(one: Callable[[], int]) -> int:
        try:
            return one()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(len(acts))
    futures = [pool.submit(act, one) for one in acts]
    pool.shutdown(wait=False)
    return futures


_WAITING = """SELECT pid FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ticketing_document%'"""


def until_somebody_waits() -> list[int]:
    """The backends that wait to write a document."""
    until = time.monotonic() + WAIT_S
    with superuser() as free:
        free.autocommit = True
        while not (waiting := free.execute(_WAITING).fetchall()):
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)
        return [pid for (pid,) in waiting]


def kill_who_waits() -> None:
    for pid in until_somebody_waits():
        with superuser() as free:
            free.execute("SELECT pg_terminate_backend(%s)", [pid])
