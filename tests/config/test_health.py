"""The health page: safe to sell or not, and what is late."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from inventory.acts import Admissions
from inventory.models import Channel
from inventory.services.locking import lock_places
from inventory.tasks import SWEPT_AT, sweep_expired_locks
from tests.database import owner
from tests.houses import MANAGER, make_show, standing, statuses

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sound_system_says_so(client: Client) -> None:
    cache.set(SWEPT_AT, time.time() - 5)

    answer = client.get("/health/")

    body = answer.json()
    age = body.pop("sweep_age_s")
    assert (answer.status_code, body) == (
        200, {"database": "ok", "ledger": "ok", "overdue_locks": 0, "broker": "ok"},
    )  # fmt: skip
    assert 5 <= age < 60


def test_a_late_sweep_is_told_and_is_no_alarm(client: Client) -> None:
    show = make_show(standing(2))
    wanted = Admissions(show.tiers.get().pk, 1)
    past = timezone.now() - timedelta(hours=1)
    web = Channel.objects.get(code="web")
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=MANAGER, now=past)
    cache.delete(SWEPT_AT)

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()["overdue_locks"], answer.json()["sweep_age_s"]) == (200, 1, None)


def test_a_ledger_without_its_referee_is_an_alarm(client: Client) -> None:
    with owner() as connected:
        connected.execute("ALTER TABLE inventory_place DISABLE TRIGGER place_updated")
    try:
        answer = client.get("/health/")
    finally:
        with owner() as connected:
            connected.execute("ALTER TABLE inventory_place ENABLE TRIGGER place_updated")

    assert (answer.status_code, answer.json()["ledger"]) == (503, "unsafe")


def test_a_lost_broker_is_said_and_stops_no_sale(client: Client, settings: object) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()["broker"]) == (200, "unreachable")


def test_the_task_sweeps_and_says_when(transactional_db: None) -> None:
    show = make_show(standing(2))
    web = Channel.objects.get(code="web")
    past = timezone.now() - timedelta(hours=1)
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Admissions(show.tiers.get().pk, 2), by=MANAGER, now=past)
    cache.delete(SWEPT_AT)

    assert sweep_expired_locks() == 2
    assert statuses(show) == {"open": 2}
    assert time.time() - cache.get(SWEPT_AT) < 60
