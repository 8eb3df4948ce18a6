"""Other seats for a paid order, while the web sells the very seats: one has them, and nobody is without a seat."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from inventory.acts import By
from inventory.models import Place, Show
from tests.houses import rows, seat
from tests.races.together import naive_stock, refused, run, succeeded, together
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, lock, make_priced_show
from ticketing.models import Order, Ticket
from ticketing.services.reseating import reseat

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
WHY = By(actor="user:1", reason_code="keep_together")


def ticket(order: Order) -> Ticket:
    return Ticket.objects.get(order=order, voided_at=None)


def test_a_seat_that_the_web_takes_meanwhile_stays_with_one_of_them() -> None:
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 6), slug=f"round-{round_}")
        order, to = sold(show, 1), seat(show, "A-6")
        old = ticket(order)

        def act(number: int, show: Show = show, order: Order = order, old: Ticket = old, to: Place = to) -> Any:
            if number:
                return lock(show, [to])
            return reseat(order_id=order.pk, places={old.pk: to.pk}, by=WHY)

        moved, locked = together(2, act)

        assert len(succeeded([moved, locked])) == 1
        assert refused([moved, locked]) == ["PlacesTaken"]
        assert ticket(order).place_id == (to.pk if moved in succeeded([moved]) else old.place_id)
        assert_books_are_true()


def test_two_orders_that_want_one_seat_keep_two_seats() -> None:
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 6), slug=f"round-{round_}")
        orders, to = [sold(show, 1), sold(show, 1)], seat(show, "A-6")
        old = [ticket(order) for order in orders]

        def act(number: int, orders: list[Order] = orders, old: list[Ticket] = old, to: Place = to) -> Any:
            return reseat(order_id=orders[number].pk, places={old[number].pk: to.pk}, by=WHY)

        results = together(2, act)

        assert refused(results) == ["PlacesTaken"]
        assert len({ticket(order).place_id for order in orders}) == 2
        assert_books_are_true()


def test_two_that_exchange_seats_crosswise_do_not_wait_for_each_other_for_ever() -> None:
    """Each wants what the other has: both are refused, or the one that came second finds the seat open."""
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 6), slug=f"round-{round_}")
        orders = [sold(show, 1), sold(show, 1)]
        old = [ticket(order) for order in orders]

        def act(number: int, orders: list[Order] = orders, old: list[Ticket] = old) -> Any:
            return reseat(order_id=orders[number].pk, places={old[number].pk: old[1 - number].place_id}, by=WHY)

        assert set(refused(together(2, act))) <= {"PlacesTaken"}
        assert_books_are_true()


def test_control_without_a_guard_both_move_to_the_one_seat(transactional_db: None) -> None:
    looked = threading.Barrier(2)

    def act(number: int) -> bool:
        (taken,) = run("SELECT owner IS NOT NULL FROM naive_place WHERE id = 6")[0]
        looked.wait(30)
        if not taken:
            run("UPDATE naive_place SET owner = %s WHERE id = 6", f"order-{number}")
        return not taken

    with naive_stock(6):
        assert together(2, act) == [True, True]  # both believe that they sit there
