"""The demo: loaded once, sound, and on tonight whatever the hour."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.http import HttpRequest
from django.utils import timezone

from inventory.demo import life, loading, programme
from inventory.demo.loading import ROLES, load_demo, logins_file
from inventory.models import (
    Channel,
    Claim,
    Freeze,
    FreezeRule,
    Incident,
    Movement,
    Place,
    ReleaseStep,
    Show,
    Venue,
)
from inventory.models.ledger import Verb
from inventory.queries.verify import verify
from tests.database import superuser
from tests.houses import make_show

LATE = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)  # 23:35 in India

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def checkout(settings: Any, tmp_path: Path) -> Path:
    """A checkout of its own, so that the tests leave the real `var/demo.json` alone."""
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small hall's shows alone, where a test is not about the houses."""
    houses = [one for one in programme.PROGRAMME if one.venue == "tin-box"]
    monkeypatch.setattr(loading, "PROGRAMME", houses)


def load(**fields: Any) -> list[str]:
    said: list[str] = []
    load_demo(say=said.append, **fields)
    return said


def test_the_whole_demo_is_sound_and_shows_every_kind_of_thing() -> None:
    said = load(now=LATE, scale=0.1)
    with superuser() as free:  # as autovacuum does within a minute
        free.execute("ANALYZE")

    shows = list(Show.objects.all())
    assert len(said) == len(shows) + 1
    assert [show.slug for show in shows if not verify(show).is_sound] == []
    tonight = [show for show in shows if timezone.localdate(show.starts_at) == timezone.localdate(LATE)]
    assert [timezone.localtime(show.starts_at).hour for show in tonight] == [19, 19, 20]
    assert len(shows) - len(tonight) >= 3
    assert {show.venue.state_code for show in shows} == {"27", "29"}
    assert set(Claim.objects.values_list("kind", flat=True)) >= {"lock", "hold", "kill", "sale"}
    assert set(Channel.objects.values_list("kind", flat=True)) == {"web", "counter", "partner"}
    assert set(Place.objects.values_list("allocation__name", flat=True)) >= {"Pool", "Counter slice", "Web first"}
    live = Claim.objects.filter(kind="lock", ended_at=None)
    assert live.filter(phase="paying", due_at__gt=LATE).exists()
    assert live.filter(phase="browsing", due_at__gt=LATE).exists()
    assert live.filter(due_at__lte=LATE).exists()
    assert ReleaseStep.objects.filter(done_at=None).exists()
    assert FreezeRule.objects.exists()
    assert [(str(freeze), freeze.rule) for freeze in Freeze.objects.all()] == [
        ("Balcony on Tiffin Tickets (partner)", None)
    ]
    assert [incident.times for incident in Incident.objects.all()] == [3]


def test_the_counter_gives_half_of_its_slice_back_two_days_before_the_show(short: None) -> None:
    load(now=LATE, scale=0.2)

    steps = ReleaseStep.objects.filter(show__slug="the-last-tonga").order_by("at")
    assert [(step.share_percent, step.show.starts_at - step.at) for step in steps] == [
        (50, timedelta(days=2)),
        (100, timedelta(hours=2)),
    ]
    assert steps[0].movement is not None
    assert steps[0].movement.quantity > 0


def test_twice_is_once(short: None, checkout: Path) -> None:
    load(scale=0.2)
    before = Show.objects.count(), Movement.objects.count(), User.objects.count(), logins_file().read_text()

    out = StringIO()
    call_command("load_demo", stdout=out)

    assert out.getvalue() == "There are shows already: nothing was loaded. The logins are in var/demo.json.\n"
    assert before == (Show.objects.count(), Movement.objects.count(), User.objects.count(), logins_file().read_text())


def test_its_people_buy_return_and_think_better_of_it(short: None) -> None:
    load(now=LATE)

    verbs = set(Movement.objects.values_list("verb", flat=True))
    assert Movement.objects.filter(verb=Verb.COMMIT_LOCK).count() > 80
    assert verbs >= {Verb.RETURN_SOLD, Verb.RELEASE_LOCK, Verb.EXPIRE_LOCKS, Verb.RELEASE_HOLD}


def test_every_role_has_a_login_and_only_its_owner_can_read_them(short: None) -> None:
    load(scale=0.1)

    file = logins_file()
    logins = json.loads(file.read_text())["logins"]
    users = {
        login["username"]: authenticate(HttpRequest(), username=login["username"], password=login["password"])
        for login in logins
    }
    assert file.stat().st_mode & 0o777 == 0o600
    groups = {name: [group.name for group in user.groups.all()] for name, user in users.items() if user}
    assert groups == {name: [role] if role else [] for name, role in ROLES.items()}
    assert [name for name, user in users.items() if user and user.is_superuser] == ["administrator"]
    assert {role for role in ROLES.values() if role} == set(Group.objects.values_list("name", flat=True))


def test_a_user_who_is_there_already_keeps_the_password(short: None) -> None:
    User.objects.create_user("manager", password="mine")

    said = load(scale=0.1)

    assert "The user manager exists already and keeps the password." in said
    assert authenticate(HttpRequest(), username="manager", password="mine") is not None
    assert [login["username"] for login in json.loads(logins_file().read_text())["logins"]] == [
        name for name in ROLES if name != "manager"
    ]


def test_with_shows_and_without_the_file_it_says_what_can_be_done() -> None:
    make_show()

    assert load() == [
        "There are shows already: nothing was loaded. var/demo.json is gone, and passwords cannot be read back: "
        "`manage.py changepassword USER` gives a new one.",
    ]
    assert not logins_file().exists()


def test_a_show_that_fails_leaves_no_half_of_a_demo(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def live(show: Show, *args: Any, **fields: Any) -> int:
        sales = life.live(show, *args, **fields)
        if show.slug != "the-last-tonga":
            raise RuntimeError("the second show fails")
        return sales

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(loading, "live", live)
        load(scale=0.1)

    assert (Show.objects.count(), Venue.objects.count(), logins_file().exists()) == (0, 0, True)
    load(scale=0.1)
    assert Show.objects.exists()
