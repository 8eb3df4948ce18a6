"""Prices by form: what is asked, what is refused in the service's words, who may; and what a show's page tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import Channel, Show, Tier
from tests.houses import MANAGER, make_show, rows
from tests.inventory.admin import pages
from tests.ticketing.books import make_priced_show
from ticketing.models import Price, PriceException
from ticketing.queries.quotes import prices_at
from ticketing.services.pricing import except_price

BETWEEN = "This price lies between two tax bands"
WHY = {"note": "As the organiser asks."}


def setting(tier: Tier) -> str:
    return f"{pages.adding(Price)}?tier={tier.pk}"


def excepting(tier: Tier) -> str:
    return f"{pages.adding(PriceException)}?tier={tier.pk}"


def ending(exception: PriceException) -> str:
    return reverse("admin:ticketing_priceexception_end", args=[exception.pk])


def local(at: datetime) -> str:
    """A moment as a browser sends it: to the minute, in the house's zone."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def in_days(days: int) -> datetime:
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=days)


def excepted(show: Show, **fields: Any) -> PriceException:
    facts: dict[str, Any] = {
        "tier_id": show.tiers.get(code="gold").pk,
        "channel_id": Channel.objects.get(code="counter").pk,
        "paise": 90_000,
        "reason_code": "students",
        "note": "College cards.",
        "approver_id": User.objects.get_or_create(username="approver")[0].pk,
        "ends_at": show.starts_at,
        "by": MANAGER,
    }
    return except_price(**facts | fields)


def asked(**fields: Any) -> dict[str, Any]:
    counter = Channel.objects.get(code="counter").pk
    facts = {"channel": counter, "paise": "900", "begins_at": "", "ends_at": local(in_days(20))}
    return facts | {"reason": "students", "other": "", "note": "College cards."} | fields


# Setting a price ------------------------------------------------------------------------------------------------------


def test_a_price_is_set_in_rupees_and_the_old_one_stays(manager: Client) -> None:
    show = make_priced_show()
    tier = show.tiers.get()

    response = manager.post(setting(tier), {"paise": "₹1,500.50", "from_at": ""} | WHY)

    assert (response.status_code, response["Location"]) == (302, pages.of(show))
    new, old = Price.objects.filter(tier=tier).order_by("-from_at")
    assert (new.paise, old.paise, new.actor) == (150_050, 118_000, f"user:{User.objects.get().pk}")
    text = pages.words(manager.get(pages.of(show)))
    assert "Gold of Hamlet costs ₹1,500.50 from" in text
    assert "₹1,271.62 and CGST ₹114.44, SGST ₹114.44 (18 %)" in text
    assert WHY["note"] in pages.words(manager.get(pages.of(show, "history")))


def test_the_form_tells_todays_price_and_the_taxes_inside_it(manager: Client) -> None:
    tier = make_priced_show().tiers.get()
    manager.post(setting(tier), {"paise": "2000", "from_at": local(in_days(3))} | WHY)

    text = pages.words(manager.get(setting(tier)))

    assert "Today Gold costs ₹1,180.00: ₹1,000.00 and CGST ₹90.00, SGST ₹90.00 (18 %)." in text
    assert "₹2,000.00 from" in text
    assert "How it is read" not in text


def test_a_price_between_two_bands_is_asked_how_it_is_read_and_why(manager: Client) -> None:
    tier = make_priced_show().tiers.get()

    first = manager.post(setting(tier), {"paise": "550", "from_at": ""} | WHY)
    text = pages.words(first)
    assert BETWEEN in text and "all prices from ₹500.01 to ₹590.00" in text
    assert {"reading", "reading_reason"} <= set(first.context["form"].fields)

    for unfinished in ({"reading": "", "reading_reason": ""}, {"reading": "upper", "reading_reason": " "}):
        refused = manager.post(setting(tier), {"paise": "550", "from_at": ""} | WHY | unfinished)
        assert refused.status_code == 200
    assert "needs its reason" in pages.words(refused)
    assert Price.objects.count() == 1

    read = {"reading": "upper", "reading_reason": "Our accountant."}
    manager.post(setting(tier), {"paise": "550", "from_at": ""} | WHY | read)
    price = Price.objects.get(paise=55_000)
    assert (price.reading, price.reading_reason) == ("upper", "Our accountant.")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"paise": "0.50"}, "A price is one rupee at least."),
        ({"paise": "-5"}, "greater than or equal to 0"),
        ({"paise": "1.005"}, "no more than 2 decimal places"),
        ({"paise": "a lot"}, "Enter a number."),
        ({"paise": ""}, "This field is required."),
        ({"from_at": "2020-01-01T10:00"}, "A price begins now or later"),
        ({"from_at": "soon"}, "Enter a valid date/time."),
    ],
)
def test_a_price_that_cannot_be_is_refused_and_changes_nothing(
    manager: Client, sent: dict[str, str], said: str
) -> None:
    tier = make_priced_show().tiers.get()

    response = manager.post(setting(tier), {"paise": "1500", "from_at": ""} | WHY | sent)

    assert response.status_code == 200
    assert said in pages.words(response)
    assert Price.objects.count() == 1


