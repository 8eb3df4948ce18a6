"""Buyers, payers, staff, the gateway and the clock in any order: the books are true after each step, and agree at last.

After each step: one live ticket a sold place, money is tickets and refunds and work-list, and the ledger adds up. When
all news has been told, asked for and swept, the books say of every payment and refund what the gateway says.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.refusals import DomainError
from inventory.acts import Seats
from inventory.models import Freeze, Place
from inventory.queries.verify import verify
from inventory.services.freezes import freeze, thaw
from inventory.services.holds import place_hold, release_hold
from inventory.services.kills import kill_places, unkill_places
from inventory.services.sweep import sweep
from tests.database import empty_tables
from tests.houses import rows
from tests.ticketing.books import BUYER, make_priced_show, opened
from tests.ticketing.overheard import WAITING, Overheard
from tests.ticketing.sandboxed import Sandbox, Webhook
from tests.ticketing.transitions.scene import STAFF, Scene
from ticketing.gateways.words import GatewayRefused, GatewayUnreachable, Opened, Way
from ticketing.models import GatewayEvent, Order, Payment, Refund, Terms, Ticket
from ticketing.queries.verify import verify_money
from ticketing.services.cancelling import cancel_unpaid, refund_order
from ticketing.services.paying import cancel_payment, pay_by_tender
from ticketing.services.returning import hand_back, retry_refund, return_aside
from ticketing.services.watching import check_now, expire_orders, look_at_payments

SEATS = 5
PRICE = 118_000
some_seats = st.sets(st.integers(0, SEATS - 1), min_size=1, max_size=3)
any_one = st.integers(0, 9)
ways = st.sampled_from([Way.QR, Way.QR, Way.INTENT])
operations = st.sampled_from(
    ["qr.create", "qr.payments", "qr.close", "order.create", "payment.capture", "payment.fetch", "refund.create",
     "payment.refunds"]
)  # fmt: skip
faults = st.sampled_from(["429", "500", "html_502", "lost_before", "lost_after", "500_after", "refused"])


def where(*names: str) -> Callable[[Any], Any]:
    """A rule is tried only where there is something for it to act on."""
    return precondition(lambda self: all(self.there[name] for name in names))


class Money(RuleBasedStateMachine):
    sandbox: Sandbox
    there: dict[str, int] = defaultdict(int)
    """How many there are of what rules act on, counted after each step."""

    @initialize(late=st.sampled_from(["accept", "accept", "refund"]))
    def build(self, late: str) -> None:
        empty_tables()
        self.sandbox.reset()
        show = make_priced_show(rows("A", SEATS), cap_per_session=99, lock_for_s=300, lock_cap_s=900)
        Terms.objects.update(late_money=late, grace_s=60)
        self.scene = Scene(self.sandbox, show)
        self.waiting: list[Webhook] = []
        self.overheard = Overheard("ticketing")
        for numbers, way in ({0, 1}, Way.QR), ({3}, Way.INTENT):
            self.scene.start(self.scene.order(self.seats(numbers), contact="+919000000001"), way)

    # Picking --------------------------------------------------------------------------------------------------------

    def seats(self, numbers: set[int]) -> list[Place]:
        places = list(self.scene.show.places.order_by("pk"))
        return [places[number] for number in sorted(numbers)]

    def nth(self, rows: QuerySet[Any], number: int) -> int:
        found = list(rows.order_by("-pk").values_list("pk", flat=True))
        return int(found[number % len(found)]) if found else 0

    def at_gateway(self, kind: str, number: int, *statuses: str) -> str:
        found = [one["id"] for one in self.sandbox.made(kind) if one["status"] in statuses]
        return str(found[number % len(found)]) if found else ""

    def code(self, number: int) -> Opened:
        return opened(self.nth(Payment.objects.exclude(link="").filter(tender="gateway"), number))

    def attempt(self, act: Callable[[], object]) -> None:
        with suppress(DomainError, GatewayRefused, GatewayUnreachable):
            act()

    # The buyer and the payer ------------------------------------------------------------------------------------------

    @rule(numbers=some_seats, way=ways)
    def order_and_start(self, numbers: set[int], way: Way) -> None:
        self.attempt(lambda: self.scene.start(self.scene.order(self.seats(numbers), contact="+919000000001"), way))

    @where("awaited")
    @rule(number=any_one, way=ways)
    def start(self, number: int, way: Way) -> None:
        order_id = self.nth(Order.objects.filter(state="awaiting_payment"), number)
        self.attempt(lambda: self.scene.start(order_id, way))

    @where("payable")
    @rule(number=any_one)
    def pay(self, number: int) -> None:
        """The code on some screen, open or not: a phone does not know."""
        self.sandbox.pay(self.code(number))

    @where("payable")
    @rule(number=any_one)
    def pay_and_tell(self, number: int) -> None:
        self.sandbox.pay(self.code(number))
        self.scene.deliver(*self.sandbox.take_webhooks())

    @where("payable")
    @rule(
        number=any_one,
        action=st.sampled_from(["approve", "approve", "decline", "pending", "authorize_only"]),
        other=st.sampled_from([0, -18_000, 20_000]),
        keeps_second=st.booleans(),
    )
    def pay_oddly(self, number: int, action: str, other: int, keeps_second: bool) -> None:
        code = self.code(number)
        paise = Payment.objects.get(link=code.link).amount_paise + other if other else None
        self.sandbox.pay(code, action, amount_paise=paise, keeps_second=keeps_second)

    @where("begun")
    @rule(number=any_one, to=st.sampled_from(["captured", "captured", "failed", "authorized", "refunded"]))
    def payment_moves_at_the_gateway(self, number: int, to: str) -> None:
        statuses = {"failed": ["created"], "refunded": ["authorized"]}.get(to, ["created", "failed"])
        if payment_id := self.at_gateway("payments", number, *statuses):
            self.sandbox.move(payment_id, to)

    @where("open")
    @rule(number=any_one)
    def give_up(self, number: int) -> None:
        payment_id = self.nth(Payment.objects.filter(state__in=["new", "pending"]), number)
        self.attempt(
            lambda: cancel_payment(payment_id=payment_id, gateway=self.scene.gateway, by=BUYER, now=self.scene.now)
        )

    @where("payable")
    @rule(number=any_one)
    def say_that_it_is_sent(self, number: int) -> None:
        if payment_id := self.nth(Payment.objects.filter(tender="gateway"), number):
            self.attempt(lambda: check_now(payment_id=payment_id, gateway=self.scene.gateway, now=self.scene.now))

    @rule(number=any_one)
    def cancel(self, number: int) -> None:
        order_id = self.nth(Order.objects.all(), number)
        self.attempt(lambda: cancel_unpaid(order_id=order_id, by=BUYER, now=self.scene.now))

    # Staff ------------------------------------------------------------------------------------------------------------

    @where("awaited")
    @rule(number=any_one)
    def take_cash(self, number: int) -> None:
        order_id = self.nth(Order.objects.filter(state="awaiting_payment"), number)
        self.attempt(lambda: pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=BUYER, now=self.scene.now))

    @where("alive")
    @rule(number=any_one, one=st.booleans())
    def refund(self, number: int, one: bool) -> None:
        order_id = self.nth(Order.objects.filter(confirmed_at__isnull=False), number)
        alive = list(Ticket.objects.filter(order_id=order_id, voided_at=None).values_list("pk", flat=True))
        chosen = alive[:1] if one else None
        self.attempt(lambda: refund_order(order_id=order_id, by=STAFF, ticket_ids=chosen, now=self.scene.now))

    @where("failed")
    @rule(number=any_one)
    def try_a_refund_again(self, number: int) -> None:
        refund_id = self.nth(Refund.objects.filter(state="failed"), number)
        self.attempt(lambda: retry_refund(refund_id=refund_id, by=STAFF, now=self.scene.now))

    @where("by_hand")
    @rule(number=any_one)
    def hand_cash_back(self, number: int) -> None:
        refund_id = self.nth(Refund.objects.filter(payment__tender="cash", state="requested"), number)
        self.attempt(lambda: hand_back(refund_id=refund_id, by=STAFF, now=self.scene.now))

    @where("aside")
    @rule(number=any_one)
    def give_back_what_is_aside(self, number: int) -> None:
        payment_id = self.nth(Payment.objects.filter(state="captured"), number)
        self.attempt(lambda: return_aside(payment_id=payment_id, by=STAFF, now=self.scene.now))

    @rule(numbers=some_seats, verb=st.sampled_from(["hold", "kill", "bring back", "freeze or thaw"]))
    def change_the_house(self, numbers: set[int], verb: str) -> None:
        show_id, now = self.scene.show.pk, self.scene.now
        wanted = Seats([place.pk for place in self.seats(numbers)])
        frozen = Freeze.objects.filter(thawed=None).first()
        match verb:
            case "hold":
                self.attempt(
                    lambda: place_hold(
                        show_id=show_id, wanted=wanted, purpose="press", party="Daily", by=STAFF, now=now
                    )
                )
            case "kill":
                self.attempt(lambda: kill_places(show_id=show_id, wanted=wanted, by=STAFF, now=now))
            case "bring back":
                for claim_id in set(Place.objects.filter(status="held").values_list("claim_id", flat=True)):
                    release_hold(claim_id=claim_id, by=STAFF, now=now)
                killed = list(Place.objects.filter(status="killed").values_list("pk", flat=True))
                unkill_places(show_id=show_id, place_ids=killed, by=STAFF, now=now)
            case _ if frozen:
                thaw(freeze_id=frozen.pk, by=STAFF, now=now)
            case _:
                freeze(show_id=show_id, tier_id=self.scene.show.tiers.get().pk, by=STAFF, now=now)

    # The gateway ------------------------------------------------------------------------------------------------------

    @where("told")
    @rule(number=any_one, times=st.sampled_from([1, 1, 1, 2]))
    def deliver_one(self, number: int, times: int) -> None:
        """In any order, once or twice."""
        self.scene.deliver(*[self.waiting.pop(number % len(self.waiting))] * times)

    @where("told")
    @rule()
    def deliver_all(self) -> None:
        self.waiting += self.sandbox.take_webhooks()
        self.scene.deliver(*self.waiting)
        self.waiting = []

    @where("told")
    @rule(number=any_one)
    def lose_one(self, number: int) -> None:
        self.waiting.pop(number % len(self.waiting))

    @where("left")
    @rule()
    def work_again_on_what_was_left(self) -> None:
        self.scene.work_again()

    @rule(operation=operations, fault=faults)
    def something_goes_wrong(self, operation: str, fault: str) -> None:
        self.sandbox.fault(operation, fault)

    @where("refunds_pending")
    @rule(number=any_one, done=st.sampled_from([True, True, False]))
    def a_refund_ends_at_the_gateway(self, number: int, done: bool) -> None:
        if refund_id := self.at_gateway("refunds", number, "pending"):
            (self.sandbox.process_refund if done else self.sandbox.fail_refund)(refund_id)

    @where("captured")
    @rule(number=any_one, paise=st.sampled_from([0, 18_000, PRICE]))
    def the_gateway_gives_back_unasked(self, number: int, paise: int) -> None:
        """All that is left, by itself; or a part, by somebody's hand on its dashboard."""
        payment_id = self.at_gateway("payments", number, "captured")
        if not paise:
            self.sandbox.refund_by_gateway(payment_id)
            return
        key = f"dashboard-{len(self.sandbox.made('refunds'))}-{number}"
        self.attempt(lambda: self.scene.gateway.refund(payment_id, paise, key=key))

    # The clock and housekeeping ---------------------------------------------------------------------------------------

    @rule(passed_s=st.sampled_from([5, 20, 60, 120, 300, 900]))
    def time_passes(self, passed_s: int) -> None:
        self.scene.passes(passed_s)

    @rule()
    def watch(self) -> None:
        look_at_payments(gateway=self.scene.gateway, now=self.scene.now)

    @rule(sweeps_account=st.booleans())
    def keep_house(self, sweeps_account: bool) -> None:
        sweep(now=self.scene.now)
        expire_orders(now=self.scene.now)
        if sweeps_account:
            self.attempt(self.scene.sweep)

    @where("to_send")
    @rule()
    def send(self) -> None:
        self.scene.send()

    # After every step -------------------------------------------------------------------------------------------------

    @invariant()
    def the_books_are_true(self) -> None:
        if not hasattr(self, "scene"):
            return
        assert verify_money().differences == []
        assert verify(self.scene.show).differences == []
        alive = set(Ticket.objects.filter(voided_at=None).values_list("place_id", flat=True))
        assert alive == set(Place.objects.filter(status="sold").values_list("pk", flat=True))
        assert self.overheard.bugs == []
        for error in GatewayEvent.objects.exclude(error="").values_list("error", flat=True):
            assert error.startswith(WAITING), error
        self.there = self.counted()

    def counted(self) -> dict[str, int]:
        by_gateway, made = Payment.objects.filter(tender="gateway"), self.sandbox.made
        self.waiting += self.sandbox.take_webhooks()
        payments, refunds = (Counter(one["status"] for one in made(kind)) for kind in ("payments", "refunds"))
        return {
            "awaited": Order.objects.filter(state="awaiting_payment").count(),
            "payable": by_gateway.exclude(link="").count(),
            "open": by_gateway.filter(state__in=["new", "pending"]).count(),
            "alive": Ticket.objects.filter(voided_at=None).count(),
            "aside": Payment.objects.exclude(aside_as="").count(),
            "failed": Refund.objects.filter(state="failed").count(),
            "by_hand": Refund.objects.filter(state="requested", payment__tender="cash").count(),
            "to_send": Refund.objects.filter(next_try_at__lte=self.scene.now).count(),
            "left": GatewayEvent.objects.filter(done_at=None).count(),
            "told": len(self.waiting),
            "begun": payments["created"] + payments["failed"] + payments["authorized"],
            "captured": payments["captured"],
            "refunds_pending": refunds["pending"],
        }

    # At last ----------------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "scene"):
            return
        try:
            self.settle()
            self.the_books_are_true()
            self.books_and_gateway_agree()
        finally:
            self.overheard.stop()

    def settle(self) -> None:
        """The gateway is well again, and time enough passes for everything to be told, asked for and swept."""
        for _ in range(25):
            self.scene.deliver(*self.waiting, *self.sandbox.take_webhooks())
            self.waiting = []
            for made in self.sandbox.made("refunds"):
                if made["status"] == "pending":
                    self.sandbox.process_refund(made["id"])
            news = ["something went wrong"]
            with suppress(GatewayUnreachable, GatewayRefused):
                news = self.scene.sweep()
            self.scene.passes(1200)
            self.watch()
            self.keep_house(False)
            self.scene.send()
            self.scene.work_again()
            self.waiting += self.sandbox.take_webhooks()
            if not (set(news) - {"nothing"} or self.waiting or self.is_anything_open()):
                return

    def is_anything_open(self) -> bool:
        return (
            Payment.objects.filter(state__in=["new", "pending"]).exists()
            or Refund.objects.filter(state__in=["requested", "submitted"], payment__tender="gateway").exists()
            or GatewayEvent.objects.filter(done_at=None).exists()
        )

    def books_and_gateway_agree(self) -> None:
        ours = {payment.gateway_payment_id: payment for payment in Payment.objects.exclude(gateway_payment_id="")}
        for told in self.sandbox.made("payments"):
            payment = ours.get(told["id"])
            if told["status"] == "captured":
                assert payment and (payment.state, payment.received_paise) == ("captured", told["amount"])
            if payment is None or payment.state != "captured":
                # Nothing of it is there: it never came, or went back before we had seen it.
                assert told["status"] != "captured"
                continue
            assert payment.received_paise == told["amount"]
            gone = Refund.objects.filter(payment=payment, state="processed").values_list("amount_paise", flat=True)
            assert sum(gone) == told["amount_refunded"], (told["id"], list(gone))
        assert not Payment.objects.filter(state__in=["new", "pending"]).exists()
        assert not Order.objects.filter(state="awaiting_payment").exists()


@pytest.mark.django_db(transaction=True)
def test_any_sequence_of_money_and_time_leaves_true_books(sandbox: Sandbox) -> None:
    long = os.environ.get("HYPOTHESIS_LONG") == "1"
    Money.sandbox = sandbox
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=150 if long else 10,
            stateful_step_count=60 if long else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
