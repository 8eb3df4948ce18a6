"""A reader who comes back for what has changed, while others write: it ends with the whole picture, every time."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Channel, Entry, Movement, Show
from inventory.queries.stock import seat_states
from inventory.services.holds import place_hold, release_hold
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock, release_lock
from inventory.services.sweep import sweep
from tests.houses import MANAGER, make_show, rows, seat
from tests.races.together import WAIT_S, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4
FOR_S = 2.5


@dataclass
class Reader:
    """The picture as somebody keeps it who asks only for differences."""

    show: Show
    channel: Channel
    version: str | None = None
    letters: list[str] = field(default_factory=list)
    differences: int = 0

    def look(self) -> None:
        """Ask, and within the same snapshot hold what is kept now against the whole picture."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            told = seat_states(self.show.pk, channel_id=self.channel.pk, since=self.version)
            assert told
            whole = seat_states(self.show.pk, channel_id=self.channel.pk, at=told.at)
        assert whole and whole.letters is not None
        if told.letters is not None:
            self.letters = list(told.letters)
        for index, letter in told.changes.items():
            self.letters[index] = letter
        self.differences += bool(told.changes)
        self.version = told.version
        assert "".join(self.letters) == whole.letters


def commit_late(show: Show, web: Channel, look: threading.Event, looked: threading.Event, number: int) -> None:
    """One locks A-1 and keeps its transaction open until the reader has looked; the other locks A-2 meanwhile."""
    if number == 0:
        with transaction.atomic():
            lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)
            look.set()
            assert looked.wait(WAIT_S)
    else:
        assert look.wait(WAIT_S)
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=MANAGER)


def test_what_was_written_first_and_committed_last_is_not_missed(web: Channel) -> None:
    show = make_show(rows("A", 2))
    reader = Reader(show, web)
    reader.look()
    look, looked = threading.Event(), threading.Event()

    def act(number: int) -> str:
        commit_late(show, web, look, looked, number)
        if number:
            reader.look()
            looked.set()
        return "".join(reader.letters)

    results = together(2, act)

    assert succeeded(results)[1] == "ol"
    reader.look()
    assert (reader.letters, reader.differences) == (["l", "l"], 2)


def test_control_who_remembers_the_last_movement_seen_misses_it(web: Channel) -> None:
    show = make_show(rows("A", 2))
    look, looked = threading.Event(), threading.Event()

    def act(number: int) -> int:
        commit_late(show, web, look, looked, number)
        last = 0
        if number:
            last = Movement.objects.filter(show=show).order_by("-pk").values_list("pk", flat=True)[0]
            looked.set()
        return last

    _, last = succeeded(together(2, act))

    missed = Entry.objects.filter(place=seat(show, "A-1"), to_status="locked").get()
    assert missed.movement_id < last
    assert not Entry.objects.filter(movement_id__gt=last).exists()


def test_in_a_storm_of_locks_sales_holds_and_expiries_every_difference_is_the_truth(web: Channel) -> None:
    show = make_show(rows("AB", 8), lock_for_s=30, lock_cap_s=30)
    ids = list(show.places.order_by("pk").values_list("pk", flat=True))
    end = time.monotonic() + FOR_S

    def write(number: int) -> None:
        dice = random.Random(number)
        by = By(actor=f"session:{number}", reason_code="storm")
        while time.monotonic() < end:
            wanted = Seats(dice.sample(ids, 2))
            with suppress(DomainError):
                if dice.random() < 0.2:
                    hold = place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="Daily", by=by)
                    release_hold(claim_id=hold.pk, by=by)
                    continue
                lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=by, lock_for_s=1)
                match dice.randrange(12):
                    case 0:
                        commit_lock(claim_id=lock.claim_id, by=by)
                    case 1 | 2:
                        begin_payment(claim_id=lock.claim_id, by=by)
                    case 3 | 4 | 5:
                        time.sleep(0.01)
                    case _:
                        release_lock(claim_id=lock.claim_id, by=by)

    def act(number: int) -> int:
        if number < WRITERS:
            write(number)
            return 0
        if number == WRITERS:
            while time.monotonic() < end:
                sweep()
                time.sleep(0.3)
            return 0
        reader = Reader(show, web)
        while time.monotonic() < end:
            reader.look()
        reader.look()
        return reader.differences

    results = together(WRITERS + 3, act)

    assert len(succeeded(results)) == WRITERS + 3, results
    assert min(succeeded(results)[-2:]) > 10
