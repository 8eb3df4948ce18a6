"""The work-list: all money that waits for a person, and what a person can do about it here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.admin.words import in_words
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import cash_to_give_back, failed_refund, nobodys_money, paid_twice
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.admin import worklist
from ticketing.models import Payment, Refund
from ticketing.queries.worklist import work_list

WHY = {"other": "", "note": "They topped it up."}


def the_list() -> str:
    return reverse("admin:ticketing_worklist")


def retrying(refund: Refund) -> str:
    return reverse("admin:ticketing_refund_retry", args=[refund.pk])


def handing_back(refund: Refund) -> str:
    return reverse("admin:ticketing_refund_hand_back", args=[refund.pk])


def test_an_empty_list_says_that_nothing_waits(manager: Client) -> None:
    assert "Nothing waits for a person" in pages.words(manager.get(the_list()))


def test_every_kind_of_line_has_its_words() -> None:
    assert set(worklist.WHAT) == {
        "unmatched", "review", "refund_failed", "refund_by_hand", "refund_to_ask", "refund_under_way", "part_went_back",
    }  # fmt: skip


def test_the_oldest_comes_first_each_with_what_to_do(manager: Client) -> None:
    show = make_priced_show()
    stray = nobodys_money()
    failed = failed_refund(paid_twice(show))
    by_hand = cash_to_give_back(show)

    response = manager.get(the_list())

    text, html = pages.words(response), response.content.decode()
    said = ["Nobody knows whose ₹1,180.00", "A refund failed ₹1,180.00", "To be given back by hand ₹1,180.00"]
    assert "3 lines, ₹3,540.00" in text
    assert [text.index(line) for line in said] == sorted(text.index(line) for line in said)
    assert "the gateway could not pay it out" in text
    for address in (pages.of(stray), retrying(failed), handing_back(by_hand)):
        assert f'href="{address}"' in html


def test_a_line_says_since_when_what_to_do_and_where(manager: Client) -> None:
    failed = failed_refund(paid_twice(make_priced_show()))

    response = manager.get(the_list())

    text = pages.words(response)
    assert "for 0 minutes, since " in text
    assert "See why, put that right (mostly the account's balance), and try again." in text
    assert f'href="{retrying(failed)}"' in response.content.decode()


def test_the_list_of_one_show_has_that_show_alone(manager: Client) -> None:
    nobodys_money()
    show = make_priced_show()
    cash_to_give_back(show)

    text = pages.words(manager.get(f"{the_list()}?show={show.pk}"))

    assert "1 line, ₹1,180.00" in text and "Of Hamlet alone" in text


def test_three_lines_take_as_many_queries_as_one(
    manager: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_priced_show()
    cash_to_give_back(show)
    failed_refund(paid_twice(show))
    manager.get(the_list())
    with CaptureQueriesContext(connection) as for_few:
        manager.get(the_list())
    for _ in range(3):
        cash_to_give_back(show)
        failed_refund(paid_twice(show))

    with django_assert_num_queries(len(for_few)):
        assert "8 lines" in pages.words(manager.get(the_list()))


# Trying again ---------------------------------------------------------------------------------------------------------


def test_a_failed_refund_is_tried_again_as_another_one_that_says_why(manager: Client) -> None:
    failed = failed_refund(nobodys_money())
    assert "the gateway could not pay it out" in pages.words(manager.get(retrying(failed)))

    response = manager.post(retrying(failed), WHY | {"reason": "balance_is_there"})

    assert (response.status_code, response["Location"]) == (302, the_list())
    again = Refund.objects.exclude(pk=failed.pk).get()
    failed.refresh_from_db()
    assert (failed.state, again.state, again.amount_paise) == ("failed", "requested", failed.amount_paise)
    assert (
        again.note
        == f"again, after refund {failed.pk} failed: the gateway's account has the money again: They topped it up."
    )
    assert (again.actor, again.reason_code) == (f"user:{User.objects.get().pk}", "surplus")
    assert [line.what for line in work_list()] == ["refund_under_way"]
    assert_books_are_true()


def test_what_did_not_fail_is_not_tried_again(manager: Client) -> None:
    refund = cash_to_give_back(make_priced_show())

    response = manager.post(retrying(refund), WHY | {"reason": "was_a_fault"})

    assert "Only a refund that failed can be tried again." in pages.words(response)
    assert Refund.objects.count() == 1


def test_a_second_try_of_one_refund_is_refused(manager: Client) -> None:
    failed = failed_refund(nobodys_money())
    manager.post(retrying(failed), WHY | {"reason": "was_a_fault"})

    response = manager.post(retrying(failed), WHY | {"reason": "was_a_fault"})

    assert "This was asked for again already, or has gone back in another way." in pages.words(response)
    assert Refund.objects.count() == 2


def test_no_reason_no_second_try(manager: Client) -> None:
    failed = failed_refund(nobodys_money())

    assert manager.post(retrying(failed), WHY | {"reason": ""}).status_code == 200
    assert manager.post(retrying(failed), {"reason": "other", "other": "", "note": ""}).status_code == 200
    assert Refund.objects.count() == 1


# Handing back ---------------------------------------------------------------------------------------------------------


def test_cash_that_was_given_back_leaves_the_list_and_who_gave_it_is_kept(manager: Client) -> None:
    refund = cash_to_give_back(make_priced_show())

    sent = {"reason": "from_the_drawer", "other": "", "reference": "SLIP 7", "note": "Drawer 2."}
    response = manager.post(handing_back(refund), sent, follow=True)

    assert "₹1,180.00 was given back." in pages.words(response)
    refund.refresh_from_db()
    assert (refund.state, refund.bank_reference, refund.is_document_due) == ("processed", "SLIP 7", True)
    page = manager.get(pages.of(refund))
    assert "manager," in pages.words(page) and "Given back: cash out of the drawer: Drawer 2." in pages.words(page)
    assert handing_back(refund) not in page.content.decode()
    assert work_list() == []
    assert_books_are_true()


def test_money_of_the_gateway_is_not_handed_back(manager: Client) -> None:
    failed = failed_refund(nobodys_money())

    response = manager.post(handing_back(failed), {"reason": "transferred", "other": "", "reference": "", "note": ""})

    assert "There is no such refund." in pages.words(response)
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.parametrize("way", [retrying, handing_back])
def test_a_refund_that_is_not_there_is_not_found(manager: Client, way: Callable[[Refund], str]) -> None:
    assert manager.get(way(Refund(pk=999))).status_code == 404


# Giving back what was set aside ---------------------------------------------------------------------------------------


def returning(payment: Payment) -> str:
    return reverse("admin:ticketing_payment_return", args=[payment.pk])


def test_money_that_nothing_explains_is_given_back_from_its_line(manager: Client) -> None:
    stray = nobodys_money()
    assert f'href="{returning(stray)}"' in manager.get(the_list()).content.decode()
    page = pages.words(manager.get(returning(stray)))

    response = manager.post(returning(stray), WHY | {"reason": "nothing_explains_it"}, follow=True)

    assert "Give it back: ₹1,180.00" in page and "pay_Stray000000001, and was set aside: no order known." in page
    refund = Refund.objects.get()
    assert f"₹1,180.00 is asked back, as refund {refund.pk}." in pages.words(response)
    assert (refund.state, refund.amount_paise, refund.reason_code, refund.note) == (
        "requested", 1_180_00, "nothing_explains_it", "They topped it up.",
    )  # fmt: skip
    assert [line.what for line in work_list()] == ["refund_under_way"]
    assert_books_are_true()


def test_what_goes_back_already_is_not_given_back_twice(manager: Client) -> None:
    stray = nobodys_money()
    manager.post(returning(stray), WHY | {"reason": "nothing_explains_it"})

    response = manager.post(returning(stray), WHY | {"reason": "nothing_explains_it"})

    assert (response.status_code, Refund.objects.count()) == (200, 1)


def test_without_a_reason_nothing_is_given_back(manager: Client) -> None:
    stray = nobodys_money()

    assert "This field is required" in pages.words(manager.post(returning(stray), {}))
    assert not Refund.objects.exists()


def test_money_that_pays_for_an_order_is_not_given_back_this_way(manager: Client) -> None:
    cash = cash_to_give_back(make_priced_show()).payment

    assert manager.get(returning(cash)).status_code == 404
    assert manager.get(returning(Payment(pk=999))).status_code == 404


def test_who_may_only_view_does_nothing_here(auditor: Client) -> None:
    refund = cash_to_give_back(make_priced_show())
    failed = failed_refund(nobodys_money())

    html = auditor.get(the_list()).content.decode() + auditor.get(pages.of(refund)).content.decode()
    assert handing_back(refund) not in html and retrying(failed) not in html
    for address in (retrying(failed), handing_back(refund)):
        assert auditor.get(address).status_code == 403
        assert auditor.post(address, WHY | {"reason": "was_a_fault"}).status_code == 403
    assert Refund.objects.count() == 2


def test_refunding_is_what_has_to_be_allowed(may: Callable[..., Client]) -> None:
    refund = cash_to_give_back(make_priced_show())
    clerk = may("ticketing.view_payment", "ticketing.refund_order")

    assert handing_back(refund) in clerk.get(the_list()).content.decode()
    sent = {"reason": "from_the_drawer", "other": "", "reference": "", "note": ""}
    assert clerk.post(handing_back(refund), sent).status_code == 302


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=12, hours=5), "12 days"),
    ],
)
def test_a_line_says_how_old_it_is(age: timedelta, said: str) -> None:
    assert in_words(age) == said


def test_money_handed_back_twice_is_told_to_the_second_and_written_down_once(manager: Client) -> None:
    refund = cash_to_give_back(make_priced_show())
    sent = {"reason": "from_the_drawer", "reference": "", "note": ""}
    manager.post(handing_back(refund), sent)
    entries = LogEntry.objects.count()

    second = pages.words(manager.post(handing_back(refund), sent, follow=True))

    assert "was given back before" in second and "it went out twice" in second
    assert LogEntry.objects.count() == entries
