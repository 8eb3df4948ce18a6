"""Other seats for an order, from its page in the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from inventory.models import Place, Show
from tests.houses import seat, two_tiers
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.test_giving import CLERK, press
from ticketing.models import Order, Payment, Ticket
from ticketing.services.giving import issue_complimentary

WHY = {"reason": "seat_not_usable", "other": "", "note": "A pillar."}


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(two_tiers(6, 4))


def page(order: Order) -> str:
    return pages.of(order, "reseat")


def ids(order: Order) -> list[int]:
    return list(Ticket.objects.filter(order=order, voided_at=None).order_by("pk").values_list("pk", flat=True))


def test_two_tickets_move_to_the_seats_that_were_named(manager: Client, show: Show) -> None:
    order = sold(show, 2)
    asked = pages.words(manager.get(page(order)))
    assert "Open in Gold, the best first: Stalls A" in asked

    response = manager.post(page(order), WHY | {"tickets": ids(order), "names": "Stalls A 5-6"}, follow=True)

    assert "moved to Stalls A 5-6" in pages.words(response)
    assert set(Place.objects.filter(status="sold")) == {seat(show, "A-5"), seat(show, "A-6")}
    assert LogEntry.objects.get().change_message == "Moved to Stalls A 5-6: the seat cannot be used: A pillar."
    assert_books_are_true()


def test_a_mixed_order_moves_within_each_of_its_tiers(manager: Client, show: Show) -> None:
    from tests.ticketing.books import BUYER, order
    from ticketing.services.paying import pay_by_tender

    placed = order(show, [seat(show, "A-1"), seat(show, "B-1")])
    pay_by_tender(order_id=placed.order_id, tender=Payment.Tender.CASH, by=BUYER)
    made = Order.objects.get(pk=placed.order_id)

    manager.post(page(made), WHY | {"tickets": ids(made), "names": "Stalls A 6, B 4"})

    assert set(Place.objects.filter(status="sold")) == {seat(show, "A-6"), seat(show, "B-4")}
    assert_books_are_true()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("Stalls A 5", "2 tickets are to move, and 1 seats are named: as many of each."),
        ("Stalls A 5, B 1", "and the seats left for it are Silver."),
        ("Stalls Z 5", "is no seat of Stalls"),
        ("", "Name the seats, such as: Stalls B 4-5."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_moves(manager: Client, show: Show, names: str, said: str) -> None:
    order = sold(show, 2)

    response = manager.post(page(order), WHY | {"tickets": ids(order), "names": names})

    assert said in pages.words(response)
    assert Ticket.objects.filter(voided_at=None).count() == 2
    assert not Ticket.objects.filter(serial=2).exists()


def test_a_seat_that_is_taken_is_named_with_whose_it_is(manager: Client, show: Show) -> None:
    order, other = sold(show, 1), sold(show, 1)
    taken = Ticket.objects.get(order=other).place

    response = manager.post(page(order), WHY | {"tickets": ids(order), "names": f"Stalls {taken.row} {taken.number}"})

    assert f"Not open, so nothing was moved: Stalls {taken.row} {taken.number}: sold on Web" in pages.words(response)


def test_the_way_there_is_for_whoever_may(may: Callable[..., Client], show: Show) -> None:
    order = sold(show, 1)

    assert page(order) in may("ticketing.view_order", "ticketing.reseat_order").get(pages.of(order)).content.decode()


def test_a_gift_is_called_complimentary_where_its_seats_are_changed(manager: Client, show: Show) -> None:
    (order_id,) = issue_complimentary(show_id=show.pk, gifts=[press(show, "A-1")], by=CLERK)

    said = pages.words(manager.get(page(Order.objects.get(pk=order_id))))

    assert "Stalls A-1, Complimentary" in said and "₹0.00" not in said


def test_printing_tickets_is_noted_with_who_did_it_and_why(may: Callable[..., Client], show: Show) -> None:
    order = sold(show, 1)

    clerk = may("ticketing.view_order", "ticketing.resend_tickets")
    clerk.get(pages.of(order, "print"))
    assert not LogEntry.objects.exists()
    clerk.post(pages.of(order, "print"), {"reason": "not_arrived", "note": "Typed it wrong."})

    entry = LogEntry.objects.get()
    assert entry.user.get_username() == "clerk"
    assert (
        entry.change_message == "Tickets printed: the mail did not arrive, or the phone does not work: Typed it wrong."
    )
