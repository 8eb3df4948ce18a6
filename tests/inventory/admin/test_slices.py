"""Slices that are there: listed, changed, given back and undone in the admin; the ready shapes; and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.models import Allocation, ApiKey, Channel, Movement, ReleaseStep, Show
from inventory.services.copying import copy_show
from inventory.services.holds import place_hold
from inventory.services.keys import make_key
from inventory.services.locking import lock_places
from inventory.services.slices import Opening, Part, Pick, Slice, SliceStep
from inventory.services.slicing import slice_pool
from tests.houses import MANAGER, make_show, rows, seat, seconds, standing
from tests.inventory.admin import pages
from tests.inventory.admin.slicing import HOUR, address, asked, at, hidden, look, look_and_save, save, sliced, soon

BUYER = By("session:buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 4), starts_at=soon() + 240 * HOUR)


@pytest.fixture
def counter_slice(show: Show, counter: Channel) -> Allocation:
    ladder = [SliceStep(show.starts_at - 2 * HOUR, share_percent=100)]
    opening = Opening(counter.pk, soon() + seconds(17))
    cut = Slice("Counter slice", [opening], Pick(quantity=3), ladder=ladder)
    (made,) = slice_pool(show_id=show.pk, slices=[cut], by=MANAGER)
    return made.allocation


def as_it_is(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of the page as it comes, and why."""
    context = client.get(url).context
    forms = [context["times"], context["choice"], context["ladder"].management_form, *context["ladder"].forms]
    sent = {name: value for form in forms for field in form for name, value in pages._sent(field)}
    return sent | {"reason": "demand", "other": "", "note": ""}


def test_times_and_ladder_are_changed_and_no_place_moves(
    manager: Client, show: Show, counter: Channel, counter_slice: Allocation
) -> None:
    url = address(show, "slice", slice=counter_slice.pk)
    step_at = show.starts_at - 24 * HOUR
    before = counter_slice.openings.get().opens_at

    sent = as_it_is(manager, url) | {"name": "Till", "steps-0-at": at(step_at), "steps-0-much": "30"}
    response = look_and_save(manager, url, sent)

    counter_slice.refresh_from_db()
    assert response.status_code == 302
    assert (counter_slice.name, counter_slice.openings.get().opens_at) == ("Till", before)
    assert list(ReleaseStep.objects.values_list("at", "share_percent")) == [(step_at, 30)]
    assert sliced(show) == ["A-1", "A-2", "A-3"]
    assert "Till is changed. No place moved." in pages.words(manager.get(response["Location"]))


def test_more_places_are_moved_in(manager: Client, show: Show, counter_slice: Allocation) -> None:
    url = address(show, "slice", slice=counter_slice.pk, how="number")

    look_and_save(manager, url, as_it_is(manager, url) | {"quantity": "2", "order": "worst"})

    assert sliced(show) == ["A-1", "A-2", "A-3", "B-3", "B-4"]


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"how": "all"}, []),
        ({"how": "number", "quantity": "1", "order": "worst"}, ["A-1", "A-2"]),
        ({"how": "names", "names": "Stalls A 1-2"}, ["A-3"]),
    ],
)
def test_places_are_given_back_to_the_pool(
    manager: Client, show: Show, counter_slice: Allocation, fields: dict[str, str], left: list[str]
) -> None:
    url = address(show, "slice_back", slice=counter_slice.pk)
    sent = {"quantity": "", "order": "worst", "names": "", "reason": "demand", "other": "", "note": ""} | fields

    looked = look(manager, url, sent)
    assert f"{3 - len(left)} place" in pages.words(looked)
    assert sliced(show) == ["A-1", "A-2", "A-3"]
    save(manager, url, sent, looked)

    assert sliced(show) == left
    assert Movement.objects.latest("pk").reason_code == "demand"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": "number"}, "Say how many places to give back."),
        ({"how": "number", "quantity": "4"}, "Only 3 places are to be had there."),
        ({"how": "names"}, "Name at least one seat"),
        (
            {"how": "names", "names": "Stalls B 1"},
            "Not of this slice, or not any more, so nothing was moved: Stalls B 1.",
        ),
        ({"how": "names", "names": "Z 1"}, "'Z 1' is no seat of this house."),
    ],
)
def test_what_cannot_be_given_back_is_refused(
    manager: Client, show: Show, counter_slice: Allocation, fields: dict[str, str], said: str
) -> None:
    sent = {"quantity": "", "order": "worst", "names": ""} | fields

    response = look(manager, address(show, "slice_back", slice=counter_slice.pk), sent)

    assert said in pages.words(response)
    assert sliced(show) == ["A-1", "A-2", "A-3"]


