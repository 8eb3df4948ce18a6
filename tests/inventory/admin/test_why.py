"""Why can't I sell this? What the page answers, and what it tells whom."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.acts import Admissions, By, Holder, Seats
from inventory.manifest.house import House, SectionSpec, Spot, TierSpec
from inventory.models import Allocation, Channel, FreezeRule, Show
from inventory.services.allocations import allocate_places
from inventory.services.freezes import freeze
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locks import begin_payment, commit_lock
from tests.houses import MANAGER, make_show, rows, seat, seconds, standing
from tests.inventory.admin import pages
from tests.inventory.admin.asking import BUYER, ask, lock, two_sections, why
from tests.people import log_in


def test_without_a_question_it_tells_of_the_whole_house_on_the_first_channel(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    lock(show, web, "A-1", "A-2")

    text = ask(manager, show)

    assert "Yes Web can sell 4 of 6 places of the whole house now." in text
    assert "What cannot be sold of it, and why In a basket 2 places are in baskets on Web" in text


def test_a_show_without_a_house_says_so(manager: Client) -> None:
    assert "No house is loaded: there is nothing to sell in the whole house." in ask(manager, make_show())


def test_a_basket_is_told_with_its_clock_and_never_with_its_buyer(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    lock(show, web, "A-1", "A-2")

    response = manager.get(why(show), {"place": "A1", "channel": "counter"})
    text = pages.words(response)

    assert "No Stalls A-1 cannot be sold on Counter now." in text
    assert "In a basket It is in a basket on Web until" in text
    assert "Whose a buyer on Web Since" in text
    assert "What to do: Wait, or ask the buyer to give it back. To the lock" in text
    digests = Holder(session="buyers-own-session", contact="gauri@example.com").digests().values()
    for secret in ("buyers-own-session", "session:", "gauri@example.com", *filter(None, digests)):
        assert secret not in response.content.decode()


def test_a_pending_payment_is_told_as_what_it_is(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    begin_payment(claim_id=lock(show, web, "A-1", "A-2"), by=BUYER)

    assert "Payment pending A payment for it on Web is pending" in ask(manager, show, place="A1")


def test_a_hold_tells_for_whom_by_whom_since_when_and_who_may_break_it(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    boss = By(f"user:{User.objects.get().pk}", note="Asked for on the phone.")
    wanted = Seats([seat(show, "A-3").pk])
    place_hold(
        show_id=show.pk, wanted=wanted, purpose="sponsor", party="Peacock Paints", breakable_by="Producer", by=boss
    )

    text = ask(manager, show, place="A-3")

    assert "Held It is held for Peacock Paints (sponsor)." in text
    assert "Whose Peacock Paints By manager Why Asked for on the phone. Since" in text
    assert "What to do: Producer may break the hold. To the hold" in text


def test_a_kill_tells_why_and_by_whom(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    boss = By(f"user:{User.objects.get().pk}", reason_code="pillar", note="Behind the new pillar.")
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "A-3").pk]), by=boss)

    text = ask(manager, show, place="A-3")

    assert "Killed It is not for sale at this show: pillar. By manager Why Behind the new pillar. Since" in text


def test_a_sold_place_leads_to_its_sale(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    sale = commit_lock(claim_id=lock(show, web, "A-1", "A-2"), by=BUYER, reference="REF-7")

    response = manager.get(why(show), {"place": "A1"})

    assert "Sold It is sold on Web. Whose a buyer on Web Order REF-7 Since" in pages.words(response)
    assert pages.of(sale) in response.content.decode()


def test_a_freeze_tells_by_whom_and_why_and_leads_to_the_thaw(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    boss = By(f"user:{User.objects.get().pk}", reason_code="sync_lag", note="The till is behind.")
    frozen = freeze(show_id=show.pk, tier_id=show.tiers.get().pk, channel_id=web.pk, by=boss)

    response = manager.get(why(show), {"place": "A1"})
    text = pages.words(response)

    assert "Frozen Gold is frozen on Web by a person, since" in text
    assert "Whose manager Why A till or a device is behind with its sales: The till is behind. Since" in text
    assert reverse("admin:inventory_freeze_thaw", args=[frozen.pk]) in response.content.decode()
    assert "Yes Stalls A-1 can be sold on Counter now." in ask(manager, show, place="A1", channel="counter")


def test_a_rule_at_its_line_leads_to_the_rule(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 3))
    rule = FreezeRule.objects.create(show=show, channel=web, margin=3)

    response = manager.get(why(show), {"place": "A1"})

    assert "At a rule's line The whole show is at its limit on Web: 3 places are open, and the rule keeps 3 back." in (
        pages.words(response)
    )
    assert pages.of(rule) in response.content.decode()


def test_the_reasons_add_up_with_what_a_rule_keeps_back(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    lock(show, web, "A-1", "A-2")
    rule = FreezeRule.objects.create(show=show, tier=show.tiers.get(), channel=web, margin=3)

    for asked in ({}, {"tier": show.tiers.get().pk}, {"section": show.sections.get().pk}):
        response = manager.get(why(show), asked)
        text = pages.words(response)
        assert "Yes Web can sell 1 of 6 places of" in text
        assert (
            "Kept back by a rule 3 places are kept back by the freeze rule: Web stops at 3 of Gold. Whose rule "
            "What to do: A manager changes the rule. Change the rule"
        ) in text
        assert "2 places are in baskets on Web" in text
        assert "Together that is all 5 that cannot be sold." in text
        assert pages.of(rule) in response.content.decode()
    assert "Yes Stalls A-5 can be sold on Web now." in ask(manager, show, place="A5")


def test_reasons_that_overlap_say_so(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    FreezeRule.objects.create(show=show, channel=web, margin=3)
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=2)

    text = ask(manager, show)

    assert "Yes Web can sell 3 of 6 places of the whole house now." in text
    assert (
        "some overlap, for one place may be stopped by several: they name 5 in all, and 3 places cannot be sold."
        in text
    )


def test_a_freeze_of_a_tier_says_how_many_of_the_house_it_stops(manager: Client, web: Channel) -> None:
    show = make_show(two_sections())
    freeze(show_id=show.pk, tier_id=show.tiers.get(code="silver").pk, by=By("user:1", reason_code="safety"))

    assert "Stops 8 open places" in ask(manager, show)


def test_an_allocation_that_is_not_open_here_leads_to_it(manager: Client, counter: Channel) -> None:
    show = make_show(rows("A", 6))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    slice_.openings.create(channel=counter)
    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, "A-4").pk]), by=MANAGER)

    response = manager.get(why(show), {"place": "A4"})

    assert "It is in the allocation Counter slice, which only Counter may sell." in pages.words(response)
    assert f"{pages.of(show, 'slice')}?slice={slice_.pk}" in response.content.decode()


def test_a_pool_that_is_not_on_sale_here_yet_leads_to_its_times(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 2))
    show.allocations.get(is_pool=True).openings.create(channel=web, opens_at=show.starts_at - seconds(3600))

    response = manager.get(why(show), {"place": "A1"})

    said = "Not on sale here yet It is in the open pool, which is on sale here from 31 Dec 16:30."
    assert said in pages.words(response)
    assert pages.of(show, "on_sale") in response.content.decode()


def test_a_show_or_a_channel_that_does_not_sell_comes_first(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6), state=Show.State.PAUSED)
    Channel.objects.filter(pk=web.pk).update(is_active=False)
    lock_free = ask(manager, show, place="A1")

    assert "What stands in the way The show Sales of the show are paused." in lock_free
    assert "The channel Web may not sell at the moment." in lock_free
    assert "Change the show" in lock_free and "Change the channel" in lock_free


def test_a_wheelchair_place_and_a_seat_that_strands_another_say_so(manager: Client, web: Channel) -> None:
    spots = [Spot("stalls", "gold", "A", str(nth), 1, nth, nth, is_accessible=nth == 5) for nth in range(1, 6)]
    house = House([SectionSpec("stalls", "Stalls")], [TierSpec("gold", "Gold")], spots)
    show = make_show(house, orphan_rule="refuse")

    wheelchair, second, first = (ask(manager, show, place=label) for label in ("A5", "A2", "A1"))

    assert "Yes Stalls A-5 can be sold on Web now. Gold, accessible" in wheelchair
    assert "It is a wheelchair place: it is sold only where the buyer says that it is needed." in wheelchair
    assert "No Stalls A-2 cannot be sold on Web now by itself." in second
    assert "Sold by itself it would leave Stalls A-1 single, and this show refuses that." in second
    assert "Yes Stalls A-1 can be sold on Web now." in first


def test_how_many_are_asked_for_decides(manager: Client, web: Channel) -> None:
    show = make_show(standing(20), cap_per_session=8)
    tier = show.tiers.get().pk
    FreezeRule.objects.create(show=show, channel=web, margin=14)

    six, seven, nine = (ask(manager, show, tier=tier, quantity=count) for count in (6, 7, 9))
    one = ask(manager, show, quantity=1)

    assert "Yes Web has 6 of General to sell now, and 6 are asked for." in six
    assert "Yes Web has 6 of the whole house to sell now, and 1 is asked for." in one
    assert "No Web cannot sell 7 of General now: only 6 can be sold." in seven
    assert "One buyer on Web may keep 8 places of this show locked at most." in nine
    assert "may keep" not in seven


def test_what_stops_the_whole_show_comes_before_what_stops_a_large_party(manager: Client) -> None:
    text = ask(manager, make_show(standing(20), state=Show.State.PAUSED), quantity=11)

    assert text.index("Sales of the show are paused.") < text.index("One buyer on Web may keep 10 places")


def test_a_section_has_its_own_reasons_and_not_those_of_others(manager: Client, web: Channel) -> None:
    show = make_show(two_sections())
    freeze(show_id=show.pk, tier_id=show.tiers.get(code="silver").pk, by=By("user:1", reason_code="safety"))
    standing_room = Admissions(show.tiers.get(code="general").pk, 2)
    kill_places(show_id=show.pk, wanted=standing_room, by=By("user:1", reason_code="pillar"))
    stalls, floor, balcony = (show.sections.get(code=code) for code in ("stalls", "floor", "balcony"))

    assert "Nothing stands in the way." in ask(manager, show, section=stalls.pk)
    assert "Web can sell 3 of 5 places of Floor now." in ask(manager, show, section=floor.pk)
    frozen = ask(manager, show, section=balcony.pk)
    assert "Web cannot sell anything of Balcony now." in frozen and "Silver is frozen on every channel" in frozen
    crossed = ask(manager, show, section=stalls.pk, tier=show.tiers.get(code="silver").pk)
    assert "No place belongs to Silver in Stalls." in crossed


def test_a_channel_that_is_none_is_refused_and_nothing_is_answered(manager: Client) -> None:
    text = ask(manager, make_show(rows("A", 2)), channel="moon", quantity="-1")

    assert "Select a valid choice." in text
    assert "greater than or equal to 1" in text
    assert "can be sold" not in text


# Who may see what -----------------------------------------------------------------------------------------------------


def test_who_may_view_places_reads_the_answer_and_is_offered_only_their_own_ways(client: Client, web: Channel) -> None:
    show = make_show(rows("A", 6), state=Show.State.PAUSED)
    freeze(show_id=show.pk, channel_id=web.pk, by=By("user:1", reason_code="safety"))
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_place"))
    log_in(client, user)

    text = ask(client, show, place="A1")

    assert "Sales of the show are paused." in text and "A person thaws it." in text
    assert "Change the show" not in text and "Thaw it" not in text


def test_who_may_not_view_places_is_refused(bystander: Client) -> None:
    assert bystander.get(why(make_show(rows("A", 2)))).status_code == 403


def test_an_unknown_show_is_not_found(manager: Client) -> None:
    for pk in ("0", "x", "9" * 30):
        assert manager.get(reverse("admin:inventory_show_why", args=[pk])).status_code == 404


def test_a_place_of_another_show_is_not_answered_for(manager: Client) -> None:
    show, other = make_show(rows("A", 2)), make_show(rows("B", 2), slug="lear")

    text = ask(manager, show, id=seat(other, "B-1").pk)

    assert "B-1" not in text


def test_stock_page_show_and_place_lead_to_it(manager: Client) -> None:
    show = make_show(rows("A", 2))
    place = seat(show, "A-1")

    for address in (reverse("admin:inventory_show_stock", args=[show.pk]), pages.of(show)):
        assert f'href="{why(show)}"' in manager.get(address).content.decode()
    assert f'href="{why(show)}?id={place.pk}"' in manager.get(pages.of(place)).content.decode()


def test_many_reasons_take_as_many_statements_as_one(
    manager: Client, web: Channel, django_assert_num_queries: Any
) -> None:
    show = make_show(rows("AB", 6))

    def hold(label: str) -> None:
        wanted = Seats([seat(show, label).pk])
        place_hold(show_id=show.pk, wanted=wanted, purpose="press", party=f"The Ferry {label}", by=MANAGER)

    hold("A-1")
    manager.get(why(show))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(why(show))
    hold("A-3")
    hold("B-3")

    with django_assert_num_queries(len(for_one)):
        assert pages.words(manager.get(why(show))).count("held for The Ferry") == 3
