"""Price parity: what the report tells of each exception, what came of it, who may read it, and the file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.callers import Caller
from core.refusals import broken_rule
from inventory.acts import By
from inventory.models import Channel, Place, Show
from tests.houses import MANAGER, make_show, rows
from tests.inventory.admin import pages
from tests.ticketing.books import BUYER, lock, make_seller
from ticketing.admin.parity import PER_PAGE
from ticketing.admin.parity_lines import percent
from ticketing.models import EventCategory, Order, OrderLine, Payment, PriceException, Terms, Ticket
from ticketing.queries.parity import Sold, prices_beside, sold_under
from ticketing.queries.quotes import lock_held
from ticketing.services.cancelling import refund_order
from ticketing.services.paying import pay_by_tender
from ticketing.services.placing import place_order
from ticketing.services.pricing import end_exception, except_price, set_price

CLERK = By(actor="user:1", reason_code="customer_request")
BEFORE = timezone.now() - timedelta(days=30)


def report() -> str:
    return reverse("admin:ticketing_price_parity")


def priced(**fields: Any) -> Show:
    """A show whose gold costs ₹1,180 since a month ago."""
    show = make_show(rows("AB", 10), **fields)
    Terms.objects.create(show=show, seller=make_seller(), category=EventCategory.objects.get(code="performing-arts"))
    set_price(tier_id=show.tiers.get().pk, paise=118_000, by=MANAGER, from_at=BEFORE, now=BEFORE)
    return show


def excepted(show: Show, paise: int = 100_000, **fields: Any) -> PriceException:
    """Counter sells it at ₹1,000 since a month ago."""
    facts: dict[str, Any] = {
        "tier_id": show.tiers.get().pk,
        "channel_id": Channel.objects.get(code="counter").pk,
        "paise": paise,
        "reason_code": "students",
        "note": "College cards.",
        "approver_id": User.objects.get_or_create(username="approver")[0].pk,
        "begins_at": BEFORE,
        "ends_at": timezone.now() + timedelta(days=30),
        "by": MANAGER,
        "now": BEFORE,
    }
    return except_price(**facts | fields)


def sell(show: Show, wanted: int | list[Place] = 1, *, channel: str = "counter", pays: bool = True) -> Order:
    order_id, held = lock_held(lock(show, wanted, channel=channel).claim_id)
    assert held
    caller = Caller("visitor", "buyer:1", "")
    placed = place_order(order_id=order_id, held=held, buyer=caller.digest(), actor=BUYER.actor, contact="")
    if pays:
        pay_by_tender(order_id=placed.order_id, tender=Payment.Tender.CASH, by=BUYER)
    return Order.objects.get(pk=placed.order_id)


def file(client: Client, **asked: Any) -> list[list[str]]:
    response = client.get(report(), {"as": "csv"} | asked)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    return list(csv.reader(StringIO(response.content.decode().removeprefix("\ufeff"))))


# What it tells --------------------------------------------------------------------------------------------------------


def test_an_exception_is_told_with_both_prices_reason_approver_and_what_it_cost(manager: Client) -> None:
    show = priced()
    excepted(show)
    sell(show, 3)

    text = pages.words(manager.get(report()))

    assert "Gold on Counter Hamlet" in text
    assert "₹1,180.00 ₹1,000.00 -₹180.00 -15.3 % Students: College cards. Approved by approver" in text
    assert "in force 3 cost ₹540.00" in text
    assert "1 exception, 3 tickets: cost ₹540.00" in text


def test_a_dearer_channel_has_earned(manager: Client) -> None:
    show = priced()
    excepted(show, 123_900)
    sell(show, 2)

    text = pages.words(manager.get(report()))

    assert "+₹59.00 +5.0 %" in text
    assert "2 earned ₹118.00" in text


def test_where_the_tiers_price_changed_each_line_is_compared_with_the_price_of_its_own_moment(manager: Client) -> None:
    show = priced()
    exception = excepted(show)
    sell(show, 2)
    at = timezone.now() - timedelta(seconds=1)
    set_price(tier_id=show.tiers.get().pk, paise=150_000, by=MANAGER, from_at=at, now=at)
    sell(show, 1)

    assert sold_under([exception.pk]) == {exception.pk: Sold(3, -2 * 18_000 - 50_000)}
    text = pages.words(manager.get(report()))
    assert "₹1,180.00 ₹1,500.00 from" in text
    assert "-₹180.00 -15.3 % -₹500.00 -33.3 %" in text
    assert "3 cost ₹860.00" in text


def test_the_tiers_prices_beside_an_exception_are_those_while_it_was_in_force(transactional_db: None) -> None:
    show, now = priced(), timezone.now()
    for days, paise in ((1, 120_000), (3, 130_000), (4, 130_000), (9, 140_000)):
        set_price(tier_id=show.tiers.get().pk, paise=paise, by=MANAGER, from_at=now + timedelta(days=days))
    exception = excepted(show, begins_at=now + timedelta(days=2), ends_at=now + timedelta(days=8), now=None)

    assert [price.paise for price in prices_beside([exception])[exception.pk]] == [120_000, 130_000]


def test_what_was_taken_back_is_told_apart_and_not_counted(manager: Client) -> None:
    show = priced()
    exception = excepted(show)
    order = sell(show, 3)
    ticket = Ticket.objects.filter(order=order)[0]
    refund_order(order_id=order.pk, by=CLERK, ticket_ids=[ticket.pk])

    text = pages.words(manager.get(report()))

    assert sold_under([exception.pk]) == {exception.pk: Sold(2, -36_000, 1, -18_000)}
    assert "2 cost ₹360.00 1 void, -₹180.00, not counted" in text


def test_what_was_never_paid_is_not_counted(manager: Client) -> None:
    show = priced()
    excepted(show)
    sell(show, 2, pays=False)

    assert "0 nothing sold" in pages.words(manager.get(report()))


def test_what_another_channel_sold_at_the_tiers_price_is_not_counted(manager: Client) -> None:
    show = priced()
    exception = excepted(show)
    sell(show, 2, channel="web")

    assert sold_under([exception.pk]) == {}


def test_past_present_and_coming_are_there_newest_first(manager: Client) -> None:
    show, now = priced(), timezone.now()
    excepted(show, reason_code="past", ends_at=now - timedelta(days=1))
    excepted(show, reason_code="present", begins_at=BEFORE + timedelta(days=1))
    excepted(show, reason_code="coming", begins_at=now + timedelta(days=1))
    never = excepted(show, reason_code="never", begins_at=now + timedelta(days=2))
    end_exception(exception_id=never.pk)

    lines = manager.get(report()).context["lines"]

    assert [(line.exception.reason_code, line.state) for line in lines] == [
        ("never", "never in force"),
        ("coming", "to come"),
        ("present", "in force"),
        ("past", "over"),
    ]


def test_it_is_narrowed_by_show_state_and_channel(manager: Client) -> None:
    show, other, now = priced(), priced(slug="lear"), timezone.now()
    excepted(show, reason_code="here")
    excepted(other, reason_code="there")
    excepted(show, reason_code="coming", begins_at=now + timedelta(days=1))
    excepted(show, reason_code="web", channel_id=Channel.objects.get(code="web").pk, ends_at=now - timedelta(days=1))

    def codes(**asked: Any) -> list[str]:
        return sorted(line.exception.reason_code for line in manager.get(report(), asked).context["lines"])

    assert codes() == ["coming", "here", "there", "web"]
    assert codes(show=other.pk) == ["there"]
    assert codes(state="now") == ["here", "there"]
    assert codes(state="ahead", show=show.pk) == ["coming"]
    assert codes(state="over") == codes(channel="web") == ["web"]
    assert "No exception fits this question." in pages.words(
        manager.get(report(), {"show": str(other.pk), "state": "over"})
    )


def test_a_question_that_is_none_is_refused_and_nothing_is_listed(manager: Client) -> None:
    excepted(priced())

    response = manager.get(report(), {"state": "odd", "show": "x", "as": "csv"})

    assert response["Content-Type"].startswith("text/html")
    assert "Select a valid choice." in pages.words(response)
    assert response.context["lines"] == []


def test_each_show_has_a_total_and_all_have_one(manager: Client) -> None:
    show, other = priced(), priced(slug="lear")
    excepted(show)
    excepted(show, 120_000, channel_id=Channel.objects.get(code="web").pk)
    excepted(other)
    sell(show, 2)
    sell(show, 1, channel="web")
    sell(other, 1)

    response = manager.get(report())

    totals = {total.name.split(",")[0]: (total.exceptions, total.sold) for total in response.context["totals"]}
    assert totals == {"Hamlet": (2, Sold(3, -36_000 + 2_000)), "Lear": (1, Sold(1, -18_000))}
    assert response.context["whole"].sold == Sold(4, -52_000)
    assert "All that was asked for 3 4 cost ₹520.00" in pages.words(response)


def test_the_second_page_goes_on_and_its_totals_are_of_all(manager: Client) -> None:
    show = priced()
    for nth in range(PER_PAGE + 1):
        excepted(show, reason_code=f"nr{nth}", begins_at=BEFORE + timedelta(minutes=nth))

    second = manager.get(report(), {"p": "2", "state": "now"})

    assert [line.exception.reason_code for line in second.context["lines"]] == ["nr0"]
    assert second.context["totals"][0].exceptions == PER_PAGE + 1
    assert 'href="?state=now&amp;p=1"' in second.content.decode()


def test_without_exceptions_it_says_so(manager: Client) -> None:
    assert "Every channel sells every tier at the tier's own price" in pages.words(manager.get(report()))


def test_per_cents_are_rounded_and_nought_has_no_sign() -> None:
    assert [percent(a, b) for a, b in ((100_000, 118_000), (118_000, 118_000), (117_999, 118_000))] == [
        "-15.3",
        "0.0",
        "0.0",
    ]


# The file -------------------------------------------------------------------------------------------------------------


def test_the_file_has_every_line_and_the_totals(manager: Client) -> None:
    show = priced()
    excepted(show)
    sell(show, 2)

    head, line, of_show, whole = file(manager)

    told = dict(zip(head, line, strict=True))
    assert (told["Show"], told["Tier"], told["Channel"], told["State"]) == ("Hamlet", "Gold", "Counter", "in force")
    prices = [told[name] for name in ("Tier's price", "Channel's price", "Difference", "Per cent")]
    assert prices == ["1180.00", "1000.00", "-180.00", "-15.3"]
    assert (told["Reason"], told["Note"], told["Approved by"]) == ("students", "College cards.", "approver")
    assert [told[name] for name in head[-4:]] == of_show[-4:] == whole[-4:] == ["2", "-360.00", "0", "0.00"]
    assert (of_show[0], whole[0]) == ("total of the show", "total")


def test_the_file_is_narrowed_like_the_page_and_not_cut_into_pages(manager: Client) -> None:
    show, other = priced(), priced(slug="lear")
    for nth in range(PER_PAGE + 1):
        excepted(show, begins_at=BEFORE + timedelta(minutes=nth))
    excepted(other)

    assert len([line for line in file(manager, show=show.pk) if line[0] == "exception"]) == PER_PAGE + 1


def test_no_note_becomes_a_formula(manager: Client) -> None:
    show = priced()
    Show.objects.filter(pk=show.pk).update(title="=1+1")
    excepted(show, note='=HYPERLINK("http://evil.example")')

    line = file(manager)[1]

    assert "'=1+1" in line and '\'=HYPERLINK("http://evil.example")' in line


# Who may, and how much work it is -------------------------------------------------------------------------------------


def test_who_may_view_exceptions_reads_it_and_nobody_else(may: Callable[..., Client]) -> None:
    clerk = may("ticketing.view_price")
    assert clerk.get(report()).status_code == clerk.get(report(), {"as": "csv"}).status_code == 403
    assert "Price parity" not in pages.words(clerk.get(reverse("admin:index")))


def test_it_stands_in_the_menu_for_whoever_may(may: Callable[..., Client]) -> None:
    clerk = may("ticketing.view_priceexception")

    assert f'href="{report()}"' in clerk.get(reverse("admin:index")).content.decode()
    assert clerk.get(report()).status_code == 200


@pytest.mark.parametrize("as_", ["", "csv"])
def test_three_rows_take_as_many_queries_as_one(manager: Client, as_: str, django_assert_num_queries: Any) -> None:
    def one(slug: str) -> None:
        show = priced(slug=slug)
        excepted(show)
        sell(show, 1)

    one("hamlet")
    manager.get(report(), {"as": as_})
    with CaptureQueriesContext(connection) as for_one:
        manager.get(report(), {"as": as_})
    one("lear")
    one("timon")

    with django_assert_num_queries(len(for_one)):
        response = manager.get(report(), {"as": as_})
    assert response.content.decode().count("College cards.") == 3


# What cannot be -------------------------------------------------------------------------------------------------------


def test_a_price_of_a_channel_that_differs_without_an_exception_cannot_be_written_down(transactional_db: None) -> None:
    """So this report has every price that differs: PostgreSQL takes no other line, whatever code writes it."""
    show = priced()
    order = sell(show, 1)
    line = order.lines.get()
    line.pk, line.place = None, Place.objects.filter(show=show, status="open")[0]
    line.paise, line.net_paise = line.paise - 10_000, line.net_paise - 10_000

    with pytest.raises(IntegrityError) as refused:
        line.save()

    assert broken_rule(refused.value) == "line_costs_its_tiers_price_or_an_exceptions"
    assert OrderLine.objects.count() == 1
