"""Documents: each once, numbered in order and without a gap, dated in India by what they document."""

from __future__ import annotations

from tests.ticketing.books import assert_books_are_true, make_priced_show
from tests.ticketing.papers.selling import LATER, sold
from ticketing.models import Document
from ticketing.services.numbering import issue_due_documents


def numbers() -> list[str]:
    return list(Document.objects.order_by("issued_at", "id").values_list("number", flat=True))


def test_an_order_has_its_document_within_seconds(transactional_db: None) -> None:
    order = sold(make_priced_show())

    assert issue_due_documents(now=order.confirmed_at + LATER) == 1

    document = Document.objects.get()
    assert (document.number, document.kind, document.order_id) == ("MUM/26-27/000001", "invoice", order.pk)
    assert (document.amount_paise, document.issued_at) == (236_000, order.confirmed_at)
    order.refresh_from_db()
    assert not order.is_document_due
    assert_books_are_true()
