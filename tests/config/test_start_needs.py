"""The first page says what needs a person, each with the way to where it is done; and to each role what is its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.start_page import late
from inventory.acts import By
from inventory.models import Channel, FreezeRule
from inventory.services.freezes import freeze
from inventory.services.refusals import Frozen
from tests.config.starting import FRAGMENT, START, WHY, lock, read
from tests.houses import make_show, rows, standing
from tests.inventory.admin import pages
from tests.inventory.admin.test_stock_page import blocks
from tests.ticketing.admin.selling import cash_to_give_back, failed_refund, nobodys_money, paid_twice, sold
from tests.ticketing.books import make_priced_show
from ticketing.models import Letter
from ticketing.roles import ASSISTANT, AUDITOR, COUNTER, FINANCE, GATE, GATE_SUPERVISOR
from ticketing.roles import MANAGER as MANAGERS

pytestmark = pytest.mark.usefixtures("nothing_is_known_of_the_sweep")
HOUR = timedelta(hours=1)


def test_an_empty_house_says_that_nothing_needs_anybody_and_how_to_begin(manager: Client) -> None:
    text = read(manager)

    assert text.startswith("Nothing needs you Today")
    assert "No show today." in text
    assert "No other show is coming up. Add one" in text
    assert "No hold ends and no slice gives anything back by itself within two days." in text
    assert "Nothing is sold yet of the shows above." in text


def test_what_is_frozen_is_told_with_who_and_why_and_the_way_to_thaw_it(manager: Client, tonight: datetime) -> None:
    show = make_priced_show(starts_at=tonight)
    by = By(f"user:{User.objects.get().pk}", reason_code="sync_lag", note="The till.")
    frozen = freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=by)

    response = manager.get(FRAGMENT)

    text = pages.words(response)
    assert "Needs you now 1 Frozen Hamlet: Gold on all channels. Frozen by manager, since" in text
    assert "a till or a device is behind with its sales: The till. Thaw" in text
    assert response.content.decode().count(f'href="{pages.of(frozen, "thaw")}"') == 2  # there, and at its show


def test_a_freeze_by_rule_says_the_rule(manager: Client, web: Channel, tonight: datetime) -> None:
    show = make_priced_show(standing(5), starts_at=tonight)
    FreezeRule.objects.create(show=show, margin=2)
    lock(show, web, 3)

    assert "Frozen by rule (stop selling everything on every channel when 2 or fewer are open)" in read(manager)


@pytest.mark.parametrize(("age", "said"), [(None, ""), (5.0, ""), (119.0, ""), (900.0, "for 15 minutes")])
def test_it_says_when_nothing_runs_in_the_background(age: float | None, said: str) -> None:
    found = late(age)

    assert [said in need.text for need in found] == ([True] if said else [])


def test_many_freezes_end_in_one_line_that_leads_to_all(manager: Client, tonight: datetime) -> None:
    show = make_priced_show(blocks(8), starts_at=tonight)
    for section in show.sections.all():
        freeze(show_id=show.pk, section_id=section.pk, by=WHY)

    text = read(manager)

    assert "Needs you now 6" in text
    assert "3 others are frozen, too. See all" in text


def test_money_is_told_by_kind_with_its_age_and_the_way_to_its_verb(manager: Client) -> None:
    show = make_priced_show()
    stray = nobodys_money()
    failed = failed_refund(paid_twice(show))
    for _ in range(2):
        cash_to_give_back(show)

    response = manager.get(FRAGMENT)

    text, html = pages.words(response), response.content.decode()
    assert "Needs you now 3" in text
    assert "Nobody knows whose ₹1,180.00, for 0 minutes." in text
    assert "To be given back by hand 2 lines, ₹2,360.00, the oldest for 0 minutes." in text
    for address in (pages.of(stray, "return"), pages.of(failed, "retry"), reverse("admin:ticketing_worklist")):
        assert f'href="{address}"' in html


def test_who_may_not_refund_is_led_to_the_work_list_instead(member: Callable[[str], Client]) -> None:
    stray = nobodys_money()

    html = member(COUNTER).get(FRAGMENT).content.decode()

    assert reverse("admin:ticketing_worklist") in html
    assert pages.of(stray, "return") not in html


def test_who_can_end_none_of_it_is_told_that_somebody_is_needed(member: Callable[[str], Client]) -> None:
    nobodys_money()

    assert "Needs somebody now 1" in read(member(COUNTER))
    assert "Needs you now 1" in read(member(FINANCE))


def test_a_section_that_stands_still_for_one_channel_is_not_called_frozen_altogether(
    manager: Client, web: Channel, tonight: datetime
) -> None:
    show = make_priced_show(blocks(2), starts_at=tonight)
    first, second = show.sections.all()
    freeze(show_id=show.pk, section_id=first.pk, channel_id=web.pk, by=WHY)
    freeze(show_id=show.pk, section_id=second.pk, by=WHY)

    text = read(manager)

    assert "Block-1 Frozen on Web 4 open" in text and "Block-2 Frozen 4 open" in text


def test_letters_that_reach_nobody_are_told_and_lead_to_themselves(manager: Client) -> None:
    made = sold(make_priced_show())
    Letter.objects.filter(order=made).update(error="550 unknown here", due_at=None)

    response = manager.get(FRAGMENT)
    listed = pages.rows(manager.get(pages.listing(Letter, "?state=trouble")))

    assert "Not delivered 1 letter given up: 550 unknown here." in pages.words(response)
    assert f'href="{pages.listing(Letter)}?state=trouble"' in response.content.decode()
    assert [letter.order_id for letter in listed] == [made.pk]


def test_sales_that_are_not_as_they_should_be_lead_to_what_puts_them_right(manager: Client) -> None:
    lacks = make_show(rows("A", 2), slug="unpriced")
    stopped = make_priced_show(slug="paused", state="paused", starts_at=timezone.now() + 2 * HOUR)
    over = make_priced_show(slug="yesterday", starts_at=timezone.now() - 20 * HOUR)

    response = manager.get(FRAGMENT)

    text, html = pages.words(response), response.content.decode()
    assert "is on sale and lacks terms, a price of Gold." in text
    assert "is not on sale: paused. Put on sale" in text
    assert "is long over, and on sale still. Close the sale" in text
    for address in (pages.of(lacks), pages.of(stopped, "publish"), pages.of(over, "close")):
        assert f'href="{address}"' in html


def test_incidents_of_a_day_are_told_apart_from_what_needs_somebody(manager: Client, web: Channel) -> None:
    show = make_priced_show()
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    for _ in range(3):
        with pytest.raises(Frozen):
            lock(show, web)
    manager.post(pages.of(frozen, "thaw"), {"reason": "counted", "other": "", "note": ""})

    text = read(manager)

    assert text.startswith("Nothing needs you Within a day Lock refused by a freeze: 3 times, at 1 show")


# For whom -------------------------------------------------------------------------------------------------------------

PARTS = {
    "needs": 'id="needs"',
    "money": "Nobody knows whose",
    "freeze": "Thaw",
    "letter": "Not delivered",
    "incidents": "Within a day",
    "releases": "Released within two days",
    "mix": "Who sells",
    "places": "/admin/inventory/place/",
    "shows": "Hamlet",
}
SEES = {
    MANAGERS: set(PARTS),
    ASSISTANT: set(PARTS),
    COUNTER: {"needs", "money", "releases", "places", "shows"},
    GATE_SUPERVISOR: {"needs", "incidents", "releases", "mix", "places", "shows"},
    GATE: {"shows"},
    FINANCE: {"needs", "money", "letter", "releases", "mix", "places", "shows"},
    AUDITOR: set(PARTS) - {"freeze"},
}


@pytest.mark.parametrize("role", SEES)
def test_each_role_sees_what_is_its_own(
    member: Callable[[str], Client], role: str, web: Channel, tonight: datetime
) -> None:
    show = make_priced_show(starts_at=tonight)
    Letter.objects.filter(order=sold(show)).update(error="550 unknown here", due_at=None)
    nobodys_money()
    freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    with pytest.raises(Frozen):
        lock(show, web)
    browser = member(role)

    html = browser.get(START).content.decode()
    part = browser.get(FRAGMENT).content.decode()

    assert {name for name, sign in PARTS.items() if sign in part} == SEES[role]
    assert "Hamlet" in html and FRAGMENT in html


def test_who_may_see_no_show_has_unfolds_list_and_no_fragment(may: Callable[..., Client]) -> None:
    clerk = may("auth.view_group")

    assert "Groups" in pages.words(clerk.get(START))
    assert clerk.get(FRAGMENT).status_code == 404


def test_who_may_do_nothing_is_told_kindly_whom_to_ask(may: Callable[..., Client]) -> None:
    assert "Ask whoever runs the box office to give you a role." in pages.words(may().get(START))


def test_who_is_not_logged_in_is_led_to_the_login(transactional_db: None, client: Client) -> None:
    for address in (START, FRAGMENT):
        response = client.get(address)
        assert (response.status_code, response["Location"].startswith(reverse("admin:login"))) == (302, True)


def test_a_lone_failed_refund_says_whose_money_it_is(member: Callable[[str], Client]) -> None:
    show = make_priced_show()
    failed = failed_refund(paid_twice(show))
    assert failed.payment.order is not None

    said = pages.words(member(FINANCE).get("/admin/"))

    assert f"₹1,180.00, HF-{failed.payment.order.pk}, {show.title}, for" in said
