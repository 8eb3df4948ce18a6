"""Rows 9 to 11 and 16: money after its places were given back. All of them again and tickets, or all of it back."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.acts import Seats
from inventory.models import Allocation, AllocationChannel, Channel, FreezeRule, Incident, Place, Show
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.refusals import NotEnoughPlaces
from tests.database import program
from tests.houses import MANAGER, seat
from tests.ticketing.books import BUYER, lock, opened, state_of
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.transitions.scene import STAFF, Scene, live_tickets, of, refunds
from ticketing.gateways.words import Way
from ticketing.models import Letter, Order, Payment, Terms
from ticketing.services.cancelling import cancel_unpaid


@pytest.fixture
def seats(scene: Scene) -> list[Place]:
    return [seat(scene.show, "A-1"), seat(scene.show, "A-2")]


@pytest.fixture
def lapsed(scene: Scene, seats: list[Place]) -> Payment:
    """A payment that lapsed while its money was on the way."""
    payment = scene.start(scene.order(seats, contact="+919000000001"))
    scene.sandbox.pay(opened(payment), "pending")
    scene.lapse(payment)
    assert (scene.stock(), scene.exposure()) == ({"open": 20}, 2)
    return payment


def money_comes(scene: Scene, payment: Payment) -> str:
    (payment_id,) = {one["id"] for one in scene.sandbox.made("payments") if one["status"] == "created"}
    scene.sandbox.move(payment_id, "captured")
    scene.tell()
    assert payment.order_id
    return state_of(payment.order_id)


def goes_back(scene: Scene, payment: Payment) -> bool:
    """All of it is on its way back and the buyer is told; nobody's place is touched, and nobody waits any more."""
    order = Order.objects.get(payments=payment)
    assert (of(payment).aside_as, order.state, order.reason_code) == ("late", "cancelled", "paid_too_late")
    assert refunds() == [("late", "requested", 236_000)]
    assert list(Letter.objects.values_list("kind", "about")) == [("late_refund", payment.pk)]
    assert Incident.objects.filter(kind="late_money", subject=f"order:{order.pk}").count() == 1
    assert (live_tickets(order.pk), scene.exposure()) == (0, 0)
    scene.process_refunds()
    assert refunds() == [("late", "processed", 236_000)]
    return True


def test_with_its_places_free_late_money_makes_tickets(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    assert money_comes(scene, lapsed) == "confirmed"

    order = Order.objects.get(payments=lapsed)
    assert (order.is_late, order.ended_at, live_tickets(order.pk)) == (True, None, 2)
    assert sorted(order.tickets.values_list("place_id", flat=True)) == sorted(place.pk for place in seats)
    assert (scene.stock(), scene.exposure()) == ({"open": 18, "sold": 2}, 0)


def test_late_money_that_nobody_told_is_found_by_the_watch(scene: Scene, lapsed: Payment) -> None:
    scene.sandbox.fault("webhook.*", "drop", times=9)
    assert money_comes(scene, lapsed) == "expired"
    scene.until(of(lapsed).next_look_at)
    scene.watch()

    assert (state_of(lapsed.order_id or 0), of(lapsed).state) == ("confirmed", "captured")


def test_with_one_place_sold_all_of_it_goes_back(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    rival = scene.paid(seats[:1])
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)
    assert (live_tickets(rival), scene.stock()) == (1, {"open": 19, "sold": 1})


def test_what_is_in_somebodys_cart_is_not_taken_from_it(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    cart = lock(scene.show, seats[:1], now=scene.now)
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)
    assert seat(scene.show, "A-1").claim_id == cart.claim_id


def test_a_cart_that_has_run_out_stands_in_nobodys_way(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    lock(scene.show, seats[:1], now=scene.now)
    scene.passes(481)

    assert money_comes(scene, lapsed) == "confirmed"


def test_a_place_that_is_held_for_the_press_stays_held(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    place_hold(
        show_id=scene.show.pk, wanted=Seats([seats[1].pk]), purpose="press", party="Daily", by=MANAGER, now=scene.now
    )
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)
    assert scene.stock() == {"held": 1, "open": 19}


@pytest.mark.parametrize("fields", [{"state": "paused"}, {"state": "closed"}, {"state": "cancelled"}])
def test_a_show_that_sells_no_more_takes_no_late_money(scene: Scene, lapsed: Payment, fields: Any) -> None:
    Show.objects.update(**fields)
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)


def test_a_show_that_has_begun_takes_no_late_money(scene: Scene, lapsed: Payment) -> None:
    Show.objects.update(starts_at=scene.now)
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)


