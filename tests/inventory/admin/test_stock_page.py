"""The stock of one show as it changes: true numbers, who may look, and no more work than it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.acts import Admissions, By, Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Allocation, Channel, Freeze, FreezeRule, Place, ReleaseStep, Show
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.refusals import Frozen
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages

BUYER = By(actor="session:buyer")
WHY = By(actor="user:1", reason_code="sync_lag", note="The till is behind.")


def blocks(count: int, each: int = 4) -> House:
    """So many standing sections of one tier."""
    names = [f"block-{nth}" for nth in range(1, count + 1)]
    spots = [
        Spot(name, "gold", "", str(number), 0, 0, number + each * nth)
        for nth, name in enumerate(names)
        for number in range(1, each + 1)
    ]
    return House([SectionSpec(name, name.title(), is_ga=True) for name in names], [TierSpec("gold", "Gold")], spots)


def stock_page(show: Show) -> str:
    return reverse("admin:inventory_show_stock", args=[show.pk])


def fragment(show: Show) -> str:
    return f"{stock_page(show)}?fragment"


def lock(show: Show, channel: Channel, quantity: int = 1) -> int:
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER).claim_id


# What it says ---------------------------------------------------------------------------------------------------------


def test_every_state_of_a_place_is_told_by_its_word_and_its_number(manager: Client, web: Channel) -> None:
    show = make_show(rows("AB", 6))
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Ferry", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "B-6").pk]), by=By("user:1", reason_code="pillar"))
    commit_lock(claim_id=lock(show, web, 3), by=BUYER)
    begin_payment(claim_id=lock(show, web, 2), by=BUYER)
    lock(show, web, 1)

    text = pages.words(manager.get(stock_page(show)))

    told = "4 open 1 locked 2 payment pending 1 held 3 sold 1 killed of 12"
    assert text.count(told) == 3  # the house, its tier, its section
    assert "Web 4 1 2 3 Counter 4 0 0 0" in text
    assert "State: On sale" in text


def test_a_number_leads_to_the_places_behind_it(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    begin_payment(claim_id=lock(show, web, 2), by=BUYER)
    lock(show, web, 1)
    of_tier = f"{pages.listing(Place)}?show={show.pk}&tier={show.tiers.get().pk}"

    html = manager.get(stock_page(show)).content.decode().replace("&amp;", "&")

    for status, count in (("open", 3), ("browsing", 1), ("paying", 2)):
        assert f'href="{of_tier}&status={status}"' in html
        assert len(pages.rows(manager.get(f"{of_tier}&status={status}"))) == count


def test_a_channel_sees_its_own_slice_as_what_it_can_sell(manager: Client, counter: Channel) -> None:
    show = make_show(standing(10))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    slice_.openings.create(channel=counter)
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=4)
    allocate_places(allocation_id=slice_.pk, wanted=wanted, by=MANAGER)

    assert "Web 6 0 0 0 Counter 10 0 0 0" in pages.words(manager.get(stock_page(show)))


def test_a_rule_over_two_sections_bounds_what_its_tier_can_sell(manager: Client, web: Channel) -> None:
    show = make_show(blocks(2, each=4))
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), channel=web, margin=3)

    text = pages.words(manager.get(stock_page(show)))

    assert "Rule: Web stops at 3 of Gold: 8 open, 5 more may be sold." in text
    assert text.count("Web 5 0 0 0 Counter 8 0 0 0") == 2  # the house and the tier
    assert text.count("Web 4 0 0 0 Counter 4 0 0 0") == 2  # either section


def test_a_freeze_says_where_by_whom_since_when_and_why_and_how_to_thaw_it(manager: Client, web: Channel) -> None:
    show = make_show(blocks(2))
    boss = By(f"user:{User.objects.get().pk}", reason_code="sync_lag", note="The till is behind.")
    frozen = freeze(show_id=show.pk, section_id=show.sections.all()[0].pk, channel_id=web.pk, by=boss)

    response = manager.get(stock_page(show))
    text = pages.words(response)

    assert "Block-1 on Web . Frozen by manager, since" in text
    assert ": a till or a device is behind with its sales: The till is behind." in text
    assert "Frozen on Web" in text
    assert "Web partly frozen 4 0 0 0" in text
    assert "Web frozen 0 0 0 0 Counter 4 0 0 0" in text
    assert reverse("admin:inventory_freeze_thaw", args=[frozen.pk]) in response.content.decode()


def test_a_freeze_by_rule_is_told_as_such(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    FreezeRule.objects.create(show=show, channel=web, margin=2)
    lock(show, web, 3)

    text = pages.words(manager.get(stock_page(show)))

    assert "Everything on Web . Frozen by rule (stop selling everything on Web when 2 or fewer are open), since" in text
    assert "2 open, at its line, the next sale trips it." in text
    assert "Not yet: 2 open, the line is 2. Thaw" in text


def test_refusals_by_freezes_are_counted(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    assert "No sale refused by a freeze since" in pages.words(manager.get(stock_page(show)))
    freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    for _ in range(3):
        with pytest.raises(Frozen):
            lock(show, web)

    text = pages.words(manager.get(stock_page(show)))

    assert "3 sales refused by freezes since" in text
    assert "It has refused 3 sales since" in text


def test_what_happens_next_by_itself_is_told(manager: Client, counter: Channel) -> None:
    show = make_show(standing(5))
    tomorrow = timezone.now() + timedelta(days=1)
    slice_ = Allocation.objects.create(show=show, name="Counter slice", closes_at=tomorrow + timedelta(hours=2))
    slice_.openings.create(channel=counter, opens_at=tomorrow + timedelta(hours=1))
    ReleaseStep.objects.create(show=show, allocation=slice_, at=tomorrow, share_percent=50)
    hold = place_hold(
        show_id=show.pk,
        wanted=Admissions(show.tiers.get().pk, 1),
        purpose="press",
        party="The Ferry",
        until=tomorrow + timedelta(minutes=30),
        by=MANAGER,
    )
    ReleaseStep.objects.create(show=show, hold=hold, at=tomorrow + timedelta(days=1), quantity=1)

    text = pages.words(manager.get(stock_page(show)))

    assert ": Counter slice gives half to the pool ;" in text
    assert ": the hold for The Ferry ends;" in text
    assert ": Counter slice opens for Counter" in text


def test_for_whom_something_is_held_is_told_to_whoever_sees_claims(may: Callable[..., Client]) -> None:
    show = make_show(standing(5))
    wanted, until = Admissions(show.tiers.get().pk, 1), timezone.now() + timedelta(days=1)
    place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="The Ferry", until=until, by=MANAGER)

    clerk = may("inventory.view_show")

    for address in (stock_page(show), fragment(show)):
        text = pages.words(clerk.get(address))
        assert ("The Ferry" in text, ": a hold ends" in text) == (False, True)


def test_a_show_that_is_paused_says_that_nothing_is_sold(manager: Client) -> None:
    show = make_show(standing(5), state="paused")

    text = pages.words(manager.get(stock_page(show)))

    assert "State: Paused , so nothing is sold anywhere" in text
    assert "Web 0 0 0 0" in text


@pytest.mark.parametrize(("state", "tells"), [("cancelled", False), ("closed", True), ("paused", True)])
def test_of_a_cancelled_show_nothing_is_told_that_would_come_by_itself(
    manager: Client, web: Channel, state: str, tells: bool
) -> None:
    show = make_show(standing(5), state=state)
    show.allocations.get(is_pool=True).openings.create(channel=web, opens_at=show.starts_at - timedelta(hours=1))
    FreezeRule.objects.create(show=show, margin=5)

    for address in (stock_page(show), fragment(show)):
        text = pages.words(manager.get(address))
        assert "so nothing is sold anywhere" in text
        for said in ("Next: ", "Pool opens for Web", "Rule: ", "the next sale trips it"):
            assert (said in text) is tells


def test_a_channel_that_may_not_sell_says_so(manager: Client, web: Channel) -> None:
    Channel.objects.filter(pk=web.pk).update(is_active=False)

    assert "Web may not sell 0 0 0 0" in pages.words(manager.get(stock_page(make_show(standing(5)))))


def test_a_show_without_a_house_says_what_to_do(manager: Client) -> None:
    show = make_show(slug="empty")

    response = manager.get(stock_page(show))
    text = pages.words(response)

    assert "No house yet" in text
    assert text.index("Load its house from a CSV manifest") < text.index("manage.py import_manifest empty house.csv")
    assert f'href="{pages.of(show, "house")}"' in response.content.decode()


def test_who_may_not_change_shows_is_not_led_to_the_page_that_loads_a_house(may: Callable[..., Client]) -> None:
    show = make_show(slug="empty")

    response = may("inventory.view_show").get(stock_page(show))

    assert "It is loaded by whoever may change shows" in pages.words(response)
    assert pages.of(show, "house") not in response.content.decode()


def test_many_sections_fold_their_channels_away_and_few_do_not(manager: Client) -> None:
    few, many = make_show(blocks(2)), make_show(blocks(9), slug="many")

    assert manager.get(stock_page(few)).content.decode().count("<details") == 4
    assert manager.get(stock_page(few)).content.decode().count(" open>") == 4
    assert manager.get(stock_page(many)).content.decode().count(" open>") == 2


def test_the_stock_is_one_click_from_the_list_the_show_its_places_and_the_first_page(manager: Client) -> None:
    show = make_show(standing(2), starts_at=timezone.now() + timedelta(hours=2))

    for address in (
        pages.listing(Show),
        pages.of(show),
        f"{pages.listing(Place)}?show={show.pk}",
        reverse("admin:index"),
    ):
        assert f'href="{stock_page(show)}"' in manager.get(address).content.decode()


# How it refreshes -----------------------------------------------------------------------------------------------------


def test_the_part_that_changes_is_sent_once_and_then_only_when_it_has_changed(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    page = manager.get(stock_page(show))
    etag = page.context["etag"]

    same = manager.get(fragment(show), headers={"if-none-match": etag})
    lock(show, web)
    changed = manager.get(fragment(show), headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert "4 open 1 locked" in pages.words(changed)
    assert changed["ETag"] != etag
    assert "<html" not in changed.content.decode()
    assert all(timezone.localtime().strftime("%H:") in response["X-As-Of"] for response in (same, changed))


def test_the_page_has_all_of_it_and_a_way_to_reload_without_scripts(manager: Client) -> None:
    html = manager.get(stock_page(make_show(standing(5)))).content.decode()

    assert '<a href="?">Reload</a>' in html
    assert "no-script.css" in html
    assert "5 open" in pages.plain(html)


@pytest.mark.parametrize("house", [blocks(1), blocks(3)])
def test_a_refresh_takes_three_statements_however_many_sections_and_channels(
    manager: Client, web: Channel, house: House, django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_show(house)
    for nth in range(len(house.sections) - 1):
        channel = Channel.objects.create(code=f"partner-{nth}", name=f"Partner {nth}", kind="partner")
        freeze(show_id=show.pk, channel_id=channel.pk, by=WHY)
        FreezeRule.objects.create(show=show, channel=channel, margin=1)
    lock(show, web)
    who_asks = 3  # the session, the user and the phone

    with django_assert_num_queries(who_asks + 3):
        manager.get(fragment(show))


def test_the_whole_page_takes_one_statement_more(manager: Client) -> None:
    show = make_show(standing(5))
    with CaptureQueriesContext(connection) as part:
        manager.get(fragment(show))
    with CaptureQueriesContext(connection) as whole:
        manager.get(stock_page(show))

    assert len(whole) == len(part) + 1


# Who may --------------------------------------------------------------------------------------------------------------


def test_who_is_not_logged_in_is_led_to_the_login(transactional_db: None, client: Client) -> None:
    show = make_show(standing(2))

    for address in (stock_page(show), fragment(show)):
        response = client.get(address)
        assert (response.status_code, response["Location"].startswith(reverse("admin:login"))) == (302, True)


def test_who_may_not_view_shows_is_refused(bystander: Client) -> None:
    show = make_show(standing(2))

    assert [bystander.get(address).status_code for address in (stock_page(show), fragment(show))] == [403, 403]


def test_who_may_only_view_is_offered_no_verb(auditor: Client, web: Channel) -> None:
    show = make_show(standing(2))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    html = auditor.get(stock_page(show)).content.decode()

    assert "Everything on Web" in pages.plain(html)
    assert reverse("admin:inventory_freeze_thaw", args=[frozen.pk]) not in html
    assert reverse("admin:inventory_show_freeze", args=[show.pk]) not in html


def test_who_may_freeze_and_not_thaw_is_offered_the_one(auditor: Client, web: Channel) -> None:
    User.objects.get().user_permissions.add(Permission.objects.get(codename="add_freeze"))
    show = make_show(standing(2))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    html = auditor.get(stock_page(show)).content.decode()

    assert reverse("admin:inventory_freeze_thaw", args=[frozen.pk]) not in html
    assert reverse("admin:inventory_show_freeze", args=[show.pk]) in html


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30, "nonsense"])
def test_a_show_that_is_not_there_is_not_found(manager: Client, pk: str) -> None:
    assert manager.get(f"/admin/inventory/show/{pk}/stock/").status_code == 404
    assert Freeze.objects.count() == 0
