"""Why can't I sell this, where money is behind it: by the numbers that buyers know, and to the order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Show
from tests.houses import rows
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show
from ticketing.models import Ticket


def ask(client: Client, show: Show, **asked: Any) -> Any:
    return client.get(reverse("admin:inventory_show_why", args=[show.pk]), asked)


def test_a_sold_place_names_its_order_and_leads_to_it(manager: Client) -> None:
    show = make_priced_show()
    order = sold(show, 1, contact="gauri@example.com")
    place = Ticket.objects.get().place

    response = ask(manager, show, place=f"Stalls {place}")

    told = f"It is sold on Web. Whose a buyer on Web Order HF-{order.pk} Since"
    assert told in pages.words(response)
    assert f"To the order HF-{order.pk}" in pages.words(response)
    assert pages.of(order) in response.content.decode()
    assert "gauri" not in response.content.decode()


def test_who_may_not_view_orders_is_led_to_none(may: Callable[..., Client]) -> None:
    show = make_priced_show()
    order = sold(show, 1)

    response = ask(may("inventory.view_place"), show, place=f"Stalls {Ticket.objects.get().place}")

    assert "It is sold on Web." in pages.words(response)
    assert pages.of(order) not in response.content.decode()


def test_a_tickets_and_an_orders_number_ask_about_their_places(manager: Client) -> None:
    show, other = make_priced_show(), make_priced_show(slug="lear")
    order = sold(show, 1)
    ticket = Ticket.objects.get()
    verdict = f"No Stalls {ticket.place} cannot be sold on Web now."

    assert verdict in pages.words(ask(manager, show, place=f"T-{ticket.pk}"))
    assert verdict in pages.words(ask(manager, show, place=f"hf-{order.pk}"))
    assert "No place" in pages.words(ask(manager, other, place=f"HF-{order.pk}"))


def test_what_names_a_ticket_and_a_seat_offers_both(manager: Client) -> None:
    other = make_priced_show(rows("A", 2), slug="lear")
    sold(other, 1)
    coming = Ticket.objects.get().pk + 1
    spots = [Spot("stalls", "gold", "T", str(coming + nth), 1, nth, 10 - nth) for nth in range(1, 4)]
    spots.append(Spot("stalls", "gold", "T", str(coming), 2, 1, 99))
    show = make_priced_show(House([SectionSpec("stalls", "Stalls")], [TierSpec("gold", "Gold")], spots))
    sold(show, 1)
    ticket = Ticket.objects.get(show=show)
    assert (ticket.pk, ticket.place.number) != (coming, str(coming))

    text = pages.words(ask(manager, show, place=f"T-{coming}"))

    assert f"Which “T-{coming}” is meant?" in text
    assert f"Stalls {ticket.place} Gold, sold" in text and f"Stalls T-{coming} Gold, open" in text