def test_terms_may_say_that_late_money_always_goes_back(scene: Scene, lapsed: Payment) -> None:
    Terms.objects.update(late_money="refund")
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)


def test_late_money_obeys_a_freeze(scene: Scene, lapsed: Payment) -> None:
    freeze(show_id=scene.show.pk, tier_id=scene.show.tiers.get().pk, by=STAFF, now=scene.now)
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)


def test_late_money_obeys_an_allocation(scene: Scene, lapsed: Payment, seats: list[Place]) -> None:
    counters = Allocation.objects.create(show=scene.show, name="Counter")
    AllocationChannel.objects.create(allocation=counters, channel=Channel.objects.get(code="counter"))
    allocate_places(allocation_id=counters.pk, wanted=Seats([seats[0].pk]), by=MANAGER, now=scene.now)
    money_comes(scene, lapsed)

    assert goes_back(scene, lapsed)


def test_what_was_kept_back_for_this_money_is_not_kept_back_from_it(
    scene: Scene, lapsed: Payment, seats: list[Place]
) -> None:
    """A rule keeps back as many as there are possible second claimants; and this is the claimant."""
    FreezeRule.objects.create(show=scene.show, tier=scene.show.tiers.get(), margin=0)
    others = [place for place in scene.show.places.order_by("pk") if place not in seats]
    lock(scene.show, others[:17], now=scene.now, channel="counter")
    with pytest.raises(NotEnoughPlaces):
        lock(scene.show, 2, now=scene.now, channel="counter")
    assert (scene.stock()["open"], scene.exposure()) == (3, 2)

    assert money_comes(scene, lapsed) == "confirmed"
    assert scene.stock() == {"locked": 17, "open": 1, "sold": 2}


def test_late_money_by_an_order_the_sweep_has_not_reached_is_late_all_the_same(scene: Scene) -> None:
    """The lock is over by its cap, and nobody has given back its places yet."""
    order_id = scene.order()
    payment = scene.start(order_id)
    scene.sandbox.pay(opened(payment), "pending")
    scene.until(Order.objects.get(pk=order_id).lock.hard_until)

    assert money_comes(scene, payment) == "confirmed"
    assert (Order.objects.get(pk=order_id).is_late, scene.stock(), scene.exposure()) == (
        True, {"open": 18, "sold": 2}, 0,
    )  # fmt: skip


