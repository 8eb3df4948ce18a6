"""What hangs below an order or a payment: its lines, its money, its tickets, and what was sent. Each is capped."""

from __future__ import annotations

from typing import Any

from inventory.admin.links import link, list_of, to
from inventory.admin.reasons import in_line
from inventory.admin.words import clock, label, seat
from ticketing.admin import words
from ticketing.models import Document, Letter, Order, OrderLine, Payment, Refund, Ticket
from ticketing.queries.links import order_reference, ticket_number

MOST = 100
Table = dict[str, Any]


def of_order(order: Order) -> list[Table]:
    """Everything about one order, one table for each kind of thing there is."""
    tables = [
        lines_of(order),
        payments_of(order),
        refunds_of(Refund.objects.filter(order=order)),
        tickets_of(order),
        documents_of(order),
        letters_of(order),
    ]
    return [table for table in tables if table["table"]["rows"]]


def lines_of(order: Order) -> Table:
    lines = (
        OrderLine.objects.filter(order=order)
        .select_related("place__section", "tier", "exception", "price")
        .order_by("id")
    )
    rows = [
        [
            to(line.place, seat(line.place)),
            str(line.tier),
            words.price(line),
            words.taxes(line),
            words.because(line.exception.reason_code) if line.exception else "the tier's",
        ]
        for line in lines[:MOST]
    ]
    return _table("As agreed", ["Place", "Tier", "Price", "Inside it", "Whose price"], rows)


def payments_of(order: Order) -> Table:
    rows = [
        [
            to(payment, payment.get_tender_display()),
            words.payment_state(payment),
            words.amount(payment.amount_paise),
            words.amount(payment.received_paise),
            words.aside(payment),
            payment.failure or payment.bank_reference or payment.reference or "-",
            clock(payment.captured_at or payment.created_at),
        ]
        for payment in Payment.objects.filter(order=order).order_by("-id")[:MOST]
    ]
    headers = ["Tender", "State", "Asked for", "Came", "Set aside", "Reference", "When"]
    return _table("Payments, the latest first", headers, rows)


def refunds_of(refunds: Any) -> Table:
    rows = [
        [
            to(refund, f"Refund {refund.pk}"),
            words.refund_state(refund),
            words.amount(refund.amount_paise),
            words.of_payment(refund.payment),
            words.because(refund.reason_code, refund.note),
            refund.failure or refund.bank_reference or "-",
            clock(refund.ended_at or refund.requested_at),
        ]
        for refund in refunds.select_related("payment").order_by("-id")[:MOST]
    ]
    headers = ["Refund", "State", "Amount", "Of", "Why", "Reference", "When"]
    return _table("Refunds, the latest first", headers, rows)


def tickets_of(order: Order) -> Table:
    tickets = Ticket.objects.filter(order=order).select_related("place__section").order_by("id")
    rows = [
        [
            to(ticket, ticket_number(ticket.pk)),
            to(ticket.place, seat(ticket.place)),
            ticket_state(ticket),
            str(ticket.serial),
            clock(ticket.voided_at or ticket.issued_at),
        ]
        for ticket in tickets[:MOST]
    ]
    more = link(list_of(Ticket, q=order_reference(order.pk)), "all of them") if len(rows) == MOST else ""
    return _table("Tickets", ["Ticket", "Place", "State", "Code", "When"], rows, more)


def ticket_state(ticket: Ticket) -> Any:
    return label(f"void: {in_line(ticket.void_reason)}") if ticket.voided_at else label("good", "success")


def documents_of(order: Order) -> Table:
    documents = Document.objects.filter(order=order).select_related("refund").order_by("id")[:MOST]
    rows = [
        [
            to(document),
            document.get_kind_display(),
            words.amount(document.amount_paise),
            words.of_refund(document.refund),
            clock(document.issued_at),
        ]
        for document in documents
    ]
    return _table("Documents", ["Number", "Kind", "Amount", "For", "Issued"], rows)


def letters_of(order: Order) -> Table:
    rows = [
        [to(letter, letter.get_kind_display()), letter_state(letter), clock(letter.sent_at or letter.due_at)]
        for letter in Letter.objects.filter(order=order).order_by("id")[:MOST]
    ]
    return _table("Letters", ["Letter", "State", "When"], rows)


def letter_state(letter: Letter) -> Any:
    if letter.sent_at:
        return label("sent", "success")
    if letter.due_at is None:
        return label(f"given up: {letter.error}" if letter.error else "given up", "danger")
    if letter.error:
        return label("tried once" if letter.tries == 1 else f"tried {letter.tries} times", "warning")
    return label("due", "warning")


def _table(title: str, headers: list[str], rows: list[list[Any]], more: Any = "") -> Table:
    return {"title": title, "table": {"headers": headers, "rows": rows}, "most": MOST, "more": more}