def test_two_prices_do_not_begin_at_one_moment(manager: Client) -> None:
    tier = make_priced_show().tiers.get()
    at = local(in_days(3))
    manager.post(setting(tier), {"paise": "1500", "from_at": at} | WHY)

    response = manager.post(setting(tier), {"paise": "1600", "from_at": at} | WHY)

    assert "Another price of this tier begins at that very moment." in pages.words(response)
    assert Price.objects.count() == 2


def test_a_show_without_terms_cannot_be_priced_and_says_what_is_missing(manager: Client) -> None:
    show = make_show(rows("A", 3))

    response = manager.post(setting(show.tiers.get()), {"paise": "1500", "from_at": ""} | WHY)

    assert "Say who sells this show and how it is taxed before you price it." in pages.words(response)
    assert not Price.objects.exists()


def test_without_a_tier_one_is_chosen_first(manager: Client) -> None:
    over = make_priced_show(slug="over", starts_at=timezone.now() - timedelta(days=2))
    tier = make_priced_show().tiers.get()

    html = manager.get(pages.adding(Price)).content.decode()
    assert f'value="{tier.pk}"' in html and f'value="{over.tiers.get().pk}"' not in html
    response = manager.post(pages.adding(Price), {"tier": tier.pk})
    assert (response.status_code, response["Location"]) == (302, f"?tier={tier.pk}")
    assert manager.post(pages.adding(Price), {"tier": over.tiers.get().pk}).status_code == 200
    assert manager.get(f"{pages.adding(Price)}?tier=0").status_code == 404
    assert manager.get(f"{pages.adding(Price)}?tier=x").status_code == 404


def test_who_may_only_view_prices_sets_none(auditor: Client) -> None:
    tier = make_priced_show().tiers.get()

    assert auditor.get(setting(tier)).status_code == 403
    assert auditor.post(setting(tier), {"paise": "1", "from_at": ""} | WHY).status_code == 403
    assert "Set a price" not in pages.words(auditor.get(pages.of(tier.show)))
    assert Price.objects.count() == 1


@pytest.mark.parametrize("permission", ["ticketing.add_price", "ticketing.change_price", "ticketing.set_price"])
def test_setting_prices_is_a_permission_of_its_own(may: Callable[..., Client], permission: str) -> None:
    tier = make_priced_show().tiers.get()
    clerk = may("ticketing.view_price", permission)

    response = clerk.post(setting(tier), {"paise": "1500", "from_at": ""} | WHY)

    is_allowed = permission == "ticketing.set_price"
    assert response.status_code == (302 if is_allowed else 403)
    assert Price.objects.count() == (2 if is_allowed else 1)


# Exceptions -----------------------------------------------------------------------------------------------------------


def test_a_channel_gets_another_price_with_reason_note_end_and_the_approvers_name(manager: Client) -> None:
    show = make_priced_show()
    tier = show.tiers.get()
    text = pages.words(manager.get(excepting(tier)))
    assert "You approve it: your name, manager, stands beside it in reports." in text

    response = manager.post(excepting(tier), asked())

    assert (response.status_code, response["Location"]) == (302, pages.of(show))
    exception = PriceException.objects.get()
    assert (exception.paise, exception.reason_code, exception.note) == (90_000, "students", "College cards.")
    assert exception.approver == User.objects.get()
    assert "Students: College cards. manager" in pages.words(manager.get(pages.listing(PriceException)))


@pytest.mark.parametrize(("asked_for", "is_found"), [("students", True), ("College", True), ("Members", False)])
def test_an_exception_is_found_by_its_reason_or_its_note(manager: Client, asked_for: str, is_found: bool) -> None:
    exception = excepted(make_priced_show())

    answer = manager.get(pages.listing(PriceException), {"q": asked_for})

    assert pages.rows(answer) == ([exception] if is_found else [])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"note": ""}, "This field is required."),
        ({"reason": ""}, "This field is required."),
        ({"reason": "other"}, "Name the reason by a code of your own."),
        ({"ends_at": ""}, "This field is required."),
        ({"ends_at": "2020-01-01T10:00"}, "an exception ends after it begins"),
        ({"paise": "550"}, BETWEEN),
        ({"channel": "999"}, "Select a valid choice"),
    ],
)
def test_an_exception_that_cannot_be_is_refused_and_changes_nothing(
    manager: Client, sent: dict[str, str], said: str
) -> None:
    tier = make_priced_show().tiers.get()

    response = manager.post(excepting(tier), asked(**sent))

    assert said in pages.words(response)
    assert not PriceException.objects.exists()


def test_an_exception_between_two_bands_is_read_too(manager: Client) -> None:
    tier = make_priced_show().tiers.get()

    manager.post(excepting(tier), asked(paise="550", reading="lower", reading_reason="Below 500 without the fee."))

    assert PriceException.objects.get().reading == "lower"


