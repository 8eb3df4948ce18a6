"""Places off sale for a show, and sold places coming back: both say why, both all or none."""

from __future__ import annotations

import pytest

from inventory.acts import By, Seats
from inventory.models import Channel, Claim, Movement, Show
from inventory.queries.verify import verify
from inventory.services.kills import PlacesNotKilled, ReasonMissing, kill_places, unkill_places
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.refusals import PlacesTaken
from inventory.services.sales import PlacesNotSold, return_sold
from tests.houses import make_show, rows, seat, statuses

MANAGER = By(actor="user:1", reason_code="sound_desk", note="Riser needs two more rows.")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 5))


def ids(show: Show, *labels: str) -> list[int]:
    return [seat(show, label).pk for label in labels]


def sell(show: Show, channel: Channel, *labels: str) -> Claim:
    lock = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=Seats(ids(show, *labels)), by=MANAGER)
    return commit_lock(claim_id=lock.claim_id, by=MANAGER)


def test_killed_places_are_not_sold_and_the_reason_is_kept(show: Show, web: Channel) -> None:
    killed = kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-1", "A-2")), by=MANAGER)

    assert statuses(show) == {"killed": 2, "open": 3}
    act = Movement.objects.get(claim=killed)
    assert (act.reason_code, act.note.text) == ("sound_desk", "Riser needs two more rows.")
    with pytest.raises(PlacesTaken):
        sell(show, web, "A-1")
    assert verify(show).is_sound


def test_a_kill_says_why(show: Show) -> None:
    with pytest.raises(ReasonMissing):
        kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-1")), by=By(actor="user:1"))
    assert statuses(show) == {"open": 5}


def test_a_sold_seat_is_not_killed(show: Show, web: Channel) -> None:
    sell(show, web, "A-2")

    with pytest.raises(PlacesTaken):
        kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-1", "A-2")), by=MANAGER)
    assert statuses(show) == {"open": 4, "sold": 1}


def test_unkilled_places_from_several_kills_are_open_again(show: Show) -> None:
    first = kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-1", "A-2")), by=MANAGER)
    second = kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-3")), by=MANAGER)

    unkill_places(show_id=show.pk, place_ids=ids(show, "A-2", "A-3"), by=MANAGER)

    assert statuses(show) == {"killed": 1, "open": 4}
    ended = dict(Claim.objects.values_list("pk", "ended_at"))
    assert (ended[first.pk] is None, ended[second.pk] is None) == (True, False)
    assert verify(show).is_sound


def test_unkilling_an_open_place_refuses_all(show: Show) -> None:
    kill_places(show_id=show.pk, wanted=Seats(ids(show, "A-1")), by=MANAGER)

    with pytest.raises(PlacesNotKilled) as refused:
        unkill_places(show_id=show.pk, place_ids=ids(show, "A-1", "A-2"), by=MANAGER)

    assert (refused.value.facts, statuses(show)) == ({"place_ids": ids(show, "A-2")}, {"killed": 1, "open": 4})


def test_a_returned_seat_is_open_and_can_be_sold_again(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1", "A-2")

    return_sold(show_id=show.pk, place_ids=ids(show, "A-1"), by=MANAGER)

    assert statuses(show) == {"open": 4, "sold": 1}
    assert Claim.objects.get(pk=sale.pk).ended_at is None
    sell(show, web, "A-1")
    assert verify(show).is_sound


def test_a_sale_ends_with_its_last_seat(show: Show, web: Channel) -> None:
    sale = sell(show, web, "A-1", "A-2")

    return_sold(show_id=show.pk, place_ids=ids(show, "A-1", "A-2"), by=MANAGER)

    assert Claim.objects.get(pk=sale.pk).ended_at is not None
    assert Movement.objects.get(verb="return_sold").claim_id == sale.pk


def test_returning_twice_is_refused_the_second_time(show: Show, web: Channel) -> None:
    sell(show, web, "A-1")
    return_sold(show_id=show.pk, place_ids=ids(show, "A-1"), by=MANAGER)

    with pytest.raises(PlacesNotSold):
        return_sold(show_id=show.pk, place_ids=ids(show, "A-1"), by=MANAGER)
    assert Movement.objects.filter(verb="return_sold").count() == 1


def test_a_return_says_why(show: Show, web: Channel) -> None:
    sell(show, web, "A-1")

    with pytest.raises(ReasonMissing):
        return_sold(show_id=show.pk, place_ids=ids(show, "A-1"), by=By(actor="user:1"))
    assert statuses(show) == {"open": 4, "sold": 1}
