"""When a thaw would be safe: which rule, where its line is, what is open, and what waiting would change of that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from inventory.acts import Admissions, By
from inventory.admin import words
from inventory.admin.safety import safety_of
from inventory.models import Channel, Claim, Freeze, FreezeRule, Show
from inventory.queries.moves import database_now
from inventory.queries.stock import exposure, watched
from inventory.services.freezes import freeze
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.refusals import Frozen
from inventory.services.sales import return_sold
from inventory.services.sweep import sweep
from tests.houses import make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.inventory.admin.test_stock_page import blocks

BUYER = By(actor="session:buyer")
WHY = By(actor="user:1", reason_code="sync_lag")
WATCHED_FOR = timedelta(hours=3)


def lock(show: Show, channel: Channel, quantity: int) -> int:
    wanted = Admissions(show.tiers.get().pk, quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER).claim_id


def lapse(show: Show, channel: Channel, quantity: int, *, ago: timedelta) -> Claim:
    """A payment whose time ran out so long ago: its places are open again, and its money may still come."""
    at = database_now() - ago - timedelta(minutes=30)
    wanted = Admissions(show.tiers.get().pk, quantity)
    made = lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, now=at)
    begin_payment(claim_id=made.claim_id, by=BUYER, now=at)
    sweep()
    return Claim.objects.get(pk=made.claim_id)


def told(claim: Claim) -> str:
    """Until when it is watched, as pages say it."""
    return words.clock(claim.watched_until)


@pytest.fixture
def show(web: Channel) -> Show:
    return make_show(standing(20), watch_payment_for_s=int(WATCHED_FOR.total_seconds()))


def test_without_a_rule_a_person_decides(show: Show, web: Channel) -> None:
    said = safety_of(freeze(show_id=show.pk, channel_id=web.pk, by=WHY))

    assert said == ["No rule in force stops any of this: whether it is safe is for you to say."]


def test_above_its_line_a_rule_says_safe_and_how_long(show: Show, web: Channel) -> None:
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=15)

    said = safety_of(freeze(show_id=show.pk, channel_id=web.pk, by=WHY))

    assert said == [
        "A rule over it: stop selling General on every channel when 15 or fewer are open.",
        "Safe now: 20 open, the line is 15; it stops again after 5 more.",
        "By the rules it is safe to thaw now. It was frozen by a person: whether the cause is gone is for you to say.",
    ]


def test_at_its_line_a_rule_says_how_many_places_have_to_come_back(show: Show, web: Channel) -> None:
    FreezeRule.objects.create(show=show, channel=web, margin=15)
    lock(show, web, 5)

    said = safety_of(Freeze.objects.get())

    assert said == [
        "The rule that froze it: stop selling everything on Web when 15 or fewer are open.",
        "Not yet: 15 open, the line is 15. Safe once 1 more place is open.",
        "It is not safe yet: thawed now, the next sale trips the rule and freezes it again at once.",
    ]


def test_where_waiting_is_enough_it_says_until_when(show: Show, web: Channel) -> None:
    first, second = lapse(show, web, 2, ago=2 * timedelta(hours=1)), lapse(show, web, 3, ago=timedelta(hours=1))
    FreezeRule.objects.create(show=show, margin=16)
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    counts = safety_of(frozen)[1]

    assert counts.startswith("Not yet: 20 open, the line is 16 + 5 possible second claimants.")
    assert counts.endswith(
        f"Safe once 2 more places are open, or by itself at {told(first)}, when enough of those payments stop being "
        "watched."
    )
    FreezeRule.objects.update(margin=19)
    assert f"{told(second)}, when the last of those payments stops being watched." in safety_of(frozen)[1]


def test_where_too_few_are_open_waiting_alone_is_said_not_to_be_enough(show: Show, web: Channel) -> None:
    lapsed = lapse(show, web, 3, ago=timedelta(hours=1))
    FreezeRule.objects.create(show=show, margin=20)

    (_, counts, _) = safety_of(freeze(show_id=show.pk, channel_id=web.pk, by=WHY))

    assert counts.startswith("Not yet: 20 open, the line is 20 + 3 possible second claimants.")
    assert "Safe once 4 more places are open; waiting alone is not enough" in counts
    assert told(lapsed) in counts


def test_what_it_calls_safe_is_sold_and_what_it_does_not_is_refused_again(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    FreezeRule.objects.create(show=show, channel=web, margin=3)
    lock(show, web, 3)
    frozen = Freeze.objects.get()
    thaw = {"reason": "counted", "other": "", "note": ""}
    assert safety_of(frozen)[-1].startswith("It is not safe yet")

    manager.post(pages.of(frozen, "thaw"), thaw)
    with pytest.raises(Frozen):
        lock(show, web, 1)

    again = Freeze.objects.get(thawed=None)
    held = Claim.objects.get(kind="lock")
    commit_lock(claim_id=held.pk, by=BUYER)
    return_sold(show_id=show.pk, place_ids=[seat(show, "A-1").pk], by=WHY)
    assert safety_of(again)[-1] == "By the rules it is safe to thaw now."
    manager.post(pages.of(again, "thaw"), thaw)
    assert lock(show, web, 1)


def test_the_page_of_a_freeze_says_which_rule_and_when_it_is_safe(manager: Client, web: Channel) -> None:
    show = make_show(blocks(2))
    FreezeRule.objects.create(show=show, channel=web, margin=6)
    lock(show, web, 2)
    frozen = Freeze.objects.get()

    text = pages.words(manager.get(pages.of(frozen)))

    assert "stop selling everything on Web when 6 or fewer are open" in text
    assert "Not yet: 6 open, the line is 6. Safe once 1 more place is open." in text
    assert "thawed now, the next sale trips the rule and freezes it again at once" in text


def test_the_thaw_page_leads_to_the_rule_for_whoever_may_change_it(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    rule = FreezeRule.objects.create(show=show, channel=web, margin=2)
    lock(show, web, 3)

    assert f'href="{pages.of(rule)}"' in manager.get(pages.of(Freeze.objects.get(), "thaw")).content.decode()


@pytest.mark.parametrize("is_swept", [True, False])
def test_what_is_watched_adds_up_to_the_exposure(show: Show, web: Channel, is_swept: bool) -> None:
    lapse(show, web, 2, ago=timedelta(hours=1))
    at = database_now()
    made = lock(show, web, 3)
    begin_payment(claim_id=made, by=BUYER)
    over = at + timedelta(minutes=40)
    if is_swept:
        sweep(now=over)

    whole, found = exposure(show.pk, over), watched(show.pk, over)

    assert whole
    assert (whole.places, sum(one.places for one in found)) == (5, 5)
    assert found[0].places == 2 and found[0].until < found[1].until


def test_a_rule_is_made_in_words_and_says_at_once_how_near_it_is(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    adding = f"{pages.adding(FreezeRule)}?show={show.pk}"
    page = pages.words(manager.get(adding))
    sent = {"show": show.pk, "tier": show.tiers.get().pk, "margin": "3", "is_active": "on", "note": "As always."}

    far = pages.words(manager.post(adding, sent, follow=True))
    near = pages.words(manager.post(adding, sent | {"margin": "5"}, follow=True))

    for part in ("Stop selling the tier", "or the section", "when so many or fewer are open"):
        assert part in page
    assert "stop selling General on every channel when 3 or fewer are open" in far
    assert "Every channel stops at 3 of General: 5 open, 2 more may be sold." in far
    assert "5 open, at its line, the next sale trips it." in near


def test_the_stock_page_offers_a_rule_to_whoever_may_make_one(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))

    assert f"{pages.adding(FreezeRule)}?show={show.pk}" in manager.get(pages.of(show, "stock")).content.decode()


def test_who_may_only_look_is_offered_no_rule(auditor: Client) -> None:
    show = make_show(standing(5))
    rule = FreezeRule.objects.create(show=show, margin=2)

    html = auditor.get(pages.of(show, "stock")).content.decode()

    assert "2 of the show" in html
    assert pages.adding(FreezeRule) not in html and pages.of(rule) not in html