def test_the_last_slicing_is_undone(manager: Client, show: Show, counter_slice: Allocation) -> None:
    list_ = manager.get(address(show, "slices"))
    assert "Last slicing: 3 places, by user:1" in pages.words(list_)
    url = list_.context["undo_url"]

    looked = look(manager, url, {})
    assert "3 places would go back where they were: Stalls, Gold: 3 out of Counter slice into the pool" in pages.words(
        looked
    )
    save(manager, url, {"reason": "mistake", "other": "", "note": ""}, looked)

    assert sliced(show) == []
    assert counter_slice.openings.count() == 1
    # What is now undone is an act of its own; the old address undoes nothing any more.
    assert manager.get(url).status_code == 302


def test_a_slicing_of_several_slices_is_named_by_all_its_places(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    cuts = [
        Slice("Web slice", [Opening(web.pk)], Pick(quantity=4)),
        Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=1)),
    ]
    slice_pool(show_id=show.pk, slices=cuts, by=MANAGER)

    list_ = manager.get(address(show, "slices"))
    looked = look(manager, list_.context["undo_url"], {})

    assert "Last slicing: 5 places, by user:1" in pages.words(list_)
    assert "5 places, by user:1" in pages.words(looked)
    assert "5 places would go back where they were" in pages.words(looked)


def test_the_slices_of_a_copied_show_are_undone_by_all_their_places(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    for name, channel, quantity in (("Web slice", web, 4), ("Counter slice", counter, 1)):
        slice_pool(show_id=show.pk, slices=[Slice(name, [Opening(channel.pk)], Pick(quantity=quantity))], by=MANAGER)
    copy = copy_show(show_id=show.pk, title="Hamlet", slug="again", starts_at=show.starts_at + HOUR, by=MANAGER)

    list_ = manager.get(address(copy, "slices"))

    assert "Last slicing: 5 places, by user:1" in pages.words(list_)
    assert "5 places would go back where they were" in pages.words(look(manager, list_.context["undo_url"], {}))


def test_for_whom_something_ends_meanwhile_is_told_to_whoever_sees_claims(
    may: Callable[..., Client], show: Show, counter_slice: Allocation
) -> None:
    wanted = Seats([seat(show, "B-1").pk])
    place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="The Ferry", until=soon() + 2 * HOUR, by=MANAGER)

    clerk = may("inventory.view_show", "inventory.slice_pool")
    text = pages.words(look(clerk, address(show, "slice_back", slice=counter_slice.pk), {"how": "all"}))

    assert ("The Ferry" in text, "a hold ends" in text) == (False, True)


# The list -------------------------------------------------------------------------------------------------------------


def test_the_page_lists_every_slice_with_its_channels_times_ladder_and_what_is_left(
    manager: Client, show: Show, web: Channel, counter: Channel, counter_slice: Allocation
) -> None:
    slice_pool(show_id=show.pk, slices=[Slice("Web only", [Opening(web.pk)], Part())], by=MANAGER)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "B-1").pk]), by=BUYER)

    text = pages.words(manager.get(address(show, "slices")))

    assert "Sold by Counter from" in text
    assert "Ladder: gives all of what is unsold to the pool," in text
    assert "Sold by Web from the start" in text
    assert "4 open 1 locked 0 sold of 5" in text
    assert "Sold by every channel from the start" in text


def test_the_list_takes_as_many_queries_for_three_slices_as_for_one(
    manager: Client, show: Show, counter: Channel, counter_slice: Allocation, django_assert_num_queries: Any
) -> None:
    manager.get(address(show, "slices"))
    with CaptureQueriesContext(connection) as one:
        manager.get(address(show, "slices"))
    for name in ("Second", "Third"):
        slice_pool(show_id=show.pk, slices=[Slice(name, [Opening(counter.pk)], Pick(quantity=1))], by=MANAGER)
    with django_assert_num_queries(len(one)):
        manager.get(address(show, "slices"))


def test_a_shape_prefills_the_form_and_leaves_out_what_is_past(manager: Client, counter: Channel) -> None:
    tonight = make_show(standing(40), starts_at=soon() + 5 * HOUR)

    context = manager.get(address(tonight, "slice", shape="counter")).context

    assert context["times"]["name"].value() == "Counter slice"
    assert context["times"][f"sells_{counter.pk}"].value() is True
    assert (context["choice"]["quantity"].value(), context["choice"]["unit"].value()) == (4, "places")
    steps = [(form["at"].value(), form["much"].value()) for form in context["ladder"]]
    assert [(moment and at(timezone.make_aware(moment)), much) for moment, much in steps] == [
        (at(tonight.starts_at - 2 * HOUR), 100), (None, None), (None, None),
    ]  # fmt: skip


