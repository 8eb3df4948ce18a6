"""Every list of the admin, over the demo house: three rows take as many queries as one, and none counts millions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from core.admin import CappedPaginator
from inventory.acts import By
from inventory.models import Channel, Claim, Incident, Show, Tier
from inventory.services.freezes import freeze
from inventory.services.keys import make_key
from tests.inventory.admin import pages
from tests.people import log_in
from ticketing.demo.loading import load_demo
from ticketing.models import GatewayEvent, GuestList, LocalTax, PriceException
from ticketing.services.numbering import issue_due_documents
from ticketing.services.pricing import except_price

# What grows with sales: no list of these counts a whole table.
GROWING = {
    *("inventory.Place", "inventory.Claim", "inventory.Movement", "inventory.Entry", "inventory.Incident"),
    *("ticketing.Order", "ticketing.Payment", "ticketing.Ticket", "ticketing.Refund", "ticketing.Document"),
    *("ticketing.Letter", "ticketing.GatewayEvent", "axes.AccessAttempt", "axes.AccessFailureLog"),
    "admin.LogEntry",
}


@pytest.fixture
def house(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """The demo, with four of whatever it has fewer of: three rows are then a page, and not the last."""
    settings.BASE_DIR = tmp_path
    load_demo(say=lambda _: None, scale=0.05)
    _more_of_the_house()
    _more_of_the_engine_room()


def _more_of_the_house() -> None:
    now = timezone.now()
    show = Show.objects.exclude(tiers=None).order_by("pk")[0]
    by = By(actor="user:1", reason_code="safety")
    for tier in Tier.objects.filter(show=show).order_by("pk")[:3]:
        freeze(show_id=show.pk, tier_id=tier.pk, by=by)
    for number in range(4):
        make_key(channel_id=Channel.objects.get(code="counter").pk, name=f"Till {number}")
        AccessAttempt.objects.create(username=f"somebody{number}", failures_since_start=3, attempt_time=now)
        AccessFailureLog.objects.create(username=f"somebody{number}")
        LogEntry.objects.log_actions(User.objects.get(username="manager").pk, [show], CHANGE, f"Pause {number}")
        GatewayEvent.objects.create(gateway="razorpay", event_id=f"evt{number}", sealed=b"", received_at=now)
        GuestList.objects.create(
            show=show,
            claim=Claim.objects.filter(show=show, kind="hold")[0],
            actor="user:1",
            title=f"List {number}",
            digest=str(number),
            reason_code="promotion",
            issued_at=now,
            guest_count=1,
            ticket_count=1,
        )
        LocalTax.objects.create(code=f"town-{number}", name=f"Town {number}")
        Incident.objects.create(
            kind="lock_refused_by_freeze", show=show, subject=f"tier:{number}", hour_at=now, times=1, last_at=now
        )
    for tier in Tier.objects.exclude(pk__in=PriceException.objects.values("tier")).exclude(prices=None)[:3]:
        except_price(
            tier_id=tier.pk,
            channel_id=Channel.objects.get(code="counter").pk,
            paise=50_000,
            reason_code="staff",
            note="Staff evening",
            approver_id=User.objects.get(username="manager").pk,
            ends_at=now + timedelta(days=9),
            by=by,
        )
    issue_due_documents(now=now + timedelta(minutes=5))


def _more_of_the_engine_room() -> None:
    for number in range(1, 5):
        every = IntervalSchedule.objects.create(every=number, period="seconds")
        PeriodicTask.objects.create(name=f"task {number}", task="some.task", interval=every)
        CrontabSchedule.objects.create(minute=str(number))
        ClockedSchedule.objects.create(clocked_time=timezone.now() + timedelta(hours=number))
        SolarSchedule.objects.create(event="dusk", latitude=number, longitude=number)


def _lists() -> Iterator[tuple[type[Model], Any]]:
    yield from admin.site._registry.items()


def test_three_rows_take_as_many_queries_as_one_in_every_list(
    house: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, User.objects.get(username="administrator"))
    too_few, took = [], {}
    for model, its_admin in _lists():
        for many in (1, 3):
            monkeypatch.setattr(its_admin, "list_per_page", many, raising=False)
            response = client.get(pages.listing(model), follow=True)  # some lists send on to the show that is next
            address = response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]
            with CaptureQueriesContext(connection) as asked:
                shown = len(pages.rows(client.get(address)))
            took[model._meta.label, many] = len(asked)
            if shown < many:
                too_few.append(model._meta.label)

    assert too_few == [], "make four of these above"
    # One more may be a second look for what the first row had none of; a query for each row would be two more.
    more = {name: (one, took[name, 3]) for (name, many), one in took.items() if many == 1 and took[name, 3] > one + 1}
    assert more == {}


def test_no_list_of_what_grows_counts_a_whole_table() -> None:
    its_admins = {model._meta.label: its_admin for model, its_admin in _lists()}
    counts = {name: (its_admins[name].show_full_result_count, its_admins[name].paginator) for name in sorted(GROWING)}

    assert counts == dict.fromkeys(sorted(GROWING), (False, CappedPaginator))
