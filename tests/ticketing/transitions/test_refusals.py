"""Every refusal by its name, and each leaves everything as it was. Those of one row only are beside their row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.refusals import DomainError
from inventory.models import Show
from inventory.services.locks import LockCommitted, LockExpired, commit_lock, release_lock
from inventory.services.refusals import ShowNotOnSale
from inventory.services.sales import return_sold
from tests.houses import make_show, standing
from tests.ticketing.books import BUYER, lock, opened
from tests.ticketing.transitions.scene import STAFF, Scene, of, refused
from ticketing.gateways.words import Way
from ticketing.models import Order, Payment
from ticketing.queries.quotes import lock_held
from ticketing.services.cancelling import cancel_unpaid
from ticketing.services.paying import (
    MOST_ATTEMPTS,
    TooLateToPay,
    TooManyAttempts,
    cancel_payment,
    pay_by_tender,
    start_payment,
)
from ticketing.services.placing import LockHasAnOrder, TooManyForContact, place_order
from ticketing.services.quoting import NotPriced
from ticketing.services.refusals import (
    OrderCancelled,
    OrderExpired,
    OrderInReview,
    OrderPaid,
    OrderUnknown,
    PaymentBeingChecked,
    PaymentUnknown,
)

CONTACT = "+919000000001"


def start(scene: Scene, order_id: int) -> None:
    scene.start(order_id)


def pay_cash(scene: Scene, order_id: int) -> None:
    pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=scene.now)


def cancel(scene: Scene, order_id: int) -> None:
    cancel_unpaid(order_id=order_id, by=BUYER, now=scene.now)


# Orders that can no longer be paid, or be cancelled unpaid --------


def confirmed(scene: Scene) -> int:
    return scene.paid(1)


def expired(scene: Scene) -> int:
    order_id = scene.order(1)
    scene.let_run_out(order_id)
    return order_id


def cancelled(scene: Scene) -> int:
    order_id = scene.order(1)
    cancel(scene, order_id)
    return order_id


def in_review(scene: Scene) -> int:
    order_id = scene.order(1)
    Order.objects.filter(pk=order_id).update(state="in_review")
    return order_id


def unknown(scene: Scene) -> int:
    return 0


@pytest.mark.parametrize(
    ("order_that_is", "acts", "refusal"),
    [
        (confirmed, [start, pay_cash, cancel], OrderPaid),
        (expired, [start, pay_cash], OrderExpired),
        (cancelled, [start, pay_cash], OrderCancelled),
        (in_review, [start, pay_cash, cancel], OrderInReview),
        (unknown, [start, pay_cash, cancel], OrderUnknown),
    ],
)
def test_an_order_in_another_state_is_refused_by_what_it_is(
    scene: Scene,
    order_that_is: Callable[[Scene], int],
    acts: list[Callable[[Scene, int], None]],
    refusal: type[DomainError],
) -> None:
    order_id = order_that_is(scene)
    for act in acts:
        with refused(refusal):
            act(scene, order_id)


def test_an_order_is_cancelled_once_and_again_is_no_harm(scene: Scene) -> None:
    order_id = cancelled(scene)
    cancel(scene, order_id)

    assert Order.objects.get(pk=order_id).state == "cancelled"


def test_money_for_an_order_in_review_waits_with_it(scene: Scene) -> None:
    order_id = scene.order(1)
    payment = scene.start(order_id)
    Order.objects.filter(pk=order_id).update(state="in_review")
    scene.sandbox.pay(opened(payment))
    scene.tell()

    assert (of(payment).state, of(payment).aside_as, of(payment).received_paise) == ("captured", "review", 118_000)


def test_an_order_with_a_payment_under_way_is_neither_cancelled_nor_paid_in_another_way(scene: Scene) -> None:
    order_id = scene.order(1)
    payment = scene.start(order_id, Way.INTENT)
    for act in (pay_cash, cancel):
        with refused(PaymentBeingChecked):
            act(scene, order_id)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    for act in (start, pay_cash, cancel):
        with refused(PaymentBeingChecked):
            act(scene, order_id)


def test_a_code_whose_time_is_over_is_being_checked(scene: Scene) -> None:
    order_id = scene.order(1)
    scene.until(scene.start(order_id).closes_at)

    with refused(PaymentBeingChecked):
        scene.start(order_id)


def test_a_lock_that_is_over_is_not_paid_for(scene: Scene) -> None:
    order_id = scene.order(1)
    scene.passes(480)

    for act in (start, pay_cash):
        with refused(LockExpired):
            act(scene, order_id)


def test_a_lock_with_too_little_time_left_is_not_paid_for_by_a_code(scene: Scene) -> None:
    """A code lives two minutes at least, and a quarter of a minute less than the lock."""
    Show.objects.update(lock_cap_s=480)
    order_id = scene.order(1)
    scene.passes(480 - 15 - 120)
    later = scene.now
    scene.passes(0.001)
    with refused(TooLateToPay):
        scene.start(order_id)

    scene.now = later
    assert scene.start(order_id).state == "pending"


def test_a_show_that_was_cancelled_is_not_paid_for(scene: Scene) -> None:
    order_id = scene.order(1)
    Show.objects.update(state="cancelled")

    for act in (start, pay_cash):
        with refused(ShowNotOnSale):
            act(scene, order_id)


def test_an_order_is_tried_ten_times_and_not_once_more(scene: Scene) -> None:
    order_id = scene.order(1)
    for _ in range(MOST_ATTEMPTS):
        payment = scene.start(order_id)
        cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)

    with refused(TooManyAttempts):
        scene.start(order_id)


def test_a_payment_that_is_none_is_not_given_up(scene: Scene) -> None:
    order_id = scene.order(1)
    pay_cash(scene, order_id)

    for payment_id in (0, Payment.objects.get().pk):
        with refused(PaymentUnknown):
            cancel_payment(payment_id=payment_id, gateway=scene.gateway, by=STAFF, now=scene.now)


# Orders that are not placed --------


def place(scene: Scene, lock_id: int, contact: str = "") -> None:
    order_id, held = lock_held(lock_id)
    assert held
    place_order(order_id=order_id, held=held, buyer="b" * 32, actor="session:1", contact=contact, now=scene.now)


def test_one_lock_makes_one_order(scene: Scene) -> None:
    order_id = scene.order(1)

    with refused(LockHasAnOrder):
        place(scene, Order.objects.get(pk=order_id).lock_id)


def test_a_lock_that_is_over_makes_no_order(scene: Scene) -> None:
    over, released = lock(scene.show, 1, now=scene.now), lock(scene.show, 1, now=scene.now)
    release_lock(claim_id=released.claim_id, by=BUYER, now=scene.now)
    scene.passes(480)

    for made in (over, released):
        with refused(LockExpired):
            place(scene, made.claim_id)


def test_a_lock_that_was_sold_without_an_order_makes_none(scene: Scene) -> None:
    """As far as the ledger goes, any lock may become a sale; of this one the order comes too late."""
    made = lock(scene.show, 1, now=scene.now)
    order_id, held = lock_held(made.claim_id)
    assert held
    commit_lock(claim_id=made.claim_id, by=BUYER, now=scene.now)
    return_sold(show_id=scene.show.pk, place_ids=made.place_ids, by=STAFF, now=scene.now)

    with refused(LockCommitted):
        place_order(order_id=order_id, held=held, buyer="b" * 32, actor="session:1", now=scene.now)


def test_one_contact_has_only_so_many_tickets_for_a_show(scene: Scene) -> None:
    scene.show.terms.tickets_per_contact = 3
    scene.show.terms.save()
    scene.paid(2, contact=CONTACT)
    third = lock(scene.show, 2, now=scene.now)

    with refused(TooManyForContact):
        place(scene, third.claim_id, contact=CONTACT)
    place(scene, third.claim_id, contact="+919000000002")


def test_what_was_refunded_or_ran_out_does_not_count_for_a_contact(scene: Scene) -> None:
    scene.show.terms.tickets_per_contact = 2
    scene.show.terms.save()
    scene.refund(scene.paid(2, contact=CONTACT))
    scene.let_run_out(scene.order(2, contact=CONTACT))

    assert Order.objects.get(pk=scene.order(2, contact=CONTACT)).quantity == 2


def test_a_place_without_a_price_is_not_ordered(scene: Scene) -> None:
    made = lock(make_show(standing(2), slug="unpriced"), 1, now=scene.now)

    with refused(NotPriced):
        place(scene, made.claim_id)


def test_a_payment_of_nothing_known_is_refused_before_the_gateway_hears_of_it(scene: Scene) -> None:
    with refused(OrderUnknown):
        start_payment(order_id=0, way=Way.QR, gateway=scene.gateway, by=BUYER, pay_for_s=300, now=scene.now)

    assert scene.sandbox.made("qr_codes") == []