def test_a_shape_can_be_looked_at_and_saved_as_it_comes(manager: Client, show: Show) -> None:
    for shape in ("counter", "web_first"):
        url = address(show, "slice", shape=shape)
        response = look_and_save(manager, url, as_it_is(manager, url))
        assert response.status_code == 302, pages.words(response)

    assert set(Allocation.objects.filter(show=show).values_list("name", flat=True)) == {
        "Pool", "Web first", "Counter slice",
    }  # fmt: skip


def test_the_partner_shape_says_what_the_partner_still_lacks(manager: Client, show: Show) -> None:
    url = address(show, "slice", shape="partner")
    assert "There is no partner yet. Make a channel for it" in pages.words(manager.get(url))

    partner = Channel.objects.create(code="partner", name="Tiffin", kind="partner")
    response = manager.get(url)
    assert "The partner has no key for the API yet, so it cannot sell. Make its key" in pages.words(response)
    assert response.context["times"]["name"].value() == "Tiffin"
    key_page = manager.get(f"{pages.adding(ApiKey)}?channel={partner.pk}")
    assert f'<option value="{partner.pk}" selected>' in key_page.content.decode()

    make_key(channel_id=partner.pk, name="Tiffin")
    assert "no key" not in pages.words(manager.get(url))


# Who may --------------------------------------------------------------------------------------------------------------


def test_slicing_asks_for_its_own_permission(may: Any, show: Show, counter_slice: Allocation) -> None:
    client = may("inventory.view_allocation", "inventory.change_allocation", "inventory.place_hold")

    listed = client.get(address(show, "slices"))
    assert (listed.status_code, "Slice the pool" in pages.words(listed)) == (200, False)
    assert address(show, "slice") not in listed.content.decode()
    for page in ("slice", "slice_back", "slice_undo", "on_sale"):
        assert client.get(address(show, page, slice=counter_slice.pk)).status_code == 403
        assert client.post(address(show, page, slice=counter_slice.pk), asked()).status_code == 403
    assert sliced(show) == ["A-1", "A-2", "A-3"]


def test_whoever_may_slice_sees_the_map_and_the_way_there(may: Any, show: Show) -> None:
    client = may("inventory.slice_pool", "inventory.view_allocation", "inventory.view_show")

    assert client.get(address(show, "seats")).status_code == 200
    assert address(show, "slices") in client.get(address(show, "stock")).content.decode()
    assert look_and_save(client, address(show, "slice"), asked()).status_code == 302


def test_what_is_not_there_is_not_found(manager: Client, show: Show) -> None:
    other = make_show(rows("A", 1), slug="othello")
    slice_ = Allocation.objects.create(show=other, name="Theirs")
    pool = show.allocations.get(is_pool=True)

    for page, query in (
        ("slice", {"slice": slice_.pk}), ("slice", {"slice": pool.pk}), ("slice", {"slice": "x"}),
        ("slice_back", {}), ("slice_back", {"slice": slice_.pk}),
    ):  # fmt: skip
        assert manager.get(address(show, page, **query)).status_code == 404
    assert manager.get(address(show, "slice_undo")).status_code == 302
    assert manager.get("/admin/inventory/show/0/slices/").status_code == 404
    empty = make_show(None, slug="empty")
    assert "There is nothing to slice before a house is loaded." in pages.words(manager.get(address(empty, "slices")))
    assert "There is nothing to slice before a house is loaded." in pages.words(manager.get(address(empty, "slice")))


def test_the_list_of_allocations_leads_to_the_slices_and_says_from_when_the_pool_sells(
    manager: Client, show: Show, web: Channel
) -> None:
    show.allocations.get(is_pool=True).openings.create(channel=web, opens_at=show.starts_at - 24 * HOUR)

    response = manager.get(pages.listing(Allocation))

    assert address(show, "slices") in response.content.decode()
    assert "everybody, Web from" in pages.words(response)


def test_a_name_is_never_markup(manager: Client, show: Show) -> None:
    response = look_and_save(manager, address(show, "slice"), asked(name="<b>Till</b>"))

    assert response.status_code == 302
    assert "<b>Till</b>" not in manager.get(address(show, "slices")).content.decode()
    assert hidden(look(manager, address(show, "slice"), asked(name="<b>2</b>", quantity="1")))
