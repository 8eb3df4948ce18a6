"""Whatever people edit in the admin, they say why: it is asked for, written down, and read by whoever may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from core.admin import CatalogAdmin
from inventory.models import Allocation, Channel, FreezeRule, ReleaseStep, Section, Show, Tier, Venue
from inventory.services.keys import make_key
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show
from ticketing.models import EventCategory, LocalTax, Seller, Terms

WHY = "As the organiser asks <b>now</b>."
EDITED: list[type[Model]] = [
    *(Allocation, Channel, ClockedSchedule, CrontabSchedule, EventCategory, FreezeRule, Group, IntervalSchedule),
    *(LocalTax, PeriodicTask, ReleaseStep, Section, Seller, Show, SolarSchedule, Terms, Tier, User, Venue),
]


@pytest.fixture
def one_of_each(transactional_db: None) -> Iterator[None]:
    show = make_priced_show()
    later = timezone.now() + timedelta(days=2)
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    Allocation.objects.create(show=show, name="Never used")
    ReleaseStep.objects.create(show=show, allocation=slice_, at=later, share_percent=50)
    FreezeRule.objects.create(show=show, margin=1)
    Channel.objects.create(code="tiffin", name="Tiffin", kind="partner")
    LocalTax.objects.create(code="town", name="Town")
    Group.objects.create(name="Ushers")
    User.objects.create_user("newcomer", is_staff=True)
    CrontabSchedule.objects.create(minute="7")
    ClockedSchedule.objects.create(clocked_time=later)
    SolarSchedule.objects.create(event="dusk_civil", latitude=1, longitude=1)
    every = IntervalSchedule.objects.create(every=3, period="hours")
    PeriodicTask.objects.create(name="nightly", task="some.task", interval=every)
    yield
    Group.objects.filter(name="Ushers").delete()  # groups come with migrations, so no test empties their table


def latest(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk").last()


def said_of(browser: Client, row: Model) -> str:
    return pages.words(browser.get(pages.of(row, "history")))


def test_whatever_can_be_edited_asks_why(rf: RequestFactory, django_user_model: type[User]) -> None:
    request = rf.get("/")
    request.user = django_user_model(is_superuser=True, is_staff=True, is_active=True)
    edited = {model: its for model, its in admin.site._registry.items() if its.has_change_permission(request)}

    assert set(edited) == set(EDITED)
    assert [model for model, its in edited.items() if not isinstance(its, CatalogAdmin)] == []
    assert [model for model, its in edited.items() if list(its.get_actions(request))] == []  # many at once, and no why


@pytest.mark.parametrize("model", EDITED)
def test_no_row_is_changed_without_a_why_and_its_history_tells_it(
    manager: Client, one_of_each: None, model: type[Model]
) -> None:
    row = latest(model)
    sent = pages.filled_in(manager.get(pages.of(row)))
    assert "note" in sent
    sent |= {many.name: [] for many in row._meta.many_to_many if many.name in sent}

    refused = manager.post(pages.of(row), sent | {"note": " "})

    assert refused.status_code == 200 and refused.context["adminform"].form.errors.keys() == {"note"}
    assert not LogEntry.objects.filter(action_flag=CHANGE).exists()
    assert manager.post(pages.of(row), sent | {"note": WHY}).status_code == 302
    assert WHY in said_of(manager, row)
    assert b"<b>now</b>" not in manager.get(pages.of(row, "history")).content


@pytest.mark.parametrize(
    "model", [Allocation, Channel, FreezeRule, Group, IntervalSchedule, LocalTax, PeriodicTask, ReleaseStep, User]
)
def test_no_row_is_deleted_without_a_why_and_the_log_keeps_it(
    manager: Client, one_of_each: None, model: type[Model]
) -> None:
    row = latest(model)
    address = pages.of(row, "delete")
    assert "It is gone for good, with all of this:" in pages.words(manager.get(address))

    asked = manager.post(address, {"post": "yes", "note": ""})

    assert asked.status_code == 200 and "This field is required." in pages.words(asked)
    assert type(row)._default_manager.filter(pk=row.pk).exists()
    assert manager.post(address, {"post": "yes", "note": WHY}).status_code == 302
    assert not type(row)._default_manager.filter(pk=row.pk).exists()
    entry = LogEntry.objects.get(action_flag=DELETION)
    assert (entry.change_message, entry.user.username) == (WHY, "manager")
    assert WHY in pages.words(manager.get(pages.listing(LogEntry)))


def test_who_only_reads_is_not_asked(may: Callable[..., Client], one_of_each: None) -> None:
    reader = may("inventory.view_freezerule", "inventory.view_channel", "ticketing.view_terms")
    for model in (FreezeRule, Channel, Terms):
        page = reader.get(pages.of(latest(model)))
        assert page.status_code == 200 and 'name="note"' not in page.content.decode()


def test_a_new_rule_says_why_and_a_new_channel_does_not(manager: Client, one_of_each: None) -> None:
    rule, show = {"margin": "3", "is_active": "on"}, Show.objects.get()

    assert manager.post(pages.adding(FreezeRule), rule | {"show": show.pk}).status_code == 200
    manager.post(pages.adding(FreezeRule), rule | {"show": show.pk, "note": WHY})
    channel = {"code": "stall", "name": "Stall", "kind": "partner", "is_active": "on"}
    manager.post(pages.adding(Channel), channel)

    added = {
        str(entry.content_type): entry.get_change_message() for entry in LogEntry.objects.filter(action_flag=ADDITION)
    }
    assert added == {"Inventory | freeze rule": f"Added. {WHY}", "Inventory | channel": "Added."}


def test_the_box_is_not_filled_in_by_whoever_made_the_link(manager: Client, one_of_each: None) -> None:
    for model in (FreezeRule, Terms):
        page = manager.get(pages.adding(model) + "?note=Never+mind")
        assert page.context["adminform"].form["note"].value() == ""


# People ---------------------------------------------------------------------------------------------------------------


def test_what_was_granted_is_written_down_by_name(manager: Client, one_of_each: None) -> None:
    user = User.objects.get(username="newcomer")
    groups = Group.objects.filter(name__in=["Finance", "Ushers"]).values_list("pk", flat=True)
    sent = pages.filled_in(manager.get(pages.of(user))) | {"user_permissions": [], "note": WHY}

    manager.post(pages.of(user), sent | {"groups": list(groups)})
    manager.post(pages.of(user), sent | {"groups": groups.filter(name="Ushers")})

    said = said_of(manager, user)
    assert "Groups: with Finance, Ushers." in said
    assert "Groups: without Finance." in said


def test_another_password_says_why(manager: Client, one_of_each: None) -> None:
    user = User.objects.get(username="newcomer")
    address = f"/admin/auth/user/{user.pk}/password/"
    sent = {"usable_password": "true", "password1": "a-long-pass-word", "password2": "a-long-pass-word"}

    assert manager.post(address, sent).status_code == 200
    assert manager.post(address, sent | {"note": WHY}).status_code == 302

    assert f"Changed password. {WHY}" in said_of(manager, user)


def test_who_has_acted_is_never_deleted_and_their_words_stay(manager: Client, one_of_each: None) -> None:
    clerk = User.objects.get(username="newcomer")
    LogEntry.objects.log_actions(clerk.pk, [Show.objects.get()], CHANGE, "Prices set: As agreed.")

    told = pages.words(manager.post(pages.of(clerk, "delete"), {"post": "yes", "note": WHY}, follow=True))

    assert "Their name stands beside what they did, so it is kept." in told
    assert LogEntry.objects.filter(user=clerk).exists()


# The log --------------------------------------------------------------------------------------------------------------


def test_the_log_is_read_by_whoever_may_and_written_by_nobody(may: Callable[..., Client], one_of_each: None) -> None:
    reader = may("admin.view_logentry", "inventory.view_show")
    show = Show.objects.get()
    (entry,) = LogEntry.objects.log_actions(User.objects.get(username="clerk").pk, [show], CHANGE, "Paused: rain.")
    entry = LogEntry.objects.get()

    listed = reader.get(pages.listing(LogEntry))

    assert "clerk did show Hamlet" in pages.words(listed) and "Paused: rain." in pages.words(listed)
    assert pages.of(show) in listed.content.decode()
    assert "Paused: rain." in pages.words(reader.get(pages.of(entry)))
    assert reader.post(pages.of(entry), {"change_message": "Nothing."}).status_code == 403
    assert reader.post(pages.of(entry, "delete"), {"post": "yes", "note": WHY}).status_code == 403


def test_a_keys_page_says_who_made_it_and_why(manager: Client, one_of_each: None) -> None:
    counter = Channel.objects.get(code="counter")
    key, _ = make_key(channel_id=counter.pk, name="Till 1")
    manager.post("/admin/inventory/apikey/add/", {"channel": counter.pk, "name": "Till 2", "note": WHY})
    manager.post(pages.of(key, "revoke"), {"note": "Lost."})

    made = pages.words(manager.get(pages.of(type(key).objects.latest("pk"))))
    assert "manager," in made and f"Made for Counter: {WHY}" in made
    assert "Revoked: Lost." in pages.words(manager.get(pages.of(key)))


def test_an_order_says_who_sent_its_tickets_and_why(manager: Client) -> None:
    order = sold(make_priced_show())
    manager.post(pages.of(order, "print"), {"reason": "not_arrived", "note": "Wrong letter in it."})

    assert "Tickets printed: the mail did not arrive, or the phone does not work: Wrong letter in it." in pages.words(
        manager.get(pages.of(order))
    )
