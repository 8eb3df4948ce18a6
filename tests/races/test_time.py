"""Races against the clock: commit against expiry, and two sweepers."""

from __future__ import annotations

import threading

import pytest

from inventory.acts import Admissions, Seats
from inventory.models import Channel, Claim, Entry
from inventory.queries.verify import verify
from inventory.services.holds import place_hold
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import LockExpired, commit_lock
from inventory.services.sweep import expire_locks
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses
from tests.races.together import naive_stock, refused, run, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_commit_and_expiry_exactly_one_wins(web: Channel) -> None:
    """The commit comes in the lock's last second, the sweep thinks it is over; whoever has the claim's row decides."""
    for round_ in range(10):
        show = make_show(rows("A", 2), slug=f"round-{round_}")
        wanted = Seats([seat(show, "A-1").pk, seat(show, "A-2").pk])
        lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=MANAGER, now=NOON)

        def act(number: int, lock: Lock = lock, show_id: int = show.pk) -> Claim | int:
            if number == 0:
                return commit_lock(claim_id=lock.claim_id, by=MANAGER, now=NOON + seconds(479))
            return expire_locks(show_id=show_id, now=NOON + seconds(481))

        committed, expired = together(2, act)

        if isinstance(committed, Claim):
            assert (expired, statuses(show)) == (0, {"sold": 2})
        else:
            assert isinstance(committed, LockExpired)
            assert (expired, statuses(show)) == (2, {"open": 2})
        assert verify(show).is_sound


def test_control_who_checks_the_clock_first_and_acts_later_sells_what_was_given_back(transactional_db: None) -> None:
    checked, swept = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            checked.wait()
            run("UPDATE naive_place SET owner = NULL WHERE id = 1")
            run("UPDATE naive_place SET owner = 'next buyer' WHERE id = 1 AND owner IS NULL")
            swept.set()
            return True
        still_mine = run("SELECT owner FROM naive_place WHERE id = 1") == [("me",)]
        checked.set()
        swept.wait()
        if still_mine:
            run("UPDATE naive_place SET owner = 'me, paid' WHERE id = 1")
        return still_mine

    with naive_stock(1):
        run("UPDATE naive_place SET owner = 'me'")
        assert together(2, act) == [True, True]
        assert run("SELECT owner FROM naive_place") == [("me, paid",)]


def test_two_sweepers_open_every_place_once(web: Channel) -> None:
    show = make_show(standing(60))
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=2)
    for _ in range(30):
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=MANAGER, now=NOON)

    results = together(
        4,
        lambda _: sum(expire_locks(show_id=show.pk, most=5, skip_busy=True, now=NOON + seconds(480)) for _ in range(9)),
    )

    assert sum(count for count in results if isinstance(count, int)) == 60
    assert statuses(show) == {"open": 60}
    assert Entry.objects.filter(from_status="locked", to_status="open").count() == 60
    assert verify(show).is_sound


def test_a_hold_is_not_told_that_there_is_nothing_while_a_sweep_gives_it_back(web: Channel) -> None:
    """Every place is under a lock that has run out; a sweep and two holds come at once, and both holds are served."""
    for round_ in range(8):
        show = make_show(standing(6), slug=f"round-{round_}")
        tier = show.tiers.get().pk
        for _ in range(3):
            lock_places(show_id=show.pk, channel_id=web.pk, wanted=Admissions(tier, 2), by=MANAGER, now=NOON)

        def act(number: int, show_id: int = show.pk, tier: int = tier) -> object:
            later = NOON + seconds(480)
            if number == 0:
                return expire_locks(show_id=show_id, skip_busy=True, now=later)
            wanted = Admissions(tier, 2)
            return place_hold(
                show_id=show_id, wanted=wanted, purpose="press", party=f"Daily {number}", by=MANAGER, now=later
            )

        assert refused(together(3, act)) == []
        assert statuses(show) == {"held": 4, "open": 2}


def test_control_two_sweepers_that_only_look_give_the_same_place_back_twice(transactional_db: None) -> None:
    both_have_looked = threading.Barrier(2)

    def sweep(_: int) -> int:
        due = run("SELECT id FROM naive_place WHERE owner = 'ran out'")
        both_have_looked.wait()
        for (place_id,) in due:
            run("UPDATE naive_place SET owner = NULL WHERE id = %s", place_id)
        return len(due)

    with naive_stock(5):
        run("UPDATE naive_place SET owner = 'ran out'")
        assert together(2, sweep) == [5, 5]
