"""Money that arrives from two sides at once: webhook and poll, two webhooks, cash and the code, money and the clock."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from inventory.acts import By, Seats
from inventory.models import Channel, Claim, FreezeRule
from inventory.queries.moves import database_now
from inventory.services.locking import lock_places
from inventory.services.locks import LockCommitted, LockNotPaying, begin_payment, commit_lock, lapse_payment
from inventory.services.sweep import expire_locks
from tests.houses import make_show, rows, seat, seconds, statuses
from tests.races.paying import GATEWAY, attempt, live_tickets, money
from tests.races.together import naive_stock, refused, run, succeeded, together
from tests.ticketing.books import BUYER, assert_books_are_true, lock, make_priced_show, opened, order, state_of
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.transitions.scene import Scene
from ticketing.gateways import gateway
from ticketing.gateways.words import Money, Status
from ticketing.models import GatewayEvent, Order, Payment, Refund
from ticketing.services.inbox import take_event, work_on_inbox
from ticketing.services.paying import pay_by_tender
from ticketing.services.settling import Outcome, take_money
from ticketing.services.watching import expire_orders, look_at_payments

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def words(results: list[Outcome | Exception]) -> list[str]:
    return sorted(result.word for result in succeeded(results))


# The same news twice --------


def test_webhooks_and_polls_of_one_payment_make_its_tickets_once() -> None:
    show = make_priced_show(rows("ABC", 8))
    for _ in range(ROUNDS):
        order_id = order(show, 2).order_id
        told = money(attempt(order_id))

        def tell(number: int, told: Money = told) -> Outcome:
            return take_money(money=told, gateway=GATEWAY, is_looked_up=number % 2 == 0)

        results = together(6, tell)

        assert words(results) == ["confirmed", *["known"] * 5]
        assert (live_tickets(order_id), Payment.objects.filter(order_id=order_id).count()) == (2, 1)
    assert_books_are_true()


def test_control_who_looks_at_the_state_and_acts_later_issues_twice(transactional_db: None) -> None:
    both_have_looked = threading.Barrier(2)

    def settle(_: int) -> bool:
        is_open = run("SELECT owner FROM naive_place WHERE id = 1") == [("pending",)]
        both_have_looked.wait()
        if is_open:
            run("UPDATE naive_place SET owner = 'captured', rule = rule || ' ticket' WHERE id = 1")
        return is_open

    with naive_stock(1):
        run("UPDATE naive_place SET owner = 'pending', rule = ''")
        assert together(2, settle) == [True, True]
        assert run("SELECT rule FROM naive_place") == [(" ticket ticket",)]


def test_two_payments_by_one_code_are_one_sale_and_one_surplus() -> None:
    show = make_priced_show(rows("ABC", 8))
    for _ in range(ROUNDS):
        order_id = order(show, 2).order_id
        payment = attempt(order_id)
        both = [money(payment, payment_id=f"pay_{payment.pk}_{n}") for n in range(2)]

        def tell(number: int, both: list[Money] = both) -> Outcome:
            return take_money(money=both[number % 2], gateway=GATEWAY)

        results = together(4, tell)

        assert words(results) == ["confirmed", "known", "known", "surplus"]
        assert (live_tickets(order_id), Refund.objects.filter(order_id=order_id).count()) == (2, 1)
    assert_books_are_true()


def test_money_that_nobody_knows_is_written_down_once_and_nobody_is_told_of_a_bug(transactional_db: None) -> None:
    stray = Money("pay_stray", Status.CAPTURED, 50_000, qr_id="qr_stray")

    results = together(8, lambda _: take_money(money=stray, gateway=GATEWAY, is_looked_up=True))

    assert words(results) == [*["known"] * 7, "unmatched"]
    assert Payment.objects.filter(aside_as="unmatched").count() == 1
    assert_books_are_true()


def test_control_who_finds_nothing_and_inserts_later_breaks_the_rule_of_once(transactional_db: None) -> None:
    """With the rule it is a bug for the second; without, the same money would be there twice."""
    both_have_looked = threading.Barrier(2)

    def write(number: int) -> None:
        there = run("SELECT count(*) FROM naive_place WHERE owner = 'pay_stray'") == [(1,)]
        both_have_looked.wait()
        if not there:
            run("UPDATE naive_place SET owner = 'pay_stray' WHERE id = %s", number + 1)

    with naive_stock(2):
        together(2, write)
        assert run("SELECT count(*) FROM naive_place WHERE owner = 'pay_stray'") == [(2,)]


def test_workers_on_one_inbox_do_each_event_once(sandbox: Sandbox, transactional_db: None) -> None:
    show = make_priced_show(rows("ABC", 8))
    scene = Scene(sandbox, show)
    order_ids = [scene.order(2) for _ in range(4)]
    for order_id in order_ids:
        sandbox.pay(opened(scene.start(order_id)))
    for webhook in sandbox.take_webhooks():
        take_event(gateway=gateway(), raw=webhook.raw, headers=webhook.headers)

    results = together(4, lambda _: work_on_inbox(gateway=gateway()))

    assert sum(succeeded(results)) == GatewayEvent.objects.exclude(done_at=None).count() == 8
    # Each code tells twice of its payment: by its own name, and by the payment's alone, which is nobody's until the
    # other is known.
    outcomes = sorted(GatewayEvent.objects.values_list("outcome", flat=True))
    assert outcomes[:4] == ["confirmed"] * 4
    assert set(outcomes[4:]) <= {"known", "untied"}
    assert_books_are_true()


# Two tenders --------


def test_of_cash_and_the_code_one_pays_and_the_other_is_refused_or_goes_back() -> None:
    """The code was given up, and its money arrives while the cashier presses the key."""
    show = make_priced_show(rows("ABC", 8))
    for _ in range(ROUNDS):
        order_id = order(show, 2).order_id
        payment = attempt(order_id)
        Payment.objects.filter(pk=payment.pk).update(state="lapsed")

        def act(number: int, order_id: int = order_id, payment: Payment = payment) -> str:
            if number:
                return take_money(money=money(payment), gateway=GATEWAY).word
            return pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER).state

        results = together(2, act)

        if refused(results):
            assert (refused(results), succeeded(results)) == (["OrderPaid"], ["confirmed"])
        else:
            assert succeeded(results) == ["captured", "surplus"]
        assert live_tickets(order_id) == 2
    assert_books_are_true()


# Money and the clock --------


def test_of_a_payment_and_its_lapse_one_wins_and_the_money_has_a_meaning_either_way(
    sandbox: Sandbox, transactional_db: None
) -> None:
    """The last look finds nothing and gives up; the webhook comes in that very moment; and a rival wants the seats."""
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 2), slug=f"round-{round_}")
        scene = Scene(sandbox, show)
        order_id = scene.order(2)
        payment = scene.start(order_id)
        scene.until(payment.closes_at)
        scene.watch()
        scene.passes(120)

        def act(number: int, scene: Scene = scene, payment: Payment = payment) -> object:
            if number == 0:
                return look_at_payments(gateway=gateway(), now=scene.now)
            if number == 1:
                return take_money(money=money(payment), gateway=GATEWAY, now=scene.now)
            return lock(scene.show, [seat(scene.show, "A-1"), seat(scene.show, "A-2")], now=scene.now)

        _, outcome, rival = together(3, act)

        assert isinstance(outcome, Outcome), outcome
        sold = Order.objects.get(pk=order_id)
        if outcome.word == "late":  # the rival has them
            assert not isinstance(rival, Exception)
            assert (sold.state, live_tickets(order_id), statuses(show)) == ("cancelled", 0, {"locked": 2})
            assert list(Refund.objects.filter(order=sold).values_list("amount_paise", flat=True)) == [236_000]
        else:
            assert outcome.word in ("confirmed", "late_confirmed")
            assert (sold.state, live_tickets(order_id), statuses(show)) == ("confirmed", 2, {"sold": 2})
            assert sold.is_late == (outcome.word == "late_confirmed")
    assert_books_are_true()


def test_of_a_payment_and_the_sweep_at_the_cap_one_wins() -> None:
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 2), slug=f"round-{round_}")
        order_id = order(show, 2).order_id
        payment = attempt(order_id)
        cap = Order.objects.get(pk=order_id).lock.hard_until
        assert cap

        def act(number: int, show_id: int = show.pk, payment: Payment = payment, cap: datetime = cap) -> object:
            if number == 0:
                return expire_locks(show_id=show_id, now=cap + seconds(1))
            if number == 1:
                return expire_orders(now=cap + seconds(1))
            return take_money(money=money(payment), gateway=GATEWAY, now=cap - seconds(1))

        *_, outcome = together(3, act)

        assert isinstance(outcome, Outcome), outcome
        assert outcome.word in ("confirmed", "late_confirmed")
        assert (state_of(order_id), live_tickets(order_id), statuses(show)) == ("confirmed", 2, {"sold": 2})
    assert_books_are_true()


def test_late_money_of_two_buyers_near_a_line_makes_tickets_for_both() -> None:
    """Near a freeze rule's line whoever sells has the show alone; whoever shares it already would wait for ever."""
    for round_ in range(3):
        show = make_priced_show(rows("A", 6), slug=f"round-{round_}")
        FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=0)
        attempts = [attempt(order(show, 2).order_id) for _ in range(2)]
        late = database_now() + seconds(1801)
        expire_locks(show_id=show.pk, now=late)

        def tell(number: int, attempts: list[Payment] = attempts, late: datetime = late) -> Outcome:
            return take_money(money=money(attempts[number]), gateway=GATEWAY, now=late)

        results = together(2, tell)
        assert set(refused(results)) <= {"Busy"}, [getattr(r, "__cause__", r) for r in results]
        again = [tell(number) for number in range(2)]

        assert {outcome.word for outcome in again} <= {"known", "late_confirmed"}
        assert statuses(show) == {"open": 2, "sold": 4}
    assert_books_are_true()


