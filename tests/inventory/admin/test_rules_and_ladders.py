"""Freeze rules and release ladders in the admin: planned in forms, of their show, kept once they have acted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.acts import Admissions, By
from inventory.models import Allocation, Channel, FreezeRule, Hold, ReleaseStep, Show
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold, release_hold
from inventory.services.locking import lock_places
from inventory.services.releases import run_due_releases
from tests.houses import MANAGER, make_show, standing
from tests.inventory.admin import pages

TOMORROW = timezone.localtime().replace(microsecond=0) + timedelta(days=1)
WHY = {"note": "As agreed with the organiser."}


def slice_of(show: Show, quantity: int = 4) -> Allocation:
    allocation = Allocation.objects.create(show=show, name="Counter slice")
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    allocate_places(allocation_id=allocation.pk, wanted=wanted, by=MANAGER)
    return allocation


def hold_of(show: Show) -> Hold:
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=2)
    return place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="The Ferry", by=MANAGER)


def at(moment: datetime, prefix: str = "at") -> dict[str, str]:
    local = timezone.localtime(moment)
    return {f"{prefix}_0": f"{local:%Y-%m-%d}", f"{prefix}_1": f"{local:%H:%M:%S}"}


def done_step(show: Show) -> ReleaseStep:
    step = ReleaseStep.objects.create(
        show=show, allocation=slice_of(show), at=timezone.now() - timedelta(minutes=1), share_percent=50
    )
    run_due_releases(show_id=show.pk)
    step.refresh_from_db()
    return step


def choices(response: Any, field: str) -> list[str]:
    return [str(label) for value, label in response.context["adminform"].form.fields[field].choices if value]


# Freeze rules ---------------------------------------------------------------------------------------------------------


def test_a_rule_is_made_of_what_its_show_has(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    make_show(standing(5, tier="pit"), slug="othello")
    adding = f"{pages.adding(FreezeRule)}?show={show.pk}"
    page = manager.get(adding)

    sent = {"show": show.pk, "tier": show.tiers.get().pk, "channel": web.pk, "margin": "3", "is_active": "on"}
    manager.post(adding, sent | WHY)

    assert (choices(page, "tier"), choices(page, "section")) == (["General"], ["Floor"])
    rule = FreezeRule.objects.get()
    assert (str(rule), rule.is_active, rule.show) == (
        "stop selling General on Web when 3 or fewer are open",
        True,
        show,
    )
    assert choices(manager.get(pages.of(rule)), "tier") == ["General"]
    assert "Stop selling General on Web when 3 or fewer are open Hamlet in force" in pages.words(
        manager.get(pages.listing(FreezeRule))
    )


def test_without_a_show_chosen_every_part_says_whose_it_is(manager: Client) -> None:
    make_show(standing(5))

    assert choices(manager.get(pages.adding(FreezeRule)), "tier") == ["General (Hamlet, 31 Dec 2026)"]


@pytest.mark.parametrize("part", ["tier", "section"])
def test_a_part_of_another_show_is_refused_by_name_and_changes_nothing(manager: Client, part: str) -> None:
    show, other = make_show(standing(5)), make_show(standing(5, tier="pit", section="pit"), slug="othello")
    foreign = {"tier": other.tiers.get(), "section": other.sections.get()}[part]
    rule = FreezeRule.objects.create(show=show, margin=2)

    added = manager.post(pages.adding(FreezeRule), {"show": show.pk, part: foreign.pk, "margin": "3"} | WHY)
    changed = manager.post(pages.of(rule), {part: foreign.pk, "margin": "4"} | WHY)

    for response in (added, changed):
        assert response.status_code == 200
        assert "Pit is of Othello, 31 Dec 2026, not of this show." in pages.words(response)
    kept = FreezeRule.objects.get()
    assert (kept.margin, kept.tier, kept.section) == (2, None, None)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"tier": "", "margin": ""}, "This field is required"),
        ({"tier": "999999", "margin": "1"}, "Select a valid choice"),
        ({"tier": "9" * 30, "margin": "1"}, "Select a valid choice"),
        ({"tier": "x", "margin": "1"}, "Select a valid choice"),
        ({"margin": "-1"}, "greater than or equal to 0"),
        ({"margin": "9" * 12}, "less than or equal to 2147483647"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_the_form(manager: Client, sent: dict[str, str], said: str) -> None:
    show = make_show(standing(5))

    response = manager.post(pages.adding(FreezeRule), {"show": show.pk} | WHY | sent)

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert not FreezeRule.objects.exists()


def test_a_rule_counts_a_tier_or_a_section_and_not_both(manager: Client) -> None:
    show = make_show(standing(5))
    both = {"tier": show.tiers.get().pk, "section": show.sections.get().pk}

    response = manager.post(pages.adding(FreezeRule), {"show": show.pk, "margin": "1"} | WHY | both)

    assert "name one at most" in pages.words(response)
    assert not FreezeRule.objects.exists()


def test_a_rule_that_froze_something_is_kept_and_another_can_go(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    tripped = FreezeRule.objects.create(show=show, channel=web, margin=3)
    unused = FreezeRule.objects.create(show=show, margin=0, is_active=False)
    wanted = Admissions(show.tiers.get().pk, 2)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=By(actor="session:buyer"))

    kept = manager.post(pages.of(tripped, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)
    manager.post(pages.of(unused, "delete"), {"post": "yes", "note": "Not needed."})

    assert "This rule has frozen something: it is kept." in pages.words(kept)
    assert list(FreezeRule.objects.all()) == [tripped]


# Release steps --------------------------------------------------------------------------------------------------------


def test_a_step_of_a_hold_is_planned_from_the_holds_page(manager: Client) -> None:
    show = make_show(standing(5))
    hold = hold_of(show)
    adding = f"{pages.adding(ReleaseStep)}?show={show.pk}&hold={hold.pk}"
    assert adding.replace("&", "&amp;") in manager.get(pages.of(hold.claim)).content.decode()
    assert choices(manager.get(adding), "hold") == ["Press: The Ferry"]

    manager.post(adding, {"show": show.pk, "hold": hold.pk, "share_percent": "50"} | at(TOMORROW) | WHY)

    step = ReleaseStep.objects.get()
    assert (step.hold, step.share_percent, step.at, step.allocation) == (hold, 50, TOMORROW, None)
    assert "Release ladder half on" in pages.words(manager.get(pages.of(hold.claim)))


def test_who_may_not_plan_sees_the_ladder_and_no_way_to_add(auditor: Client) -> None:
    show = make_show(standing(5))
    hold = hold_of(show)
    ReleaseStep.objects.create(show=show, hold=hold, at=TOMORROW, quantity=1)

    text = pages.words(auditor.get(pages.of(hold.claim)))

    assert "Release ladder 1 place on" in text
    assert "Add a step" not in text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"share_percent": "50", "quantity": "3"}, "a share in per cent or a number of places, one of the two"),
        ({}, "a share in per cent or a number of places, one of the two"),
        ({"share_percent": "101"}, "less than or equal to 100"),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"share_percent": "50", "hold": "own"}, "name one of the two"),
        ({"share_percent": "50", "allocation": ""}, "name one of the two"),
        ({"share_percent": "50", "to_allocation": "own"}, "leads to another allocation than its own"),
        ({"share_percent": "50", "allocation": "pool"}, "name where its places go"),
        ({"share_percent": "50", "at": "past"}, "This moment is past. A step lies ahead."),
        ({"share_percent": "50", "allocation": "foreign"}, "Pool is of Othello, 31 Dec 2026, not of this show."),
        ({"share_percent": "50", "to_allocation": "foreign"}, "Pool is of Othello, 31 Dec 2026, not of this show."),
        ({"share_percent": "50", "allocation": "", "hold": "foreign"}, "Press: The Ferry is of Othello, 31 Dec 2026"),
        ({"share_percent": "50", "allocation": "", "hold": "ended"}, "This hold has ended"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_in_the_form(manager: Client, sent: dict[str, str], said: str) -> None:
    show, other = make_show(standing(9)), make_show(standing(9), slug="othello")
    own = slice_of(show)
    ended = hold_of(show)
    release_hold(claim_id=ended.claim_id, by=MANAGER)
    meant = {
        "allocation": {
            "own": own.pk,
            "pool": show.allocations.get(is_pool=True).pk,
            "foreign": other.allocations.get().pk,
        },
        "to_allocation": {"own": own.pk, "foreign": other.allocations.get().pk},
        "hold": {"own": hold_of(show).pk, "foreign": hold_of(other).pk, "ended": ended.pk},
    }
    moment = timezone.now() - timedelta(minutes=1) if sent.get("at") == "past" else TOMORROW
    given = {"allocation": "own"} | {name: value for name, value in sent.items() if name != "at"}
    form = {name: meant.get(name, {}).get(value, value) for name, value in given.items()}

    response = manager.post(pages.adding(ReleaseStep), {"show": show.pk} | WHY | form | at(moment))

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert not ReleaseStep.objects.exists()


def test_a_step_ahead_can_be_changed_and_deleted(manager: Client) -> None:
    show = make_show(standing(9))
    step = ReleaseStep.objects.create(show=show, allocation=slice_of(show), at=TOMORROW, share_percent=50)

    manager.post(pages.of(step), pages.filled_in(manager.get(pages.of(step)), share_percent="", quantity="3"))
    step.refresh_from_db()
    assert (step.share_percent, step.quantity, step.done_at) == (None, 3, None)

    manager.post(pages.of(step, "delete"), {"post": "yes", "note": "Not needed."})
    assert not ReleaseStep.objects.exists()


def test_a_step_that_is_done_is_read_only_and_kept(manager: Client) -> None:
    step = done_step(make_show(standing(9)))
    before = ReleaseStep.objects.values().get()

    page = pages.words(manager.get(pages.of(step)))
    changed = manager.post(pages.of(step), {"share_percent": "100"} | at(TOMORROW))
    deleted = manager.post(pages.of(step, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "done Run due releases" in page
    assert changed.status_code == 403
    assert "This step has been carried out, so it is kept." in pages.words(deleted)
    assert ReleaseStep.objects.values().get() == before


def test_a_step_carried_out_while_its_form_was_open_stays_done(manager: Client) -> None:
    show = make_show(standing(9))
    allocation = slice_of(show)
    ReleaseStep.objects.create(show=show, allocation=allocation, at=TOMORROW, share_percent=50)
    form = pages.filled_in(manager.get(pages.of(allocation))) | {"release_steps-0-share_percent": "100"}
    run_due_releases(show_id=show.pk, now=TOMORROW + timedelta(minutes=1))
    before = ReleaseStep.objects.values().get()

    response = manager.post(pages.of(allocation), form)

    assert "A step was carried out or deleted while this form was open." in pages.words(response)
    assert ReleaseStep.objects.values().get() == before
    assert before["done_at"] is not None


def test_an_allocations_ladder_is_planned_on_its_page(manager: Client) -> None:
    show = make_show(standing(9))
    allocation, other = slice_of(show), Allocation.objects.create(show=show, name="Web first")
    form = pages.filled_in(manager.get(pages.of(allocation)))
    form |= {"release_steps-TOTAL_FORMS": "2"}
    form |= {"release_steps-0-share_percent": "50"} | at(TOMORROW, "release_steps-0-at")
    form |= {"release_steps-1-quantity": "2", "release_steps-1-to_allocation": str(other.pk)}
    form |= at(TOMORROW + timedelta(hours=1), "release_steps-1-at")

    response = manager.post(pages.of(allocation), form)

    assert response.status_code == 302
    steps = ReleaseStep.objects.order_by("at")
    assert [(step.show, step.share_percent, step.quantity, step.to_allocation) for step in steps] == [
        (show, 50, None, None),
        (show, None, 2, other),
    ]

    again = pages.filled_in(manager.get(pages.of(allocation))) | {"release_steps-0-share_percent": "25"}
    manager.post(pages.of(allocation), again)
    assert [step.share_percent for step in steps.all()] == [25, None]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"share_percent": "50", "to_allocation": "foreign"}, "Pool is of Othello, 31 Dec 2026, not of this show."),
        ({"share_percent": "50", "to_allocation": "own"}, "leads to another allocation than its own"),
        ({"share_percent": "50", "quantity": "1"}, "one of the two"),
        ({"share_percent": "50", "at": "past"}, "This moment is past."),
    ],
)
def test_a_step_on_the_allocations_page_that_makes_no_sense_is_refused(
    manager: Client, sent: dict[str, str], said: str
) -> None:
    show, other = make_show(standing(9)), make_show(standing(9), slug="othello")
    allocation = slice_of(show)
    meant = {"foreign": other.allocations.get().pk, "own": allocation.pk}
    moment = timezone.now() - timedelta(minutes=1) if sent.get("at") == "past" else TOMORROW
    step = {f"release_steps-0-{name}": meant.get(value, value) for name, value in sent.items() if name != "at"}
    form = pages.filled_in(manager.get(pages.of(allocation))) | {"release_steps-TOTAL_FORMS": "1"}

    response = manager.post(pages.of(allocation), form | step | at(moment, "release_steps-0-at"))

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert not ReleaseStep.objects.exists()


def test_an_allocation_is_made_with_its_ladder(manager: Client) -> None:
    show = make_show(standing(5))
    form = pages.filled_in(manager.get(pages.adding(Allocation)), name="Counter slice", show=str(show.pk))
    form |= {"release_steps-TOTAL_FORMS": "1", "release_steps-0-share_percent": "100"}
    form |= at(TOMORROW, "release_steps-0-at")

    manager.post(pages.adding(Allocation), form)

    step = ReleaseStep.objects.get()
    assert (step.show, step.allocation and step.allocation.name) == (show, "Counter slice")


def test_what_an_allocation_has_given_back_stands_on_its_page(manager: Client) -> None:
    step = done_step(make_show(standing(9)))
    assert step.allocation is not None

    response = manager.get(pages.of(step.allocation))

    assert "Given back so far half on" in pages.words(response)
    assert "release_steps-0-share_percent" not in response.content.decode()


# Both -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [FreezeRule, ReleaseStep])
def test_three_rows_take_as_many_queries_as_one(
    manager: Client, web: Channel, model: type[Model], django_assert_num_queries: Any
) -> None:
    def plan(slug: str) -> None:
        show = make_show(standing(5), slug=slug)
        FreezeRule.objects.create(show=show, tier=show.tiers.get(), channel=web, margin=1)
        ReleaseStep.objects.create(show=show, hold=hold_of(show), at=TOMORROW, quantity=1)

    plan("one")
    manager.get(pages.listing(model))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.listing(model))
    plan("two")
    plan("three")

    with django_assert_num_queries(len(for_one)):
        assert len(pages.rows(manager.get(pages.listing(model)))) == 3


def test_steps_are_found_by_whether_they_are_done(manager: Client) -> None:
    show = make_show(standing(9))
    done = done_step(show)
    ahead = ReleaseStep.objects.create(show=show, hold=hold_of(show), at=TOMORROW, quantity=1)

    found = [pages.rows(manager.get(pages.listing(ReleaseStep, f"?state={state}"))) for state in ("ahead", "done")]

    assert found == [[ahead], [done]]


@pytest.mark.parametrize("model", [FreezeRule, ReleaseStep])
def test_who_may_only_view_plans_nothing(auditor: Client, model: type[Any]) -> None:
    show = make_show(standing(9))
    rule = FreezeRule.objects.create(show=show, margin=1)
    step = ReleaseStep.objects.create(show=show, allocation=slice_of(show), at=TOMORROW, share_percent=50)
    row = {FreezeRule: rule, ReleaseStep: step}[model]
    before = model._default_manager.values().get()

    assert [auditor.get(address).status_code for address in (pages.listing(model), pages.of(row))] == [200, 200]
    assert auditor.get(pages.adding(model)).status_code == 403
    assert auditor.post(pages.of(row), {"margin": "9", "share_percent": "9"}).status_code == 403
    assert auditor.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}).status_code == 403
    assert model._default_manager.values().get() == before


def test_who_may_change_rules_alone_makes_none(auditor: Client) -> None:
    User.objects.get().user_permissions.add(Permission.objects.get(codename="change_freezerule"))
    show = make_show(standing(9))
    rule = FreezeRule.objects.create(show=show, margin=1)

    auditor.post(pages.of(rule), {"margin": "2", "is_active": "on"} | WHY)

    assert FreezeRule.objects.get().margin == 2
    assert auditor.get(pages.adding(FreezeRule)).status_code == 403


def test_a_show_says_what_it_does_about_single_seats_and_late_payments(manager: Client) -> None:
    show = make_show(standing(2))

    form = pages.filled_in(manager.get(pages.of(show)), orphan_rule="refuse", watch_payment_for_s="3600")
    manager.post(pages.of(show), form)

    show.refresh_from_db()
    assert (show.orphan_rule, show.watch_payment_for_s) == ("refuse", 3600)
