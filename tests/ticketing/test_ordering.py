"""Sold out of a hold, paid later: the places stay the party's, and tickets are issued with the money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.acts import By, Seats
from inventory.models import Claim, Hold, Show, Tier
from inventory.queries.holds import acts_of
from inventory.queries.moves import database_now
from inventory.services.freezes import freeze
from inventory.services.holds import HoldIsOrdered, LadderStep, PlacesNotHeld, place_hold, release_hold
from inventory.services.refusals import ShowNotOnSale
from inventory.services.releases import run_due_releases
from tests.houses import MANAGER, make_show, rows, seat, statuses
from tests.ticketing.books import GOLD_PAISE, assert_books_are_true, make_priced_show
from tests.ticketing.books import order as bought
from ticketing.models import Document, Letter, Order, OrderLine, Payment, Ticket
from ticketing.queries.parties import awaiting_money
from ticketing.services.cancelling import cancel_unpaid, refund_order
from ticketing.services.giving import ShowCancelled
from ticketing.services.numbering import issue_due_documents
from ticketing.services.ordering import order_from_hold
from ticketing.services.paying import pay_by_tender
from ticketing.services.placing import TooManyForContact
from ticketing.services.quoting import NotPriced
from ticketing.services.shows import cancel_show
from ticketing.services.watching import expire_orders

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = By(actor="user:1", reason_code="asked_by_buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("A", 6))


def ids(show: Show, *labels: str) -> list[int]:
    return [seat(show, label).pk for label in labels]


def hold(show: Show, *labels: str, steps: tuple[LadderStep, ...] = ()) -> Hold:
    return place_hold(
        show_id=show.pk,
        wanted=Seats(ids(show, *labels)),
        purpose="corporate",
        party="Chai Co",
        by=MANAGER,
        steps=steps,
    )


def order(show: Show, held: Hold, *labels: str, contact: str = "") -> Order:
    return order_from_hold(hold_id=held.pk, place_ids=ids(show, *labels), by=CLERK, contact=contact, name="Chai Co")


def test_an_order_out_of_a_hold_costs_the_ordinary_price_and_waits(show: Show) -> None:
    held = hold(show, "A-1", "A-2", "A-3")

    made = order(show, held, "A-1", "A-2")

    assert (made.state, made.total_paise, made.quantity) == ("awaiting_payment", 2 * GOLD_PAISE, 2)
    assert list(OrderLine.objects.values_list("paise", "net_paise", "cgst_paise")) == [(118_000, 100_000, 9_000)] * 2
    assert not Ticket.objects.exists()
    assert statuses(show) == {"held": 3, "open": 3}
    (awaited,) = awaiting_money(10)
    assert (awaited.order_id, awaited.party, awaited.quantity, awaited.paise) == (made.pk, "Chai Co", 2, 236_000)
    assert_books_are_true()


def test_its_money_confirms_it_and_issues_the_tickets_with_their_document(show: Show) -> None:
    held = hold(show, "A-1", "A-2", "A-3")
    made = order(show, held, "A-1", "A-2", contact="desk@chai.example")

    pay_by_tender(order_id=made.pk, tender=Payment.Tender.BANK_TRANSFER, reference="UTR-1", by=CLERK)

    made.refresh_from_db()
    assert (made.state, made.is_late) == ("confirmed", False)
    assert Ticket.objects.filter(order=made, voided_at=None).count() == 2
    assert Letter.objects.get().order_id == made.pk
    assert statuses(show) == {"sold": 2, "held": 1, "open": 3}
    assert Claim.objects.get(pk=made.lock_id).ended_at is not None
    assert made.sale and made.sale.origin_id == made.lock_id
    assert issue_due_documents(now=database_now() + timedelta(minutes=1)) == 1
    assert Document.objects.get().amount_paise == 236_000
    assert [(act.used, act.returned) for act in acts_of(held.pk)] == [(0, 0), (2, 0)]
    assert awaiting_money(10) == []
    assert_books_are_true()


def test_no_ladder_no_clock_and_no_breaker_gives_away_what_is_ordered(show: Show) -> None:
    step = LadderStep(database_now() + timedelta(hours=1), share_percent=100)
    held = hold(show, "A-1", "A-2", "A-3", steps=(step,))
    made = order(show, held, "A-1", "A-2")
    tomorrow = database_now() + timedelta(days=1)

    run_due_releases(show_id=show.pk, now=tomorrow)
    assert expire_orders(now=tomorrow) == 0
    with pytest.raises(HoldIsOrdered):
        release_hold(claim_id=made.lock_id, by=CLERK)

    assert statuses(show) == {"held": 2, "open": 4}
    pay_by_tender(order_id=made.pk, tender=Payment.Tender.CASH, by=CLERK)
    assert_books_are_true()


def test_a_cancelled_order_gives_its_places_to_the_pool_or_keeps_them_for_the_party(show: Show) -> None:
    held = hold(show, "A-1", "A-2", "A-3")
    first, second = order(show, held, "A-1"), order(show, held, "A-2")

    cancel_unpaid(order_id=first.pk, by=CLERK)
    cancel_unpaid(order_id=second.pk, by=CLERK, keeps_hold=True)

    assert (seat(show, "A-1").status, seat(show, "A-2").status) == ("open", "held")
    kept = Hold.objects.get(claim=seat(show, "A-2").claim_id)
    assert (kept.party, kept.claim.reference) == ("Chai Co", "")
    again = order(show, kept, "A-2")
    assert again.state == "awaiting_payment"
    assert_books_are_true()


def test_cancelling_twice_is_once(show: Show) -> None:
    made = order(show, hold(show, "A-1"), "A-1")

    assert cancel_unpaid(order_id=made.pk, by=CLERK).state == cancel_unpaid(order_id=made.pk, by=CLERK).state


def test_what_is_paid_can_be_given_back_like_any_order(show: Show) -> None:
    made = order(show, hold(show, "A-1"), "A-1")
    pay_by_tender(order_id=made.pk, tender=Payment.Tender.CARD_SLIP, reference="SLIP-1", by=CLERK)

    (refund,) = refund_order(order_id=made.pk, by=CLERK)

    assert refund.amount_paise == GOLD_PAISE
    assert statuses(show) == {"open": 6}
    assert_books_are_true()


def test_a_freeze_does_not_stop_what_was_held_before(show: Show) -> None:
    held = hold(show, "A-1")
    freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=CLERK)

    made = order(show, held, "A-1")
    pay_by_tender(order_id=made.pk, tender=Payment.Tender.CASH, by=CLERK)

    assert statuses(show) == {"sold": 1, "open": 5}


def test_a_cancelled_show_sells_nothing_out_of_a_hold_and_takes_no_money(show: Show) -> None:
    held = hold(show, "A-1", "A-2")
    made = order(show, held, "A-1")
    cancel_show(show_id=show.pk, by=CLERK)

    with pytest.raises(ShowCancelled):
        order(show, held, "A-2")
    with pytest.raises(ShowNotOnSale):
        pay_by_tender(order_id=made.pk, tender=Payment.Tender.CASH, by=CLERK)

    assert not Payment.objects.exists()
    assert awaiting_money(10)[0].is_cancelled


def test_a_place_that_is_not_the_holds_and_one_without_a_price_order_nothing(show: Show) -> None:
    held = hold(show, "A-1")
    bare = make_show(rows("A", 1), slug="bare")
    bare_hold = hold(bare, "A-1")

    with pytest.raises(PlacesNotHeld):
        order(show, held, "A-1", "A-2")
    with pytest.raises(NotPriced):
        order(bare, bare_hold, "A-1")

    assert not Order.objects.exists()
    assert statuses(show) == {"held": 1, "open": 5}
    assert Claim.objects.filter(kind="hold").count() == 2


def test_what_a_party_has_ordered_counts_towards_what_its_contact_may_buy(show: Show) -> None:
    show.terms.tickets_per_contact = 3
    show.terms.save()
    held = hold(show, "A-1", "A-2")
    awaited = order(show, held, "A-1", "A-2", contact="desk@chai.example")

    with pytest.raises(TooManyForContact) as refused:
        bought(show, 2, contact="desk@chai.example")
    assert refused.value.facts == {"asked": 2, "has": 2, "most": 3}

    cancel_unpaid(order_id=awaited.pk, by=CLERK)
    assert bought(show, 2, contact="desk@chai.example")
