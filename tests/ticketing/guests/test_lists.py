"""A list that was issued: its page, its tickets in one file, the list for the door; and guests who are forgotten."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from inventory.acts import By
from inventory.models import Show
from inventory.queries.moves import database_now
from tests.houses import rows, seat
from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show
from tests.ticketing.test_giving import CLERK
from ticketing.models import Guest, GuestList, Order, OrderContact
from ticketing.services import printing
from ticketing.services.cancelling import refund_order
from ticketing.services.erasing import erase_contact, purge_old_contacts
from ticketing.services.giving import Gift
from ticketing.services.guests import Invited, ListEmpty, ListKnown, issue_guest_list
from ticketing.services.letters import send_due_letters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("AB", 4))


def invited(show: Show, row: int, name: str, *labels: str, contact: str = "", note: str = "") -> Invited:
    return Invited(Gift([seat(show, label).pk for label in labels], "press", name, contact), row, note)


@pytest.fixture
def issued(show: Show) -> GuestList:
    return issue_guest_list(
        show_id=show.pk,
        title="First night",
        digest="a" * 64,
        guests=[
            invited(show, 2, "A Critic", "A-1", "A-2", contact="critic@example.com", note="vegetarian"),
            invited(show, 3, "=Third Guest", "B-1"),
        ],
        by=CLERK,
    )


def test_the_page_of_a_list_tells_who_has_which_places_and_what_was_mailed(manager: Client, issued: GuestList) -> None:
    words = pages.words(manager.get(pages.of(issued)))
    assert "0 of 2 guests, 1 on their way" in words
    assert "A Critic Press Stalls A 1-2 cr***@example.com: not yet vegetarian" in words

    send_due_letters(now=database_now() + timedelta(seconds=1))

    words = pages.words(manager.get(pages.of(issued)))
    assert "1 of 2 guests" in words and "A Critic Press Stalls A 1-2 sent vegetarian" in words


def test_two_guests_take_as_many_queries_as_one(manager: Client, show: Show, issued: GuestList) -> None:
    one = issue_guest_list(
        show_id=show.pk, title="One", digest="b" * 64, guests=[invited(show, 2, "Another Guest", "B-2")], by=CLERK
    )

    def queries(listed: GuestList, verb: str) -> int:
        address = pages.of(listed, verb)
        manager.get(address)
        with CaptureQueriesContext(connection) as asked:
            manager.get(address)
        return len(asked)

    for verb in ("change", "door"):
        assert queries(one, verb) == queries(issued, verb)


def test_all_tickets_of_a_list_are_one_file_with_the_guests_names(manager: Client, issued: GuestList) -> None:
    response = manager.post(pages.of(issued, "print"), {"reason": "for_a_guest"})

    printed = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(response.content)).pages]
    assert len(printed) == 3
    assert ["For A Critic" in page for page in printed] == [True, True, False]
    assert all("Complimentary" in page and "₹" not in page for page in printed)
    noted = pages.words(manager.get(pages.of(issued)))
    assert "Tickets printed, part 1: laid out for a guest, or sent by post" in noted


def test_a_long_list_is_printed_in_parts_that_tear_no_guest_apart(
    issued: GuestList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PRINTED_AT_ONCE", 2)

    first, second = printing.guest_list_parts(issued.pk)

    assert (len(first), len(second)) == (1, 1)
    with pytest.raises(printing.NoTicketsLeft):
        printing.guest_list_pdf(issued.pk, 3, "First night")


def test_the_door_has_its_list_by_name_without_those_whose_tickets_were_taken_back(
    manager: Client, show: Show, issued: GuestList
) -> None:
    words = pages.words(manager.get(pages.of(issued, "door")))
    assert "2 guests, 3 tickets" in words
    assert words.index("=Third Guest") < words.index("A Critic")

    refund_order(order_id=Guest.objects.get(row=2).order_id, by=CLERK)

    words = pages.words(manager.get(pages.of(issued, "door")))
    assert "1 guest, 1 ticket" in words and "A Critic" not in words
    assert "void" in pages.words(manager.get(pages.of(issued)))


def test_the_doors_list_as_a_file_holds_no_formula(manager: Client, issued: GuestList) -> None:
    file = manager.get(pages.of(issued, "door"), {"as": "csv"}).content.decode("utf-8-sig").splitlines()

    assert file[0] == "Name,Tickets,Places,Class,Note,Order"
    assert file[1].startswith("'=Third Guest,1,Stalls B 1,Press,,HF-")


def test_a_guest_who_is_forgotten_leaves_name_and_note_and_keeps_the_ticket(manager: Client, issued: GuestList) -> None:
    order = Guest.objects.get(row=2).order

    erase_contact(order_id=order.pk, by=By(actor="user:1"))

    assert Guest.objects.get(row=2).note == ""
    words = pages.words(manager.get(pages.of(issued, "door")))
    assert "A Critic" not in words and "vegetarian" not in words and "(forgotten) 2 Stalls A 1-2" in words


def test_guests_of_shows_long_over_are_forgotten_by_themselves(show: Show, issued: GuestList) -> None:
    purge_old_contacts(now=show.starts_at + timedelta(days=4000))

    assert not OrderContact.objects.exists()
    assert set(Guest.objects.values_list("note", flat=True)) == {""}
    assert Order.objects.filter(state="confirmed").count() == 2


def test_a_list_without_a_title_or_a_guest_is_none_and_a_known_file_is_asked_about(
    show: Show, issued: GuestList
) -> None:
    for title, guests in (("", [invited(show, 2, "Another Guest", "B-2")]), ("Nobody", [])):
        with pytest.raises(ListEmpty):
            issue_guest_list(show_id=show.pk, title=title, digest="c" * 64, guests=guests, by=CLERK)
    with pytest.raises(ListKnown) as known:
        issue_guest_list(
            show_id=show.pk, title="Again", digest="a" * 64, guests=[invited(show, 2, "Another Guest", "B-2")], by=CLERK
        )
    assert known.value.facts == {"list_id": issued.pk}
