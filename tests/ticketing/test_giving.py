"""Complimentary tickets: given out of a hold or the pool, all or none, at nothing, with to whom and why."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core import mail
from pypdf import PdfReader

from inventory.acts import By, Seats
from inventory.models import Claim, FreezeRule, Hold, Incident, Show, Tier
from inventory.queries.holds import acts_of
from inventory.queries.moves import database_now
from inventory.services.freezes import freeze
from inventory.services.holds import PlacesNotHeld, place_hold
from inventory.services.refusals import Frozen, PlacesTaken, ShowUnknown
from tests.houses import MANAGER, make_show, rows, seat, statuses
from tests.ticketing.books import GOLD_PAISE, assert_books_are_true, lock, make_priced_show
from ticketing.models import Complimentary, Document, Letter, Order, OrderContact, OrderLine, Payment, Ticket
from ticketing.services.cancelling import ReasonMissing, refund_order
from ticketing.services.erasing import erase_contact
from ticketing.services.giving import Gift, GiftIncomplete, ShowCancelled, issue_complimentary
from ticketing.services.letters import send_due_letters
from ticketing.services.numbering import issue_due_documents
from ticketing.services.printing import tickets_pdf
from ticketing.services.quoting import NotPriced
from ticketing.services.shows import cancel_show, pause_show, refund_cancelled_shows

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = By(actor="user:1", reason_code="review", note="First night")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("A", 6))


def ids(show: Show, *labels: str) -> list[int]:
    return [seat(show, label).pk for label in labels]


def hold(show: Show, *labels: str) -> Hold:
    return place_hold(show_id=show.pk, wanted=Seats(ids(show, *labels)), purpose="press", party="The Daily", by=MANAGER)


def give(show: Show, *gifts: Gift, hold_id: int | None = None, by: By = CLERK) -> list[int]:
    return issue_complimentary(show_id=show.pk, gifts=gifts, hold_id=hold_id, by=by)


def press(show: Show, *labels: str, name: str = "First Guest", contact: str = "") -> Gift:
    return Gift(ids(show, *labels), "press", name, contact)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Claim, Hold, Order, OrderLine, Payment, Ticket, Letter))


def test_places_of_a_hold_are_given_at_nothing_and_what_they_would_have_cost_is_known(show: Show) -> None:
    held = hold(show, "A-1", "A-2", "A-3")

    (order_id,) = give(show, press(show, "A-1", "A-2", contact="gauri@example.com"), hold_id=held.pk)

    order = Order.objects.select_related("complimentary", "sale", "contact").get(pk=order_id)
    assert (order.state, order.total_paise, order.quantity, order.channel.code) == ("confirmed", 0, 2, "counter")
    assert (order.complimentary.recipient, order.complimentary.reason_code) == ("press", "review")
    assert (order.contact.name, order.contact.contact) == ("First Guest", "gauri@example.com")
    sale = Claim.objects.get(sold_by=order)
    assert (sale.origin_id, sale.reference) == (held.pk, f"order:{order_id}")
    assert list(order.lines.values_list("paise", "net_paise", "price__paise")) == [(0, 0, GOLD_PAISE)] * 2
    assert list(order.payments.values_list("tender", "state", "received_paise")) == [("complimentary", "captured", 0)]
    assert Ticket.objects.filter(order=order, voided_at=None).count() == 2
    assert statuses(show) == {"sold": 2, "held": 1, "open": 3}
    assert [act.used for act in acts_of(held.pk)] == [0, 2]
    assert_books_are_true()


def test_open_places_are_given_out_of_the_pool_each_guest_his_own(show: Show) -> None:
    first, second = give(show, press(show, "A-1"), Gift(ids(show, "A-2", "A-3"), "staff"))

    assert [ticket.place.number for ticket in Ticket.objects.filter(order=first)] == ["1"]
    assert [ticket.place.number for ticket in Ticket.objects.filter(order=second)] == ["2", "3"]
    assert not OrderContact.objects.filter(order=second).exists()
    assert statuses(show) == {"sold": 3, "open": 3}
    assert Hold.objects.get().claim.ended_at is not None
    assert_books_are_true()


def test_no_document_is_written_for_what_was_given(show: Show) -> None:
    give(show, press(show, "A-1"))

    assert issue_due_documents(now=database_now() + timedelta(minutes=1)) == 0
    assert not Document.objects.exists()


def test_a_guest_with_an_address_gets_the_tickets_by_mail_and_no_price_is_on_them(show: Show) -> None:
    (order_id,) = give(show, press(show, "A-1", contact="gauri@example.com"))

    assert send_due_letters(now=database_now() + timedelta(seconds=1)) == 1

    (message,) = mail.outbox
    printed = " ".join(PdfReader(io.BytesIO(tickets_pdf(order_id))).pages[0].extract_text().split())
    assert message.to == ["gauri@example.com"]
    assert isinstance(message, mail.EmailMultiAlternatives)
    for said in (printed, str(message.body), str(message.alternatives[0][0])):
        assert "omplimentary" in said
        assert "₹" not in said and "taxes" not in said
    assert "For First Guest" in printed


@pytest.mark.parametrize("contact", ["", "+919820012345"])
def test_a_guest_without_an_address_is_sent_nothing(show: Show, contact: str) -> None:
    give(show, press(show, "A-1", contact=contact))

    assert not Letter.objects.exists()


def test_a_long_list_of_letters_leaves_by_and_by(show: Show) -> None:
    give(show, *(press(show, f"A-{nth}", contact=f"guest{nth}@example.com") for nth in range(1, 4)))

    first, second, third = (letter.due_at for letter in Letter.objects.order_by("due_at"))
    assert first and second and third
    assert second - first == third - second == timedelta(seconds=1)


def test_a_guest_is_forgotten_by_name_and_the_ticket_stays_good(show: Show) -> None:
    (order_id,) = give(show, press(show, "A-1"))

    assert erase_contact(order_id=order_id, by=CLERK)

    assert not OrderContact.objects.exists()
    assert Ticket.objects.filter(order=order_id, voided_at=None).count() == 1


def test_one_place_that_is_not_to_be_had_and_nothing_is_given(show: Show) -> None:
    held = hold(show, "A-1")
    before = counts()

    with pytest.raises(PlacesNotHeld):
        give(show, press(show, "A-1"), press(show, "A-2"), hold_id=held.pk)
    with pytest.raises(PlacesTaken):
        give(show, press(show, "A-2"), press(show, "A-1"))

    assert counts() == before
    assert statuses(show) == {"held": 1, "open": 5}


def test_what_is_frozen_is_not_given_out_of_the_pool_but_out_of_a_hold(show: Show) -> None:
    held = hold(show, "A-1")
    freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=CLERK)
    before = counts()

    with pytest.raises(Frozen):
        give(show, press(show, "A-2"))
    assert counts() == before
    assert len(give(show, press(show, "A-1"), hold_id=held.pk)) == 1


def test_a_gift_that_a_freeze_refuses_leaves_an_incident(show: Show) -> None:
    stopped = freeze(show_id=show.pk, tier_id=Tier.objects.get(show=show).pk, by=CLERK)

    for _ in range(2):
        with pytest.raises(Frozen):
            give(show, press(show, "A-1"))

    seen = Incident.objects.values_list("kind", "channel__code", "subject", "times")
    assert list(seen) == [("lock_refused_by_freeze", "counter", f"freeze:{stopped.pk}", 2)]


def test_a_rules_line_does_not_stop_a_gift_but_the_next_buyer(show: Show) -> None:
    FreezeRule.objects.create(show=show, margin=4)

    give(show, press(show, "A-1", "A-2", "A-3"))

    assert statuses(show) == {"sold": 3, "open": 3}
    with pytest.raises(Frozen):
        lock(show, 1)
    with pytest.raises(Frozen):
        give(show, press(show, "A-4"))


def test_another_channels_freeze_does_not_stop_the_house(show: Show, web: object) -> None:
    freeze(show_id=show.pk, channel_id=web.pk, by=CLERK)  # type: ignore[attr-defined]

    assert len(give(show, press(show, "A-1"))) == 1


def test_a_paused_show_still_gives_and_a_cancelled_one_does_not(show: Show) -> None:
    pause_show(show_id=show.pk, by=CLERK)
    give(show, press(show, "A-1"))
    cancel_show(show_id=show.pk, by=CLERK)
    before = counts()

    with pytest.raises(ShowCancelled):
        give(show, press(show, "A-2"))
    assert counts() == before


def test_guests_of_a_cancelled_show_lose_their_tickets_and_are_told(show: Show) -> None:
    give(show, press(show, "A-1", contact="gauri@example.com"))
    cancel_show(show_id=show.pk, by=CLERK, gives_back=True)

    assert refund_cancelled_shows() == 1

    assert not Ticket.objects.filter(voided_at=None).exists()
    send_due_letters(now=database_now() + timedelta(minutes=1))
    said = [str(message.body) for message in mail.outbox]
    assert any("complimentary, so there is nothing to give back" in body and "₹" not in body for body in said)
    assert_books_are_true()


def test_a_gift_taken_back_opens_its_place_and_gives_no_money_back(show: Show) -> None:
    (order_id,) = give(show, press(show, "A-1"))

    assert refund_order(order_id=order_id, by=CLERK) == []

    assert statuses(show) == {"open": 6}
    assert Order.objects.get(pk=order_id).state == "cancelled"
    assert_books_are_true()


def test_to_whom_and_why_is_said(show: Show) -> None:
    for gifts, by, refusal in (
        ([], CLERK, GiftIncomplete),
        ([Gift(ids(show, "A-1"), "friend")], CLERK, GiftIncomplete),
        ([press(show, "A-1")], MANAGER, ReasonMissing),
    ):
        with pytest.raises(refusal):
            give(show, *gifts, by=by)
    assert not Complimentary.objects.exists()


def test_a_show_without_prices_gives_nothing_since_nobody_could_say_what_it_gave(transactional_db: None) -> None:
    bare = make_show(rows("A", 2))

    with pytest.raises(NotPriced):
        give(bare, press(bare, "A-1"))


def test_another_shows_hold_is_not_given_from_here(show: Show) -> None:
    other = make_priced_show(rows("A", 2), slug="othello")
    held = hold(other, "A-1")

    with pytest.raises(ShowUnknown):
        give(show, press(other, "A-1"), hold_id=held.pk)
