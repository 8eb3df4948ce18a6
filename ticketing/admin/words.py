"""How money reads on a page: amounts, the states of orders, payments and refunds, and whom to reach."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.contacts import masked
from core.money import rupees
from inventory.admin import reasons
from inventory.admin.links import to
from inventory.admin.words import label
from ticketing.models import Order, OrderLine, Payment, Refund
from ticketing.queries.links import order_reference
from ticketing.tickets.paper import COMPLIMENTARY

Ordered, Paid, Returned = Order.State, Payment.State, Refund.State
ORDER_LABELS = {
    Ordered.AWAITING_PAYMENT: "warning",
    Ordered.CONFIRMED: "success",
    Ordered.EXPIRED: "",
    Ordered.IN_REVIEW: "danger",
    Ordered.CANCELLED: "",
}
PAYMENT_LABELS = {
    Paid.NEW: "warning",
    Paid.PENDING: "warning",
    Paid.FAILED: "",
    Paid.LAPSED: "",
    Paid.AUTHORIZED: "info",
    Paid.VOIDED: "",
    Paid.CAPTURED: "success",
}
REFUND_LABELS = {
    Returned.REQUESTED: "warning",
    Returned.SUBMITTED: "info",
    Returned.PROCESSED: "success",
    Returned.FAILED: "danger",
}


def amount(paise: int | None) -> str:
    """An amount, or a dash where there is none."""
    return "-" if paise is None else rupees(paise)


def order_state(order: Order) -> SafeString:
    text = "Confirmed late" if order.is_late and order.state == Ordered.CONFIRMED else order.get_state_display()
    return label(text, ORDER_LABELS[Ordered(order.state)])


def payment_state(payment: Payment) -> SafeString:
    return label(payment.get_state_display(), PAYMENT_LABELS[Paid(payment.state)])


def refund_state(refund: Refund) -> SafeString:
    """How far a refund is. Needs its payment: what is no gateway's is not sent, but given back by a person."""
    by_hand = refund.state == Returned.REQUESTED and refund.payment.tender != Payment.Tender.GATEWAY
    text = "To be given back" if by_hand else refund.get_state_display()
    return label(text, REFUND_LABELS[Returned(refund.state)])


def aside(payment: Payment) -> SafeString | str:
    """What the money means that pays for no order, and how much of it there is."""
    if not payment.aside_as:
        return "-"
    left = payment.received_paise - payment.allocated_paise
    said = label(payment.get_aside_as_display(), "warning")
    return format_html("<span>{} {}</span>", said, rupees(left)) if left else said


SEE_GUESTS = "ticketing.view_guestlist"


def contact(order: Order, sees_guests: bool) -> str:
    """The buyer's contact, enough of it for its owner to know it; a dash where none was given. Needs its erasure."""
    given = getattr(order, "contact", None)
    if given is None:
        return "erased" if hasattr(order, "contact_erasure") else "-"
    # Of a guest there may be a name alone.
    return masked(given.contact) if given.contact else _guest(given.name, sees_guests)


def gift(order: Order, sees_guests: bool) -> str:
    """To whom a complimentary order was given, why, and what it would have cost."""
    worth = OrderLine.objects.filter(order=order).aggregate(paise=Sum("price__paise"))["paise"] or 0
    given = order.complimentary
    name = getattr(order, "contact", None) and order.contact.name
    said = ", ".join(filter(None, (given.get_recipient_display(), name and _guest(name, sees_guests))))
    return f"{said}: {reasons.in_line(given.reason_code)}. Would have cost {rupees(worth)}."


def _guest(name: str, sees_guests: bool) -> str:
    """Who a guest is, for whoever may see guest lists (SEE_GUESTS)."""
    return name if sees_guests else "a guest"


def price(line: OrderLine) -> str:
    """What a place cost; of one that was given, what it would have cost as well. Needs its price."""
    return rupees(line.paise) if line.paise else f"{COMPLIMENTARY}, else {rupees(line.price.paise)}"


def taxes(line: OrderLine) -> str:
    """What is inside a line's price: `net 1,000.00, CGST 90.00, SGST 90.00 (18 %)`, or that it is exempt."""
    parts = {"CGST": line.cgst_paise, "SGST": line.sgst_paise, "IGST": line.igst_paise, "local": line.local_tax_paise}
    inside = ", ".join(f"{name} {rupees(paise)}" for name, paise in parts.items() if paise)
    if not inside:
        return "exempt" if line.is_exempt else "no tax"
    return f"{rupees(line.net_paise)} and {inside}" + (f" ({line.rate_bp / 100:g} %)" if line.rate_bp else "")


def of_order(order: Order | None) -> SafeString | str:
    return to(order, order_reference(order.pk)) if order else "-"


def of_payment(payment: Payment | None) -> SafeString | str:
    """A payment as a link: by which tender, and how much of it."""
    return to(payment, f"{payment.get_tender_display()}, {rupees(payment.amount_paise)}") if payment else "-"


def of_refund(refund: Refund | None) -> SafeString | str:
    return to(refund, f"Refund {refund.pk}") if refund else "-"


def because(reason_code: str, note: str = "") -> str:
    """A reason in words and a note, as far as there are any."""
    return ": ".join(part for part in (reasons.in_words(reason_code), note) if part) or "-"


def said_because(said: str, reason_code: str, note: str = "") -> str:
    """What was done and why, in a line: `Cancelled: the buyer asks for it: They rang.`"""
    return ": ".join(part for part in (said, reasons.in_line(reason_code), note) if part)
