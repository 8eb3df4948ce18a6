"""Tickets, for whoever has the link and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from core.opaque import opaque
from inventory.acts import By
from inventory.models import Place
from tests.houses import standing
from tests.ticketing.books import make_priced_show, order
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.storefront.browser import Browser
from tests.ticketing.storefront.buying import money_comes, to_paying
from ticketing.models import Order
from ticketing.services.reseating import reseat


@pytest.fixture
def bought(buyer: Browser, sandbox: Sandbox) -> Browser:
    """Whoever has just paid for two seats."""
    to_paying(buyer, make_priced_show(terms={"note_on_ticket": "Doors open at seven."}), 2)
    money_comes(sandbox)
    buyer.open(buyer.path)
    return buyer


def test_the_link_alone_opens_the_tickets(bought: Browser) -> None:
    friend = Browser()
    friend.open(bought.page.context["tickets_at"])
    assert "Row A, seat 1 Stalls, Gold" in friend.text
    assert "Doors open at seven." in friend.text
    assert "98200" not in friend.page.content.decode()


def test_the_link_is_kept_from_caches_and_other_sites(bought: Browser) -> None:
    page = bought.open(bought.page.context["tickets_at"])
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex, nofollow"' in page.content.decode()


def test_an_orders_own_address_opens_no_tickets(bought: Browser) -> None:
    order_id = Order.objects.get().pk
    for kind in ("order", "lock", "payment"):
        assert Browser().open(f"/tickets/{opaque(kind, order_id)}").status_code == 404


def test_an_order_that_is_not_paid_has_no_tickets_yet(buyer: Browser) -> None:
    placed = order(make_priced_show(), 2)
    buyer.open(f"/tickets/{opaque('tickets', placed.order_id)}")
    assert "This order is not paid yet, so there are no tickets." in buyer.text


def test_standing_room_has_no_row(buyer: Browser, sandbox: Sandbox) -> None:
    to_paying(buyer, make_priced_show(standing(4)), 1)
    money_comes(sandbox)
    buyer.open(buyer.path)
    buyer.open(buyer.page.context["tickets_at"])
    assert "Floor General" in buyer.text
    assert "Row" not in buyer.text


@pytest.mark.parametrize("quantity", [1, 3])
def test_the_page_needs_few_statements(
    quantity: int, buyer: Browser, sandbox: Sandbox, django_assert_max_num_queries: Any
) -> None:
    to_paying(buyer, make_priced_show(), quantity)
    money_comes(sandbox)
    address = buyer.open(buyer.path).context["tickets_at"]
    with django_assert_max_num_queries(2):
        buyer.open(address)


def test_tickets_come_as_a_file_and_the_show_goes_into_a_calendar(bought: Browser) -> None:
    address = bought.page.context["tickets_at"]
    pdf, calendar = Browser().open(f"{address}/tickets.pdf"), Browser().open(f"{address}/calendar.ics")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert calendar.headers["Content-Type"] == "text/calendar"
    assert b"SUMMARY:Hamlet" in calendar.content
    assert address.encode() not in calendar.content
    assert pdf.headers["Cache-Control"] == calendar.headers["Cache-Control"] == "private, no-store"


def test_an_order_without_tickets_has_no_file_of_them(buyer: Browser) -> None:
    placed = order(make_priced_show(), 2)
    page = buyer.open(f"/tickets/{opaque('tickets', placed.order_id)}/tickets.pdf")
    assert page.status_code == 409
    assert "This order is not paid" in buyer.text


def test_whoever_was_given_another_seat_is_told_so_beside_the_old_ticket(bought: Browser) -> None:
    order_row = Order.objects.get()
    ticket = order_row.tickets.order_by("pk")[0]
    to = Place.objects.filter(show=order_row.show, status="open").order_by("rank")[0]
    reseat(order_id=order_row.pk, places={ticket.pk: to.pk}, by=By("user:1", reason_code="seat_not_usable"))

    bought.open(bought.page.context["tickets_at"])

    assert "You have another seat: its ticket is here too." in bought.text
    assert f"Row {to.row}, seat {to.number}" in bought.text
