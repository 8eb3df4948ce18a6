"""Money in the admin: whoever may look sees it as it is, nobody changes it, and what names people is kept back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.opaque import opaque
from core.sealed import seal
from inventory.acts import By
from inventory.models import Channel
from inventory.queries.moves import database_now
from tests.houses import MANAGER, rows
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import cash_to_give_back, failed_refund, nobodys_money, sold
from tests.ticketing.books import make_priced_show, make_seller, order
from ticketing.models import (
    Document,
    DocumentSeries,
    GatewayEvent,
    Letter,
    Order,
    Payment,
    Price,
    PriceException,
    Refund,
    Ticket,
)
from ticketing.queries import inbox
from ticketing.services.erasing import erase_contact
from ticketing.services.inbox import SEALED_AS
from ticketing.services.letters import send_due_letters
from ticketing.services.numbering import issue_due_documents
from ticketing.services.pricing import except_price
from ticketing.tickets.code import PREFIX

FACTS: list[type[Model]] = [
    Order, Payment, Refund, Ticket, Document, Letter, GatewayEvent, Price, PriceException,
]  # fmt: skip
SECRET = "gauri.secret@upi"


def number(order: Order, serial: int = 1) -> Document:
    """The order's document, with this number."""
    series, _ = DocumentSeries.objects.get_or_create(seller=make_seller(), prefix="MUM", year="26-27")
    DocumentSeries.objects.filter(pk=series.pk).update(last=serial)
    return Document.objects.create(
        series=series,
        serial=serial,
        number=f"MUM/26-27/{serial:06}",
        kind=Document.Kind.INVOICE,
        order=order,
        amount_paise=order.total_paise,
        issued_at=database_now(),
    )


def one_of_everything(slug: str = "hamlet") -> None:
    """A row of every kind of fact, of a show of its own."""
    show = make_priced_show(rows("AB", 5), slug=slug)
    nth = Document.objects.count() + 1
    number(sold(show, 1), nth)
    failed_refund(nobodys_money(payment_id=f"pay_{slug}"))
    inbox.take("razorpay", f"evt_{slug}", seal(SEALED_AS, SECRET.encode()))
    except_price(
        tier_id=show.tiers.get().pk,
        channel_id=Channel.objects.get(code="counter").pk,
        paise=90_000,
        reason_code="students",
        note="College cards.",
        approver_id=User.objects.get_or_create(username="approver")[0].pk,
        ends_at=show.starts_at,
        by=MANAGER,
    )


