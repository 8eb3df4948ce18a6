"""On sale from: the times of every channel in one table, for the pool and each slice; seen first, then set just so."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from inventory.models import Allocation, AllocationChannel, Channel, Movement, Show
from inventory.services.slices import Opening, Pick, Slice
from inventory.services.slicing import slice_pool
from tests.houses import MANAGER, make_show, rows
from tests.inventory.admin import pages
from tests.inventory.admin.slicing import HOUR, address, at, look, look_and_save, save, soon, why


@pytest.fixture
def show(counter: Channel) -> Show:
    show = make_show(rows("AB", 4), starts_at=soon() + 240 * HOUR)
    cut = Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=3))
    slice_pool(show_id=show.pk, slices=[cut], by=MANAGER)
    return show


def as_it_is(client: Client, show: Show, **changes: str) -> dict[str, Any]:
    """What a browser would send of the table as it comes; `pool__from_web` changes a field by its words."""
    names = {"pool": show.allocations.get(is_pool=True).pk, "slice": show.allocations.get(is_pool=False).pk}
    sent = {
        name: value
        for form in client.get(address(show, "on_sale")).context["forms"]
        for field in form
        for name, value in pages._sent(field)
    }
    for key, value in changes.items():
        whose, _, field = key.partition("__")
        for channel in Channel.objects.all():
            field = field.replace(channel.code, str(channel.pk))
        sent[f"a{names[whose]}-{field}"] = value
    return sent | why("presale")


def test_the_web_is_set_on_sale_on_friday_and_the_counter_on_saturday(
    manager: Client, show: Show, web: Channel, counter: Channel
) -> None:
    friday, saturday = soon() + 24 * HOUR, soon() + 48 * HOUR
    sent = as_it_is(manager, show, pool__from_web=at(friday), pool__from_counter=at(saturday))

    looked = look(manager, address(show, "on_sale"), sent)
    text = pages.words(looked)
    assert "Now 5 → 0 5 fewer 8 → 3 5 fewer" in text
    assert "Pool opens for Web 5 the same 8 → 3 5 fewer" in text
    assert not AllocationChannel.objects.filter(allocation__is_pool=True).exists()
    response = save(manager, address(show, "on_sale"), sent, looked)

    assert (response.status_code, response["Location"]) == (302, address(show, "slices"))
    openings = AllocationChannel.objects.filter(allocation__is_pool=True).order_by("channel")
    assert list(openings.values_list("channel__code", "opens_at")) == [("web", friday), ("counter", saturday)]
    listed = pages.words(manager.get(address(show, "slices")))
    assert "every other channel from the start" in listed
    assert Movement.objects.latest("pk").reason_code == "presale"
    (entry,) = LogEntry.objects.all()
    assert entry.get_change_message().startswith("On sale: Pool: Web from ")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "The show is a draft: nothing is sold until it is put on sale."),
        ("paused", "Sales of the show are paused: nothing is sold until it is put on sale again."),
        ("closed", "Sales of the show are closed: nothing is sold until it is put on sale again."),
    ],
)
def test_before_a_show_is_on_sale_the_look_counts_as_if_it_were_and_says_so(
    manager: Client, show: Show, state: str, said: str
) -> None:
    Show.objects.filter(pk=show.pk).update(state=state)

    sent = as_it_is(manager, show, pool__from_web=at(soon() + 24 * HOUR))
    text = pages.words(look(manager, address(show, "on_sale"), sent))

    assert f"{said} The table shows what could be sold if it were." in text
    assert "Now 5 → 0 5 fewer 8 the same" in text
    assert Show.objects.get(pk=show.pk).state == state


def test_of_a_cancelled_show_nothing_could_be_sold(manager: Client, show: Show) -> None:
    Show.objects.filter(pk=show.pk).update(state="cancelled")

    text = pages.words(look(manager, address(show, "on_sale"), as_it_is(manager, show)))

    assert "The show is cancelled, so nothing is sold anywhere." in text
    assert "Now 0 the same 0 the same" in text


def test_a_show_on_sale_is_not_said_to_be_anything_else(manager: Client, show: Show) -> None:
    assert "if it were" not in pages.words(look(manager, address(show, "on_sale"), as_it_is(manager, show)))


def test_a_slices_channels_and_its_end_are_set_in_the_same_table(manager: Client, show: Show) -> None:
    opens_at, ends_at = soon() + 24 * HOUR, soon() + 48 * HOUR
    sent = as_it_is(manager, show, slice__sells_web="on", slice__from_web=at(opens_at), slice__closes_at=at(ends_at))

    look_and_save(manager, address(show, "on_sale"), sent)

    slice_ = Allocation.objects.get(name="Counter slice")
    openings = slice_.openings.order_by("channel").values_list("channel__code", "opens_at")
    assert (list(openings), slice_.closes_at) == ([("web", opens_at), ("counter", None)], ends_at)
    assert slice_.places.count() == 3


def test_the_table_saved_as_it_is_changes_nothing(manager: Client, show: Show) -> None:
    before = list(AllocationChannel.objects.values())

    look_and_save(manager, address(show, "on_sale"), as_it_is(manager, show))

    assert list(AllocationChannel.objects.values()) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pool__from_web": "2020-01-01T10:00"}, "A channel opens in the future"),
        ({"pool__from_web": "2099-01-01T10:00"}, "A channel opens in the future"),
        ({"slice__from_web": "2099-01-01T10:00"}, "Tick Web as well, or empty this."),
        ({"slice__sells_counter": ""}, "Tick at least one channel that may sell."),
        ({"slice__closes_at": "2020-01-01T10:00"}, "A slice closes in the future"),
        ({"pool__from_web": "tomorrow"}, "Enter a valid date/time."),
    ],
)
def test_times_that_make_no_sense_are_refused_beside_them(
    manager: Client, show: Show, changes: dict[str, str], said: str
) -> None:
    before = list(AllocationChannel.objects.values()), list(Allocation.objects.values())

    response = look(manager, address(show, "on_sale"), as_it_is(manager, show, **changes))

    assert said in pages.words(response)
    assert response.context["seen"] is None
    assert (list(AllocationChannel.objects.values()), list(Allocation.objects.values())) == before


def test_a_slice_made_meanwhile_is_left_as_it_is(manager: Client, show: Show, counter: Channel) -> None:
    sent = as_it_is(manager, show)
    slice_pool(show_id=show.pk, slices=[Slice("Till", [Opening(counter.pk)], Pick(quantity=1))], by=MANAGER)

    response = look_and_save(manager, address(show, "on_sale"), sent)

    assert response.status_code == 302
    assert Allocation.objects.get(name="Till").openings.get().channel == counter


def test_times_are_not_saved_without_a_look_and_a_reason(manager: Client, show: Show) -> None:
    sent = as_it_is(manager, show, pool__from_web=at(soon() + 24 * HOUR))

    unseen = save(manager, address(show, "on_sale"), sent)
    assert "Look below at what it comes to, then save." in pages.words(unseen)
    nameless = save(manager, address(show, "on_sale"), sent | {"reason": ""}, unseen)
    assert "Say why, then save." in pages.words(nameless)
    assert not AllocationChannel.objects.filter(allocation__is_pool=True).exists()
