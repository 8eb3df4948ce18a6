"""Row 15: money at the gateway that no attempt of ours explains. It waits on the work-list for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.queries.moves import database_now
from tests.ticketing.books import BUYER, opened, state_of
from tests.ticketing.transitions.scene import STAFF, Scene, live_tickets, refunds, refused
from ticketing.gateways import gateway
from ticketing.gateways.words import Opened, Way
from ticketing.models import Payment
from ticketing.queries.worklist import work_list
from ticketing.services.refusals import PaymentUnknown
from ticketing.services.returning import NothingAside, return_aside


def foreign(way: Way, receipt: str = "NOT-OURS") -> Opened:
    """Something to pay by that another program made in the same account."""
    soon = database_now() + timedelta(minutes=5)
    return gateway().open(way, amount_paise=50_000, receipt=receipt, closes_at=soon, about="A dinner")


def unmatched(scene: Scene) -> Payment:
    scene.sandbox.pay(foreign(Way.QR))
    scene.tell()
    return Payment.objects.get(aside_as="unmatched")


@pytest.mark.parametrize("way", [Way.QR, Way.INTENT])
def test_money_by_a_code_or_order_that_is_not_ours_is_on_the_work_list_once(scene: Scene, way: Way) -> None:
    scene.sandbox.pay(foreign(way))
    outcomes = scene.tell()

    assert outcomes.count("unmatched") == 1
    assert [(line.what, line.paise, line.order_id) for line in work_list()] == [("unmatched", 50_000, None)]
    assert (scene.sweep(), len(work_list())) == ([], 1)


def test_the_sweep_finds_money_whose_news_was_lost(scene: Scene) -> None:
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(foreign(Way.QR))

    assert (scene.sweep(), scene.sweep()) == (["unmatched"], [])
    assert [line.what for line in work_list()] == ["unmatched"]


def test_the_sweep_ties_a_codes_payment_to_its_order(scene: Scene) -> None:
    """The payment names neither code nor order; which code it was is asked."""
    order_id = scene.order()
    scene.sandbox.fault("webhook.*", "drop", times=9)
    scene.sandbox.pay(opened(scene.start(order_id)))

    assert scene.sweep() == ["confirmed"]
    assert (state_of(order_id), live_tickets(order_id)) == ("confirmed", 2)


def test_what_did_not_succeed_is_nobodys_money(scene: Scene) -> None:
    scene.sandbox.pay(foreign(Way.INTENT), "decline")
    scene.sandbox.pay(foreign(Way.INTENT, "NOR-THIS"), "authorize_only")

    assert set(scene.tell()) <= {"nothing", "untied"}
    assert (Payment.objects.count(), work_list()) == (0, [])


def test_a_person_gives_it_back(scene: Scene) -> None:
    payment = unmatched(scene)
    return_aside(payment_id=payment.pk, by=STAFF, now=scene.now)
    scene.process_refunds()

    assert refunds() == [("staff", "processed", 50_000)]
    assert work_list() == []


def test_it_is_given_back_once(scene: Scene) -> None:
    payment = unmatched(scene)
    return_aside(payment_id=payment.pk, by=BUYER, now=scene.now)
    assert refunds() == [("unmatched", "requested", 50_000)]

    with refused(NothingAside):
        return_aside(payment_id=payment.pk, by=STAFF, now=scene.now)


def test_of_a_payment_that_is_all_of_its_order_nothing_is_aside(scene: Scene) -> None:
    scene.paid()

    with refused(NothingAside):
        return_aside(payment_id=Payment.objects.get().pk, by=STAFF, now=scene.now)
    with refused(PaymentUnknown):
        return_aside(payment_id=0, by=STAFF, now=scene.now)


def test_unmatched_money_that_the_gateway_gives_back_leaves_the_work_list(scene: Scene) -> None:
    payment = unmatched(scene)
    scene.sandbox.refund_by_gateway(payment.gateway_payment_id)
    scene.tell()

    assert (refunds(), work_list()) == ([("by_gateway", "processed", 50_000)], [])


def test_news_of_somebody_elses_refund_changes_nothing(scene: Scene) -> None:
    scene.sandbox.fault("webhook.payment.*", "drop", times=9)
    scene.sandbox.fault("webhook.qr_code.*", "drop", times=9)
    payment_id = scene.sandbox.pay(foreign(Way.QR))
    scene.sandbox.refund_by_gateway(payment_id)
    scene.tell()
    for _ in range(5):
        scene.work_again()

    assert (Payment.objects.count(), refunds()) == (0, [])
    assert scene.sweep() == ["nothing"]
