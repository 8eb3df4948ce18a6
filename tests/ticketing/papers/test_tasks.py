"""What beat asks for: every entry names a task that is there, and the post is sent by one worker at a time."""

from __future__ import annotations

import pytest
from django.conf import settings

from config.celery import app
from core.redis import ask
from tests.ticketing.books import make_priced_show
from tests.ticketing.papers.postbox import Postbox
from tests.ticketing.papers.selling import sold
from ticketing.models import Letter
from ticketing.tasks import SENDING, issue_documents, purge_what_is_old, send_letters

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_entry_of_beat_is_a_task() -> None:
    app.loader.import_default_modules()

    assert [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] not in app.tasks] == []


def test_tasks_do_what_is_due_by_the_servers_own_clock(postbox: Postbox) -> None:
    sold(make_priced_show(), contact="ann@example.com")
    Letter.objects.update(kind="refund", about=0)

    assert (issue_documents(), send_letters(), purge_what_is_old()) == (0, 0, 0)
    assert Letter.objects.get().error == "nothing_goes_back"


def test_one_run_of_the_post_at_a_time(postbox: Postbox) -> None:
    sold(make_priced_show(), contact="+919820012345")
    Letter.objects.update(kind="refund", about=0)
    ask("SET", SENDING, 1, "EX", 60)
    try:
        assert send_letters() == 0
        assert Letter.objects.get().tries == 0
    finally:
        ask("DEL", SENDING)

    send_letters()

    assert Letter.objects.get().tries == 1
    assert not ask("EXISTS", SENDING)
