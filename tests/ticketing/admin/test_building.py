"""Building a show in the admin: its house from a file or from another show, and a copy of a whole show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import Place, Show
from tests.houses import make_show, rows
from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show

CSV = b"section,row,seat,tier\nStalls,A,1,Gold\nStalls,A,2,Gold\nBalcony,B,1,Silver\n"


def house(show: Show) -> str:
    return reverse("admin:inventory_show_house", args=[show.pk])


def file(raw: bytes = CSV, name: str = "house.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw)


def test_a_file_is_looked_at_first_and_loads_nothing(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(house(show), {"file": file(), "only_look": "on"})

    assert "3 places in 2 sections and 2 tiers; 0 wheelchair places." in pages.words(answer)
    assert "Stalls (numbered), Gold: 2 places" in pages.words(answer)
    assert "Nothing is loaded yet." in pages.words(answer)
    assert Place.objects.count() == 0


def test_then_it_is_loaded_and_the_stock_is_there(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(house(show), {"file": file()}, follow=True)

    assert "has its house: 3 places" in pages.words(answer)
    assert answer.redirect_chain[-1][0] == reverse("admin:inventory_show_stock", args=[show.pk])
    assert show.places.filter(status="open").count() == 3


def test_every_fault_of_a_file_is_named_by_its_line_and_nothing_is_loaded(manager: Client) -> None:
    show = make_show(slug="empty")

    answer = manager.post(house(show), {"file": file(b"section,row,seat,tier\nStalls,A,1,Gold\nStalls,A,1,Gold\n")})

    assert "nothing was loaded" in pages.words(answer)
    assert "line 3" in pages.words(answer)
    assert Place.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"file": "a file", "like": "a show"}])
def test_neither_and_both_are_refused(manager: Client, sent: dict[str, str]) -> None:
    show = make_show(slug="empty")
    other = make_show(rows("A", 2), slug="other")
    given = {"file": file(), "like": other.pk}

    answer = manager.post(house(show), {name: given[name] for name in sent})

    assert "Give a file, or choose a show: one of the two." in pages.words(answer)
    assert show.places.count() == 0


def test_the_house_of_another_show_of_the_venue_is_taken(manager: Client) -> None:
    show = make_show(slug="empty")
    other = make_show(rows("A", 2), slug="other")

    manager.post(house(show), {"like": other.pk})

    labels = [str(place) for place in show.places.order_by("rank")]
    assert labels == [str(place) for place in other.places.order_by("rank")] == ["A-1", "A-2"]


def test_a_show_that_has_a_house_gets_no_other(manager: Client) -> None:
    show = make_priced_show()

    answer = manager.post(house(show), {"file": file()}, follow=True)

    assert "has its house already" in pages.words(answer)
    assert show.places.count() == Place.objects.count()


def test_a_show_is_copied_for_the_next_evening(manager: Client) -> None:
    show = make_priced_show()
    address = pages.of(show, "copy")
    form = manager.get(address).context["form"]
    sent = {name: form[name].value() for name in ("title", "slug")}

    answer = manager.post(address, sent | {"starts_at": f"{show.starts_at + timedelta(days=1):%Y-%m-%dT%H:%M}"})

    copy = Show.objects.exclude(pk=show.pk).get()
    assert answer["Location"] == pages.of(copy)
    assert (copy.state, copy.places.count()) == ("draft", show.places.count())
    assert f"{timezone.localtime(copy.starts_at):%d %H:%M}" == f"{show.starts_at + timedelta(days=1):%d %H:%M}"


def test_an_address_that_is_taken_is_said_beside_the_field(manager: Client) -> None:
    show = make_priced_show()

    answer = manager.post(pages.of(show, "copy"), {"title": "x", "slug": "hamlet", "starts_at": "2036-01-01T19:00"})

    assert "Another show has this address already." in pages.words(answer)
    assert answer.context["form"].errors["slug"]
    assert Show.objects.count() == 1


def test_building_is_for_whoever_may(may: Callable[..., Client]) -> None:
    show = make_show(slug="empty")
    clerk = may("inventory.view_show")

    assert clerk.get(house(show)).status_code == clerk.post(house(show), {"file": file()}).status_code == 403
    assert clerk.get(pages.of(show, "copy")).status_code == 403
    assert f'href="{house(show)}"' not in clerk.get(pages.of(show)).content.decode()
    assert (Place.objects.count(), Show.objects.count()) == (0, 1)
