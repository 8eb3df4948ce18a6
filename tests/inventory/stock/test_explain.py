from __future__ import annotations

import pytest

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Show
from inventory.queries.stock import Reason, explain_channel, explain_part, explain_place, explain_tier
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from inventory.services.selling import set_apart
from tests.houses import MANAGER, NOON, make_show, rows, seconds
from tests.inventory.stock import rules

pytestmark = pytest.mark.django_db(transaction=True)
# Noon in UTC is 17:30 in Kolkata.
AT = NOON + seconds(60)
IN_AN_HOUR = NOON + seconds(3600)


@pytest.fixture
def show(web: Channel) -> Show:
    return make_show(rows("A", 6), lock_for_s=600, lock_cap_s=1200)


@pytest.fixture
def ids(show: Show) -> list[int]:
    return list(show.places.order_by("pk").values_list("pk", flat=True))


def lock(show: Show, channel: Channel, ids: list[int], reference: str = "") -> int:
    return lock_places(
        show_id=show.pk, channel_id=channel.pk, wanted=Seats(ids), by=MANAGER, now=NOON, reference=reference
    ).claim_id


def of_place(show: Show, place_id: int, channel: Channel, *, public: bool = False) -> list[Reason]:
    found = explain_place(place_id, show.pk, channel.pk, AT, public=public)
    assert found is not None
    return found


def words(found: list[Reason] | None) -> list[str]:
    assert found is not None
    return [reason.words for reason in found]


def test_what_can_be_sold_needs_no_explanation_and_what_is_unknown_has_none(show: Show, web: Channel) -> None:
    tier = show.tiers.get()
    place = show.places.order_by("pk").first()
    assert place

    assert explain_place(place.pk, show.pk, web.pk, AT) == []
    assert explain_tier(show.pk, tier.pk, web.pk, AT) == explain_channel(show.pk, web.pk, AT) == []
    assert explain_place(place.pk + 100, show.pk, web.pk, AT) is None
    assert explain_tier(show.pk, tier.pk + 1, web.pk, AT) is None
    assert explain_channel(show.pk + 1, web.pk, AT) is None


def test_a_show_not_on_sale_comes_first_and_a_channel_that_may_not_sell_second(
    show: Show, web: Channel, ids: list[int]
) -> None:
    lock(show, web, ids[:1])
    Show.objects.filter(pk=show.pk).update(state="paused")
    Channel.objects.filter(pk=web.pk).update(is_active=False)

    assert words(of_place(show, ids[0], web)) == [
        "Sales of the show are paused.",
        "Web may not sell at the moment.",
        "It is in a basket on Web until 01 Dec 17:40.",
    ]