def test_an_exception_is_ended_before_its_time_and_who_ended_it_is_kept(manager: Client) -> None:
    show = make_priced_show()
    exception = excepted(show, now=timezone.now() - timedelta(hours=1))

    assert "College cards." in pages.words(manager.get(ending(exception)))
    assert manager.post(ending(exception), {"note": " "}).status_code == 200
    response = manager.post(ending(exception), {"note": "The week is over."}, follow=True)

    assert "Ended. Counter sells Gold at the tier's own price." in pages.words(response)
    exception.refresh_from_db()
    assert exception.ends_at <= timezone.now()
    page = manager.get(pages.of(exception))
    assert "Ended: The week is over." in pages.words(page)
    assert ending(exception) not in page.content.decode()
    (tier,) = prices_at(show.pk, exception.channel_id)
    assert tier.price and tier.price.paise == 118_000
    again = manager.post(ending(exception), {"note": "Again."}, follow=True)
    assert "It was over already." in pages.words(again)


def test_approving_exceptions_is_a_permission_of_its_own(may: Callable[..., Client]) -> None:
    show = make_priced_show()
    exception = excepted(show)
    clerk = may("ticketing.view_priceexception", "ticketing.set_price", "ticketing.change_priceexception")

    assert clerk.post(excepting(show.tiers.get()), asked()).status_code == 403
    assert clerk.post(ending(exception), {"note": "No."}).status_code == 403
    assert ending(exception) not in clerk.get(pages.listing(PriceException)).content.decode()
    assert ending(exception) not in clerk.get(pages.of(exception)).content.decode()
    assert PriceException.objects.get().ends_at == exception.ends_at


def test_exceptions_are_narrowed_to_what_is_in_force(manager: Client) -> None:
    show = make_priced_show()
    now = excepted(show, now=timezone.now() - timedelta(hours=1))
    ahead = excepted(show, begins_at=in_days(2))

    for state, found in (("now", [now]), ("ahead", [ahead]), ("over", [])):
        assert pages.rows(manager.get(pages.listing(PriceException, f"?state={state}"))) == found


# A show's own page ----------------------------------------------------------------------------------------------------


def test_a_shows_page_tells_prices_terms_exceptions_and_where_to_change_them(manager: Client) -> None:
    show = make_priced_show()
    exception = excepted(show)

    response = manager.get(pages.of(show))

    text, html = pages.words(response), response.content.decode()
    assert "Sold by Curtain Call Productions (MUM, regular), taxed as theatre" in text
    assert "Gold: ₹1,180.00 ₹1,000.00 and CGST ₹90.00, SGST ₹90.00 (18 %)" in text
    assert "₹900.00 on Counter" in text
    tier = show.tiers.get()
    for address in (setting(tier), excepting(tier), ending(exception), pages.of(show.terms)):
        assert address in html


def test_a_show_without_terms_leads_to_them(manager: Client) -> None:
    show = make_show(rows("A", 3))

    html = manager.get(pages.of(show)).content.decode()

    assert f"{reverse('admin:ticketing_terms_add')}?show={show.pk}" in html


def test_who_may_not_see_prices_sees_none_on_a_shows_page(may: Callable[..., Client]) -> None:
    show = make_priced_show()

    assert "₹1,180.00" not in pages.words(may("inventory.view_show").get(pages.of(show)))


def test_three_tiers_take_as_many_queries_as_one(
    manager: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_priced_show()
    excepted(show)
    manager.get(pages.of(show))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.of(show))
    for code in ("silver", "bronze"):
        Tier.objects.create(show=show, code=code, name=code.title(), ordinal=5)
    excepted(show, channel_id=Channel.objects.get(code="web").pk)
    excepted(show, begins_at=in_days(2))

    with django_assert_num_queries(len(for_one)):
        assert "Bronze: no price yet" in pages.words(manager.get(pages.of(show)))


# What looks like a slip -----------------------------------------------------------------------------------------------


def test_a_price_far_from_the_tiers_is_asked_about_once_more(manager: Client) -> None:
    tier = make_priced_show().tiers.get()
    sent = {"paise": "11800", "from_at": ""} | WHY

    asked = manager.post(setting(tier), sent)

    assert "Gold costs ₹1,180.00 now, and you say ₹11,800.00. Is that meant?" in pages.words(asked)
    assert Price.objects.count() == 1
    assert manager.post(setting(tier), sent | {"sure": "on"}).status_code == 302
    assert Price.objects.latest("from_at").paise == 1_180_000


def test_an_exception_far_from_the_tiers_price_or_long_after_the_show_is_a_slip(manager: Client) -> None:
    tier = make_priced_show().tiers.get()

    assert "Is that meant?" in pages.words(manager.post(excepting(tier), asked(paise="9")))
    late = manager.post(excepting(tier), asked(ends_at=local(in_days(400))))

    assert "is long over by that end." in pages.words(late)
    assert not PriceException.objects.exists()
    assert manager.post(excepting(tier), asked(paise="100", sure="on")).status_code == 302
