"""What the house gives and sells itself is nobody's at the API's counter, whoever pressed the button."""

from __future__ import annotations

import pytest

from core.opaque import opaque
from inventory.acts import By, Seats
from inventory.models import Show
from inventory.services.holds import place_hold
from tests.database import superuser
from tests.houses import MANAGER, rows, seat
from tests.inventory.api.shop import Shop, said
from tests.ticketing.books import make_priced_show
from ticketing.models import Order
from ticketing.services.giving import Gift, issue_complimentary
from ticketing.services.ordering import order_from_hold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("A", 6))


def partys_order(show: Show, by: By) -> Order:
    places = [seat(show, "A-1").pk, seat(show, "A-2").pk]
    held = place_hold(show_id=show.pk, wanted=Seats(places), purpose="corporate", party="Chai Co", by=MANAGER)
    return order_from_hold(hold_id=held.pk, place_ids=places, by=by, contact="desk@chai.example")


def test_what_somebody_gave_or_ordered_for_a_party_is_not_his_at_the_counter(cashier: Shop, show: Show) -> None:
    assert cashier.user
    by = By(f"user:{cashier.user.pk}", reason_code="review")
    ordered = partys_order(show, by)
    (given_id,) = issue_complimentary(show_id=show.pk, gifts=[Gift([seat(show, "A-3").pk], "press")], by=by)

    assert cashier.get("orders").json()["orders"] == []
    for order_id in (ordered.pk, given_id):
        answer = cashier.get(f"orders/{opaque('order', order_id)}")
        assert said(answer) == (404, "order_unknown")


def test_an_order_over_a_hold_is_told_without_an_end_where_it_once_was_a_cashiers(cashier: Shop, show: Show) -> None:
    """Such rows were written before the house's orders had a name of their own."""
    assert cashier.user
    lock = cashier.lock(show, seat(show, "A-6"))
    own = cashier.post("orders", {"lock": lock.json()["id"], "contact": "asha@example.com"})
    assert own.status_code == 201
    mine = Order.objects.get()
    ordered = partys_order(show, By(f"user:{cashier.user.pk}"))
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute("UPDATE ticketing_order SET buyer = %s WHERE id = %s", [mine.buyer, ordered.pk])

    answer = cashier.get(f"orders/{opaque('order', ordered.pk)}")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["pay_until"], told["seconds_left"]) == ("awaiting_payment", None, 0)
    assert len(cashier.get("orders").json()["orders"]) == 2
