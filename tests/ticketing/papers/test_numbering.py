"""Documents: each once, numbered in order and without a gap, dated in India by what they document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from core.refusals import broken_rule
from tests.database import superuser
from tests.houses import rows, seat
from tests.ticketing.books import assert_books_are_true, make_priced_show, make_seller
from tests.ticketing.papers.selling import (
    CASHIER,
    LATER,
    confirmed_at,
    documented,
    given_back,
    hand_back_at,
    make_mixed_show,
    new_years_eve,
    sold,
    soon,
)
from ticketing.models import Document, DocumentSeries, Order, Payment, Refund, Seller, Terms, Ticket
from ticketing.queries.verify import verify_money
from ticketing.services.cancelling import refund_order
from ticketing.services.numbering import issue_due_documents
from ticketing.tax.documents import financial_year

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = financial_year(soon())
SHORT = YEAR.replace("-", "")


def numbers() -> list[str]:
    return list(Document.objects.order_by("id").values_list("number", flat=True))


def said(document: Document, *names: str) -> list[tuple[Any, ...]]:
    """These columns of each line that the document says."""
    return [tuple(line[name] for name in names) for line in document.says["lines"]]


def test_an_order_has_its_document_within_seconds() -> None:
    order = sold(make_priced_show())

    assert issue_due_documents(now=confirmed_at(order) + LATER) == 1

    document = Document.objects.get()
    assert (document.number, document.kind, document.order_id) == (f"MUM/{YEAR}/000001", "invoice", order.pk)
    assert (document.amount_paise, document.issued_at) == (236_000, order.confirmed_at)
    order.refresh_from_db()
    assert not order.is_document_due
    assert_books_are_true()


def test_it_says_who_sells_what_where_and_which_taxes_are_in_it() -> None:
    documented(make_priced_show())

    says = Document.objects.get().says
    assert says.pop("seller") == {
        "name": "Curtain Call Productions",
        "address": "",
        "gstin": "27AAPFU0939F1ZV",
        "gst_status": "regular",
        "state": "27",
    }
    (line,) = says.pop("lines")
    assert line.pop("tier_id")
    assert line == {
        "what": "Gold",
        "sac": "999622",
        "rate_bp": 1800,
        "is_exempt": False,
        "each_paise": 118_000,
        "quantity": 2,
        "paise": 236_000,
        "net_paise": 200_000,
        "cgst_paise": 18_000,
        "sgst_paise": 18_000,
        "igst_paise": 0,
        "local_tax_paise": 0,
    }
    assert says.pop("starts_at")
    assert says == {
        "place_of_supply": "27",
        "show": "Hamlet",
        "venue": "Playhouse",
        "city": "Pune",
        "local_tax": "",
    }


def test_numbers_follow_the_order_of_confirmation_and_not_of_orders() -> None:
    show = make_priced_show()
    last, first = sold(show, now=soon(90)), sold(show, now=soon(60))

    assert issue_due_documents(now=soon(120)) == 2

    assert list(Document.objects.order_by("serial").values_list("order_id", flat=True)) == [first.pk, last.pk]


def test_who_may_still_be_overtaken_is_not_numbered_yet() -> None:
    order = sold(make_priced_show())

    assert issue_due_documents(now=confirmed_at(order)) == 0
    assert issue_due_documents(now=confirmed_at(order) + timedelta(seconds=1)) == 1


def test_twice_is_once() -> None:
    documented(make_priced_show())

    assert issue_due_documents(now=soon()) == 0
    assert numbers() == [f"MUM/{YEAR}/000001"]


def test_more_than_one_batch_is_one_unbroken_series() -> None:
    show = make_priced_show(rows("ABCDEF", 10))
    for _ in range(53):
        sold(show, 1)

    assert issue_due_documents(now=soon()) == 53

    assert list(Document.objects.order_by("order__confirmed_at").values_list("serial", flat=True)) == [*range(1, 54)]
    assert DocumentSeries.objects.get().last == 53
    assert_books_are_true()


def test_the_year_turns_at_midnight_in_india_by_when_an_order_was_confirmed() -> None:
    eve = new_years_eve()
    show = make_priced_show(starts_at=eve + timedelta(days=30))
    sold(show, now=eve)
    sold(show, now=eve + timedelta(minutes=1))

    # The worker was late: to both it comes in the new year.
    assert issue_due_documents(now=eve + timedelta(hours=2)) == 2

    old, new = f"{(eve.year - 1) % 100}-{eve.year % 100}", f"{eve.year % 100}-{(eve.year + 1) % 100}"
    assert numbers() == [f"MUM/{old}/000001", f"MUM/{new}/000001"]


def test_each_seller_and_each_kind_has_a_series_of_its_own() -> None:
    show = make_mixed_show()
    sold(show, [seat(show, "A-1")], now=soon())
    sold(show, [seat(show, "B-1")], now=soon(61))
    sold(show, [seat(show, "A-2"), seat(show, "B-2")], now=soon(62))
    sold(show, [seat(show, "A-3")], now=soon(63))
    other = make_priced_show(slug="lear")
    other.terms.seller = make_seller("PUN", gstin="27AAPFU0939F1ZV")
    other.terms.save()
    sold(other, now=soon(64))

    assert issue_due_documents(now=soon(120)) == 5

    assert sorted(Document.objects.values_list("number", "kind")) == [
        (f"MUM/{YEAR}/000001", "invoice"),
        (f"MUM/{YEAR}/000002", "invoice"),
        (f"MUMB/{SHORT}/000001", "bill_of_supply"),
        (f"MUMM/{SHORT}/000001", "invoice_cum_bill_of_supply"),
        (f"PUN/{YEAR}/000001", "invoice"),
    ]
    assert_books_are_true()


@pytest.mark.parametrize(
    ("status", "gstin", "number", "kind"),
    [
        (Seller.GstStatus.UNREGISTERED, "", f"MUMR/{SHORT}/000001", "receipt"),
        (Seller.GstStatus.COMPOSITION, "27AAPFU0939F1ZV", f"MUMB/{SHORT}/000001", "bill_of_supply"),
    ],
)
def test_who_may_not_charge_gst_issues_no_invoice(status: str, gstin: str, number: str, kind: str) -> None:
    make_seller(gst_status=status, gstin=gstin)
    documented(make_priced_show())

    document = Document.objects.get()
    assert (document.number, document.kind) == (number, kind)
    assert said(document, "paise", "net_paise", "cgst_paise") == [(236_000, 236_000, 0)]


def test_what_was_given_away_has_no_document_and_needs_none_when_it_is_taken_back() -> None:
    order = sold(make_priced_show(), tender=Payment.Tender.COMPLIMENTARY)
    refund_order(order_id=order.pk, by=CASHIER, now=soon(10))

    assert issue_due_documents(now=soon()) == 0

    assert not Document.objects.exists()
    assert not Order.objects.filter(is_document_due=True).exists()
    assert not Refund.objects.filter(is_document_due=True).exists()
    assert_books_are_true()


def test_a_document_says_the_same_whatever_becomes_of_its_seller() -> None:
    documented(make_priced_show())
    before = Document.objects.get().says

    Seller.objects.update(legal_name="Somebody Else", address="Elsewhere", gst_status="unregistered", gstin="")

    assert Document.objects.get().says == before


# Money that goes back


def test_a_refund_has_a_credit_note_once_it_is_done() -> None:
    order = documented(make_priced_show(), 3)
    ticket = Ticket.objects.filter(order=order).earliest("id")
    (refund,) = refund_order(order_id=order.pk, by=CASHIER, ticket_ids=[ticket.pk], now=soon())
    assert issue_due_documents(now=soon(120)) == 0

    done = hand_back_at(refund.pk, soon(60))
    assert issue_due_documents(now=soon(120)) == 1

    note = Document.objects.get(refund=refund)
    assert (note.number, note.kind, note.order_id) == (f"MUMC/{SHORT}/000001", "credit_note", order.pk)
    assert (note.amount_paise, note.issued_at) == (118_000, done)
    assert said(note, "what", "quantity", "net_paise", "cgst_paise") == [("Gold", 1, 100_000, 9_000)]
    invoice = Document.objects.get(refund=None)
    assert (note.says["against"]["kind"], note.says["against"]["number"]) == ("invoice", invoice.number)
    assert_books_are_true()


def test_an_order_given_back_before_it_was_numbered_gets_its_invoice_first() -> None:
    order = sold(make_priced_show())
    given_back(order, now=soon(10))

    assert issue_due_documents(now=soon(60)) == 2

    assert numbers() == [f"MUM/{YEAR}/000001", f"MUMC/{SHORT}/000001"]


def test_refunds_take_back_the_taxes_of_their_own_tickets_whichever_is_done_first() -> None:
    show = make_mixed_show()
    order = documented(show, [seat(show, "A-1"), seat(show, "B-1")], now=soon(10))
    gold, silver = Ticket.objects.filter(order=order).order_by("place__row")
    (of_gold,) = refund_order(order_id=order.pk, by=CASHIER, ticket_ids=[gold.pk], now=soon(20))
    (of_silver,) = refund_order(order_id=order.pk, by=CASHIER, ticket_ids=[silver.pk], now=soon(21))
    hand_back_at(of_silver.pk, soon(30))
    hand_back_at(of_gold.pk, soon(31))

    assert issue_due_documents(now=soon(60)) == 2

    notes = Document.objects.exclude(refund=None).order_by("serial")
    assert [said(note, "what", "paise", "cgst_paise") for note in notes] == [
        [("Silver", 45_000, 0)],
        [("Gold", 118_000, 9_000)],
    ]


def test_a_receipt_is_taken_back_by_a_refund_receipt() -> None:
    make_seller(gst_status="unregistered", gstin="")
    given_back(documented(make_priced_show()), now=soon(10))

    assert issue_due_documents(now=soon(60)) == 1

    assert numbers() == [f"MUMR/{SHORT}/000001", f"MUMF/{SHORT}/000001"]


# What is not to happen


def test_a_full_series_stops_nobody_else() -> None:
    show = make_mixed_show()
    documented(show, [seat(show, "A-1")], now=soon(5))
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute("UPDATE ticketing_documentseries SET last = 999999")
    full = sold(show, [seat(show, "A-2")], now=soon(20))
    sold(show, [seat(show, "B-1")], now=soon(21))

    assert issue_due_documents(now=soon(60)) == 1

    assert numbers() == [f"MUM/{YEAR}/000001", f"MUMB/{SHORT}/000001"]
    full.refresh_from_db()
    assert full.is_document_due


def test_a_code_that_begins_documents_never_changes() -> None:
    seller = make_seller()
    Seller.objects.filter(pk=seller.pk).update(code="PUN")
    documented(make_priced_show())

    with pytest.raises(DatabaseError) as refused:
        Seller.objects.filter(pk=Terms.objects.get().seller_id).update(code="XYZ")

    assert broken_rule(refused.value) == "seller_keeps_its_code"


@pytest.mark.parametrize("code", ["MU", "MUMB", "mum", "M-1"])
def test_a_code_has_three_letters(code: str) -> None:
    with pytest.raises(DatabaseError):
        make_seller(code)


def test_a_series_with_a_gap_is_a_difference_in_the_books() -> None:
    show = make_priced_show()
    for _ in range(3):
        sold(show, 1)
    issue_due_documents(now=soon())
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute("DELETE FROM ticketing_document WHERE serial = 2")

    found = [(difference.check, difference.says) for difference in verify_money().differences]

    assert found == [
        ("documents_are_numbered_without_a_gap", "has given 3 numbers and has 2 documents"),
        ("what_was_sold_has_its_document", "has no document, and none is due"),
    ]


def test_a_document_of_another_amount_than_it_says_is_a_difference_in_the_books() -> None:
    documented(make_priced_show())
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute("UPDATE ticketing_document SET amount_paise = amount_paise + 1")

    assert [difference.check for difference in verify_money().differences] == [
        "a_document_is_the_sum_of_its_lines",
        "what_was_sold_has_its_document",
    ]
