"""Several workers at the post: each letter is handed over by one of them."""

from __future__ import annotations

import threading

import pytest

from tests.races.together import WAIT_S, refused, run, succeeded, together
from tests.ticketing.books import make_priced_show
from tests.ticketing.papers.postbox import Postbox, postbox
from tests.ticketing.papers.selling import documented, soon
from ticketing.models import Letter
from ticketing.services.letters import send_due_letters

__all__ = ["postbox"]
pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = 8


def test_a_letter_is_sent_by_one_worker(postbox: Postbox) -> None:
    show = make_priced_show()
    for number in range(LETTERS):
        documented(show, 1, contact=f"buyer{number}@example.com")
    at = soon()

    results = together(6, lambda number: send_due_letters(now=at))

    assert refused(results) == []
    assert sum(succeeded(results)) == LETTERS
    assert sorted(message["To"] for message in postbox.taken) == [f"buyer{n}@example.com" for n in range(LETTERS)]
    assert not Letter.objects.filter(sent_at=None).exists()


def test_control_who_looks_and_then_sends_sends_twice(postbox: Postbox) -> None:
    documented(make_priced_show(), contact="ann@example.com")
    both_looked, sent = threading.Barrier(2), []

    def send(number: int) -> None:
        found = run("SELECT id FROM ticketing_letter WHERE sent_at IS NULL")
        both_looked.wait(WAIT_S)
        sent.extend(found)
        run("UPDATE ticketing_letter SET sent_at = now()")

    together(2, send)

    assert len(sent) == 2