def test_a_lock_says_on_which_channel_and_until_when(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    lock(show, web, ids[:1])
    begin_payment(claim_id=lock(show, counter, ids[1:2]), by=MANAGER, now=NOON)

    (browsing,) = of_place(show, ids[0], counter)
    (paying,) = of_place(show, ids[1], web)

    assert (browsing.code, browsing.owner, browsing.until) == ("locked", "Web", NOON + seconds(600))
    assert (paying.code, paying.owner, paying.until) == ("paying", "Counter", NOON + seconds(1200))
    assert paying.words == "A payment for it on Counter is pending; at 01 Dec 17:50 it is open again at the latest."
    assert paying.remedy == "Wait for the payment's end."


def test_a_hold_says_for_whom_until_when_its_next_step_and_who_may_break_it(
    show: Show, web: Channel, ids: list[int]
) -> None:
    hold = place_hold(
        show_id=show.pk, wanted=Seats(ids[:2]), purpose="sponsor", party="Chai Co", breakable_by="the producer",
        by=MANAGER, until=IN_AN_HOUR, now=NOON,
    )  # fmt: skip
    rules.step(show, NOON + seconds(1800), hold=hold, share_percent=50)

    (reason,) = of_place(show, ids[0], web)

    assert reason.words == (
        "It is held for Chai Co (sponsor) until 01 Dec 18:30; half goes back on sale on 01 Dec 18:00."
    )
    assert (reason.code, reason.owner, reason.until) == ("held", "Chai Co", IN_AN_HOUR)
    assert reason.remedy == "the producer may break the hold."
    assert reason.facts["next_step_at"] == NOON + seconds(1800)


def test_a_kill_says_why_and_a_sale_its_order(show: Show, web: Channel, ids: list[int]) -> None:
    kill_places(show_id=show.pk, wanted=Seats(ids[:1]), by=By(actor="user:1", reason_code="sound_desk"), now=NOON)
    commit_lock(claim_id=lock(show, web, ids[1:2], reference="HF-77"), by=MANAGER, now=NOON)

    (killed,) = of_place(show, ids[0], web)
    (sold,) = of_place(show, ids[1], web)

    assert (killed.code, killed.words) == ("killed", "It is not for sale at this show: sound_desk.")
    assert (sold.code, sold.words) == ("sold", "It is sold on Web, order HF-77.")
    assert sold.facts["reference"] == "HF-77"


def test_a_label_says_who_may_sell_it_and_what_becomes_of_it(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    slice_ = rules.slice_for(show, counter, name="Counter slice")
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids[:4]), by=MANAGER, now=NOON)
    rules.step(show, IN_AN_HOUR, allocation=slice_, share_percent=50)

    (one,) = of_place(show, ids[0], web)
    (all_,) = explain_tier(show.pk, show.tiers.get().pk, web.pk, AT) or []

    assert one.words == (
        "It is in the allocation Counter slice, which only Counter may sell; half goes to the pool on 01 Dec 18:30."
    )
    assert all_.words == "4 places are" + one.words.removeprefix("It is")
    assert (one.code, one.owner, one.until) == ("not_on_sale_here", "Counter", None)
    assert of_place(show, ids[0], counter) == []


def test_a_label_says_when_it_opens_here_and_when_it_closes(show: Show, web: Channel, ids: list[int]) -> None:
    presale = rules.slice_for(show, web, name="Presale", opens_at=IN_AN_HOUR)
    Allocation.objects.filter(pk=presale.pk).update(closes_at=IN_AN_HOUR + seconds(60))
    allocate_places(allocation_id=presale.pk, wanted=Seats(ids[:1]), by=MANAGER, now=NOON)

    (reason,) = of_place(show, ids[0], web)

    assert reason.words == (
        "It is in the allocation Presale, which nobody may sell yet; on sale here from 01 Dec 18:30; "
        "it closes into the pool on 01 Dec 18:31."
    )
    assert reason.until == IN_AN_HOUR


def test_a_freeze_by_rule_says_whether_a_thaw_would_be_safe(show: Show, web: Channel, ids: list[int]) -> None:
    tier = show.tiers.get()
    line = rules.rule(show, 6, tier=tier)
    stopped = rules.freeze(show, tier=tier, rule=line, actor="system:rule")

    (frozen,) = of_place(show, ids[0], web)
    assert (frozen.code, frozen.owner) == ("frozen", "system:rule")
    assert frozen.words == "Gold is frozen on every channel by rule, since 01 Dec 17:30."
    assert frozen.remedy == (
        "A person thaws it. That would not be safe yet: 6 places are open, and the rule keeps 6 back."
    )

    line.margin = 5
    line.save()
    assert of_place(show, ids[0], web)[0].remedy.startswith("A person thaws it. That would be safe: 6 places are open")

    rules.thaw(stopped)
    line.margin = 6
    line.save()
    (at_line,) = of_place(show, ids[0], web)
    assert (at_line.code, at_line.words) == (
        "at_rules_line",
        "Gold is at its limit on every channel: 6 places are open, and the rule keeps 6 back.",
    )


