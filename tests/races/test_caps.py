"""A cap holds when one session asks many times at once."""

from __future__ import annotations

import threading

import pytest

from inventory.acts import Admissions, By, Holder
from inventory.models import Channel
from inventory.services.locking import lock_places
from tests.houses import make_show, standing, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ASKS = 8


def test_one_session_asking_many_times_at_once_stays_under_its_cap(web: Channel) -> None:
    show = make_show(standing(40), cap_per_session=5)
    pair = Admissions(show.tiers.get().pk, 2)

    results = together(
        ASKS,
        lambda n: lock_places(
            show_id=show.pk, channel_id=web.pk, wanted=pair, by=By(actor=f"tab:{n}"), holder=Holder(session="one")
        ),
    )

    assert (len(succeeded(results)), refused(results)) == (2, ["OverCap"] * (ASKS - 2))
    assert statuses(show) == {"locked": 4, "open": 36}


def test_control_who_counts_first_and_takes_later_goes_over(transactional_db: None) -> None:
    all_have_counted = threading.Barrier(ASKS)

    def ask(number: int) -> bool:
        ((mine,),) = run("SELECT count(*) FROM naive_place WHERE owner = 'one'")
        all_have_counted.wait()
        if mine == 0:
            run("UPDATE naive_place SET owner = 'one' WHERE id = %s", number + 1)
        return mine == 0

    with naive_stock(ASKS):
        assert together(ASKS, ask) == [True] * ASKS
        assert run("SELECT count(*) FROM naive_place WHERE owner = 'one'") == [(ASKS,)]
