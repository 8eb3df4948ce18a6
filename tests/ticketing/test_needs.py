"""What needs a person: the work-list by kind, letters that reach nobody, sales that are not as they should be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import Show
from tests.houses import make_show, rows, standing
from tests.ticketing.admin.selling import CLERK, cash_to_give_back, failed_refund, nobodys_money, paid_twice, sold
from tests.ticketing.books import make_priced_show
from ticketing.models import Letter, Refund, Terms
from ticketing.models.outbox import NOBODYS_FAULT
from ticketing.queries.needs import not_ready, unsent, waiting
from ticketing.queries.worklist import work_list
from ticketing.services import erasing
from ticketing.services.letters import resend_tickets

pytestmark = pytest.mark.usefixtures("transactional_db")
HOUR = timedelta(hours=1)


def now() -> datetime:
    return timezone.now()


# The work-list --------------------------------------------------------------------------------------------------------


def test_the_work_list_is_told_by_kind_with_its_sum_and_its_oldest() -> None:
    show = make_priced_show()
    stray = nobodys_money(1_000_00)
    nobodys_money(500_00, "pay_Stray000000002")
    refund = cash_to_give_back(show)

    first, second = waiting(asked_before=now())

    assert (first.what, first.lines, first.paise, first.since) == ("unmatched", 2, 1_500_00, stray.captured_at)
    assert (first.refund_id, first.payment_id) == (None, None)
    assert (second.what, second.lines, second.refund_id) == ("refund_by_hand", 1, refund.pk)


def test_money_on_its_way_needs_nobody_until_it_takes_too_long() -> None:
    paid_twice(make_priced_show())
    asked = Refund.objects.get().requested_at

    assert waiting(asked_before=asked) == []
    assert [one.what for one in waiting(asked_before=asked + HOUR)] == ["refund_under_way"]


def test_every_line_of_the_work_list_is_told_and_no_other() -> None:
    show = make_priced_show()
    nobodys_money()
    failed_refund(paid_twice(show))
    cash_to_give_back(show)

    lines = work_list()

    assert {one.what: (one.lines, one.paise) for one in waiting(asked_before=now() + HOUR)} == {
        line.what: (1, line.paise) for line in lines
    }
    assert len(lines) == 3


def test_a_failed_refund_waits_since_it_failed_and_not_since_its_money_came() -> None:
    failed = failed_refund(paid_twice(make_priced_show()))

    (line,) = work_list()

    assert (line.what, line.since) == ("refund_failed", failed.ended_at)


# Letters --------------------------------------------------------------------------------------------------------------


def letter(error: str = "", **fields: Any) -> Letter:
    """The letter of a new order, in trouble or not."""
    show = Show.objects.first() or make_priced_show(starts_at=now() + 5 * HOUR)
    Letter.objects.filter(order=(made := sold(show, 1))).update(error=error, **fields)
    return Letter.objects.get(order=made)


def told() -> tuple[int, int, str]:
    found = unsent(now())
    return found.given_up, found.trying, found.error


def test_a_letter_given_up_is_told_with_what_went_wrong() -> None:
    letter()
    letter("550 unknown here", due_at=None)

    assert told() == (1, 0, "550 unknown here")


def test_a_letter_refused_once_is_not_told_and_one_refused_again_and_again_is() -> None:
    letter("connection refused", tries=1)
    assert told() == (0, 0, "")

    letter("connection refused", tries=3)
    assert told() == (0, 1, "connection refused")


@pytest.mark.parametrize("word", NOBODYS_FAULT)
def test_what_is_nobodys_fault_is_not_told(word: str) -> None:
    letter(word, due_at=None)

    assert told() == (0, 0, "")


def test_the_words_of_erasing_are_nobodys_fault() -> None:
    assert {erasing.ERASED, erasing.PAST} <= set(NOBODYS_FAULT)


def test_tickets_that_were_sent_again_need_nobody_any_more() -> None:
    failed = letter("550 unknown here", due_at=None)
    again = resend_tickets(order_id=failed.order_id, by=CLERK)
    assert told() == (0, 0, "")

    Letter.objects.filter(pk=again.pk).update(error="550 unknown here", due_at=None)
    assert told()[0] == 2


def test_letters_of_shows_that_have_begun_are_not_told() -> None:
    letter("550 unknown here", due_at=None)
    Show.objects.update(starts_at=now() - HOUR)

    assert told() == (0, 0, "")


# What is on sale ------------------------------------------------------------------------------------------------------


def sales() -> list[tuple[str, str, list[str]]]:
    at = now()
    return [
        (one.kind, one.title, one.missing) for one in not_ready(at, soon=at + 24 * HOUR, begun_before=at - 6 * HOUR)
    ]


def test_a_show_on_sale_without_a_house_terms_or_a_price_is_told() -> None:
    make_show(slug="bare")
    make_show(rows("A", 2), slug="unpriced")
    Terms.objects.filter(show=make_priced_show(standing(3), slug="untaxed")).delete()
    make_priced_show(slug="fine")

    assert sorted(sales()) == [
        ("lacks", "Bare", ["a house", "terms"]),
        ("lacks", "Unpriced", ["terms", "a price of Gold"]),
        ("lacks", "Untaxed", ["terms"]),
    ]


def test_a_show_that_begins_within_a_day_and_is_not_on_sale_is_told() -> None:
    make_priced_show(slug="tonight", state="paused", starts_at=now() + 3 * HOUR)
    make_priced_show(slug="next-week", state="paused", starts_at=now() + 170 * HOUR)
    make_priced_show(slug="closed", state="closed", starts_at=now() + 3 * HOUR)
    make_priced_show(slug="begun", state="paused", starts_at=now() - HOUR)

    assert sales() == [("stopped", "Tonight", [])]


def test_a_show_long_begun_and_still_on_sale_is_told() -> None:
    make_priced_show(slug="yesterday", starts_at=now() - 20 * HOUR)
    make_priced_show(slug="running", starts_at=now() - HOUR)

    assert sales() == [("over", "Yesterday", [])]


# How much is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "asked"),
    [
        ("letter_in_trouble", "sent_at IS NULL AND NOT (error IN ({}))".format(", ".join(map(repr, NOBODYS_FAULT)))),
        ("refund_not_done", "state IN ('requested', 'submitted')"),
    ],
)
def test_what_waits_is_found_by_an_index_of_what_waits(index: str, asked: str) -> None:
    table = "ticketing_letter" if "letter" in index else "ticketing_refund"
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            cursor.execute(f"EXPLAIN SELECT id FROM {table} WHERE {asked}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        finally:
            cursor.execute("RESET enable_seqscan")

    assert index in plan
