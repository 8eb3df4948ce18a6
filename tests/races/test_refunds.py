"""Money that goes back from two sides at once: two desks, two workers, the gateway itself."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import IntegrityError

from core.refusals import DomainError, broken_rule
from inventory.acts import By
from inventory.queries.moves import database_now
from tests.houses import rows
from tests.races.paying import GATEWAY, attempt, live_tickets, money
from tests.races.together import naive_stock, refused, run, succeeded, together
from tests.ticketing.books import BUYER, assert_books_are_true, make_priced_show, order
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.transitions.scene import Scene
from ticketing.gateways import gateway
from ticketing.gateways.words import Money, Returned, Status
from ticketing.models import Payment, Refund, Ticket
from ticketing.queries import refunds
from ticketing.services.cancelling import refund_order
from ticketing.services.paying import pay_by_tender
from ticketing.services.returning import hand_back, retry_refund, return_aside, send_refunds, take_refund
from ticketing.services.settling import take_money

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = By(actor="user:1", reason_code="race")
ROUNDS = 5
STEPS = 25


def paid(count: int = 2) -> tuple[int, Payment]:
    """An order paid through the gateway."""
    order_id = order(make_priced_show(rows("AB", 10)), count).order_id
    payment = attempt(order_id)
    take_money(money=money(payment), gateway=GATEWAY)
    return order_id, payment


def test_two_desks_that_refund_one_order_give_back_once() -> None:
    order_id, payment = paid(3)
    tickets = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))

    def refund(number: int) -> int:
        chosen = None if number % 2 else tickets[:2]
        return sum(one.amount_paise for one in refund_order(order_id=order_id, by=STAFF, ticket_ids=chosen))

    results = together(6, refund)

    # Either all three at once, or two by one desk and the third by another; everybody else finds them void.
    assert sum(succeeded(results)) == 354_000
    assert set(refused(results)) == {"TicketsVoid"}
    assert (live_tickets(order_id), Payment.objects.get(pk=payment.pk).refunding_paise) == (0, 354_000)
    assert_books_are_true()


def test_the_referee_refuses_the_one_refund_too_many_that_code_let_through() -> None:
    """Past the services: each of two is within what is left, and both together are not."""
    _, payment = paid(1)

    def insert(number: int) -> None:
        run(
            """INSERT INTO ticketing_refund (
                   payment_id, order_id, amount_paise, of_aside, state, key, gateway_refund_id, bank_reference,
                   reason_code, note, actor, failure, requested_at, tries, is_document_due)
               SELECT id, order_id, 60000, false, 'requested', 'race-' || %s, '', '', 'odd', '', 'user:1', '', now(), 0,
                      false FROM ticketing_payment WHERE id = %s""",
            number,
            payment.pk,
        )

    results = together(4, insert)

    (first, *_) = errors = [error for error in results if isinstance(error, IntegrityError)]
    assert (len(errors), broken_rule(first)) == (3, "refunds_stay_within_what_came")
    assert Payment.objects.get(pk=payment.pk).refunding_paise == 60_000


def test_control_who_adds_up_first_and_inserts_later_gives_back_too_much(transactional_db: None) -> None:
    all_have_added_up = threading.Barrier(2)

    def refund(number: int) -> bool:
        ((going,),) = run("SELECT count(*) FROM naive_place WHERE owner = 'going back'")
        all_have_added_up.wait()
        if going == 0:
            run("UPDATE naive_place SET owner = 'going back' WHERE id = %s", number + 1)
        return going == 0

    with naive_stock(2):
        assert together(2, refund) == [True, True]
        assert run("SELECT count(*) FROM naive_place WHERE owner = 'going back'") == [(2,)]


def test_many_hands_that_try_a_failed_refund_again_ask_once() -> None:
    """The order has another ticket's money left, which a second try would take."""
    order_id, _ = paid(2)
    (refund,) = refund_order(order_id=order_id, by=STAFF, ticket_ids=[Ticket.objects.order_by("pk")[0].pk])
    refunds.end(refund.pk, "failed", database_now())

    results = together(6, lambda _: retry_refund(refund_id=refund.pk, by=STAFF))

    assert (len(succeeded(results)), refused(results)) == (1, ["RefundNotOwed"] * 5)
    assert_books_are_true()


