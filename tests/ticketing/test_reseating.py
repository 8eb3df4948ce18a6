"""Other seats for a paid order: old tickets die, new ones are good, nothing is paid again."""

from __future__ import annotations

import pytest

from inventory.acts import By
from inventory.models import Place, Show
from inventory.services.refusals import PlacesTaken
from tests.houses import seat, statuses, two_tiers
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.books import order as ordered
from ticketing.models import Letter, Order, Refund, Ticket
from ticketing.queries.doors import order_told
from ticketing.queries.letters import returned_by_refund, returned_of_order
from ticketing.queries.shop import seats_of_order
from ticketing.services.cancelling import ReasonMissing, TicketsUnknown, TicketsVoid, refund_order
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.services.reseating import TierDiffers, reseat

WHY = By(actor="user:1", reason_code="seat_not_usable")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(two_tiers(6, 4))


def tickets(order: Order) -> list[Ticket]:
    return list(Ticket.objects.filter(order=order).order_by("pk"))


def test_the_old_ticket_is_void_and_the_new_one_good(show: Show) -> None:
    order = sold(show, 2)
    first, second = tickets(order)
    to = seat(show, "A-6")

    (new,) = reseat(order_id=order.pk, places={first.pk: to.pk}, by=WHY)

    first.refresh_from_db()
    assert (first.void_reason, first.place.pk != to.pk) == ("reseated", True)
    assert (new.place, new.serial, new.line, new.voided_at) == (to, 2, first.line, None)
    assert {one.pk for one in tickets(order) if one.voided_at is None} == {second.pk, new.pk}
    assert statuses(show) == {"sold": 2, "open": 8}
    assert seat(show, str(first.place.row) + "-" + first.place.number).status == "open"
    assert_books_are_true()


def test_a_seat_is_changed_twice(show: Show) -> None:
    order = sold(show, 1)
    (ticket,) = tickets(order)

    (once,) = reseat(order_id=order.pk, places={ticket.pk: seat(show, "A-6").pk}, by=WHY)
    (again,) = reseat(order_id=order.pk, places={once.pk: seat(show, "A-5").pk}, by=WHY)

    assert again.serial == 3
    assert_books_are_true()


def test_an_order_that_was_moved_is_refunded_for_what_it_cost(show: Show) -> None:
    order = sold(show, 2)
    first, _ = tickets(order)
    reseat(order_id=order.pk, places={first.pk: seat(show, "A-6").pk}, by=WHY)

    refund_order(order_id=order.pk, by=WHY)

    assert Refund.objects.get().amount_paise == order.total_paise
    assert statuses(show) == {"open": 10}
    assert_books_are_true()


def test_whoever_gave_a_mail_address_gets_the_new_tickets(show: Show) -> None:
    order = sold(show, 1)
    Letter.objects.update(sent_at=order.confirmed_at, due_at=None)

    reseat(order_id=order.pk, places={tickets(order)[0].pk: seat(show, "A-6").pk}, by=WHY)

    assert Letter.objects.filter(order=order, kind="tickets", sent_at=None).count() == 1


def test_without_an_address_nothing_is_sent(show: Show) -> None:
    order = sold(show, 1, contact="")

    reseat(order_id=order.pk, places={tickets(order)[0].pk: seat(show, "A-6").pk}, by=WHY)

    assert not Letter.objects.exists()


def test_another_tier_is_refused(show: Show) -> None:
    order = sold(show, 1)

    with pytest.raises(TierDiffers):
        reseat(order_id=order.pk, places={tickets(order)[0].pk: seat(show, "B-1").pk}, by=WHY)
    assert_books_are_true()


def test_a_taken_seat_is_refused_and_nothing_changes(show: Show) -> None:
    order, other = sold(show, 2), sold(show, 1)
    first, second = tickets(order)
    taken = tickets(other)[0].place_id

    with pytest.raises(PlacesTaken):
        reseat(order_id=order.pk, places={first.pk: seat(show, "A-6").pk, second.pk: taken}, by=WHY)

    assert [one.voided_at for one in tickets(order)] == [None, None]
    assert seat(show, "A-6").status == "open"
    assert_books_are_true()


def test_what_cannot_be_moved_is_refused(show: Show) -> None:
    order, unpaid = sold(show, 2), ordered(show, 1)
    first, second = tickets(order)
    to = Place.objects.filter(show=show, status="open", tier__name="Gold")[0].pk
    refund_order(order_id=order.pk, by=WHY, ticket_ids=[second.pk])

    for what, refusal in (
        ({"order_id": order.pk, "places": {}}, TicketsUnknown),
        ({"order_id": order.pk, "places": {first.pk + 1000: to}}, TicketsUnknown),
        ({"order_id": order.pk, "places": {second.pk: to}}, TicketsVoid),
        ({"order_id": unpaid.order_id, "places": {first.pk: to}}, OrderNotPaid),
        ({"order_id": order.pk + 1000, "places": {first.pk: to}}, OrderUnknown),
    ):
        with pytest.raises(refusal):
            reseat(by=WHY, **what)  # type: ignore[arg-type]
    with pytest.raises(ReasonMissing):
        reseat(order_id=order.pk, places={first.pk: to}, by=By(actor="user:1"))
    assert_books_are_true()


def test_whoever_reads_the_order_sees_the_seats_it_has_now(show: Show) -> None:
    order = sold(show, 2)
    first, second = tickets(order)
    (once,) = reseat(order_id=order.pk, places={first.pk: seat(show, "A-6").pk}, by=WHY)
    reseat(order_id=order.pk, places={once.pk: seat(show, "A-5").pk}, by=WHY)

    told = order_told(order.pk)

    assert told is not None
    assert [line[0] for line in told["lines"]] == [seat(show, "A-5").pk, second.place_id]
    assert {one.id for one in seats_of_order(order.pk)} == {seat(show, "A-5").pk, second.place_id}


def test_a_letter_that_may_be_on_its_way_with_the_old_tickets_does_not_count(show: Show) -> None:
    order = sold(show, 1)
    Letter.objects.update(tries=1)  # claimed: a mail server has it in its hands

    reseat(order_id=order.pk, places={tickets(order)[0].pk: seat(show, "A-6").pk}, by=WHY)

    assert Letter.objects.filter(order=order, kind="tickets", tries=0).count() == 1


def test_the_letter_about_money_counts_no_seat_that_was_only_changed(show: Show) -> None:
    order = sold(show, 2)
    first, _ = tickets(order)
    (moved,) = reseat(order_id=order.pk, places={first.pk: seat(show, "A-6").pk}, by=WHY)

    (refund,) = refund_order(order_id=order.pk, by=WHY, ticket_ids=[moved.pk])

    told, whole = returned_by_refund(refund.pk), returned_of_order(order.pk)
    assert told is not None and whole is not None
    assert (told.seats, whole.seats, whole.seats_left) == (1, 1, 1)
