"""The database refuses, by name: what may not be done to a claim."""

from __future__ import annotations

import psycopg
import pytest
from django.utils import timezone

from inventory.acts import Seats
from inventory.models import Channel, Claim, Show
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from tests.database import program
from tests.houses import MANAGER, make_show, rows, seat
from tests.inventory.plain_sql import claim, rule_of, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6))


def test_a_claim_is_not_ended_under_a_place_that_is_on_its_way_to_it(show: Show) -> None:
    """Two connections: one ends a claim and has not committed, the other moves a place into it and must wait."""
    place, hold = seat(show, "A-1"), claim(show)
    with program() as ending, program() as moving:
        ending.execute("UPDATE inventory_claim SET ended_at = now() WHERE id = %s", [hold.pk])
        moving.execute("SET LOCAL lock_timeout = '200ms'")
        act = moving.execute(
            """INSERT INTO inventory_movement (show_id, verb, claim_id, actor, reason_code, quantity, at)
               VALUES (%s, 'place_hold', %s, 'user:1', '', 1, now()) RETURNING id""",
            [show.pk, hold.pk],
        ).fetchone()
        assert act
        with pytest.raises(psycopg.errors.LockNotAvailable):
            moving.execute(
                "UPDATE inventory_place SET status = 'held', claim_id = %s, movement_id = %s WHERE id = %s",
                [hold.pk, act[0], place.pk],
            )
        moving.rollback()


@pytest.mark.parametrize("column", ["reference", "session", "address", "contact"])
def test_whose_a_claim_is_never_changes(show: Show, column: str) -> None:
    hold = claim(show)

    assert rule_of(lambda: Claim.objects.filter(pk=hold.pk).update(**{column: "x"})) == "claim_kind_never_changes"


def test_a_claim_keeps_its_kind(show: Show) -> None:
    hold = place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-1").pk]), purpose="press", party="Daily", by=MANAGER)

    assert rule_of(lambda: Claim.objects.filter(pk=hold.pk).update(kind="kill")) == "claim_kind_never_changes"


def test_a_locks_cap_is_fixed_when_it_is_made(show: Show, web: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)

    def act() -> None:
        Claim.objects.filter(pk=lock.claim_id).update(hard_until=timezone.now())

    assert rule_of(act) == "claim_kind_never_changes"


def test_a_claim_does_not_end_while_it_owns_a_place(show: Show) -> None:
    hold = place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-1").pk]), purpose="press", party="Daily", by=MANAGER)

    def act() -> None:
        Claim.objects.filter(pk=hold.pk).update(ended_at=timezone.now())

    assert rule_of(act) == "ended_claim_owns_no_place"


def test_an_ended_claim_does_not_come_back(show: Show) -> None:
    ended = claim(show, ended_at=timezone.now())

    assert rule_of(lambda: Claim.objects.filter(pk=ended.pk).update(ended_at=None)) == "claim_ends_once"


def test_a_claim_is_never_deleted(show: Show) -> None:
    claim(show)

    assert rule_of(lambda: run("DELETE FROM inventory_claim")) == "claims_are_never_deleted"


def test_a_lock_without_an_end_is_refused(show: Show, web: Channel) -> None:
    def act() -> None:
        claim(show, "lock", channel=web, phase="browsing")

    assert rule_of(act) == "lock_expires_within_its_cap"