def test_unmatched_money_is_given_back_once_by_whoever_is_first(transactional_db: None) -> None:
    take_money(money=Money("pay_1", Status.CAPTURED, 50_000, qr_id="qr_x"), gateway=GATEWAY, is_looked_up=True)
    payment = Payment.objects.get()

    results = together(4, lambda _: return_aside(payment_id=payment.pk, by=STAFF))

    assert (len(succeeded(results)), refused(results)) == (1, ["NothingAside"] * 3)
    assert_books_are_true()


def test_two_workers_send_a_refund_once(sandbox: Sandbox, transactional_db: None) -> None:
    scene = Scene(sandbox, make_priced_show(rows("AB", 10)))
    order_ids = [scene.paid(1) for _ in range(4)]
    for order_id in order_ids:
        refund_order(order_id=order_id, by=STAFF)

    results = together(4, lambda _: send_refunds(gateway=gateway()))

    assert sum(succeeded(results)) == len(sandbox.made("refunds")) == 4
    assert set(Refund.objects.values_list("state", "tries")) == {("submitted", 1)}


def test_the_gateways_own_refund_and_ours_at_once_are_both_in_the_books_as_they_were(
    sandbox: Sandbox, transactional_db: None
) -> None:
    """Staff refund one of two tickets while the gateway gives back all that is left, in every interleaving there is."""
    scene = Scene(sandbox, make_priced_show(rows("AB", 10)))
    for _ in range(ROUNDS):
        order_id = scene.paid(2)
        payment = Payment.objects.get(order_id=order_id)
        ticket = Ticket.objects.filter(order_id=order_id).order_by("pk")[0]
        refund_order(order_id=order_id, by=STAFF, ticket_ids=[ticket.pk])

        def act(number: int, payment: Payment = payment) -> object:
            if number == 0:
                return send_refunds(gateway=gateway())
            return sandbox.refund_by_gateway(payment.gateway_payment_id)

        together(2, act)
        scene.passes(10)
        scene.process_refunds()
        scene.work_again()

        made = [one["amount"] for one in sandbox.made("refunds") if one["payment_id"] == payment.gateway_payment_id]
        ours = Refund.objects.filter(payment=payment, state="processed").values_list("amount_paise", flat=True)
        assert (sorted(made), sum(made)) == (sorted(ours), 236_000)
        assert live_tickets(order_id) == 0
    assert_books_are_true()


def test_a_storm_of_money_neither_deadlocks_nor_leaves_a_rupee_without_a_meaning() -> None:
    """Few orders, many hands: everything that locks an order, a payment or a refund, at once and again."""
    show = make_priced_show(rows("ABCD", 10))
    order_ids = [order(show, 2).order_id for _ in range(4)]
    attempts = {order_id: attempt(order_id) for order_id in order_ids}

    def storm(seed: int) -> int:
        chance = random.Random(seed)
        done = 0
        for step in range(STEPS):
            order_id = chance.choice(order_ids)
            refund_id = chance.choice([0, *Refund.objects.values_list("pk", flat=True)])
            try:
                _act(chance, order_id, attempts[order_id], refund_id, f"{seed}-{step}")
                done += 1
            except DomainError:
                continue
        return done

    results = together(6, storm)

    assert refused(results) == []
    assert sum(succeeded(results)) > STEPS
    assert_books_are_true()


def _act(chance: random.Random, order_id: int, payment: Payment, refund_id: int, name: str) -> None:
    match chance.randrange(8):
        case 0:
            take_money(money=money(payment), gateway=GATEWAY)
        case 1:
            take_money(money=money(payment, payment_id=f"pay_{payment.pk}_more"), gateway=GATEWAY)
        case 2:
            pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER)
        case 3:
            alive = list(Ticket.objects.filter(order_id=order_id, voided_at=None).values_list("pk", flat=True))
            refund_order(order_id=order_id, by=STAFF, ticket_ids=alive[:1])
        case 4:
            retry_refund(refund_id=refund_id, by=STAFF)
        case 5:
            hand_back(refund_id=refund_id, by=STAFF)
        case 6:
            refund = Refund.objects.filter(pk=refund_id).select_related("payment").first()
            if refund and refund.payment.tender == "gateway":
                status = chance.choice(["pending", "processed", "failed"])
                told = Returned(
                    f"rfnd_{refund.pk}", refund.payment.gateway_payment_id, refund.amount_paise, status, refund.key
                )
                take_refund(told=told, gateway=GATEWAY)
        case 7:
            told = Returned(f"rfnd_{name}", f"pay_{payment.pk}", 59_000, "processed")
            take_refund(told=told, gateway=GATEWAY)
