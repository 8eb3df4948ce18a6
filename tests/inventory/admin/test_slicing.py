"""Slicing the pool in the admin: seen first, then done just so; refused with what to do, and nothing changed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Movement, Place, Show
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock, release_lock
from inventory.services.slices import Opening, Slice
from inventory.services.slicing import slice_pool
from tests.houses import MANAGER, make_show, rows, seat
from tests.inventory.admin import pages
from tests.inventory.admin.slicing import HOUR, address, asked, at, look, look_and_save, save, sliced, soon

BUYER = By("session:buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 4), starts_at=soon() + 240 * HOUR)


# It does it -----------------------------------------------------------------------------------------------------------


def test_a_slice_is_seen_and_then_made_just_so(manager: Client, show: Show, counter: Channel) -> None:
    step_at = show.starts_at - 48 * HOUR
    sent = asked(steps__0__at=at(step_at), steps__0__much="50", closes_at=at(show.starts_at - HOUR))

    looked = look(manager, address(show, "slice"), sent)
    assert sliced(show) == []
    response = save(manager, address(show, "slice"), sent, looked)

    assert (response.status_code, response["Location"]) == (302, address(show, "slices"))
    slice_ = Allocation.objects.get(name="Counter slice")
    assert (sliced(show), slice_.closes_at) == (["A-1", "A-2", "A-3"], show.starts_at - HOUR)
    assert list(slice_.openings.values_list("channel__code", "opens_at")) == [("counter", None)]
    step = slice_.release_steps.get()
    assert (step.at, step.share_percent, step.to_allocation) == (step_at, 50, None)
    movement = Movement.objects.get(verb="allocate_places")
    assert (movement.actor, movement.reason_code, movement.note.text) == (
        f"user:{User.objects.get().pk}", "walk_ins", "As agreed on Monday.",
    )  # fmt: skip
    assert "3 places are in Counter slice now: Stalls A 1-3." in pages.words(manager.get(address(show, "slices")))


def test_a_look_says_what_moves_and_who_could_sell_what_when(manager: Client, show: Show) -> None:
    step_at, sent = show.starts_at - 48 * HOUR, asked(quantity="4", reason="")

    text = pages.words(look(manager, address(show, "slice"), sent | {"steps-0-at": at(step_at), "steps-0-much": "50"}))

    assert "4 places would join Counter slice: Stalls, Gold: 4 out of the pool into Counter slice Stalls A 1-4." in text
    assert "Now 8 → 4 4 fewer 8 the same" in text
    assert "Counter slice gives half to the pool 8 → 6 2 fewer 8 the same" in text
    assert "This field is required" not in text
    assert sliced(show) == []
    assert not Allocation.objects.filter(is_pool=False).exists()


@pytest.mark.parametrize(
    ("fields", "seats"),
    [
        ({"quantity": "50", "unit": "percent", "order": "worst"}, ["B-1", "B-2", "B-3", "B-4"]),
        ({"order": "spread", "quantity": "2"}, ["A-1", "B-1"]),
        ({"how": "part"}, ["A-1", "A-2", "A-3", "A-4", "B-1", "B-2", "B-3", "B-4"]),
        ({"how": "names", "names": "Stalls A 2-3, B 4"}, ["A-2", "A-3", "B-4"]),
    ],
)
def test_places_are_chosen_by_number_by_part_and_by_name(
    manager: Client, show: Show, fields: dict[str, str], seats: list[str]
) -> None:
    look_and_save(manager, address(show, "slice"), asked(**fields))

    assert sliced(show) == seats


def test_places_are_chosen_on_the_map(manager: Client, show: Show) -> None:
    ids = f"{seat(show, 'B-1').pk} {seat(show, 'A-4').pk}"

    look_and_save(manager, address(show, "slice"), asked(how="map", places=ids, quantity=""))

    assert sliced(show) == ["A-4", "B-1"]


def test_the_web_sells_first_and_the_counter_from_its_own_moment(manager: Client, show: Show, counter: Channel) -> None:
    opens_at = soon() + 24 * HOUR
    sent = asked("web", "counter", how="part", name="Web first", **{f"from_{counter.pk}": at(opens_at)})

    look_and_save(manager, address(show, "slice"), sent)

    slice_ = Allocation.objects.get(name="Web first")
    openings = slice_.openings.order_by("channel").values_list("channel__code", "opens_at")
    assert list(openings) == [("web", None), ("counter", opens_at)]


# Just what was seen ---------------------------------------------------------------------------------------------------


def test_nothing_is_saved_that_was_not_looked_at(manager: Client, show: Show) -> None:
    response = save(manager, address(show, "slice"), asked())

    assert "Look below at what it comes to, then save." in pages.words(response)
    assert sliced(show) == []
    save(manager, address(show, "slice"), asked(), response)
    assert sliced(show) == ["A-1", "A-2", "A-3"]


def test_what_was_changed_after_the_look_is_shown_first(manager: Client, show: Show) -> None:
    looked = look(manager, address(show, "slice"), asked())

    response = save(manager, address(show, "slice"), asked(quantity="4"), looked)

    text = pages.words(response)
    assert "Something was changed after you looked." in text
    assert "4 places would join" in text
    assert sliced(show) == []


def test_just_the_places_that_were_seen_move_though_better_ones_came_back(
    manager: Client, show: Show, web: Channel
) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)
    looked = look(manager, address(show, "slice"), asked())
    release_lock(claim_id=lock.claim_id, by=BUYER)

    save(manager, address(show, "slice"), asked(), looked)

    assert sliced(show) == ["A-2", "A-3", "A-4"]


def test_a_place_that_went_meanwhile_is_named_and_what_it_comes_to_now_is_shown(
    manager: Client, show: Show, web: Channel
) -> None:
    looked = look(manager, address(show, "slice"), asked())
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER)

    response = save(manager, address(show, "slice"), asked(), looked)

    text = pages.words(response)
    assert "Not open any more, so nothing was moved: Stalls A 2: sold on Web, HF-1." in text
    assert "Stalls A 1, 3-4." in text
    assert sliced(show) == []
    save(manager, address(show, "slice"), asked(), response)
    assert sliced(show) == ["A-1", "A-3", "A-4"]


def test_a_whole_tier_is_sliced_while_it_sells_and_shown_again_if_another_slice_took_of_it(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    whole = asked("web", how="part", name="Web first")
    looked = look(manager, address(show, "slice"), whole)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER)
    cut = Slice("Counter", [Opening(counter.pk)], Seats([seat(show, "A-1").pk]))
    slice_pool(show_id=show.pk, slices=[cut], by=MANAGER)

    response = save(manager, address(show, "slice"), whole, looked)

    text = pages.words(response)
    assert "This would not move the same places any more." in text
    assert "Stalls, Gold: 7 out of the pool into Web first (1 locked)" in text
    save(manager, address(show, "slice"), whole, response)
    assert Place.objects.filter(allocation__name="Web first").count() == 7


def test_whoever_does_not_say_why_is_asked_and_keeps_what_was_seen(manager: Client, show: Show) -> None:
    looked = look(manager, address(show, "slice"), asked(reason=""))

    response = save(manager, address(show, "slice"), asked(reason=""), looked)

    assert "Say why, then save." in pages.words(response)
    assert sliced(show) == []
    save(manager, address(show, "slice"), asked(), response)
    assert sliced(show) == ["A-1", "A-2", "A-3"]


def test_pressing_twice_slices_once(manager: Client, show: Show) -> None:
    looked = look(manager, address(show, "slice"), asked())
    save(manager, address(show, "slice"), asked(), looked)

    response = save(manager, address(show, "slice"), asked(), looked)

    assert "This show has a slice of that name already." in pages.words(response)
    assert Allocation.objects.filter(is_pool=False).count() == 1


# It refuses and changes nothing ---------------------------------------------------------------------------------------

PAST = "2020-01-01T10:00"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "This field is required"),
        ({"name": "Pool"}, "This show has a slice of that name already. Choose another name."),
        ({"quantity": ""}, "Say how many places, or what share."),
        ({"quantity": "9"}, "Only 8 places are to be had there. Ask for fewer, elsewhere, or out of another slice."),
        ({"quantity": "101", "unit": "percent"}, "A share is 1 to 100 per cent."),
        ({"how": "names"}, "Name at least one seat, such as: Stalls A 1-12, B 3."),
        ({"how": "names", "names": "Stalls C 1"}, "'Stalls C 1' is no seat of Stalls."),
        ({"how": "map"}, "Choose at least one seat on the map."),
        ({"how": "map", "places": "99999999999999999999"}, "Choose at least one seat on the map."),
        ({"how": "map", "places": "999999999"}, "Some of these places do not exist in this show."),
        ({"how": "none"}, "Select a valid choice"),
        ({"tier": "999"}, "Select a valid choice"),
        ({"closes_at": PAST}, "A slice closes in the future, at the latest as the show begins."),
        ({"closes_at": "2099-01-01T10:00"}, "A slice closes in the future, at the latest as the show begins."),
        ({"from_counter": PAST}, "A channel opens in the future, before its slice closes"),
        ({"from_counter": "2099-01-01T10:00"}, "A channel opens in the future, before its slice closes"),
        ({"from_web": "2099-01-01T10:00"}, "Tick Web as well, or empty this."),
        ({"sells_counter": ""}, "Tick at least one channel that may sell."),
        ({"steps-0-at": PAST, "steps-0-much": "5"}, "This moment is past. A step lies ahead."),
        ({"steps-0-at": "2099-01-01T10:00", "steps-0-much": "5"}, "A step of the ladder lies ahead, before the slice"),
        ({"steps-0-much": "5"}, "Say when."),
        ({"steps-TOTAL_FORMS": ""}, "This field is required."),
    ],
)
def test_a_slice_that_makes_no_sense_is_refused_in_the_form(
    manager: Client, show: Show, fields: dict[str, str], said: str
) -> None:
    ids = {channel.code: channel.pk for channel in Channel.objects.all()}
    real = {
        key.replace("counter", str(ids["counter"])).replace("web", str(ids["web"])): value
        for key, value in fields.items()
    }

    response = look(manager, address(show, "slice"), asked() | real)

    assert response.status_code == 200
    assert said in pages.words(response)
    assert response.context["seen"] is None
    assert sliced(show) == []
    assert not Allocation.objects.filter(is_pool=False).exists()


def test_a_seat_that_is_not_open_is_named_with_its_state(manager: Client, show: Show) -> None:
    one = Seats([seat(show, "A-2").pk])
    place_hold(show_id=show.pk, wanted=one, purpose="press", party="The Daily", by=MANAGER)

    response = look(manager, address(show, "slice"), asked(how="names", names="Stalls A"))

    assert "nothing was moved: Stalls A 2: held, Press: The Daily." in pages.words(response)
