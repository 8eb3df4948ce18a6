"""Forgetting people: the contact goes, the books stay, and what is old goes by itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from core.models import KeptAnswer
from core.opaque import opaque
from core.refusals import broken_rule
from core.sealed import seal
from inventory.acts import By
from tests.inventory.api.shop import Shop
from tests.ticketing.api import buying
from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.papers.postbox import Postbox
from tests.ticketing.papers.selling import documented, given_back, soon
from ticketing.models import ContactErasure, Document, GatewayEvent, Letter, Order, OrderContact, Ticket
from ticketing.services.erasing import erase_contact, purge, purge_old_contacts, purge_old_events
from ticketing.services.inbox import SEALED_AS
from ticketing.services.letters import send_due_letters
from ticketing.services.printing import document_pdf
from ticketing.services.refusals import OrderUnknown

pytestmark = pytest.mark.django_db(transaction=True)
ANN = "ann@example.com"
STAFF = By(actor="user:7", reason_code="asked_by_buyer")
DAY = timedelta(days=1)


def sold_to_ann() -> Order:
    return documented(make_priced_show(), contact=ANN)


def everything() -> str:
    """All that the tables of ticketing and of kept answers say, as text."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(("ticketing_", "core_"))]
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).casefold()


def test_the_contact_goes_and_the_books_stay() -> None:
    order = sold_to_ann()
    tickets = list(Ticket.objects.values())
    assert ANN in everything()

    assert erase_contact(order_id=order.pk, by=STAFF) is True

    assert not OrderContact.objects.exists()
    assert ANN not in everything()
    assert list(Ticket.objects.values()) == tickets
    assert Document.objects.get().order_id == order.pk
    assert document_pdf(Document.objects.get().pk)
    assert_books_are_true()


def test_who_did_it_and_why_is_kept_for_good() -> None:
    order, at = sold_to_ann(), soon()

    erase_contact(order_id=order.pk, by=STAFF, now=at)

    kept = ContactErasure.objects.get()
    assert (kept.order_id, kept.actor, kept.reason_code, kept.erased_at) == (order.pk, "user:7", "asked_by_buyer", at)
    with pytest.raises(DatabaseError) as refused:
        ContactErasure.objects.update(actor="nobody")
    assert broken_rule(refused.value) == "contact_erasures_stay"
    with pytest.raises(DatabaseError, match="permission denied"):
        ContactErasure.objects.all()._raw_delete("default")


def test_twice_is_once() -> None:
    order = sold_to_ann()

    assert [erase_contact(order_id=order.pk, by=STAFF), erase_contact(order_id=order.pk, by=STAFF)] == [True, False]
    assert ContactErasure.objects.count() == 1


def test_nothing_more_is_sent(postbox: Postbox) -> None:
    order = sold_to_ann()

    erase_contact(order_id=order.pk, by=STAFF)
    given_back(order, now=soon(20))

    assert send_due_letters(now=soon(60)) == 0
    assert list(Letter.objects.values_list("kind", "error")) == [("tickets", "erased")]


def test_an_order_must_be_known() -> None:
    with pytest.raises(OrderUnknown):
        erase_contact(order_id=1, by=STAFF)


def test_the_limit_of_a_show_holds_until_it_is_over() -> None:
    order = sold_to_ann()
    digest = order.contact_digest
    assert digest

    erase_contact(order_id=order.pk, by=STAFF)
    assert Order.objects.get().contact_digest == digest

    erase_contact(order_id=order.pk, by=STAFF, now=order.show.starts_at + 2 * DAY)
    assert Order.objects.get().contact_digest == ""


# By itself


def test_contacts_and_digests_go_when_their_time_is_over() -> None:
    order = sold_to_ann()
    begins = order.show.starts_at

    assert purge_old_contacts(now=begins) == 0
    assert purge_old_contacts(now=begins + 2 * DAY) == 1
    assert (OrderContact.objects.count(), Order.objects.get().contact_digest) == (1, "")
    assert purge_old_contacts(now=begins + 401 * DAY) == 1
    assert OrderContact.objects.count() == 0


def test_what_gateways_told_is_emptied_and_that_they_told_it_stays() -> None:
    now = soon()
    for number, days in enumerate((401, 399)):
        GatewayEvent.objects.create(
            gateway="razorpay",
            event_id=f"evt_{number}",
            sealed=seal(SEALED_AS, b"{}"),
            received_at=now - days * DAY,
            next_try_at=now,
        )

    assert [purge_old_events(now=now), purge_old_events(now=now)] == [1, 0]

    old, young = GatewayEvent.objects.order_by("event_id")
    assert (bytes(old.sealed), old.outcome, old.next_try_at) == (b"", "too_old", None)
    assert old.done_at
    assert bytes(young.sealed)
    assert (young.done_at, young.outcome) == (None, "")


def test_more_than_one_step_of_old_events_all_go() -> None:
    now = soon()
    GatewayEvent.objects.bulk_create(
        GatewayEvent(gateway="razorpay", event_id=f"evt_{number}", sealed=b"x", received_at=now - 500 * DAY)
        for number in range(2001)
    )

    assert purge_old_events(now=now) == 2001


def test_tickets_for_a_show_that_is_over_are_not_sent_any_more() -> None:
    order = sold_to_ann()

    assert purge(now=order.show.starts_at + 2 * DAY) == 2

    assert Letter.objects.get().error == "show_is_over"


# At a terminal


@pytest.mark.parametrize("named", ["HF-{}", "hf-{}", "{}", "opaque"])
def test_the_command_takes_an_order_by_any_of_its_names(named: str) -> None:
    order, said = sold_to_ann(), StringIO()

    call_command(
        "erase_contact", opaque("order", order.pk) if named == "opaque" else named.format(order.pk), stdout=said
    )

    assert said.getvalue() == "The contact is erased.\n"
    assert ContactErasure.objects.get().actor.startswith("command:")


def test_the_command_says_where_there_was_nothing() -> None:
    order, said = documented(make_priced_show()), StringIO()

    call_command("erase_contact", str(order.pk), stdout=said)

    assert said.getvalue() == "There was no contact.\n"
    with pytest.raises(CommandError, match=r"There is no order HF-0\.") as refused:
        call_command("erase_contact", "HF-0")
    assert refused.value.returncode == 2


# Where a contact must never be


def test_an_answer_kept_for_a_key_says_nothing_of_whom_an_order_is_for() -> None:
    buying.order(Shop(), make_priced_show(), contact=ANN, name="Ann Rao")

    assert OrderContact.objects.get().contact == ANN
    answers = str(list(KeptAnswer.objects.values("answer"))).casefold()
    assert [name for name in (ANN, "ann rao") if name in answers] == []
