"""Giving complimentary tickets at the desk: look first, give exactly that, print it; or hear which seat and why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from inventory.acts import Seats
from inventory.models import Hold, Movement, Show, Tier
from inventory.services.freezes import freeze, thaw
from inventory.services.holds import place_hold
from tests.houses import MANAGER, rows, seat, statuses
from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show
from tests.ticketing.test_giving import CLERK, press
from ticketing.models import Letter, Order, OrderContact, Ticket
from ticketing.services.giving import issue_complimentary


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("AB", 4))


@pytest.fixture
def held(show: Show) -> Hold:
    wanted = Seats([seat(show, label).pk for label in ("A-1", "A-2", "A-3")])
    return place_hold(
        show_id=show.pk, wanted=wanted, purpose="sponsor", party="Chai Co", contact="desk@chai.example", by=MANAGER
    )


def asked(**fields: Any) -> dict[str, Any]:
    choice = {"how": "number", "quantity": "2", "order": "best", "tier": "", "section": "", "names": "", "places": ""}
    guest = {"recipient": "press", "name": "First Guest", "contact": "", "reason": "review", "other": "", "note": ""}
    return choice | guest | fields


def hidden(response: Any) -> dict[str, str]:
    seen = response.context["seen"]
    return {"looked": seen["ids"], "looked_for": seen["for"]}


def given() -> list[str]:
    return [str(ticket.place) for ticket in Ticket.objects.filter(voided_at=None).order_by("place__rank")]


def test_the_best_open_places_are_given_and_the_page_of_the_order_follows(manager: Client, show: Show) -> None:
    response = manager.post(pages.of(show, "complimentary"), asked(contact="gauri@example.com", note="First night"))

    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (302, pages.of(order))
    assert given() == ["A-1", "A-2"]
    said = pages.words(manager.get(response["Location"]))
    assert f"HF-{order.pk}: 2 tickets given to First Guest. Stalls A 1-2. They are on their way by mail." in said
    assert "Press, First Guest: for a review or a report. Would have cost ₹2,360.00." in said
    assert "Complimentary, else ₹1,180.00" in said
    assert Movement.objects.get(verb="sell_from_hold").note.text == "First night"


def test_a_look_gives_nothing_and_then_exactly_what_was_seen_is_given(manager: Client, show: Show) -> None:
    sent = asked(how="names", names="B 2-3")
    looked = manager.post(pages.of(show, "complimentary"), sent | {"look": ""})

    said = pages.words(looked)
    assert "2 tickets would be given: Stalls B 2-3. Whoever pays would pay ₹2,360.00." in said
    assert not Order.objects.exists()
    manager.post(pages.of(show, "complimentary"), sent | hidden(looked))
    assert given() == ["B-2", "B-3"]


def test_a_hold_gives_its_own_places_and_knows_its_party(manager: Client, show: Show, held: Hold) -> None:
    page = manager.get(pages.of(held.claim, "complimentary"))
    said = pages.words(page)
    assert "The hold has 3 places now: Stalls A 1-3." in said
    assert page.context["about"].initial == {
        "recipient": "sponsor", "name": "Chai Co", "contact": "desk@chai.example",
    }  # fmt: skip

    manager.post(pages.of(held.claim, "complimentary"), asked(order="worst"))

    assert given() == ["A-2", "A-3"]
    assert statuses(show) == {"sold": 2, "held": 1, "open": 5}
    shown = pages.words(manager.get(pages.of(held.claim)))
    assert "2 used" in shown and "1 still held" in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": "names", "names": "B 1"}, "Not of this hold, so nothing was given: Stalls B 1."),
        ({"quantity": "4"}, "This hold has 3 places. Ask for fewer."),
        ({"quantity": ""}, "Say how many places to give."),
        ({"recipient": ""}, "This field is required."),
        ({"reason": ""}, "This field is required."),
        ({"contact": "gauri at home"}, "Give a mobile number of ten digits"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_given(
    manager: Client, held: Hold, fields: dict[str, str], said: str
) -> None:
    response = manager.post(pages.of(held.claim, "complimentary"), asked(**fields))

    words = pages.words(response)
    assert said in words and "Nothing has been given." in words
    assert not Order.objects.exists()


def test_a_taken_seat_is_named_with_whose_it_is(manager: Client, show: Show, held: Hold) -> None:
    response = manager.post(pages.of(show, "complimentary"), asked(how="names", names="A 3, B 1"))

    assert "Not open, so nothing was given: Stalls A 3: held, Sponsor: Chai Co." in pages.words(response)
    assert not Order.objects.exists()


def test_a_hold_that_is_over_gives_nothing(manager: Client, show: Show, held: Hold) -> None:
    manager.post(pages.of(held.claim, "complimentary"), asked(quantity="3"))

    assert manager.get(pages.of(held.claim, "complimentary")).status_code == 404
    assert "Give complimentary tickets" not in pages.words(manager.get(pages.of(held.claim)))


def test_the_buttons_stand_where_they_can_be_used(may: Callable[..., Client], show: Show, held: Hold) -> None:
    clerk = may("inventory.view_show", "inventory.view_claim", "ticketing.issue_complimentary")

    for address in (pages.of(show), pages.of(held.claim)):
        assert "Give complimentary tickets" in pages.words(clerk.get(address))


def test_an_orders_tickets_are_printed_from_its_page(manager: Client, show: Show) -> None:
    (order_id,) = issue_complimentary(show_id=show.pk, gifts=[press(show, "A-1")], by=CLERK)
    order = Order.objects.get(pk=order_id)
    assert "Print the tickets" in pages.words(manager.get(pages.of(order)))

    assert "Each code admits once" in pages.words(manager.get(pages.of(order, "print")))
    response = manager.post(pages.of(order, "print"), {"reason": "at_the_counter"})

    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == f'inline; filename="HF-{order_id}-tickets.pdf"'
    assert "no-store" in response["Cache-Control"]


def test_tickets_that_are_void_are_not_printed(manager: Client, show: Show) -> None:
    (order_id,) = issue_complimentary(show_id=show.pk, gifts=[press(show, "A-1")], by=CLERK)
    order = Order.objects.get(pk=order_id)
    taking = manager.get(pages.of(order, "refund"))
    assert "They were complimentary: no money goes back." in pages.words(taking)
    ticket = Ticket.objects.get()
    manager.post(pages.of(order, "refund"), {"tickets": [ticket.pk], "reason": "customer_request"})

    response = manager.post(pages.of(order, "print"), {"reason": "at_the_counter"})

    assert "This order has no valid tickets any more." in pages.words(response)


def test_a_guest_with_a_name_alone_is_named_on_the_order(manager: Client, show: Show) -> None:
    manager.post(pages.of(show, "complimentary"), asked())

    order = Order.objects.get()
    assert OrderContact.objects.get().contact == ""
    shown = pages.words(manager.get(pages.of(order)))
    assert "First Guest" in shown and "Send the tickets again" not in shown


def test_a_gift_sent_twice_from_one_page_is_given_once(manager: Client, show: Show) -> None:
    address = pages.of(show, "complimentary")
    page = manager.get(address)
    sent = asked(once=page.context["once"])
    assert f'name="once" value="{sent["once"]}"' in page.content.decode()

    first, second = (manager.post(address, sent) for _ in range(2))

    order = Order.objects.get()
    assert first["Location"] == second["Location"] == pages.of(order)
    said = pages.words(manager.get(second["Location"]))
    assert f"This was done already: HF-{order.pk}. For more tickets, open the page again." in said
    assert given() == ["A-1", "A-2"]


def test_two_pages_give_twice(manager: Client, show: Show) -> None:
    address = pages.of(show, "complimentary")

    for _ in range(2):
        manager.post(address, asked(once=manager.get(address).context["once"]))

    assert given() == ["A-1", "A-2", "A-3", "A-4"]


def test_a_gift_that_was_refused_may_be_sent_again(manager: Client, show: Show) -> None:
    address = pages.of(show, "complimentary")
    sent = asked(once=manager.get(address).context["once"])
    stopped = freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=CLERK)
    refused = manager.post(address, sent)
    assert "Nothing was given." in pages.words(refused)
    thaw(freeze_id=stopped.pk, by=CLERK)

    manager.post(address, sent)

    assert given() == ["A-1", "A-2"]


def test_who_may_not_see_guest_lists_reads_of_a_guest_and_not_who_it_is(
    may: Callable[..., Client], manager: Client, show: Show
) -> None:
    (order_id,) = issue_complimentary(show_id=show.pk, gifts=[press(show, "A-1")], by=CLERK)
    (mailed_id,) = issue_complimentary(
        show_id=show.pk, gifts=[press(show, "A-2", contact="gauri@example.com")], by=CLERK
    )
    orders = [Order.objects.get(pk=order_id), Order.objects.get(pk=mailed_id)]
    addresses = [pages.of(orders[0]), pages.of(orders[1]), pages.listing(Order), pages.listing(Letter)]
    assert all("First Guest" in pages.words(manager.get(address)) for address in addresses[:3])

    counter = may("ticketing.view_order", "ticketing.view_letter", "ticketing.resend_tickets")
    said = [pages.words(counter.get(address)) for address in addresses]

    assert not any("First Guest" in words for words in said)
    assert (
        "Press, a guest: for a review or a report." in said[0]
        and "Press, a guest: for a review or a report." in said[1]
    )
    assert "a guest" in said[2] and "ga***@example.com" in said[2] and "ga***@example.com" in said[3]