@pytest.mark.parametrize("model", FACTS)
def test_even_a_superuser_can_neither_change_nor_delete_a_fact_of_money(manager: Client, model: type[Model]) -> None:
    one_of_everything()
    row = model._default_manager.latest("pk")
    before = list(model._default_manager.order_by("pk").values())

    refused = [
        manager.post(pages.of(row), {"state": "captured", "total_paise": "1"}),
        manager.get(pages.of(row, "delete")),
        manager.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}),
    ]
    manager.post(pages.listing(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert [response.status_code for response in refused] == [403] * 3
    assert before == list(model._default_manager.order_by("pk").values())


def test_nobody_adds_a_fact_of_money_by_hand(manager: Client) -> None:
    made_by_form = {Price, PriceException}

    assert {manager.get(pages.adding(model)).status_code for model in FACTS if model not in made_by_form} == {403}


def test_who_may_view_money_looks_at_all_of_it(auditor: Client) -> None:
    one_of_everything()

    for model in FACTS:
        assert auditor.get(pages.listing(model)).status_code == 200
        assert auditor.get(pages.of(model._default_manager.latest("pk"))).status_code == 200


def test_who_may_view_stock_alone_sees_no_money(may: Callable[..., Client]) -> None:
    one_of_everything()
    usher = may("inventory.view_show", "inventory.view_place")

    for model in FACTS:
        assert usher.get(pages.listing(model)).status_code == 403
        assert usher.get(pages.of(model._default_manager.latest("pk"))).status_code == 403
    assert usher.get(reverse("admin:ticketing_worklist")).status_code == 403


@pytest.mark.parametrize("model", FACTS)
def test_three_rows_take_as_many_queries_as_one(
    manager: Client, model: type[Model], django_assert_num_queries: Callable[..., Any]
) -> None:
    one_of_everything("hamlet")
    manager.get(pages.listing(model))
    with CaptureQueriesContext(connection) as for_one:
        few = len(pages.rows(manager.get(pages.listing(model))))
    one_of_everything("othello")
    one_of_everything("macbeth")

    with django_assert_num_queries(len(for_one)):
        assert len(pages.rows(manager.get(pages.listing(model)))) == 3 * few > 0


def test_an_order_tells_its_whole_story_in_as_many_queries_for_three_places_as_for_one(
    manager: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_priced_show(rows("A", 10))
    one, three = sold(show, 1), sold(show, 3, contact="other@example.com")
    manager.get(pages.of(one))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.of(one))

    with django_assert_num_queries(len(for_one)):
        text = pages.words(manager.get(pages.of(three)))
    assert text.count("₹1,000.00 and CGST ₹90.00, SGST ₹90.00 (18 %)") == 3
    assert "Total ₹3,540.00 Quantity 3" in text
    assert "Cash Received ₹3,540.00 ₹3,540.00" in text


def test_an_order_leads_to_its_payment_tickets_and_places_and_back(manager: Client) -> None:
    bought = sold(make_priced_show(), 1)
    document, ticket, payment = number(bought), Ticket.objects.get(), Payment.objects.get()

    html = manager.get(pages.of(bought)).content.decode()

    leads_to = [bought.show, bought.lock, bought.sale, ticket, ticket.place, payment, document, Letter.objects.get()]
    for row in leads_to:
        assert row is not None
        assert f'href="{pages.of(row)}"' in html
    for row in (ticket, payment, document):
        assert f'href="{pages.of(bought)}"' in manager.get(pages.of(row)).content.decode()


def test_a_contact_is_shown_masked_and_a_whole_one_finds_its_orders(manager: Client) -> None:
    show = make_priced_show()
    bought = sold(show, 1, contact="+919820012345")
    sold(show, 1, contact="gauri@example.com")

    for address in (pages.listing(Order), pages.of(bought), pages.listing(Letter)):
        html = manager.get(address).content.decode()
        assert "98******45" in html
        assert "9820012345" not in html
    assert pages.rows(manager.get(pages.listing(Order, "?q=98200+12345"))) == [bought]


def test_an_order_is_found_by_its_number_its_reference_and_what_paid_for_it(manager: Client) -> None:
    show = make_priced_show()
    bought, _ = sold(show, 1), sold(show, 1, contact="other@example.com")
    receipt = Payment.objects.get(order=bought).receipt

    for term in (str(bought.pk), f"HF-{bought.pk}", opaque("order", bought.pk), receipt):
        assert pages.rows(manager.get(pages.listing(Order, f"?q={term}"))) == [bought]
    assert pages.rows(manager.get(pages.listing(Order, "?q=nobody@example.com"))) == []


def test_an_erased_contact_is_called_erased(manager: Client) -> None:
    bought = sold(make_priced_show(), 1)
    erase_contact(order_id=bought.pk, by=By(actor="user:1", reason_code="asked"))

    text = pages.words(manager.get(pages.of(bought)))

    assert "Contact erased" in text and "ga***" not in text


def test_a_letter_that_was_given_up_says_why(manager: Client) -> None:
    bought = sold(make_priced_show(), 1, contact="+919820012345")
    send_due_letters(now=database_now() + timedelta(minutes=2))

    for address in (pages.listing(Letter, f"?q=HF-{bought.pk}"), pages.of(Letter.objects.get())):
        assert "given up: not_by_mail" in pages.words(manager.get(address))


def test_a_document_is_shown_as_it_was_issued_to_whoever_may_view_documents(
    auditor: Client, may: Callable[..., Client]
) -> None:
    sold(make_priced_show(), 1)
    issue_due_documents(now=database_now() + timedelta(minutes=1))
    address = pages.of(Document.objects.get(), "paper")
    assert f'href="{address}"' in auditor.get(pages.of(Document.objects.get())).content.decode()

    paper = auditor.get(address)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert auditor.get(address.replace(f"/{Document.objects.get().pk}/", "/0/")).status_code == 404
    assert may("ticketing.view_order").get(address).status_code == 403


def test_lists_are_narrowed_by_show_state_and_tender(manager: Client) -> None:
    show, other = make_priced_show(), make_priced_show(slug="othello")
    bought = sold(show, 1)
    waiting = order(other, 1)

    assert pages.rows(manager.get(pages.listing(Order, f"?show={show.pk}"))) == [bought]
    assert [row.pk for row in pages.rows(manager.get(pages.listing(Order, "?state=awaiting_payment")))] == [
        waiting.order_id
    ]
    assert len(pages.rows(manager.get(pages.listing(Payment, f"?show={show.pk}&tender=cash")))) == 1
    assert pages.rows(manager.get(pages.listing(Payment, "?tender=gateway"))) == []
    nobodys_money()
    assert len(pages.rows(manager.get(pages.listing(Payment, "?aside_as=unmatched")))) == 1


def test_a_void_ticket_says_why(manager: Client) -> None:
    refund = cash_to_give_back(make_priced_show())
    assert refund.order_id

    assert "void: the buyer asks for it" in pages.words(manager.get(pages.listing(Ticket, "?state=void")))
    assert pages.rows(manager.get(pages.listing(Ticket, "?state=good"))) == []


def test_a_tickets_code_is_nowhere_on_its_page(manager: Client) -> None:
    sold(make_priced_show(), 1)

    for address in (pages.listing(Ticket), pages.of(Ticket.objects.get())):
        assert PREFIX not in manager.get(address).content.decode()


def test_what_a_webhook_said_is_nowhere_on_a_page(manager: Client) -> None:
    inbox.take("razorpay", "evt_1", seal(SEALED_AS, SECRET.encode()))
    event = GatewayEvent.objects.get()

    for address in (pages.listing(GatewayEvent), pages.of(event)):
        html = manager.get(address).content.decode()
        assert "evt_1" in html and "to be worked on" in html
        assert SECRET not in html and bytes(event.sealed).hex()[:16] not in html


def test_money_has_a_group_in_the_menu_for_whoever_may_see_it(auditor: Client, may: Callable[..., Client]) -> None:
    assert "Work-list" in pages.words(auditor.get(reverse("admin:index")))

    usher = may("inventory.view_show")
    text = pages.words(usher.get(reverse("admin:index")))
    assert "Work-list" not in text and "Payments" not in text