def test_a_rule_above_its_line_says_how_many_it_keeps_back_of_a_part_and_nothing_of_a_place(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    tier, section = show.tiers.get(), show.sections.get()
    rules.rule(show, 2, tier=tier, channel=web)

    (kept,) = explain_tier(show.pk, tier.pk, web.pk, AT) or []

    assert (kept.code, kept.facts["places"], kept.remedy) == ("kept_back_by_rule", 2, "A manager changes the rule.")
    assert kept.words == "2 places are kept back by the freeze rule: Web stops at 2 of Gold."
    assert explain_part(show.pk, web.pk, AT, section_id=section.pk) == explain_channel(show.pk, web.pk, AT) == [kept]
    assert of_place(show, ids[0], web) == explain_channel(show.pk, counter.pk, AT) == []
    assert explain_tier(show.pk, tier.pk, web.pk, AT, public=True) == [Reason("not_available", "Not available.")]


def test_a_rule_keeps_back_only_what_others_do_not_leave_open_anyway(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    """Of six open places two are the counter's: a rule that keeps three takes one more from the web."""
    slice_ = rules.slice_for(show, counter, name="Counter slice")
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids[:2]), by=MANAGER, now=NOON)
    line = rules.rule(show, 3)

    assert words(explain_channel(show.pk, web.pk, AT)) == [
        "1 place is kept back by the freeze rule: Every channel stops at 3 of the whole show, counted over all 6 that "
        "are open there, whoever may sell them.",
        "2 places are in the allocation Counter slice, which only Counter may sell.",
    ]
    line.margin = 2
    line.save()
    assert [reason.code for reason in explain_channel(show.pk, web.pk, AT) or []] == ["not_on_sale_here"]


def test_what_is_frozen_is_not_counted_as_kept_back_once_more(show: Show, web: Channel, ids: list[int]) -> None:
    rules.freeze(show, tier=show.tiers.get())
    rules.rule(show, 2)

    (frozen,) = explain_channel(show.pk, web.pk, AT) or []

    assert (frozen.code, frozen.facts["places"]) == ("frozen", 6)