def test_of_a_commit_and_a_lapse_exactly_one_wins(web: Channel) -> None:
    show = make_show(rows("ABC", 8))
    by = By(actor="session:1", reason_code="race")
    for number in range(1, 9):
        made = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, f"A-{number}").pk]), by=by)
        begin_payment(claim_id=made.claim_id, by=by)

        def act(number: int, claim_id: int = made.claim_id) -> object:
            return (commit_lock if number else lapse_payment)(claim_id=claim_id, by=by)

        lapsed, committed = together(2, act)

        sold = Claim.objects.filter(origin_id=made.claim_id).count()
        assert isinstance(lapsed, LockCommitted | LockNotPaying) == isinstance(committed, Claim) == bool(sold)
    assert statuses(show).get("locked") is None


def test_control_who_gives_up_on_what_it_saw_gives_away_what_was_paid(transactional_db: None) -> None:
    looked, paid = threading.Event(), threading.Event()

    def act(number: int) -> None:
        if number:
            looked.wait()
            run("UPDATE naive_place SET owner = 'buyer, paid' WHERE id = 1")
            paid.set()
            return
        is_pending = run("SELECT owner FROM naive_place WHERE id = 1") == [("buyer",)]
        looked.set()
        paid.wait()
        if is_pending:
            run("UPDATE naive_place SET owner = NULL WHERE id = 1")

    with naive_stock(1):
        run("UPDATE naive_place SET owner = 'buyer'")
        together(2, act)
        assert run("SELECT owner FROM naive_place") == [(None,)]