def test_money_for_an_order_that_was_cancelled_goes_back(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    payment_id = scene.sandbox.pay(opened(payment), "decline")
    scene.tell()
    cancel_unpaid(order_id=order_id, by=BUYER, now=scene.now)
    assert (state_of(order_id), scene.stock()) == ("cancelled", {"open": 20})

    scene.sandbox.move(payment_id, "captured")
    scene.tell()

    assert (of(payment).aside_as, refunds()) == ("cancelled", [("cancelled", "requested", 236_000)])
    assert (state_of(order_id), live_tickets(order_id)) == ("cancelled", 0)


def test_an_order_that_ran_out_and_is_cancelled_wants_no_late_money(scene: Scene, lapsed: Payment) -> None:
    assert lapsed.order_id
    cancel_unpaid(order_id=lapsed.order_id, by=BUYER, now=scene.now)
    assert scene.exposure() == 0

    assert money_comes(scene, lapsed) == "cancelled"
    assert refunds() == [("cancelled", "requested", 236_000)]


def test_money_in_time_for_a_show_that_was_cancelled_goes_back(scene: Scene) -> None:
    order_id = scene.order()
    payment = scene.start(order_id)
    Show.objects.update(state="cancelled")
    scene.sandbox.pay(opened(payment))
    scene.tell()

    order = Order.objects.get(pk=order_id)
    assert (order.state, order.reason_code, live_tickets(order_id)) == ("cancelled", "show_cancelled", 0)
    assert refunds() == [("late", "requested", 236_000)]
    assert order.lock.phase == "browsing"


# Authorized late: we may still leave it --------


def late_and_authorized(scene: Scene, seats: list[Place]) -> Payment:
    payment = scene.start(scene.order(seats), Way.INTENT)
    scene.lapse(payment)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    assert of(payment).state == "authorized"
    return payment


def test_late_authorized_money_is_captured_where_the_places_are_free(scene: Scene, seats: list[Place]) -> None:
    payment = late_and_authorized(scene, seats)
    scene.passes(5)
    scene.watch()

    assert payment.order_id
    assert (of(payment).state, state_of(payment.order_id), live_tickets(payment.order_id)) == (
        "captured", "confirmed", 2,
    )  # fmt: skip


def test_late_authorized_money_that_only_a_poll_finds_is_captured_seconds_later(
    scene: Scene, seats: list[Place]
) -> None:
    payment = scene.start(scene.order(seats), Way.INTENT)
    scene.lapse(payment)
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.until(of(payment).next_look_at)
    scene.watch()
    assert of(payment).state == "authorized"
    scene.passes(5)
    scene.watch()

    assert (of(payment).state, state_of(payment.order_id or 0)) == ("captured", "confirmed")


def test_late_authorized_money_is_left_where_the_places_are_gone(scene: Scene, seats: list[Place]) -> None:
    """Whoever captures accepts. What nobody captures goes back by itself, and was never ours."""
    payment = late_and_authorized(scene, seats)
    rival = scene.paid(seats)
    scene.passes(5)
    scene.watch()
    assert (of(payment).state, state_of(payment.order_id or 0)) == ("authorized", "expired")

    (payment_id,) = {one["id"] for one in scene.sandbox.made("payments") if one["status"] == "authorized"}
    scene.sandbox.move(payment_id, "refunded")
    scene.tell()
    scene.watch()

    assert (of(payment).state, of(payment).received_paise, refunds()) == ("voided", 0, [])
    assert (live_tickets(rival), scene.stock()) == (2, {"open": 18, "sold": 2})


def test_an_authorized_payment_keeps_no_order_waiting_for_ever(scene: Scene, seats: list[Place]) -> None:
    payment = scene.start(scene.order(seats), Way.INTENT)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    Terms.objects.update(late_money="refund")
    assert payment.order_id
    scene.let_run_out(payment.order_id)

    assert (state_of(payment.order_id), of(payment).state) == ("expired", "authorized")


def test_a_captured_snapshot_of_what_has_gone_back_makes_no_tickets(sandbox: Sandbox, scene: Scene) -> None:
    """payment.captured is delivered after the gateway gave all of it back: an old picture."""
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    payment_id = sandbox.pay(opened(payment))
    captured = scene.news()["payment.captured"]
    sandbox.refund_by_gateway(payment_id)
    sandbox.take_webhooks()
    scene.passes(20)
    scene.watch()
    assert of(payment).state == "voided"

    assert scene.deliver(captured) == ["known"]
    scene.watch()

    assert (of(payment).state, of(payment).next_look_at, live_tickets(order_id)) == ("voided", None, 0)
    assert state_of(order_id) == "awaiting_payment"


def test_a_refusal_of_the_program_itself_leaves_the_news_for_later(scene: Scene, lapsed: Payment) -> None:
    """Somebody has the places' rows in hand: undecided is not gone."""
    with program() as other:
        other.execute("SELECT FROM inventory_place ORDER BY id LIMIT 1 FOR UPDATE")
        assert money_comes(scene, lapsed) == "expired"
        assert of(lapsed).state == "lapsed"

    scene.work_again()
    assert state_of(lapsed.order_id or 0) == "confirmed"
