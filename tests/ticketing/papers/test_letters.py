"""Letters: each to its buyer, again where nobody took it, and never a contact where it does not belong."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from inventory.acts import By
from tests.ticketing.books import BUYER, make_priced_show, order
from tests.ticketing.papers.postbox import HANG_UP, Postbox
from tests.ticketing.papers.selling import confirmed_at, documented, given_back, sold, soon
from tests.ticketing.sandboxed import Sandbox
from ticketing.gateways import gateway
from ticketing.gateways.words import Money, Status, Way
from ticketing.models import Document, Letter, OrderContact, Payment, Seller, Ticket
from ticketing.queries import letters
from ticketing.queries.links import ticket_page_url
from ticketing.services.letters import (
    FIRST_GAP_S,
    MOST_SENDS,
    MOST_TRIES,
    NoMailAddress,
    SentTooOften,
    resend_tickets,
    send_due_letters,
)
from ticketing.services.paying import cancel_payment, start_payment
from ticketing.services.printing import NoTicketsLeft
from ticketing.services.refusals import OrderNotPaid, OrderUnknown
from ticketing.services.settling import take_money
from ticketing.services.watching import expire_orders

pytestmark = pytest.mark.django_db(transaction=True)
ANN = "ann@example.com"
STAFF = By(actor="user:7")


def letter() -> Letter:
    return Letter.objects.latest("id")


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def attached(message: EmailMessage) -> dict[str, str]:
    return {part.get_filename() or "": part.get_content_type() for part in message.iter_attachments()}


def free_port() -> int:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


# What is sent


def test_who_buys_is_sent_the_tickets(postbox: Postbox) -> None:
    made = documented(make_priced_show(), contact=ANN)
    at = soon()

    assert send_due_letters(now=at) == 1

    (message,) = postbox.taken
    assert (message["To"], message["From"]) == (ANN, "Housefull <tickets@localhost>")
    assert message["Subject"].startswith("Your 2 tickets: Hamlet, ")
    number = Document.objects.get().number
    assert f"Tax invoice {number}" in text(message)
    assert ticket_page_url(made.pk) in text(message)
    assert attached(message) == {
        f"tickets-HF-{made.pk}.pdf": "application/pdf",
        f"HF-{made.pk}.ics": "text/calendar",
        f"{number.replace('/', '-')}.pdf": "application/pdf",
    }
    assert message.get_body(("html",)) is not None
    assert (letter().sent_at, letter().due_at, letter().tries) == (at, None, 1)


def test_twice_is_once(postbox: Postbox) -> None:
    documented(make_priced_show(), contact=ANN)

    assert [send_due_letters(now=soon(60)), send_due_letters(now=soon(3600))] == [1, 0]
    assert len(postbox.taken) == 1


def test_letters_of_one_run_go_in_one_call(postbox: Postbox) -> None:
    show = make_priced_show()
    for name in ("ann", "bob", "cy"):
        documented(show, 1, contact=f"{name}@example.com")

    assert send_due_letters(now=soon()) == 3
    assert (postbox.calls, len({message["Message-ID"] for message in postbox.taken})) == (1, 3)


def test_a_letter_waits_for_the_document_but_not_for_ever(postbox: Postbox) -> None:
    made = sold(make_priced_show(), contact=ANN)
    confirmed = confirmed_at(made)

    assert send_due_letters(now=confirmed + timedelta(seconds=59)) == 0
    assert send_due_letters(now=confirmed + timedelta(seconds=60)) == 1
    assert "invoice" not in text(postbox.taken[0])
    assert len(attached(postbox.taken[0])) == 2


def test_what_was_given_back_is_told(postbox: Postbox) -> None:
    show = make_priced_show()
    Seller.objects.update(support_contact="help@playhouse.example")
    made = documented(show, 3, contact=ANN)
    given_back(made, [Ticket.objects.filter(order=made).earliest("id").pk], now=soon(20))

    assert send_due_letters(now=soon(60)) == 2

    message = postbox.taken[-1]
    assert message["Subject"] == f"Your refund: Hamlet, order HF-{made.pk}"
    assert text(message).splitlines()[2:] == [
        f"Order HF-{made.pk}",
        "",
        "We give you back ₹1,180.00 for 1 ticket. What was given back admits nobody any more. You keep 2 tickets.",
        "",
        "The box office gives the money back. Please tell them the number of the order.",
        "",
        "Help: help@playhouse.example",
        "",
        "Curtain Call Productions",
    ]
    assert attached(message) == {}


def test_money_that_came_too_late_is_told_of(postbox: Postbox, sandbox: Sandbox) -> None:
    show = make_priced_show(terms={"late_money": "refund"})
    order_id = order(show, 2, contact=ANN).order_id
    started = start_payment(order_id=order_id, way=Way.QR, gateway=gateway(), by=BUYER, pay_for_s=300)
    cancel_payment(payment_id=started.payment_id, gateway=gateway(), by=BUYER)
    expire_orders(now=soon(3600))
    came = Money("pay_1", Status.CAPTURED, 236_000, qr_id=Payment.objects.get().qr_id)
    assert take_money(money=came, gateway=gateway().name, now=soon(3700)).word == "late"

    assert send_due_letters(now=soon(3700)) == 1

    (message,) = postbox.taken
    assert message["Subject"] == f"Your payment came too late: Hamlet, order HF-{order_id}"
    assert "Your payment of ₹2,360.00 reached us too late to keep your places" in text(message)
    assert "goes back the way it was paid. Banks usually take five to seven working days." in text(message)


def test_an_order_that_the_house_cancels_is_told_of(postbox: Postbox) -> None:
    made = documented(make_priced_show(), 2, contact=ANN)
    Letter.objects.update(sent_at=soon(), due_at=None)
    given_back(made, now=soon(20))
    Letter.objects.filter(kind="refund").update(kind="cancelled")

    assert send_due_letters(now=soon(60)) == 1

    assert "its tickets admit nobody any more. We give you back ₹2,360.00." in text(postbox.taken[0])


# What is not sent, and says so


def given_up(why: str) -> bool:
    return (letter().error, letter().due_at, letter().sent_at) == (why, None, None)


def test_a_telephone_gets_no_mail_and_no_pretence(postbox: Postbox) -> None:
    documented(make_priced_show(), contact="+919820012345")

    assert send_due_letters(now=soon()) == 0

    assert given_up("not_by_mail")
    assert postbox.calls == 0


def test_tickets_that_died_meanwhile_are_not_sent(postbox: Postbox) -> None:
    made = documented(make_priced_show(), contact=ANN)
    given_back(made, now=soon(20))

    assert send_due_letters(now=soon(60)) == 1

    assert [message["Subject"].split(":")[0] for message in postbox.taken] == ["Your refund"]
    assert Letter.objects.get(kind="tickets").error == "no_tickets_left"


def test_a_contact_that_is_gone_or_no_address_is_not_written_to(postbox: Postbox) -> None:
    show = make_priced_show()
    documented(show, 1, contact="ann@exam ple@com")
    assert send_due_letters(now=soon()) == 0
    assert given_up("address_invalid")

    documented(show, 1, contact=ANN)
    OrderContact.objects.all().delete()
    assert send_due_letters(now=soon()) == 0
    assert given_up("no_contact")


# Where nobody takes it


def test_where_no_server_is_it_is_tried_again_in_growing_gaps(settings: Any, postbox: Postbox) -> None:
    documented(make_priced_show(), contact=ANN)
    settings.EMAIL_PORT = free_port()
    at, gaps = soon(), []
    for _ in range(4):
        assert send_due_letters(now=at) == 0
        due = letter().due_at
        assert due
        gaps.append((due - at).total_seconds())
        at = due

    assert gaps == [FIRST_GAP_S, 2 * FIRST_GAP_S, 4 * FIRST_GAP_S, 8 * FIRST_GAP_S]
    assert letter().error == "ConnectionRefusedError"
    settings.EMAIL_PORT = postbox.port
    assert send_due_letters(now=at) == 1
    assert (letter().error, letter().due_at) == ("", None)


def test_where_no_server_is_a_run_ends_at_the_first_letter(settings: Any, postbox: Postbox) -> None:
    show = make_priced_show()
    for _ in range(3):
        documented(show, 1, contact=ANN)
    settings.EMAIL_PORT = free_port()

    send_due_letters(now=soon())

    assert sorted(Letter.objects.values_list("tries", flat=True)) == [0, 0, 1]


@pytest.mark.parametrize(
    ("verb", "answer", "error", "is_final"),
    [
        ("RCPT", f"550 5.1.1 <{ANN}> is unknown here", "SMTPRecipientsRefused 550", True),
        ("RCPT", f"451 4.7.1 <{ANN}> try later", "SMTPRecipientsRefused 451", False),
        ("MAIL", "550 5.7.1 we do not know you", "SMTPSenderRefused 550", False),
        (".", f"554 5.7.1 for {ANN}: looks like spam", "SMTPDataError 554", False),
        (".", HANG_UP, "SMTPServerDisconnected", False),
        ("MAIL", "421 too busy", "SMTPSenderRefused 421", False),
    ],
)
def test_a_refusal_is_kept_by_its_code_and_names_nobody(
    postbox: Postbox, verb: str, answer: str, error: str, is_final: bool
) -> None:
    documented(make_priced_show(), contact=ANN)
    postbox.answers[verb] = answer

    with capture_logs() as logs:
        assert send_due_letters(now=soon()) == 0

    assert letter().error == error
    assert (letter().due_at is None, letter().sent_at) == (is_final, None)
    assert "ann" not in str(logs).casefold()


def test_one_bad_address_holds_up_nobody(postbox: Postbox) -> None:
    show = make_priced_show()
    documented(show, 1, contact="gone@example.com")
    documented(show, 1, contact=ANN)
    postbox.refuses = "gone@example.com"

    assert send_due_letters(now=soon()) == 1
    assert [message["To"] for message in postbox.taken] == [ANN]


def test_in_doubt_it_is_sent_again_as_the_same_letter(postbox: Postbox) -> None:
    """The server took the letter and its answer was lost."""
    documented(make_priced_show(), contact=ANN)
    postbox.answers["."] = HANG_UP
    send_due_letters(now=soon())
    postbox.answers.clear()

    assert send_due_letters(now=soon(120)) == 1

    first, second = postbox.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert text(first) == text(second)


def test_whoever_dies_over_a_letter_leaves_it_due_again(postbox: Postbox) -> None:
    documented(make_priced_show(), contact=ANN)
    at = soon()

    assert letters.claim(letter().pk, at, FIRST_GAP_S, 3600)

    assert send_due_letters(now=at) == 0
    assert send_due_letters(now=at + timedelta(seconds=FIRST_GAP_S)) == 1


def test_it_is_given_up_at_last(postbox: Postbox) -> None:
    documented(make_priced_show(), contact=ANN)
    Letter.objects.update(tries=MOST_TRIES - 1)
    postbox.answers["RCPT"] = "451 try later"

    send_due_letters(now=soon())

    assert given_up("SMTPRecipientsRefused 451")


def test_a_local_start_writes_files(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    documented(make_priced_show(), contact=ANN)

    assert send_due_letters(now=soon()) == 1

    (file,) = tmp_path.iterdir()
    assert f"To: {ANN}" in file.read_text()


# Once more


def test_tickets_are_sent_again_when_somebody_asks(postbox: Postbox) -> None:
    made = documented(make_priced_show(), contact=ANN)
    send_due_letters(now=soon())

    again = resend_tickets(order_id=made.pk, by=STAFF, now=soon(60))

    assert (again.about, again.actor) == (1, "user:7")
    assert send_due_letters(now=soon(60)) == 1
    assert len(postbox.taken) == 2
    assert postbox.taken[0]["Message-ID"] != postbox.taken[1]["Message-ID"]


def test_asking_again_while_it_waits_is_asking_once(postbox: Postbox) -> None:
    made = documented(make_priced_show(), contact=ANN)

    assert resend_tickets(order_id=made.pk, by=STAFF).pk == letter().pk
    assert Letter.objects.count() == 1


def test_one_that_was_given_up_can_be_asked_for_again(postbox: Postbox) -> None:
    made = documented(make_priced_show(), contact="+919820012345")
    send_due_letters(now=soon())
    OrderContact.objects.update(contact=ANN)

    resend_tickets(order_id=made.pk, by=STAFF, now=soon(60))

    assert send_due_letters(now=soon(60)) == 1


def test_what_cannot_be_sent_again_is_refused_and_nothing_is_written() -> None:
    show = make_priced_show()
    unpaid = order(show, 1, contact=ANN).order_id
    nobody = documented(show, 1).pk
    phone = documented(show, 1, contact="+919820012345").pk
    dead = documented(show, 1, contact=ANN)
    given_back(dead, now=soon(20))
    often = documented(show, 1, contact=ANN)
    Letter.objects.all().delete()
    for about in range(MOST_SENDS):
        Letter.objects.create(order=often, kind="tickets", about=about, sent_at=soon())

    for order_id, refusal in [
        (0, OrderUnknown),
        (unpaid, OrderNotPaid),
        (nobody, NoMailAddress),
        (phone, NoMailAddress),
        (dead.pk, NoTicketsLeft),
        (often.pk, SentTooOften),
    ]:
        with pytest.raises(refusal):
            resend_tickets(order_id=order_id, by=STAFF)
    assert Letter.objects.count() == MOST_SENDS
