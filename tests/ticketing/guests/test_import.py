"""A guest list comes in: looked at row by row, then issued whole; one bad row, and nothing of it is issued."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inventory.acts import Seats
from inventory.models import Allocation, Claim, Hold, Incident, Movement, Show, Tier
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from tests.houses import MANAGER, rows, seat, standing, statuses
from tests.inventory.admin import pages
from tests.people import log_in
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.guests.lists import as_csv, as_xlsx, faults, give, guest, issue
from tests.ticketing.test_giving import CLERK, counts
from ticketing.models import Guest, GuestList, Letter, Order, Ticket
from ticketing.services.cancelling import refund_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("ABC", 6))


@pytest.fixture
def held(show: Show) -> Hold:
    wanted = Seats([seat(show, f"B-{number}").pk for number in range(1, 5)])
    return place_hold(show_id=show.pk, wanted=wanted, purpose="sponsor", party="Chai Co", by=MANAGER)


def places_of(name: str) -> list[str]:
    tickets = Ticket.objects.filter(order__contact__name=name, voided_at=None).order_by("place__rank")
    return [str(ticket.place) for ticket in tickets]


GUESTS = (
    guest("First Guest", 2, contact="gauri@example.com", note="vegetarian"),
    guest("Second Guest", kind="sponsor", contact="98200 12345"),
    guest("Third Guest", "", "House guest", seats="Stalls C 5-6"),
)


@pytest.mark.parametrize(("draw", "name"), [(as_csv, "guests.csv"), (as_xlsx, "guests.xlsx")])
def test_a_list_is_seen_row_by_row_and_then_issued_as_it_was_seen(
    manager: Client, show: Show, draw: Any, name: str
) -> None:
    looked = give(manager, show, draw(*GUESTS), name, title="First night")

    said = pages.words(looked)
    assert "First night, out of the open pool" in said
    assert "3 guests, 5 tickets, for which others pay ₹5,900.00. By mail: 1 guest; to be printed: 2." in said
    assert [(line.row, line.name, line.quantity, line.where) for line in looked.context["lines"]] == [
        (2, "First Guest", 2, "Stalls A 1-2"),
        (3, "Second Guest", 1, "Stalls A 3"),
        (4, "Third Guest", 2, "Stalls C 5-6"),
    ]
    assert not Order.objects.exists()

    response = issue(manager, show, looked)

    issued = GuestList.objects.get()
    assert response["Location"] == pages.of(issued)
    assert (issued.title, issued.guest_count, issued.ticket_count) == ("First night", 3, 5)
    assert issued.reason_code == "promotion"
    assert places_of("First Guest") == ["A-1", "A-2"]
    assert places_of("Third Guest") == ["C-5", "C-6"]
    assert list(Guest.objects.values_list("row", "note", "order__complimentary__recipient")) == [
        (2, "vegetarian", "press"), (3, "", "sponsor"), (4, "", "house"),
    ]  # fmt: skip
    assert Letter.objects.count() == 1
    assert statuses(show) == {"sold": 5, "open": 13}
    assert_books_are_true()


def test_a_list_out_of_a_hold_takes_that_holds_places_alone(manager: Client, show: Show, held: Hold) -> None:
    prefilled = manager.get(pages.of(show, "guests"), {"hold": held.pk})
    assert prefilled.context["form"].initial["hold"] == held.pk

    looked = give(manager, show, as_csv(guest("First Guest", 2), guest("Second Guest", 1)), hold=held.pk)
    issue(manager, show, looked)

    assert (places_of("First Guest"), places_of("Second Guest")) == (["B-1", "B-2"], ["B-3"])
    assert GuestList.objects.get().claim_id == held.pk
    assert statuses(show) == {"sold": 3, "held": 1, "open": 14}
    assert_books_are_true()


def test_every_bad_row_is_named_with_what_is_wrong_and_nothing_can_be_issued(manager: Client, show: Show) -> None:
    silver = Tier.objects.get(show=show)
    lock_places(show_id=show.pk, channel_id=_web(), wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)
    looked = give(
        manager,
        show,
        as_csv(
            guest("Good", 1),
            guest("", 1),
            guest("Bad contact", contact="gauri at home"),
            guest("Bad class", kind="friend"),
            guest("Bad number", "two"),
            guest("No such seat", seats="Stalls Z 1"),
            guest("Taken seat", seats="Stalls A 1"),
            guest("Once", seats="Stalls B 1"),
            guest("Twice", seats="Stalls B 1"),
            guest("Odd count", 3, seats="Stalls C 1-2"),
            guest("No such tier", tier="Platinum"),
            guest("Too many", 19),
            guest("Many with noughts", "00000201"),
        ),
    )

    found = faults(looked)
    assert sorted(found) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert found[3] == ["name: is empty: the door asks for a name"]
    assert found[4][0].startswith("contact: Give a mobile number of ten digits")
    assert found[5][0].startswith("class: 'friend' is none of: Sponsor, Corporate")
    assert found[6] == ["quantity: is a whole number from 1 to 200, not 'two'"]
    assert "is no seat of" in found[7][0]
    assert found[8][0].startswith("seats: Stalls A 1: locked, browsing on Web")
    assert found[9] == found[10] == ["seats: another row names Stalls B 1 as well"]
    assert found[11] == ["seats: 2 are named, and the quantity is 3"]
    assert found[12] == [f"tier: this show has no 'Platinum'; it has {silver.name}"]
    assert found[13] == ["quantity: asks for 19, and the open pool has fewer left. Ask for fewer, or elsewhere"]
    assert found[14] == ["quantity: is a whole number from 1 to 200, not '00000201'"]
    words = pages.words(looked)
    assert "12 rows cannot be read or seated." in words and "Issue these" not in words
    assert not Order.objects.exists() and not GuestList.objects.exists()


def test_five_thousand_guests_with_three_bad_rows_change_nothing_and_the_three_are_named(manager: Client) -> None:
    show = make_priced_show(standing(5_100), slug="arena")
    guests = [guest(f"Guest {nth}", contact=f"guest{nth}@example.com") for nth in range(1, 5_001)]
    guests[9] = guest("Guest 10", contact="nowhere")
    guests[2_499] = guest("Guest 2500", 0)
    guests[4_999] = guest("Guest 5000", kind="Sponser")
    before = counts(), Claim.objects.count(), Movement.objects.count()

    looked = give(manager, show, as_csv(*guests))

    assert sorted(faults(looked)) == [11, 2_501, 5_001]
    words = pages.words(looked)
    for name in ("Guest 10", "Guest 2500", "Guest 5000"):
        assert name in words
    assert looked.context["parcel"] == ""
    assert (counts(), Claim.objects.count(), Movement.objects.count()) == before
    assert not GuestList.objects.exists()
    assert statuses(show) == {"open": 5_100}


def test_five_thousand_good_guests_are_issued_in_one_act(manager: Client) -> None:
    show = make_priced_show(standing(5_100), slug="arena")
    guests = [guest(f"Guest {nth}", contact=f"guest{nth}@example.com") for nth in range(1, 5_001)]

    issue(manager, show, give(manager, show, as_csv(*guests)))

    issued = GuestList.objects.get()
    assert (issued.guest_count, issued.ticket_count) == (5_000, 5_000)
    assert Guest.objects.count() == Order.objects.count() == Letter.objects.count() == 5_000
    assert statuses(show) == {"sold": 5_000, "open": 100}
    assert_books_are_true()


def test_seats_that_go_meanwhile_are_named_and_the_list_is_seated_anew(manager: Client, show: Show) -> None:
    looked = give(manager, show, as_csv(guest("First Guest", 2)))
    lock_places(show_id=show.pk, channel_id=_web(), wanted=Seats([seat(show, "A-1").pk]), by=MANAGER)

    again = issue(manager, show, looked)

    words = pages.words(again)
    assert "Taken meanwhile: Stalls A 1: locked, browsing on Web" in words and "Nothing was issued." in words
    assert not Order.objects.exists()
    issue(manager, show, again)
    assert places_of("First Guest") == ["A-2", "A-3"]


def test_the_same_file_twice_is_noticed_and_issued_again_only_when_that_is_said(manager: Client, show: Show) -> None:
    content = as_csv(guest("First Guest"))
    issue(manager, show, give(manager, show, content, title="First night"))

    looked = give(manager, show, content, title="Once more")
    assert "This very file was issued already" in pages.words(looked)
    refused = issue(manager, show, looked)
    assert "This very file has been issued for this show already. Nothing was issued." in pages.words(refused)
    assert GuestList.objects.count() == 1

    issue(manager, show, looked, again="on")
    assert GuestList.objects.count() == 2
    assert_books_are_true()


def test_a_button_pressed_twice_issues_once(manager: Client, show: Show) -> None:
    looked = give(manager, show, as_csv(guest("First Guest")))

    issue(manager, show, looked)
    issue(manager, show, looked)

    assert Order.objects.count() == 1


def test_a_parcel_that_was_changed_or_is_somebody_elses_issues_nothing(manager: Client, show: Show) -> None:
    looked = give(manager, show, as_csv(guest("First Guest")))
    parcel = looked.context["parcel"]
    other = Client()
    log_in(other, User.objects.create_superuser("another"))

    for client, sent in ((manager, parcel[:-1] + "x"), (manager, "nonsense"), (other, parcel)):
        response = client.post(pages.of(show, "guests"), {"parcel": sent})
        assert "was changed on its way. Give the file again." in pages.words(response)
    elsewhere = make_priced_show(rows("A", 4), slug="othello")
    manager.post(pages.of(elsewhere, "guests"), {"parcel": parcel})
    assert not Order.objects.exists()


def test_what_was_given_so_far_stands_there_by_class_with_what_it_would_have_cost(manager: Client, show: Show) -> None:
    issue(manager, show, give(manager, show, as_csv(guest("One", 2), guest("Two", 1, "Staff"))))
    refund_order(order_id=Order.objects.get(contact__name="Two").pk, by=CLERK)

    said = pages.words(manager.get(pages.of(show, "guests")))

    assert "Class Tickets Would have cost Press 2 ₹2,360.00" in said and "Staff 1" not in said


def test_a_file_of_megabytes_is_refused_before_it_is_read(manager: Client, show: Show) -> None:
    response = give(manager, show, b"x" * (2 * 2**20 + 1))

    assert "The file has 2,097,153 bytes; a guest list has 2,097,152 at the most." in pages.words(response)


def test_guests_who_come_together_sit_together(manager: Client, show: Show) -> None:
    lock_places(show_id=show.pk, channel_id=_web(), wanted=Seats([seat(show, "A-3").pk]), by=MANAGER)

    looked = give(manager, show, as_csv(guest("Four", 4), guest("Three", 3), guest("Two", 2)))

    assert [line.where for line in looked.context["lines"]] == ["Stalls B 1-4", "Stalls A 4-6", "Stalls A 1-2"]


def test_slices_cut_for_a_channel_are_not_given_away_by_number(manager: Client, show: Show) -> None:
    slice_ = Allocation.objects.create(show=show, name="Partners")
    from inventory.services.allocations import allocate_places

    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, f"A-{n}").pk for n in range(1, 7)]), by=MANAGER)

    looked = give(manager, show, as_csv(guest("First Guest")))

    assert [line.where for line in looked.context["lines"]] == ["Stalls B 1"]


def test_a_guests_name_cannot_make_markup_of_the_page(manager: Client, show: Show) -> None:
    looked = give(manager, show, as_csv(guest("<script>alert(1)</script>", note="<b>x</b>")))

    assert b"<script>alert(1)" not in looked.content and b"<b>x</b>" not in looked.content


def test_an_empty_list_to_fill_in_can_be_read_back(manager: Client, show: Show) -> None:
    blank = manager.get(pages.of(show, "guests_file"))

    looked = give(manager, show, blank.content)
    assert faults(looked) == {}
    assert looked.context["seen"].tickets == 5


def _web() -> int:
    from inventory.models import Channel

    return Channel.objects.get(code="web").pk


def test_a_row_that_is_wrong_since_the_look_is_named_and_nothing_is_issued(manager: Client, show: Show) -> None:
    tier = Tier.objects.get(show=show)
    Tier.objects.filter(pk=tier.pk).update(name="Royal circle")
    looked = give(manager, show, as_csv(guest("First Guest"), guest("Second Guest", tier="Royal circle")))
    assert faults(looked) == {}
    Tier.objects.filter(pk=tier.pk).update(name="Dress circle")

    response = issue(manager, show, looked)

    assert faults(response) == {3: ["tier: this show has no 'Royal circle'; it has Dress circle"]}
    assert "The show has changed since you looked" in pages.words(response)
    assert not Order.objects.exists() and not GuestList.objects.exists()


def test_a_list_that_a_freeze_refuses_leaves_an_incident(manager: Client, show: Show) -> None:
    looked = give(manager, show, as_csv(guest("First Guest")))
    stopped = freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=CLERK)

    issue(manager, show, looked)

    assert not Order.objects.exists()
    assert list(Incident.objects.values_list("subject", "times")) == [(f"freeze:{stopped.pk}", 1)]
