"""Nothing that names people or opens doors is written into a log or a mail, whoever put it into an error."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from celery import shared_task
from django.core import mail
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler, log_response

from config.scrubbing import LEFT_OUT, scrubbed
from core.models import KeptAnswer
from tests.database import superuser
from tests.inventory.api.conftest import visitor
from tests.inventory.api.shop import Shop, said
from tests.ticketing.api.buying import lock
from tests.ticketing.books import make_priced_show

__all__ = ["visitor"]
CONTACT, NAME, COOKIE = "asha.kulkarni@example.com", "Asha Kulkarni", "c0ffee" * 5 + "00"
KEY = "hf_" + "k" * 43
HARMLESS = {
    "sessionid=8f3kq0zj2v": ["sessionid"],
    "{'csrftoken': 'tttttt'}": ["csrftoken"],
    f"Bearer {KEY}": ["Bearer"],
}


@pytest.mark.parametrize(
    "text",
    [
        CONTACT,
        "9820012345",
        "+919820012345",
        "98200 12345",
        "+447700900123",
        "gauri.kumari@okhdfcbank",
        "upi://pay?pa=gauri&am=1.00",
        f"Bearer {KEY}",
        KEY,
        "Basic cnpwX3Rlc3Q6c2VjcmV0",
        COOKIE,
        "sessionid=8f3kq0zj2v",
        "{'csrftoken': 'tttttt'}",
        "https://house.example/tickets/" + "q" * 26 + "/tickets.pdf",
        "redis://:hunter2@127.0.0.1:6379/0",
        "postgresql://housefull:hunter2@db/housefull",
    ],
)
def test_what_names_people_or_opens_doors_is_left_out(text: str) -> None:
    told = scrubbed(f"it was ({text}), they said")

    assert LEFT_OUT in told
    assert told.startswith("it was (") and told.endswith("), they said")
    assert [word for word in re.split(r"[\s='{}]+", text) if len(word) > 5 and word in told] == HARMLESS.get(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "payment 4711 of order 815: 236000 paise",
        "2026-11-25T22:07:16.174373Z",
        "HF-4711-9f2c1b44aa01",
        "ga***@okhdfcbank",
        "10.0.0.1 asked 6000000 times in 0.9876543210 s",
        "6c1d0f6e-5d8a-4c8a-9d5f-0d7a9f1a2b3c",
        "GET /api/v1/orders/k3vq7m2xwz5tnrfhsd6pjbe4ya/payments",
    ],
)
def test_what_an_engineer_needs_stays(text: str) -> None:
    assert scrubbed(text) == text


def test_postgresqls_row_is_left_out_and_its_rule_stays() -> None:
    said = 'new row violates check constraint "order_contact_is_given"\nDETAIL:  Failing row contains (7, Asha, x).\n'

    told = scrubbed(said)

    assert "order_contact_is_given" in told
    assert "Asha" not in told


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the program's own handler writes, at its most talkative."""
    root = logging.getLogger()
    ours = [each for each in root.handlers if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)]
    assert len(ours) == 1
    stream, level = StringIO(), root.level
    handler: Any = ours[0]
    stderr = handler.setStream(stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    handler.setStream(stderr)


def test_fields_and_words_of_a_line_are_scrubbed(written: StringIO) -> None:
    log = structlog.get_logger("ticketing")

    log.warning("a contact", contact="x", why=f"no such vpa: {CONTACT}", facts={"raw": b"x", "of": [KEY, {7: COOKIE}]})
    logging.getLogger("library").error("%s failed for %s", "call", {"phone": "9820012345", "at": object()})
    log.info("paid", payment=4711, is_late=False, took_s=0.5, nothing=None)

    text = written.getvalue()
    assert [word for word in (CONTACT, KEY, COOKIE, "98200") if word in text] == []
    assert [
        word for word in ("a contact", "call failed for", '"payment": 4711', '"is_late": false') if word not in text
    ] == []


@pytest.mark.django_db(transaction=True)
def test_a_bug_over_a_row_with_a_contact_is_told_without_it(visitor: Shop, written: StringIO) -> None:
    """PostgreSQL names the whole row that broke a rule, and the error goes into the log with its traceback."""
    body = {"lock": lock(visitor, make_priced_show()), "contact": CONTACT, "name": NAME}
    with superuser() as free:
        free.execute("ALTER TABLE ticketing_ordercontact ADD CONSTRAINT a_bug CHECK (contact = '') NOT VALID")
    try:
        answer = visitor.post("orders", body)
    finally:
        with superuser() as free:
            free.execute("ALTER TABLE ticketing_ordercontact DROP CONSTRAINT a_bug")

    text = written.getvalue()
    assert said(answer) == (500, "internal_error")
    assert [word for word in ("a_bug", "Traceback", "IntegrityError", "DETAIL") if word not in text] == []
    assert [word for word in (CONTACT, NAME, visitor.client.cookies["hf_buyer"].value) if word in text] == []
    assert [word for word in (CONTACT, NAME, "a_bug") if word in answer.content.decode()] == []
    assert KeptAnswer.objects.filter(status=500).count() == 0


@shared_task
def _failing(contact: str) -> None:
    raise IntegrityError(f"a rule\nDETAIL:  Failing row contains (7, {NAME}, {contact}).")


def test_a_task_that_fails_is_told_without_what_it_was_about(written: StringIO) -> None:
    _failing.apply(args=(CONTACT,))

    text = written.getvalue()
    assert "raised unexpected" in text
    assert [word for word in (CONTACT, NAME) if word in text] == []


@pytest.mark.parametrize("is_html", [False, True])
def test_a_mail_about_a_bug_says_where_and_nothing_of_whom(settings: Any, is_html: bool) -> None:
    settings.ADMINS = [("On call", "oncall@example.com")]
    request = RequestFactory().post(
        "/api/v1/orders?q=1", {"contact": CONTACT}, headers={"authorization": f"Bearer {KEY}"}
    )
    request.COOKIES["hf_buyer"] = COOKIE
    [handler] = [each for each in logging.getLogger("django").handlers if isinstance(each, AdminEmailHandler)]
    handler.include_html = is_html
    try:
        raise IntegrityError(f"a rule\nDETAIL:  Failing row contains (7, {NAME}, {CONTACT}).")
    except IntegrityError as bug:
        log_response(
            "Internal Server Error: %s", request.path, response=HttpResponse(status=500), request=request, exception=bug
        )
    finally:
        handler.include_html = False

    letter: Any = mail.outbox[0]
    text = f"{letter.subject}\n{letter.body}\n{letter.alternatives}"
    secrets = [
        CONTACT,
        NAME,
        COOKIE,
        KEY,
        settings.SECRET_KEY,
        settings.RAZORPAY_KEY_SECRET,
        "DATABASES",
        settings.REDIS_URL,
    ]
    assert [
        word for word in ("POST /api/v1/orders", "IntegrityError: a rule", "test_scrubbing.py") if word not in text
    ] == []
    assert [word for word in secrets if word and word in text] == []
    assert bool(letter.alternatives) == is_html
