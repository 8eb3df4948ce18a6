"""Applying a split: looked at first, then just these slices are cut, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inventory.acts import Seats
from inventory.admin.words import clock
from inventory.models import Allocation, Channel, Movement, ReleaseStep, Show
from inventory.services.locking import lock_places
from tests.houses import make_show, seconds, standing
from tests.inventory.admin import pages
from tests.inventory.admin.asking import BUYER
from tests.inventory.test_slicing import everything, labels

DAY = seconds(86400)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(standing(20), starts_at=timezone.now() + 10 * DAY)


def address(show: Show) -> str:
    return f"/admin/inventory/show/{show.pk}/split/apply/"


def asked(counter: Channel, percent: int = 25, **more: str) -> dict[str, str]:
    """As the stage's form sends it, its model's own settings among the rest."""
    return {
        f"share_{counter.pk}": str(percent), "order": "best", "first_h": "0", "gives_h": "48", "gives_percent": "50",
        "rest_h": "2", "partner_h": "24", "replaces": "on", "seed": "7", "demand_1": "80",
    } | more  # fmt: skip


def look(client: Client, show: Show, sent: dict[str, str]) -> Any:
    return client.post(address(show), sent | {"look": "1"})


def apply(client: Client, show: Show, sent: dict[str, str], looked: Any, **more: str) -> Any:
    hidden = {name: str(value) for name, value in looked.context["brought_back"]}
    return client.post(address(show), sent | hidden | {"reason": "walk_ins", "note": "As modelled."} | more)


def test_a_split_is_looked_at_first_and_nothing_is_changed(manager: Client, show: Show, counter: Channel) -> None:
    before = everything(show)

    words = pages.words(look(manager, show, asked(counter)))

    assert "Counter slice: 5 places, the best; gives back half on" in words
    assert "then gives back all on" in words
    assert "5 places would change their label" in words
    assert everything(show) == before


def test_then_just_these_slices_are_cut_with_who_and_why(manager: Client, show: Show, counter: Channel) -> None:
    sent = asked(counter)
    answer = apply(manager, show, sent, look(manager, show, sent))

    assert answer.status_code == 302
    assert labels(show) == {"Counter slice": [f"#{number}" for number in range(1, 6)]}
    movement = Movement.objects.filter(verb="allocate_places").latest("pk")
    assert (movement.reason_code, movement.note.text, movement.actor[:5]) == ("walk_ins", "As modelled.", "user:")
    hours = [(show.starts_at - step.at) // seconds(3600) for step in ReleaseStep.objects.order_by("at")]
    assert hours == [48, 2]
    assert "The pool of Hamlet is split: Counter slice, 5 places." in pages.words(manager.get(answer["Location"]))


def test_of_a_ladder_that_is_past_in_part_just_the_steps_to_come_are_named(manager: Client, counter: Channel) -> None:
    """The half goes back 2 hours before the show, all of it 48: of these it is the second that is past."""
    show = make_show(standing(20), starts_at=timezone.now() + DAY, slug="tomorrow")
    sent = asked(counter, gives_h="2", rest_h="48")

    looked = look(manager, show, sent)
    apply(manager, show, sent, looked)

    step = ReleaseStep.objects.get()
    on = clock(step.at).removesuffix(":00")
    assert (step.share_percent, show.starts_at - step.at) == (50, seconds(7200))
    assert f"Counter slice: 5 places, the best; gives back half on {on}." in pages.words(looked)
    assert "A step that lies in the past is left out." in pages.words(looked)


def test_the_numbers_that_were_seen_are_cut_though_something_is_sold_meanwhile(
    manager: Client, show: Show, counter: Channel, web: Channel
) -> None:
    sent = asked(counter)
    looked = look(manager, show, sent)
    first = show.places.order_by("rank")[0].pk
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([first]), by=BUYER)

    assert apply(manager, show, sent, looked).status_code == 302
    assert labels(show) == {"Counter slice": [f"#{number}" for number in range(2, 7)]}


def test_where_so_many_are_not_open_any_more_nothing_is_changed(
    manager: Client, show: Show, counter: Channel, web: Channel
) -> None:
    sent = asked(counter, 100)
    looked = look(manager, show, sent)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([show.places.all()[0].pk]), by=BUYER)
    before = everything(show)

    answer = apply(manager, show, sent, looked)

    assert "does not fit any more, and nothing was changed" in pages.words(answer)
    assert everything(show) == before


def test_what_was_changed_after_the_look_is_shown_again(manager: Client, show: Show, counter: Channel) -> None:
    looked = look(manager, show, asked(counter))

    answer = apply(manager, show, asked(counter, 50), looked)

    assert "The split was changed after you looked" in pages.words(answer)
    assert "Counter slice: 10 places" in pages.words(answer)
    assert labels(show) == {}


def test_places_that_stay_in_their_slice_are_not_said_to_move(manager: Client, show: Show, counter: Channel) -> None:
    sent = asked(counter)
    apply(manager, show, sent, look(manager, show, sent))

    words = pages.words(look(manager, show, asked(counter, 50)))

    assert "Counter slice: 10 places" in words
    assert "5 places would change their label" in words


def test_every_line_of_the_look_says_where_places_go_and_which_slices_end_up_empty(
    manager: Client, show: Show, counter: Channel
) -> None:
    tiffin = Channel.objects.create(code="tiffin", name="Tiffin", kind="partner")
    sent = asked(counter)
    apply(manager, show, sent, look(manager, show, sent))

    to_another = asked(counter, 0, **{f"share_{tiffin.pk}": "50"})
    words = pages.words(look(manager, show, to_another))

    assert "Floor, General: 5 out of the pool into Tiffin slice" in words
    assert "Floor, General: 5 out of Counter slice into Tiffin slice" in words
    assert "Emptied: Counter slice." in words
    assert "Emptied" not in pages.words(look(manager, show, asked(counter, 50)))


def test_without_a_reason_nothing_is_changed_and_what_was_seen_stays(
    manager: Client, show: Show, counter: Channel
) -> None:
    sent = asked(counter)

    answer = apply(manager, show, sent, look(manager, show, sent), reason="")

    assert "Counter slice: 5 places" in pages.words(answer)
    assert answer.context["why"].errors
    assert labels(show) == {}


def test_whoever_sells_first_has_all_the_rest_for_its_time(manager: Client, show: Show, counter: Channel) -> None:
    sent = asked(counter, first_h="6")
    looked = look(manager, show, sent)
    assert "Web first: all the rest, 15 places, until" in pages.words(looked)

    assert apply(manager, show, sent, looked).status_code == 302
    first = Allocation.objects.get(name="Web first")
    assert (len(labels(show)["Web first"]), first.closes_at is not None) == (15, True)


@pytest.mark.parametrize(
    ("percent", "more", "said"),
    [
        (0, {}, "Nothing would be sliced"),
        (101, {}, "less than or equal to 100"),
        (-1, {}, "greater than or equal to 0"),
        (10, {"gives_percent": "0"}, "greater than or equal to 1"),
        (10, {"order": "luck"}, "Select a valid choice"),
    ],
)
def test_a_split_that_makes_no_sense_is_not_even_looked_at(
    manager: Client, show: Show, counter: Channel, percent: int, more: dict[str, str], said: str
) -> None:
    answer = look(manager, show, asked(counter, percent, **more))

    assert said in pages.words(answer)
    assert answer.context["seen"] is None


def test_slices_never_come_to_more_than_the_pool(manager: Client, show: Show, counter: Channel) -> None:
    partner = Channel.objects.create(code="partner", name="Tiffin", kind="partner")

    answer = look(manager, show, asked(counter, 60, **{f"share_{partner.pk}": "50"}))

    assert "The slices come to 110 per cent of the pool" in pages.words(answer)


def test_a_refusal_of_the_service_is_told_on_the_form(manager: Client, counter: Channel) -> None:
    show = make_show(standing(20), starts_at=timezone.now() - DAY, slug="over")

    answer = look(manager, show, asked(counter, first_h="6"))

    assert "Nothing was changed." in pages.words(answer)
    assert answer.context["seen"] is None


def test_the_page_alone_has_the_form(manager: Client, show: Show) -> None:
    assert "Look first" in pages.words(manager.get(address(show)))


def test_applying_is_for_whoever_may_slice_the_pool(may: Callable[..., Client], show: Show, counter: Channel) -> None:
    clerk = may("inventory.view_show", "inventory.view_allocation", "inventory.change_allocation")

    assert clerk.get(address(show)).status_code == 403
    assert look(clerk, show, asked(counter)).status_code == 403
    assert labels(show) == {}