def test_a_freeze_by_a_person_names_its_channel_and_stops_no_other(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    rules.freeze(show, channel=web, actor="user:7")

    (frozen,) = explain_channel(show.pk, web.pk, AT) or []

    assert (frozen.words, frozen.owner, frozen.remedy) == (
        "The whole show is frozen on Web by a person, since 01 Dec 17:30.", "user:7", "A person thaws it.",
    )  # fmt: skip
    assert explain_channel(show.pk, counter.pk, AT) == []


def test_a_freeze_of_another_section_is_no_reason_for_a_place(show: Show, web: Channel, ids: list[int]) -> None:
    other = show.sections.create(code="circle", name="Circle")
    rules.freeze(show, section=other)

    assert of_place(show, ids[0], web) == []
    assert words(explain_channel(show.pk, web.pk, AT)) == [
        "Circle is frozen on every channel by a person, since 01 Dec 17:30."
    ]


def test_a_tier_counts_its_places_by_reason_the_most_first(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    lock(show, counter, ids[:1])
    commit_lock(claim_id=lock(show, web, ids[1:4]), by=MANAGER, now=NOON)
    place_hold(show_id=show.pk, wanted=Seats(ids[4:]), purpose="press", party="Daily", by=MANAGER, now=NOON)

    found = explain_tier(show.pk, show.tiers.get().pk, web.pk, AT)

    assert words(found) == [
        "3 places are sold on Web.",
        "2 places are held for Daily (press).",
        "1 place is in baskets on Counter; the first of them ends at 01 Dec 17:40.",
    ]
    assert found == explain_channel(show.pk, web.pk, AT)


def test_a_buyer_learns_of_baskets_and_times_and_nothing_else(
    show: Show, web: Channel, counter: Channel, ids: list[int]
) -> None:
    lock(show, counter, ids[:1])
    begin_payment(claim_id=lock(show, counter, ids[1:2]), by=MANAGER, now=NOON)
    commit_lock(claim_id=lock(show, counter, ids[2:3], reference="HF-77"), by=MANAGER, now=NOON)
    place_hold(show_id=show.pk, wanted=Seats(ids[3:4]), purpose="press", party="Daily", by=MANAGER, now=NOON)
    presale = rules.slice_for(show, web, name="Presale", opens_at=IN_AN_HOUR)
    allocate_places(allocation_id=presale.pk, wanted=Seats(ids[4:5]), by=MANAGER, now=NOON)
    slice_ = rules.slice_for(show, counter, name="Counter slice")
    allocate_places(allocation_id=slice_.pk, wanted=Seats(ids[5:]), by=MANAGER, now=NOON)

    told = [of_place(show, place_id, web, public=True) for place_id in ids]

    nothing = Reason("not_available", "Not available.")
    assert told == [
        [Reason("in_a_basket", "In somebody's basket, until 01 Dec 17:40 at most.", until=NOON + seconds(600))],
        [Reason("in_a_basket", "In somebody's basket, until 01 Dec 17:50 at most.", until=NOON + seconds(1200))],
        [nothing],
        [nothing],
        [Reason("not_on_sale_here_yet", "On sale here from 01 Dec 18:30.", until=IN_AN_HOUR)],
        [nothing],
    ]
    everything = explain_channel(show.pk, web.pk, AT, public=True)
    assert everything and {reason.code for reason in everything} == {
        "in_a_basket", "not_available", "not_on_sale_here_yet",
    }  # fmt: skip
    for reason in everything:
        assert (reason.owner, reason.remedy, reason.facts) == ("", "", {})
        assert not any(secret in reason.words for secret in ("Daily", "HF-77", "Counter", "Presale", "places"))


def test_a_frozen_tier_is_just_not_available_to_a_buyer(show: Show, web: Channel, ids: list[int]) -> None:
    rules.freeze(show, tier=show.tiers.get())

    assert of_place(show, ids[0], web, public=True) == [Reason("not_available", "Not available.")]


def test_a_section_and_a_tier_within_one_have_their_own_reasons(show: Show, web: Channel, ids: list[int]) -> None:
    section, tier = show.sections.get(), show.tiers.get()
    empty = show.sections.create(code="circle", name="Circle")
    kill_places(show_id=show.pk, wanted=Seats(ids[:2]), by=By(actor="user:1", reason_code="pillar"))

    of_section = explain_part(show.pk, web.pk, AT, section_id=section.pk)
    crossed = explain_part(show.pk, web.pk, AT, section_id=section.pk, tier_id=tier.pk)

    assert words(of_section) == words(crossed) == ["2 places are not for sale at this show: pillar."]
    assert explain_part(show.pk, web.pk, AT, section_id=empty.pk) is None
    assert explain_part(show.pk, web.pk, AT) == explain_channel(show.pk, web.pk, AT)


def test_what_is_ordered_and_not_paid_yet_is_its_orders_and_nobody_breaks_it(
    show: Show, web: Channel, ids: list[int]
) -> None:
    held = place_hold(
        show_id=show.pk, wanted=Seats(ids[:2]), purpose="corporate", party="Chai Co", by=MANAGER, now=NOON
    )
    set_apart(claim_id=held.pk, place_ids=ids[:1], reference="order:7", by=MANAGER, now=NOON)

    (ordered,), (kept,) = of_place(show, ids[0], web), of_place(show, ids[1], web)

    assert ordered.words == "It is held for Chai Co (corporate), ordered and not paid yet."
    assert ordered.remedy == "Its order is cancelled, or paid: nobody breaks such a hold."
    assert kept.remedy == "Any manager may break the hold."
    assert [reason.remedy for reason in explain_channel(show.pk, web.pk, AT) or []].count(ordered.remedy) == 1
