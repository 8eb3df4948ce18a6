"""The demo: a login for every role, three venues, and shows with a past, so that every page has something true to show.

A show is the sign that it has been loaded, so all shows come in one transaction: there is a whole demo, or none.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from core import second_factor
from inventory.acts import By
from inventory.demo.life import BEFORE, live
from inventory.demo.programme import PARTNER, PROGRAMME, VENUES, Performance
from inventory.demo.shops import NoMoney, Shop
from inventory.manifest.files import read_manifest
from inventory.manifest.house import House
from inventory.models import Channel, Show, Venue
from inventory.services.manifests import load_manifest

SEED = 1913
ADMINISTRATOR, MANAGER = "administrator", "manager"
# Who there is, and of which group, as migrations made it; the administrator is of none and may do everything.
ROLES = {
    MANAGER: "Box-office manager",
    "assistant": "Box-office assistant",
    "counter": "Counter staff",
    "supervisor": "Gate supervisor",
    "gate": "Gate staff",
    "finance": "Finance",
    "auditor": "Auditor",
    ADMINISTRATOR: "",
}
Say = Callable[[str], None]


def load_demo(
    *,
    say: Say,
    now: datetime | None = None,
    scale: float = 1.0,
    shop: Shop | None = None,
) -> bool:
    """Load the demo unless there is a show already; whether it did. `say` hears a line for every step.

    Shows lie around `now`: some on the evening of its day, whatever the hour, the others in the days after. `scale`
    thins the sales out. `shop` sells, without money if none is given.
    """
    if Show.objects.exists():
        say(f"There are shows already: nothing was loaded. {_about_the_logins()}")
        return False
    moment = now or timezone.now()
    manager = make_logins(say)
    with transaction.atomic():
        _put_on_everything(manager, moment, scale, shop or NoMoney(), say)
    return True


def _put_on_everything(manager: User, moment: datetime, scale: float, shop: Shop, say: Say) -> None:
    venues = {slug: Venue.objects.get_or_create(slug=slug, defaults=fields)[0] for slug, fields in VENUES.items()}
    Channel.objects.get_or_create(code=PARTNER["code"], defaults=PARTNER)
    rng = Random(SEED)  # noqa: S311  a demo: the same every time
    by = By(f"user:{manager.pk}")
    houses: dict[Callable[[], str], House] = {}
    for performance in PROGRAMME:
        if performance.csv and performance.csv not in houses:
            houses[performance.csv] = read_manifest("house.csv", performance.csv().encode())
        house = houses[performance.csv] if performance.csv else None
        say(_put_on(performance, venues[performance.venue], house, shop, rng, moment, by, scale))


def make_logins(say: Say) -> User:
    """Make the logins that are missing and write their passwords to `var/demo.json`; returns the manager.

    A user of that name who is there already keeps the password, and appears in the file only if the file knows it.
    """
    known = {login["username"]: login for login in _read_logins()}
    with transaction.atomic():
        for username, role in ROLES.items():
            if User.objects.filter(username=username).exists():
                say(f"The user {username} exists already and keeps the password.")
                continue
            password = secrets.token_urlsafe(9)
            if role:
                user = User.objects.create_user(username, password=password, is_staff=True)
                user.groups.add(Group.objects.get(name=role))
            else:
                user = User.objects.create_superuser(username, password=password)
            known[username] = {"username": username, "password": password, "role": role or "may do everything"}
            if second_factor.is_needed(user):
                known[username]["key"] = second_factor.take_phone(user)
        # Written before the commit: a login nobody knows the password of must not be left behind.
        _write_logins([known[username] for username in ROLES if username in known])
    say(f"Logins {', '.join(ROLES)}: see var/{logins_file().name}.")
    return User.objects.get(username=MANAGER)


def logins_file() -> Path:
    """Where the demo's passwords lie, readable by the owner of the checkout alone."""
    return Path(settings.BASE_DIR) / "var" / "demo.json"


def _read_logins() -> list[dict[str, str]]:
    file = logins_file()
    if not file.exists():
        return []
    logins: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))["logins"]
    return logins


def _write_logins(logins: list[dict[str, str]]) -> None:
    file = logins_file()
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"logins": logins}, out, indent=2)


def _about_the_logins() -> str:
    if logins_file().exists():
        return "The logins are in var/demo.json."
    return "var/demo.json is gone, and passwords cannot be read back: `manage.py changepassword USER` gives a new one."


def _put_on(
    performance: Performance,
    venue: Venue,
    house: House | None,
    shop: Shop,
    rng: Random,
    now: datetime,
    manager: By,
    scale: float,
) -> str:
    day = timezone.localdate(now) + timedelta(days=performance.in_days)
    show = Show.objects.create(
        venue=venue,
        title=performance.title,
        slug=performance.slug,
        starts_at=timezone.make_aware(datetime.combine(day, performance.at)),
        state=Show.State.ON_SALE if house else performance.state,
    )
    when = f"{timezone.localtime(show.starts_at):%a %d %b %H:%M}"
    if house is None:
        return f"{show.title}, {when}: no house yet"
    load_manifest(show_id=show.pk, house=house, by=manager, now=now - BEFORE - timedelta(hours=1))
    sales = live(show, performance.plan, shop=shop, rng=rng, now=now, manager=manager, scale=scale)
    Show.objects.filter(pk=show.pk).update(state=performance.state)
    return f"{show.title}, {when}: {len(house.spots):,} places, {sales} buyers"
