"""Freeze and thaw in the admin: who may, what is asked, what is refused and changes nothing; and the facts of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.acts import Admissions, By
from inventory.models import Channel, Freeze, FreezeRule, Incident, Movement, Show
from inventory.services.freezes import freeze, thaw
from inventory.services.locking import lock_places
from inventory.services.refusals import Frozen
from tests.houses import make_show, standing
from tests.inventory.admin import pages
from tests.people import log_in

WHY = By(actor="user:1", reason_code="sync_lag", note="The till is behind.")


def freezing(show: Show) -> str:
    return reverse("admin:inventory_show_freeze", args=[show.pk])


def thawing(frozen: Freeze) -> str:
    return reverse("admin:inventory_freeze_thaw", args=[frozen.pk])


def stock_page(show: Show) -> str:
    return reverse("admin:inventory_show_stock", args=[show.pk])


def buy(show: Show, channel: Channel, quantity: int = 1) -> None:
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=By(actor="session:buyer"))


def asked(**fields: Any) -> dict[str, Any]:
    return {"what": "", "channel": "", "reason": "sync_lag", "other": "", "note": ""} | fields


def frozen_of(show: Show) -> list[tuple[str, str]]:
    return [(str(row), row.frozen.reason_code) for row in Freeze.objects.filter(show=show, thawed=None).order_by("pk")]


# Freeze ---------------------------------------------------------------------------------------------------------------


def test_a_tier_a_section_and_a_channel_are_frozen_by_form(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    tier, section = show.tiers.get(), show.sections.get()

    for sent in (
        asked(what=f"tier:{tier.pk}", note="Ask Ravi."),
        asked(what=f"section:{section.pk}", channel=str(web.pk), reason="safety"),
        asked(channel=str(web.pk), reason="other", other="rain_delay"),
    ):
        response = manager.post(freezing(show), sent)
        assert (response.status_code, response["Location"]) == (302, stock_page(show))

    assert frozen_of(show) == [
        ("General on all channels", "sync_lag"),
        ("Floor on Web", "safety"),
        ("everything on Web", "rain_delay"),
    ]
    first = Movement.objects.filter(verb="freeze").order_by("pk")[0]
    assert (first.actor, first.note.text) == (f"user:{User.objects.get().pk}", "Ask Ravi.")
    assert "Frozen: General on all channels." in pages.words(manager.get(stock_page(show)))


def test_what_was_clicked_is_chosen_already(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    tier = show.tiers.get()

    html = manager.get(f"{freezing(show)}?what=tier:{tier.pk}&channel={web.pk}").content.decode()

    assert f'<option value="tier:{tier.pk}" selected>' in html
    assert f'<option value="{web.pk}" selected>' in html


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (asked(), "Name a tier, a section or a channel of this show to freeze"),
        (asked(what="tier:0"), "Select a valid choice"),
        (asked(what="section:999"), "Select a valid choice"),
        (asked(channel="999"), "Select a valid choice"),
        (asked(channel="web", reason=""), "This field is required"),
        (asked(channel="web", reason="other"), "Name the reason by a code of your own."),
        (asked(channel="web", reason="other", other="No, why?"), "A code is small letters, digits and underscores"),
        (asked(channel="web", note="x" * 501), "at most 500 characters"),
    ],
)
def test_a_freeze_that_does_not_say_what_or_why_is_refused_in_the_form(
    manager: Client, web: Channel, sent: dict[str, Any], said: str
) -> None:
    show = make_show(standing(5))
    sent = sent | ({"channel": str(web.pk)} if sent["channel"] == "web" else {})

    response = manager.post(freezing(show), sent)

    assert response.status_code == 200
    assert said in pages.words(response)
    assert not Freeze.objects.exists()
    assert not Movement.objects.filter(verb="freeze").exists()


def test_another_shows_tier_cannot_be_frozen_here(manager: Client) -> None:
    show, other = make_show(standing(5)), make_show(standing(5), slug="othello")

    manager.post(freezing(show), asked(what=f"tier:{other.tiers.get().pk}"))

    assert not Freeze.objects.exists()


def test_what_is_frozen_already_is_said_to_be_and_stays_frozen_once(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    response = manager.post(freezing(show), asked(channel=str(web.pk)))

    assert "This is frozen already." in pages.words(response)
    assert frozen_of(show) == [("everything on Web", "sync_lag")]


# Thaw -----------------------------------------------------------------------------------------------------------------


def test_a_freeze_is_thawed_for_a_reason_and_selling_goes_on(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    page = pages.words(manager.get(thawing(frozen)))
    response = manager.post(thawing(frozen), {"reason": "counted", "other": "", "note": ""})

    assert "Thaw: everything on Web, Hamlet" in page
    assert "a till or a device is behind with its sales: The till is behind." in page
    assert "No rule in force stops any of this: whether it is safe is for you to say." in page
    assert (response.status_code, response["Location"]) == (302, stock_page(show))
    frozen.refresh_from_db()
    assert frozen.thawed is not None
    assert (frozen.thawed.reason_code, frozen.thawed.actor) == ("counted", f"user:{User.objects.get().pk}")
    buy(show, web)


def test_a_thaw_near_the_rules_line_warns_that_the_rule_trips_again_at_once(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    FreezeRule.objects.create(show=show, channel=web, margin=2)
    buy(show, web, 3)
    frozen = Freeze.objects.get()

    page = pages.words(manager.get(thawing(frozen)))

    assert "The rule that froze it: stop selling everything on Web when 2 or fewer are open." in page
    assert "Not yet: 2 open, the line is 2. Safe once 1 more place is open." in page
    assert "It is not safe yet: thawed now, the next sale trips the rule and freezes it again at once." in page


def test_a_thaw_far_from_the_rules_line_is_said_to_be_safe(manager: Client, web: Channel, counter: Channel) -> None:
    show = make_show(standing(5))
    FreezeRule.objects.create(show=show, channel=web, margin=2)
    FreezeRule.objects.create(show=show, channel=counter, margin=5)
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    page = pages.words(manager.get(thawing(frozen)))

    assert "A rule over it: stop selling everything on Web when 2 or fewer are open." in page
    assert "Safe now: 5 open, the line is 2; it stops again after 3 more." in page
    assert "By the rules it is safe to thaw now. It was frozen by a person" in page
    assert "on Counter when" not in page


def test_a_thaw_without_a_reason_is_refused_in_the_form(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    response = manager.post(thawing(frozen), {"reason": ""})

    assert (response.status_code, "This field is required" in pages.words(response)) == (200, True)
    assert frozen_of(show) == [("everything on Web", "sync_lag")]


def test_what_was_thawed_already_is_said_to_be_and_keeps_its_thaw(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    frozen = thaw(freeze_id=freeze(show_id=show.pk, channel_id=web.pk, by=WHY).pk, by=WHY)

    response = manager.post(thawing(frozen), {"reason": "counted"})

    assert "This freeze was thawed already." in pages.words(response)
    assert "was thawed before." in pages.words(manager.get(thawing(frozen), follow=True))
    assert Freeze.objects.get().thawed == frozen.thawed
    assert Movement.objects.filter(verb="thaw").count() == 1


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codename", ["", "add_freeze", "change_freeze"])
def test_each_verb_asks_for_its_own_permission(auditor: Client, web: Channel, codename: str) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=WHY)
    verbs = {
        "add_freeze": (freezing(show), asked(channel=str(web.pk))),
        "change_freeze": (thawing(frozen), {"reason": "counted"}),
    }

    for needed, (address, sent) in verbs.items():
        may = needed == codename
        assert auditor.get(address).status_code == (200 if may else 403)
        assert auditor.post(address, sent).status_code == (302 if may else 403)

    assert Freeze.objects.filter(channel=web).exists() == (codename == "add_freeze")
    assert Freeze.objects.filter(thawed=None, channel=None).exists() == (codename != "change_freeze")


def test_nobody_freezes_without_logging_in(transactional_db: None, client: Client, web: Channel) -> None:
    show = make_show(standing(5))

    assert client.post(freezing(show), asked(channel=str(web.pk))).status_code == 302
    assert not Freeze.objects.exists()


@pytest.mark.parametrize("address", ["show/0/freeze/", "show/x/freeze/", "freeze/0/thaw/", f"freeze/{'9' * 30}/thaw/"])
def test_what_is_not_there_is_not_found(manager: Client, address: str) -> None:
    assert manager.get(f"/admin/inventory/{address}").status_code == 404


# The facts ------------------------------------------------------------------------------------------------------------


def test_the_list_of_freezes_tells_who_froze_and_who_thawed(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    boss = By(f"user:{User.objects.get().pk}", reason_code="safety")
    thaw(freeze_id=freeze(show_id=show.pk, channel_id=web.pk, by=boss).pk, by=boss)
    FreezeRule.objects.create(show=show, margin=4)
    with pytest.raises(Frozen):
        for _ in range(2):
            buy(show, web)

    text = pages.words(manager.get(pages.listing(Freeze)))
    in_force = pages.rows(manager.get(pages.listing(Freeze, "?state=frozen")))

    assert "everything on Web Hamlet thawed" in text
    assert "manager Safety of the house" in text
    assert "a rule stop selling everything on every channel when 4 or fewer are open" in text
    assert [row.rule_id is not None for row in in_force] == [True]


def test_a_freeze_by_rule_that_nobody_thawed_can_be_thawed_from_its_page(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)

    assert thawing(frozen) in manager.get(pages.of(frozen)).content.decode()


def test_an_incident_tells_which_freeze_refused_how_often(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    frozen = freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    for _ in range(2):
        with pytest.raises(Frozen):
            buy(show, web)

    response = manager.get(pages.listing(Incident))

    assert "Lock refused by a freeze Hamlet Web everything on Web 2 in the hour from" in pages.words(response)
    assert pages.of(frozen) in response.content.decode()
    assert "everything on Web" in pages.words(manager.get(pages.of(Incident.objects.get())))


@pytest.mark.parametrize("model", [Freeze, Incident])
def test_freezes_and_incidents_are_looked_at_and_never_edited(
    auditor: Client, web: Channel, model: type[Freeze] | type[Incident]
) -> None:
    show = make_show(standing(5))
    freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
    with pytest.raises(Frozen):
        buy(show, web)
    row = model._default_manager.get()

    assert [auditor.get(address).status_code for address in (pages.listing(model), pages.of(row))] == [200, 200]
    log_in(auditor, User.objects.create_superuser("boss"))
    assert auditor.get(pages.adding(model)).status_code == 403
    assert auditor.post(pages.of(row), {"channel": ""}).status_code == 403
    assert auditor.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}).status_code == 403


@pytest.mark.parametrize("model", [Freeze, Incident])
def test_three_rows_take_as_many_queries_as_one(
    manager: Client, web: Channel, model: type[Freeze] | type[Incident], django_assert_num_queries: Any
) -> None:
    def stop(slug: str) -> None:
        show = make_show(standing(3), slug=slug)
        freeze(show_id=show.pk, channel_id=web.pk, by=WHY)
        with pytest.raises(Frozen):
            buy(show, web)

    stop("one")
    manager.get(pages.listing(model))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.listing(model))
    stop("two")
    stop("three")

    with django_assert_num_queries(len(for_one)):
        assert len(pages.rows(manager.get(pages.listing(model)))) == 3
