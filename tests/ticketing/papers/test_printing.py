"""What buyers are handed, drawn from the books: tickets, calendars, codes and documents."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from inventory.acts import By
from inventory.models import Show
from tests.houses import seat, standing
from tests.ticketing.books import make_priced_show, make_seller, order
from tests.ticketing.papers.selling import documented, given_back, make_mixed_show, sold, soon
from ticketing.models import Document, LocalTax, LocalTaxRate, Order, OrderContact, Seller, Ticket
from ticketing.queries.links import order_of_ticket_page, ticket_page_path
from ticketing.services.letters import resend_tickets
from ticketing.services.numbering import issue_due_documents
from ticketing.services.printing import (
    DocumentUnknown,
    NoTicketsLeft,
    calendar_of,
    document_pdf,
    order_paper,
    ticket_codes,
    tickets_pdf,
)
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.tickets.code import read
from ticketing.tickets.keys import verifying_keys

pytestmark = pytest.mark.django_db(transaction=True)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def document_words(**of: object) -> str:
    return words(document_pdf(Document.objects.get(**of).pk))


def pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def with_local_tax(show: Show) -> Show:
    """The same show where the municipality takes a tenth of the price."""
    tax = LocalTax.objects.create(code="pune", name="Entertainment duty")
    LocalTaxRate.objects.create(tax=tax, from_on=date(2020, 1, 1), rate_bp=1000)
    show.terms.local_tax = tax
    show.terms.save()
    return show


# Tickets


def test_every_valid_ticket_has_its_page() -> None:
    made = documented(make_priced_show(terms={"note_on_ticket": "Doors at five."}), 3)

    pdf = tickets_pdf(made.pk)

    assert pages(pdf) == 3
    for said in (
        "Hamlet",
        "Playhouse, Pune",
        "Stalls",
        "Gold · ₹1,180.00",
        "All taxes and charges included",
        f"Order HF-{made.pk}",
        "Tax invoice MUM/",
        "CGST 9 % ₹90.00",
        "SGST 9 % ₹90.00",
        "Curtain Call Productions, GSTIN 27AAPFU0939F1ZV",
        "Doors at five.",
    ):
        assert said in words(pdf)


def test_the_same_order_makes_the_same_bytes() -> None:
    made = documented(make_priced_show())

    assert tickets_pdf(made.pk) == tickets_pdf(made.pk)


def test_a_void_ticket_is_printed_no_more() -> None:
    made = documented(make_priced_show(), 3)
    first, *left = Ticket.objects.filter(order=made).order_by("id")
    given_back(made, [first.pk], now=soon(20))

    codes = ticket_codes(made.pk)

    assert sorted(code.ticket_id for code in codes) == [ticket.pk for ticket in left]
    assert pages(tickets_pdf(made.pk)) == 2
    assert order_paper(made.pk).total_paise == 236_000


def test_a_code_is_that_of_its_ticket() -> None:
    made = documented(make_priced_show(standing(5)), 1)
    ticket = Ticket.objects.get(order=made)

    (told,) = ticket_codes(made.pk)

    content = read(told.code, verifying_keys())
    assert (content.show_id, content.ticket_id, content.place_id) == (ticket.show_id, ticket.pk, ticket.place_id)
    assert (told.number, told.where, told.paise) == (f"T-{ticket.pk}", "Floor, unreserved", 118_000)


def test_a_ticket_that_is_not_numbered_yet_names_no_document() -> None:
    made = sold(make_priced_show())

    assert "invoice" not in words(tickets_pdf(made.pk))
    assert order_paper(made.pk).document == ""


def test_a_seller_without_gst_shows_none() -> None:
    make_seller(gst_status="unregistered", gstin="")
    made = documented(make_priced_show())

    said = words(tickets_pdf(made.pk))

    assert "GST" not in said
    assert "Receipt MUMR/" in said


def test_in_a_union_territory_it_is_utgst() -> None:
    make_seller(gstin="04AAPFU0939F1ZV", state_code="04")
    show = make_priced_show()
    show.venue.state_code = "04"
    show.venue.save()
    made = documented(show, 1)

    assert "UTGST 9 % ₹90.00" in words(tickets_pdf(made.pk))
    assert "UTGST" in document_words()


@pytest.mark.parametrize("paper", [tickets_pdf, calendar_of, ticket_codes, order_paper])
def test_without_tickets_there_is_no_paper(paper: Callable[[int], object]) -> None:
    with pytest.raises(OrderUnknown):
        paper(1)

    show = make_priced_show()
    with pytest.raises(OrderNotPaid):
        paper(order(show, 1).order_id)

    made = documented(show, 1)
    given_back(made, now=soon(20))
    with pytest.raises(NoTicketsLeft):
        paper(made.pk)


# Calendars and links


def test_the_calendar_knows_the_show_and_counts_how_often_it_was_sent() -> None:
    made = documented(make_priced_show(), contact="ann@example.com")
    first = Calendar.from_ical(calendar_of(made.pk)).events[0]
    made.letters.update(due_at=None, sent_at=soon())
    resend_tickets(order_id=made.pk, by=By(actor="user:1"))
    again = Calendar.from_ical(calendar_of(made.pk)).events[0]

    assert (first["SUMMARY"], first["UID"]) == ("Hamlet", f"HF-{made.pk}@localhost")
    assert first.start == made.show.starts_at
    assert (first["SEQUENCE"], again["SEQUENCE"]) == (0, 1)


def test_the_page_of_the_tickets_is_found_by_its_address_alone() -> None:
    path = ticket_page_path(7)

    assert order_of_ticket_page(path.rsplit("/", 1)[1]) == 7
    assert order_of_ticket_page(path.rsplit("/", 1)[1][:-1] + "x") is None
    assert order_of_ticket_page("7") is None


# Documents


def test_an_invoice_says_what_rule_46_asks_for() -> None:
    Seller.objects.filter(pk=make_seller().pk).update(address="12 Marine Drive\nMumbai 400001")
    made = documented(make_priced_show())

    said = document_words()

    for fact in (
        "Tax invoice",
        "Curtain Call Productions",
        "12 Marine Drive",
        "GSTIN 27AAPFU0939F1ZV",
        f"Number {Document.objects.get().number}",
        f"Order HF-{made.pk}",
        "Place of supply 27 Maharashtra",
        "Description SAC Qty Taxable value GST CGST SGST Amount",
        "Admission, Gold 999622 2 2,000.00 9 % + 9 % 180.00 180.00 2,360.00",
        "Taxable value ₹2,000.00",
        "Total ₹2,360.00",
        "Rupees Two Thousand Three Hundred Sixty Only",
        "Tax is not payable on reverse charge.",
    ):
        assert fact in said
    assert "IGST" not in said


def test_between_states_it_is_igst() -> None:
    make_seller(gstin="29AAGCB7383J1Z4", state_code="29")
    documented(make_priced_show(), 1)

    said = document_words()

    assert "State 29 Karnataka" in said
    assert "Place of supply 27 Maharashtra" in said
    assert "Admission, Gold 999622 1 1,000.00 18 % 180.00 1,180.00" in said
    assert "CGST" not in said


def test_a_local_tax_belongs_to_the_taxable_value() -> None:
    documented(with_local_tax(make_priced_show()), 1)

    said = document_words()

    assert "Price Entertainment duty Taxable value" in said
    assert "Admission, Gold 999622 1 909.09 90.91 1,000.00 9 % + 9 % 90.00 90.00 1,180.00" in said


def test_taxed_and_exempt_in_one() -> None:
    show = make_mixed_show()
    documented(show, [seat(show, "A-1"), seat(show, "B-1")], now=soon(10))

    said = document_words()

    assert "Invoice-cum-bill of supply" in said
    assert "Admission, Silver 999622 1 450.00 exempt 0.00 0.00 450.00" in said
    assert "Taxable value ₹1,000.00 Exempt value ₹450.00" in said


def test_an_exempt_admission_has_a_bill_of_supply_without_taxes() -> None:
    documented(make_priced_show(paise=45_000), 1)

    said = document_words()

    assert "Bill of supply" in said
    assert "Description SAC Qty Amount" in said
    assert "Admission at this price is exempt from GST." in said


def test_a_composition_seller_says_so_at_the_top() -> None:
    make_seller(gst_status="composition")
    documented(make_priced_show(), 1)

    said = document_words()

    assert said.index("Composition taxable person, not eligible to collect tax on supplies") < said.index("GSTIN")
    assert "CGST" not in said


def test_a_receipt_mentions_gst_only_to_say_there_is_none() -> None:
    make_seller(gst_status="unregistered", gstin="")
    documented(make_priced_show(), 1)

    said = document_words()

    assert "Description Qty Amount" in said
    assert "not registered under GST, and no GST is charged" in said
    assert said.count("GST") == 2
    assert "Place of supply" not in said


def test_a_credit_note_names_what_it_takes_back() -> None:
    made = documented(make_priced_show(), 3)
    given_back(made, [Ticket.objects.filter(order=made).earliest("id").pk], now=soon(20))
    issue_due_documents(now=soon(60))

    said = document_words(kind="credit_note")

    assert f"Takes back Tax invoice {Document.objects.get(kind='invoice').number} of " in said
    assert "Admission, Gold 999622 1 1,000.00 9 % + 9 % 90.00 90.00 1,180.00" in said
    assert "Total taken back ₹1,180.00" in said


def test_a_document_is_the_same_bytes_whatever_becomes_of_seller_and_show() -> None:
    made = documented(make_priced_show())
    before = document_pdf(Document.objects.get().pk)

    Seller.objects.update(legal_name="Somebody Else")
    made.show.title = "Macbeth"
    made.show.save()

    assert document_pdf(Document.objects.get().pk) == before


def test_the_buyer_is_named_as_long_as_their_name_is_kept() -> None:
    made = documented(make_priced_show(), contact="ann@example.com")
    OrderContact.objects.update(name="Ann Rao")
    named = document_words()
    OrderContact.objects.all().delete()

    assert "Buyer Ann Rao" in named
    assert "Buyer" not in document_words()
    assert "ann" not in str(Document.objects.get(order=made).says).casefold()


def test_there_must_be_such_a_document() -> None:
    with pytest.raises(DocumentUnknown):
        document_pdf(1)


def test_an_order_without_terms_has_tickets_all_the_same() -> None:
    """Whoever deletes a show's terms takes the seller's name off its tickets, and nothing else."""
    made = documented(make_priced_show())
    Order.objects.get(pk=made.pk).show.terms.delete()

    assert "Stalls" in words(tickets_pdf(made.pk))


def test_papers_are_one_question_to_the_database(django_assert_num_queries: Any) -> None:
    one, three = documented(make_priced_show(), 1), documented(make_priced_show(slug="lear"), 3)

    for made in (one, three):
        with django_assert_num_queries(1):
            tickets_pdf(made.pk)
    document_id = Document.objects.get(order=three).pk
    with django_assert_num_queries(1):
        document_pdf(document_id)
