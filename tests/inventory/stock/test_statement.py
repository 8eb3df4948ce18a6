from __future__ import annotations

import pytest

from inventory.acts import Seats
from inventory.models import Channel
from inventory.queries.stock import Exposed, Posting, exposure, statement
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.manifests import load_manifest
from inventory.services.sweep import sweep
from tests.houses import MANAGER, NOON, make_show, rows, seconds

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING = {"open": 0, "locked": 0, "held": 0, "leased": 0, "sold": 0, "killed": 0}


def test_an_account_runs_from_nothing_to_what_there_is(web: Channel) -> None:
    show = make_show()
    load_manifest(show_id=show.pk, house=rows("A", 4), by=MANAGER, now=NOON)
    ids = list(show.places.order_by("pk").values_list("pk", flat=True))
    for place_id, sells in ((ids[0], True), (ids[1], False)):
        lock = lock_places(
            show_id=show.pk, channel_id=web.pk, wanted=Seats([place_id]), by=MANAGER, now=NOON + seconds(10)
        )
        if sells:
            commit_lock(claim_id=lock.claim_id, by=MANAGER, now=NOON + seconds(20))

    whole = statement(show.pk, until=NOON + seconds(60))
    later = statement(show.pk, since=NOON + seconds(20), until=NOON + seconds(60))

    assert (whole.opening, whole.closing) == (NOTHING, NOTHING | {"open": 2, "locked": 1, "sold": 1})
    assert whole.postings == [
        Posting("commit_lock", None, "locked", "sold", 1),
        Posting("load_manifest", None, "", "open", 4),
        Posting("lock_places", web.pk, "open", "locked", 2),
    ]
    assert later.opening == NOTHING | {"open": 2, "locked": 2}
    assert later.postings == [Posting("commit_lock", None, "locked", "sold", 1)]
    assert later.closing == whole.closing


def test_two_accounts_one_after_the_other_meet_at_their_moment(web: Channel) -> None:
    show = make_show()
    load_manifest(show_id=show.pk, house=rows("A", 2), by=MANAGER, now=NOON)
    first, second = statement(show.pk, until=NOON), statement(show.pk, since=NOON, until=NOON + seconds(1))

    assert first.closing == second.opening == NOTHING
    assert second.closing == NOTHING | {"open": 2}


def test_a_show_of_which_nothing_is_written_has_an_account_of_zeros(web: Channel) -> None:
    account = statement(make_show().pk)

    assert (account.opening, account.postings, account.closing) == (NOTHING, [], NOTHING)


def test_a_payment_that_lapsed_is_exposure_while_it_is_watched_swept_or_not(web: Channel) -> None:
    show = make_show(rows("A", 4), lock_for_s=60, lock_cap_s=60, watch_payment_for_s=600)
    ids = list(show.places.order_by("pk").values_list("pk", flat=True))
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids[:3]), by=MANAGER, now=NOON)
    begin_payment(claim_id=lock.claim_id, by=MANAGER, now=NOON)
    lapse, end = NOON + seconds(60), NOON + seconds(660)

    def exposed() -> list[int]:
        moments = (lapse - seconds(0.000001), lapse, end - seconds(0.000001), end)
        return [found.places for at in moments if (found := exposure(show.pk, at))]

    assert exposed() == [0, 3, 3, 0]
    sweep(now=lapse)
    assert exposed() == [0, 3, 3, 0]
    found = exposure(show.pk, lapse)
    assert found and found.lines == [Exposed(show.sections.get().pk, show.tiers.get().pk, 3)]
