"""Row 24: the gateway is down, slow, refuses, or did what we asked and its answer was lost."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.database import program
from tests.houses import seconds
from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.sandboxed import KEY_ID, KEY_SECRET
from tests.ticketing.transitions.scene import Scene, live_tickets, of
from ticketing.gateways.razorpay import Razorpay
from ticketing.gateways.words import Opened, Way
from ticketing.models import Order, Payment
from ticketing.services.paying import cancel_payment, start_payment
from ticketing.services.refusals import GatewayDown, GatewaySaysNo, PaymentBeingChecked

MADE = {Way.QR: ("qr.create", "qr_codes"), Way.INTENT: ("order.create", "orders")}


def start_in_vain(scene: Scene, order_id: int, way: Way = Way.QR) -> Payment:
    with pytest.raises(GatewayDown):
        scene.start(order_id, way)
    return Payment.objects.get(order_id=order_id)


@pytest.mark.parametrize("fault", ["429", "500", "html_502", "lost_before"])
def test_while_the_gateway_is_down_the_places_are_kept_and_the_buyer_tries_again(scene: Scene, fault: str) -> None:
    order_id = scene.order()
    scene.sandbox.fault("qr.create", fault)
    payment = start_in_vain(scene, order_id)
    assert (payment.state, state_of(order_id), scene.stock()["locked"]) == ("new", "awaiting_payment", 2)

    scene.passes(5)
    again = scene.start(order_id)

    assert (again.pk, again.state, len(scene.sandbox.made("qr_codes"))) == (payment.pk, "pending", 1)


@pytest.mark.parametrize("way", [Way.QR, Way.INTENT])
@pytest.mark.parametrize("fault", ["lost_after", "500_after"])
def test_what_was_made_and_its_answer_lost_is_found_and_not_made_again(scene: Scene, way: Way, fault: str) -> None:
    operation, kind = MADE[way]
    order_id = scene.order()
    scene.sandbox.fault(operation, fault)
    if way == Way.INTENT:  # the adapter itself looks for the order; so let that fail as well
        scene.sandbox.fault("order.list", "500")
    payment = start_in_vain(scene, order_id, way)

    scene.passes(5)
    again = scene.start(order_id, way)
    scene.sandbox.pay(opened(again))
    scene.tell()

    assert (again.pk, len(scene.sandbox.made(kind))) == (payment.pk, 1)
    assert live_tickets(order_id) == 2


def test_what_was_made_for_a_buyer_who_went_away_is_found_by_the_watch(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "lost_after")
    payment = start_in_vain(scene, order_id)
    scene.passes(60)
    scene.watch()
    (code,) = scene.sandbox.made("qr_codes")
    assert (of(payment).state, of(payment).qr_id) == ("pending", code["id"])

    scene.lapse(of(payment))

    assert (of(payment).state, state_of(order_id), scene.stock()) == ("lapsed", "expired", {"open": 20})


def test_what_was_never_made_lapses_with_its_time(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "lost_before")
    payment = start_in_vain(scene, order_id)
    scene.passes(60)
    scene.watch()
    assert of(payment).state == "new"

    scene.until(payment.closes_at)
    scene.watch()

    assert (of(payment).state, state_of(order_id), scene.stock()) == ("lapsed", "expired", {"open": 20})


def test_a_watch_that_cannot_look_for_it_looks_again(scene: Scene) -> None:
    scene.sandbox.fault("qr.create", "lost_after")
    payment = start_in_vain(scene, scene.order())
    scene.sandbox.fault("qr.list", "500")
    scene.passes(60)
    scene.watch()
    assert of(payment).state == "new"

    scene.until(of(payment).next_look_at)
    scene.watch()

    assert of(payment).state == "pending"


def test_a_no_ends_the_attempt_and_the_buyer_has_time_for_another(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "refused", value="The feature is not enabled")
    with pytest.raises(GatewaySaysNo):
        scene.start(order_id)
    payment = Payment.objects.get()
    assert (payment.state, payment.failure, payment.next_look_at) == ("failed", "BAD_REQUEST_ERROR", None)
    assert Order.objects.get().lock.phase == "browsing"

    scene.sandbox.pay(opened(scene.start(order_id, Way.INTENT)))
    scene.tell()
    assert live_tickets(order_id) == 2


def test_after_a_no_that_nobody_follows_up_the_places_do_not_wait_for_the_cap(scene: Scene) -> None:
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "refused")
    with pytest.raises(GatewaySaysNo):
        scene.start(order_id)
    scene.let_run_out(order_id)

    assert scene.now < Order.objects.get().lock.created_at + seconds(500)
    assert (state_of(order_id), scene.stock()) == ("expired", {"open": 20})


def test_a_code_that_was_given_up_while_it_was_being_made_is_closed_and_shown_to_nobody(scene: Scene) -> None:
    """The answer is slow, and meanwhile the buyer has chosen another way."""
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "lost_after")
    payment = start_in_vain(scene, order_id)
    given_up = []

    class Slow(Razorpay):
        """The gateway, whose answer comes when the attempt is over."""

        def find_opened(self, way: Way, *, receipt: str) -> Opened | None:
            made = super().find_opened(way, receipt=receipt)
            given_up.append(cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now))
            return made

    slow = Slow(base_url=scene.sandbox.base_url, key_id=KEY_ID, key_secret=KEY_SECRET, webhook_secrets=[])
    scene.passes(5)
    with pytest.raises(PaymentBeingChecked):
        start_payment(order_id=order_id, way=Way.QR, gateway=slow, by=BUYER, pay_for_s=300, now=scene.now)

    assert (given_up, of(payment).state) == ([True], "lapsed")
    assert [code["status"] for code in scene.sandbox.made("qr_codes")] == ["closed"]


def test_money_by_a_code_whose_making_nobody_wrote_down_pays_for_its_order(scene: Scene) -> None:
    """The attempt was given up while the answer was lost; our receipt is on the code."""
    order_id = scene.order()
    scene.sandbox.fault("qr.create", "lost_after")
    payment = start_in_vain(scene, order_id)
    cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)
    (code,) = scene.sandbox.made("qr_codes")
    scene.sandbox.pay(code["id"])
    scene.tell()

    assert (of(payment).state, state_of(order_id)) == ("captured", "confirmed")


@pytest.mark.parametrize("fault", ["429", "500", "lost_before"])
def test_a_code_that_cannot_be_closed_is_not_given_up(scene: Scene, fault: str) -> None:
    payment = scene.start(scene.order())
    scene.sandbox.fault("qr.close", fault)
    with pytest.raises(GatewayDown):
        cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)

    assert of(payment).state == "pending"


def test_a_code_that_was_closed_and_its_answer_lost_is_given_up_the_next_time(scene: Scene) -> None:
    payment = scene.start(scene.order())
    scene.sandbox.fault("qr.close", "lost_after")
    with pytest.raises(GatewayDown):
        cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)

    assert cancel_payment(payment_id=payment.pk, gateway=scene.gateway, by=BUYER, now=scene.now)


@pytest.mark.parametrize("fault", ["500", "lost_after", "refused"])
def test_a_capture_that_goes_wrong_is_looked_at_again(scene: Scene, fault: str) -> None:
    order_id = scene.order()
    payment = scene.start(order_id, Way.INTENT)
    scene.sandbox.pay(opened(payment), "authorize_only")
    scene.tell()
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.fault("payment.capture", fault)
    for _ in range(2):
        scene.until(of(payment).next_look_at)
        scene.watch()

    assert (of(payment).state, state_of(order_id), live_tickets(order_id)) == ("captured", "confirmed", 2)


def test_a_sweep_goes_on_behind_a_payment_that_does_not_fit(scene: Scene) -> None:
    """Somebody has the row of its order in hand for too long: the next sweep meets it again."""
    busy, other = scene.order(1), scene.order(1)
    scene.sandbox.fault("webhook.*", "drop", times=99)
    for order_id in (busy, other):
        scene.sandbox.pay(opened(scene.start(order_id)))
    with program() as somebody, connection.cursor() as cursor:
        somebody.execute("SELECT FROM ticketing_order WHERE id = %s FOR UPDATE", [busy])
        cursor.execute("SET lock_timeout = '200ms'")
        assert scene.sweep() == ["confirmed"]
        cursor.execute("RESET lock_timeout")
    assert (state_of(busy), state_of(other)) == ("awaiting_payment", "confirmed")

    assert scene.sweep() == ["confirmed"]
    assert live_tickets(busy) == 1
