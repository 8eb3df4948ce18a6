"""Why can't I sell this? What the page understands of what staff type."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inventory.acts import Seats
from inventory.models import Channel, Place
from inventory.queries.said import Reading, places_said, readings
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from tests.houses import MANAGER, make_show, rows, seat
from tests.inventory.admin import pages
from tests.inventory.admin.asking import BUYER, ask, two_sections, why


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("A12", [Reading("", "A", "12")]),
        ("12A", [Reading("", "12", "A")]),
        ("a-12", [Reading("", "a", "12"), Reading("a", "", "12")]),
        ("row A, Seat 12", [Reading("", "A", "12"), Reading("A", "", "12")]),
        ("Stalls A12", [Reading("Stalls", "A", "12"), Reading("", "Stalls", "A12"), Reading("Stalls", "", "A12")]),
        ("#31", [Reading("", "", "31")]),
        ("Floor #31", [Reading("Floor", "", "31")]),
        ("31", [Reading("", None, "31")]),
        ("", []),
        (" - ", []),
        ("stalls", []),
    ],
)
def test_a_place_is_read_as_staff_say_it(said: str, read: list[Reading]) -> None:
    assert readings(said) == read


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Stalls A 3", ["Stalls A-3"]),
        ("stalls a-3", ["Stalls A-3"]),
        ("bal A3", ["Balcony A-3"]),
        ("A 3", ["Stalls A-3", "Balcony A-3"]),
        ("#3", ["Floor #3"]),
        ("floor 3", ["Floor #3"]),
        ("4", ["Stalls A-4", "Stalls B-4", "Balcony A-4", "Balcony B-4", "Floor #4"]),
        ("C 3", []),
        ("Gallery A 3", []),
    ],
)
def test_it_finds_the_places_that_somebody_may_mean(transactional_db: None, said: str, found: list[str]) -> None:
    show = make_show(two_sections())
    make_show(two_sections(), slug="othello")

    assert [f"{place.section} {place}" for place in places_said([show.pk], said, 20)] == found


def test_places_are_found_in_two_statements_and_never_more_than_asked_for(
    transactional_db: None, django_assert_num_queries: Any
) -> None:
    shows = [make_show(two_sections(), slug=slug).pk for slug in ("hamlet", "othello", "lear")]

    with django_assert_num_queries(2):
        assert len(places_said(shows, "A 3", 5)) == 5
    assert [str(place) for place in places_said(shows[:1], "3", 20, any_row=False)] == ["#3"]


def test_several_places_are_listed_to_choose_from(manager: Client) -> None:
    show = make_show(two_sections())

    response = manager.get(why(show), {"place": "A 3", "channel": "counter"})

    assert "Which “A 3” is meant? Stalls A-3 Gold, open Balcony A-3 Silver, open" in pages.words(response)
    place = Place.objects.get(show=show, section__code="balcony", row="A", number="3")
    address = f"{why(show)}?id={place.pk}&channel=counter"
    assert f'href="{address}"' in response.content.decode().replace("&amp;", "&")
    assert "Yes Balcony A-3 can be sold on Counter now." in pages.words(manager.get(address))


def test_what_ran_out_is_offered_as_open(manager: Client, web: Channel) -> None:
    show = make_show(two_sections())
    stalls = Place.objects.get(show=show, section__code="stalls", row="A", number="3")
    an_hour_ago = timezone.now() - timedelta(hours=1)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([stalls.pk]), by=BUYER, now=an_hour_ago)

    assert "Stalls A-3 Gold, open" in ask(manager, show, place="A3")
    assert "Yes Stalls A-3 can be sold on Web now." in ask(manager, show, place="Stalls A3")


def test_a_tier_or_section_narrows_what_is_meant(manager: Client) -> None:
    show = make_show(two_sections())

    by_tier = ask(manager, show, place="A3", tier=show.tiers.get(code="silver").pk)
    by_section = ask(manager, show, place="A3", section=show.sections.get(code="stalls").pk)

    assert "Yes Balcony A-3 can be sold on Web now." in by_tier
    assert "Yes Stalls A-3 can be sold on Web now." in by_section


def test_an_unknown_place_says_what_was_looked_for_and_how_seats_are_written(manager: Client) -> None:
    show = make_show(two_sections())

    text = ask(manager, show, place="  Z   99 ", tier=show.tiers.get(code="gold").pk)

    assert "No place “Z 99” in Gold. Seats are written as on the plan: A 12, A-12, A12 or Stalls A 12." in text


def test_what_is_typed_is_shown_as_text(manager: Client) -> None:
    response = manager.get(why(make_show(two_sections())), {"place": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in response.content.decode()


def test_a_claims_number_leads_to_its_places(manager: Client) -> None:
    show = make_show(rows("A", 6))
    held = place_hold(
        show_id=show.pk, wanted=Seats([seat(show, "A-2").pk]), purpose="press", party="The Ferry", by=MANAGER
    )

    assert "No Stalls A-2 cannot be sold on Web now." in ask(manager, show, place=f"hold {held.pk}")
    assert "No place" in ask(manager, make_show(rows("A", 2), slug="lear"), place=f"hold {held.pk}")


def test_the_name_of_a_tier_or_a_section_asks_about_all_of_it(manager: Client) -> None:
    show = make_show(two_sections())

    assert "Yes Web can sell 8 of 8 places of Gold now." in ask(manager, show, place="gold")
    assert "Yes Web can sell 5 of 5 places of Floor now." in ask(manager, show, place="Floor")
