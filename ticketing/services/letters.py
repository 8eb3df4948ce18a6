"""Letters to buyers: a row says that one is due, a task claims it, and a mail server takes it.

**At least once.** A letter is claimed before it is handed over, by an UPDATE that makes it due again after a gap. If we
die in between, nobody can know whether the server took it, and it is sent once more: a buyer with the same tickets
twice has lost nothing, one without them stands at the gate. SMTP itself repeats in doubt (RFC 5321, 6.1; RFC 1047), and
every try of a letter bears the same Message-ID, by which mail systems show one of two. A letter that a server has said
it took is never sent again.

**Only by mail.** There is no provider of text messages here. A letter to a buyer who gave a telephone number is not
sent and says `not_by_mail`; such a buyer has the page of the tickets, which the shop shows after payment.

No contact is ever in an error or a log: of what a server answers only its code is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Max

from core.contacts import ContactInvalid, is_email, read_contact
from core.opaque import opaque
from core.refusals import DomainError
from inventory.acts import By
from inventory.queries import moves
from ticketing.models import Letter, Order, OrderContact, Payment, Ticket
from ticketing.queries import letters, orders, papers
from ticketing.queries.letters import Claimed, Returning
from ticketing.queries.links import order_reference
from ticketing.services import printing
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.tickets import letter as tickets_letter
from ticketing.tickets import money_letter
from ticketing.tickets.money_letter import ReturnPaper

# Half a minute, then twice as long each time up to an hour: a server that is away for three days is waited for.
FIRST_GAP_S, LAST_GAP_S, MOST_TRIES = 30, 3600, 80
WAIT_FOR_DOCUMENT_S = 60
MOST_SENDS = 20
_log = structlog.get_logger(__name__)


class NoMailAddress(DomainError):
    code, message = "no_mail_address", "This buyer gave no e-mail address, so nothing can be sent."


class SentTooOften(DomainError):
    code, status, message = "sent_too_often", 429, "These tickets were sent too often already."


class _Unsendable(Exception):
    """There is nothing to send, or nobody to send it to; the reason is a word without a contact in it."""


def send_due_letters(*, most: int = 50, now: datetime | None = None) -> int:
    """Send what is due, each claimed first and sent outside of any transaction; how many a mail server took.

    Where no server can be reached, what is left stays due.
    """
    at = now or moves.database_now()
    server = get_connection()
    sent = 0
    try:
        for letter_id in letters.due(at, WAIT_FOR_DOCUMENT_S, most):
            claimed = letters.claim(letter_id, at, FIRST_GAP_S, LAST_GAP_S)
            message = claimed and _message(claimed)
            if not claimed or not message:
                continue
            try:
                server.open()
            except (SMTPException, OSError) as error:
                _failed(claimed, error)
                break
            try:
                server.send_messages([message])
            except (SMTPException, OSError) as error:
                _failed(claimed, error)
                server.close()
            else:
                letters.sent(claimed.id, at)
                sent += 1
    finally:
        server.close()
    return sent


@transaction.atomic
def resend_tickets(*, order_id: int, by: By, are_others: bool = False, now: datetime | None = None) -> Letter:
    """Have an order's tickets sent once more, to the contact it has; while they are waiting to be sent, that letter.

    Where they `are_others` than before, a letter that was ever begun does not count: it may be on its way with the old.

    Raises OrderUnknown, OrderNotPaid, NoMailAddress, NoTicketsLeft, SentTooOften.
    """
    orders.lock_order(order_id)
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise OrderUnknown
    if order.confirmed_at is None:
        raise OrderNotPaid("This order is not paid, so it has no tickets.")
    contact = OrderContact.objects.filter(order=order).first()
    if contact is None or not is_email(contact.contact):
        raise NoMailAddress
    if not Ticket.objects.filter(order=order, voided_at__isnull=True).exists():
        raise printing.NoTicketsLeft
    written = Letter.objects.filter(order=order, kind=Letter.Kind.TICKETS)
    waiting = written.filter(due_at__isnull=False, sent_at__isnull=True)
    if found := waiting.filter(**{"tries": 0} if are_others else {}).first():
        return found
    if written.count() >= MOST_SENDS:
        raise SentTooOften(most=MOST_SENDS)
    last = written.aggregate(last=Max("about"))["last"]
    return Letter.objects.create(
        order=order,
        kind=Letter.Kind.TICKETS,
        about=0 if last is None else last + 1,
        due_at=now or moves.database_now(),
        actor=by.actor,
    )


def _message(claimed: Claimed) -> EmailMultiAlternatives | None:
    """The letter with whatever is attached; None, and given up, where there is nothing to say or nobody to hear it."""
    try:
        address = _address(claimed)
        words, attached = _WORDS[Letter.Kind(claimed.kind)](claimed)
    except _Unsendable as why:
        letters.failed(claimed.id, str(why), is_final=True)
        _log.info("letter not sent", letter=claimed.id, order=claimed.order_id, why=str(why))
        return None
    message = EmailMultiAlternatives(words.subject, words.text, to=[address], headers=_headers(claimed))
    if words.html:
        message.attach_alternative(words.html, "text/html")
    for name, content, kind in attached:
        message.attach(name, content, kind)
    return message


def _address(claimed: Claimed) -> str:
    if not claimed.contact:
        raise _Unsendable("no_contact")
    if not is_email(claimed.contact):
        raise _Unsendable("not_by_mail")
    try:
        return read_contact(claimed.contact)
    except ContactInvalid as error:
        raise _Unsendable("address_invalid") from error


def _headers(claimed: Claimed) -> dict[str, str]:
    house = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return {"Message-ID": f"<{opaque('letter', claimed.id)}@{house}>", "Auto-Submitted": "auto-generated"}


Attached = list[tuple[str, bytes, str]]


def _tickets(claimed: Claimed) -> tuple[tickets_letter.Letter, Attached]:
    facts = papers.order_paper(claimed.order_id)
    if facts is None or facts.confirmed_at is None or not facts.tickets:
        raise _Unsendable(printing.NoTicketsLeft.code)
    name = order_reference(claimed.order_id)
    attached = [
        (f"tickets-{name}.pdf", printing.pdf_for(facts), "application/pdf"),
        (f"{name}.ics", printing.calendar_for(facts), "text/calendar"),
    ]
    if facts.document_id:
        document = printing.document_pdf(facts.document_id)
        attached.append((f"{facts.document_number.replace('/', '-')}.pdf", document, "application/pdf"))
    return tickets_letter.letter_for(printing.paper_for(facts)), attached


def _refund(claimed: Claimed) -> tuple[tickets_letter.Letter, Attached]:
    return money_letter.refund_letter(_returning(letters.returned_by_refund(claimed.about))), []


def _late_refund(claimed: Claimed) -> tuple[tickets_letter.Letter, Attached]:
    return money_letter.late_refund_letter(_returning(letters.returned_as_late(claimed.about))), []


def _cancelled(claimed: Claimed) -> tuple[tickets_letter.Letter, Attached]:
    return money_letter.cancelled_letter(_returning(letters.returned_of_order(claimed.order_id))), []


_WORDS: dict[Letter.Kind, Callable[[Claimed], tuple[tickets_letter.Letter, Attached]]] = {
    Letter.Kind.TICKETS: _tickets,
    Letter.Kind.REFUND: _refund,
    Letter.Kind.LATE_REFUND: _late_refund,
    Letter.Kind.CANCELLED: _cancelled,
}


def _returning(told: Returning | None) -> ReturnPaper:
    if told is None:
        raise _Unsendable("nothing_goes_back")
    return ReturnPaper(
        order_reference=order_reference(told.order_id),
        show_title=told.title,
        starts_at=told.starts_at,
        paise=told.paise,
        seats=told.seats,
        seats_left=told.seats_left,
        is_by_gateway=told.tender == Payment.Tender.GATEWAY,
        seller=told.seller,
        help_at=told.help_at,
    )


def _failed(claimed: Claimed, error: Exception) -> None:
    """Not taken, or nobody knows. It is tried again, unless the address itself was refused for good."""
    why = _why(error)
    is_final = claimed.tries >= MOST_TRIES or (
        isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _ in error.recipients.values())
    )
    letters.failed(claimed.id, why, is_final=is_final)
    _log.warning("letter not taken", letter=claimed.id, order=claimed.order_id, why=why, is_final=is_final)


def _why(error: Exception) -> str:
    """The kind of error and the server's codes. Its words are not kept: they tend to name the address."""
    codes: list[int] = []
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
    elif isinstance(error, SMTPResponseException):
        codes = [error.smtp_code]
    return " ".join([type(error).__name__, *map(str, codes)])
